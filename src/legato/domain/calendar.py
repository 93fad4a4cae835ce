"""Working days: a person's week and holidays, given as values."""

from collections.abc import Set
from datetime import date, timedelta

SATURDAY = 5


def is_working_day(*, day: date, holidays: Set[date]) -> bool:
    """Monday to Friday, unless it is a holiday."""
    return day.weekday() < SATURDAY and day not in holidays


def working_days(*, first: date, last: date, holidays: Set[date]) -> int:
    """How many working days there are from ``first`` through ``last``; 0 when it ends before."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(is_working_day(day=day, holidays=holidays) for day in days)


def last_working_day_before(*, day: date, holidays: Set[date]) -> date:
    """The nearest working day that is earlier than ``day``."""
    earlier = day - timedelta(days=1)
    while not is_working_day(day=earlier, holidays=holidays):
        earlier -= timedelta(days=1)
    return earlier
