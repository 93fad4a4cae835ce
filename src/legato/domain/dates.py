"""Dates and times as people and CRMs write them in four languages.

One order is decided per column from all its values and can be shown with the value that decided;
dates with dots begin with the day, unless the year stands first. A value that stays ambiguous is a
problem to report, never a guess, and nothing here raises.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Literal

from legato.domain.cells import Problem, tidy

Order = Literal["day_first", "month_first", "year_first"]
Decision = Literal[
    "iso", "day_first", "month_first", "year_first", "excel_serial", "ambiguous", "mixed"
]

SERIAL_DAY_ZERO = date(1899, 12, 30)
"""Excel's 1900 system; its phantom 29 February 1900 makes the base one day early."""
SERIALS = range(20_000, 80_000)
"""1954 to 2119: a bare number outside of it is no date."""
LONGEST = 80
"""Characters; longer text is no date, and is not searched for one."""
_ORDERS: tuple[Order, ...] = ("day_first", "month_first", "year_first")
_TELLING = ("impossible", "several", "dotted", *_ORDERS)
PIVOT = 70
"""A year of two digits below it is 20xx, otherwise 19xx (POSIX has 69, Excel 30)."""

_YEAR_FIRST = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?[日号]?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_NUMERIC = re.compile(r"(\d{1,2})\s?([-/. ])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?:\s?г\.?)?")
_DAY_WORD = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s.-]+([^\W\d_]+)\.?[\s,.-]+(\d{4}|\d{2})(?:\s?г\.?|\s?года)?"
)
_WORD_DAY = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_WEEKDAY = re.compile(r"^[^\W\d_]+\.?,\s+|\s*(?:\([^\W\d_]\)|星期.|周.|[^\W\d_]曜日)")
_SERIAL = re.compile(r"(\d{5})(?:[.,](\d+))?")
_CLOCK = re.compile(
    r"""[T,\s]*(?P<before>上午|下午|午前|午後)?\s*
    (?P<hour>\d{1,2})(?::(?P<minute>\d\d)|[時时点](?:(?P<minutes>\d{1,2})分)?)
    (?::?(?P<second>\d{1,2})秒?(?:[.,](?P<fraction>\d{1,9}))?)?
    \s*(?P<after>[ap]\.?m\.?)?
    \s*(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+-]\d\d(?::?\d\d)?)?$""",
    re.VERBOSE | re.IGNORECASE,
)
_MONTHS = {
    stem: number
    for number, stems in enumerate(
        (
            ("jan", "янв"),
            ("feb", "фев"),
            ("mar", "мар"),
            ("apr", "апр"),
            ("may", "май", "мая"),
            ("jun", "июн"),
            ("jul", "июл"),
            ("aug", "авг"),
            ("sep", "сен"),
            ("oct", "окт"),
            ("nov", "ноя"),
            ("dec", "дек"),
        ),
        start=1,
    )
    for stem in stems
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOrder:
    """How the dates of one column are to be read.

    ``counts`` are distinct values by what they show (``iso``, ``excel_serial``, ``words``,
    ``day_first`` and ``month_first`` and ``year_first`` where only that one fits, ``several``,
    ``dotted`` where several fit but for the dots, ``impossible`` where the order is told by a day
    that never was, ``not_a_date``); ``example`` is the value that decided, or one that leaves it
    open; ``fits`` are the orders in which every value of numbers alone can be read.
    """

    decision: Decision
    counts: dict[str, int]
    example: str | None
    fits: tuple[Order, ...] = ()

    def with_default(self, default: Order) -> Decision:
        """What to read by: the decision, or the caller's default where the column leaves it open.

        Years of two digits that may stand first or last stay ambiguous whatever the default.
        """
        open_ = self.decision == "ambiguous" and "year_first" not in self.fits
        return default if open_ and default in self.fits else self.decision


def date_order(values: Iterable[str]) -> DateOrder:
    """Decide one order for a column; values that are no dates, and ISO ones, decide nothing."""
    counts: Counter[str] = Counter()
    examples: dict[str, str] = {}
    fits, meant = set(_ORDERS), set(_ORDERS)
    for value in dict.fromkeys(values):
        kind, orders = _shows(value)
        counts[kind] += 1
        examples.setdefault(kind, value)
        if orders and kind == "impossible":
            meant &= orders
        elif orders:
            fits &= orders
    if counts["dotted"] and "day_first" in fits:
        fits = {"day_first"}
    if len(fits) > 1 and fits & meant:
        fits &= meant
    open_orders = tuple(sorted(fits))
    if not any(counts[kind] for kind in _TELLING):
        kind = "excel_serial" if counts["excel_serial"] and not counts["iso"] else "iso"
        return DateOrder(
            decision="excel_serial" if kind == "excel_serial" else "iso",
            counts=dict(counts),
            example=examples.get(kind) or examples.get("words"),
        )
    decision: Decision = "mixed"
    if open_orders:
        decision = open_orders[0] if len(open_orders) == 1 else "ambiguous"
    example = examples.get(decision) or next(
        examples[kind] for kind in _TELLING if kind in examples
    )
    return DateOrder(decision=decision, counts=dict(counts), example=example, fits=open_orders)


def parse_moment(text: str, order: Decision, zone: tzinfo) -> date | datetime | Problem:
    """A date, or with a time of day an aware datetime (in ``zone`` unless it names its own).

    ``order`` matters only to dates of numbers whose year does not stand first with four digits;
    under ``ambiguous`` and ``mixed`` those that fit several orders are problems.
    Problems: ``not_a_date``, ``impossible_date``, ``ambiguous_date``.
    """
    day_text, clock = _split(text)
    day = _day(day_text, order)
    if isinstance(day, Problem):
        return day
    if isinstance(day, datetime):
        return day.replace(tzinfo=zone)
    return day if clock is None else _at(day, clock, zone)


def _shows(value: str) -> tuple[str, set[Order]]:
    day_text, _ = _split(value)
    if numbers := _NUMERIC.fullmatch(day_text):
        orders = _orders(numbers)
        if not orders:
            orders = _meant(numbers)
            return ("impossible" if orders else "not_a_date"), orders
        if len(orders) == 1:
            return next(iter(orders)), orders
        return ("dotted" if numbers[2] == "." else "several"), orders
    if isinstance(_day(day_text, "iso"), Problem):
        return "not_a_date", set()
    if _SERIAL.fullmatch(day_text):
        return "excel_serial", set()
    first_year = _YEAR_FIRST.fullmatch(day_text) or _COMPACT.fullmatch(day_text)
    return ("iso" if first_year else "words"), set()


def _orders(numbers: re.Match[str]) -> set[Order]:
    """The orders in which the numbers are a day; with dots nobody writes the month first."""
    orders = {order for order in _ORDERS if isinstance(_ordered(numbers, order), date)}
    if numbers[2] == ".":
        orders.discard("month_first")
    return orders


def _meant(numbers: re.Match[str]) -> set[Order]:
    """The orders in which numbers that are no day would be one in a longer month: 31/02/2026."""
    if len(numbers[4]) != 4:
        return set()
    day, month = int(numbers[1]), int(numbers[3])
    orders: set[Order] = {"day_first"} if 1 <= month <= 12 and 1 <= day <= 31 else set()
    if numbers[2] != "." and 1 <= day <= 12 and 1 <= month <= 31:
        orders.add("month_first")
    return orders


def _split(text: str) -> tuple[str, re.Match[str] | None]:
    """The date's part, tidied, and the time's."""
    plain = tidy(text[: LONGEST + 1]).lstrip("'")
    if len(plain) > LONGEST:
        return "", None
    clock = _CLOCK.search(plain)
    return _WEEKDAY.sub("", plain[: clock.start()] if clock else plain).strip(" ,"), clock


def _day(text: str, order: Decision) -> date | datetime | Problem:
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _date(*(int(part) for part in match.groups()))
    if match := _NUMERIC.fullmatch(text):
        return _numeric(match, order)
    if match := _DAY_WORD.fullmatch(text):
        day, word, year = match.groups()
        return _worded(int(year), word, int(day))
    if match := _WORD_DAY.fullmatch(text):
        word, day, year = match.groups()
        return _worded(int(year), word, int(day))
    if (match := _SERIAL.fullmatch(text)) and int(match[1]) in SERIALS:
        return _from_serial(int(match[1]), match[2])
    return Problem(code="not_a_date")


def _numeric(numbers: re.Match[str], order: Decision) -> date | Problem:
    is_open = order == "month_first" and numbers[2] == "."
    if not is_open and (order == "day_first" or order == "month_first" or order == "year_first"):
        return _ordered(numbers, order)
    orders = _orders(numbers)
    if not orders:
        return Problem(code="impossible_date")
    readings = {_ordered(numbers, order) for order in orders}
    return readings.pop() if len(readings) == 1 else Problem(code="ambiguous_date")


def _ordered(numbers: re.Match[str], order: Order) -> date | Problem:
    first, second, last = int(numbers[1]), int(numbers[3]), int(numbers[4])
    if len(numbers[4]) == 4:
        by_order = {"day_first": (last, second, first), "month_first": (last, first, second)}
        return _date(*by_order[order]) if order in by_order else Problem(code="impossible_date")
    if order == "year_first":
        return _date(_century(first), second, last) if len(numbers[1]) == 2 else _impossible()
    day, month = (first, second) if order == "day_first" else (second, first)
    return _date(_century(last), month, day)


def _century(year: int) -> int:
    return year + (2000 if year < PIVOT else 1900)


def _worded(year: int, word: str, day: int) -> date | Problem:
    month = _MONTHS.get(word.casefold()[:3])
    year = year if year > 99 else _century(year)
    return _date(year, month, day) if month else Problem(code="not_a_date")


def _date(year: int, month: int, day: int) -> date | Problem:
    try:
        return date(year, month, day)
    except ValueError:
        return _impossible()


def _impossible() -> Problem:
    return Problem(code="impossible_date")


def _from_serial(days: int, fraction: str | None) -> date | datetime:
    """``fraction`` is of a day, rounded to the second; without one it is a whole day."""
    day = SERIAL_DAY_ZERO + timedelta(days=days)
    if not fraction or not int(fraction):
        return day
    seconds = round(int(fraction) * 86_400 / 10 ** len(fraction))
    return datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)


def _at(day: date, clock: re.Match[str], zone: tzinfo) -> datetime | Problem:
    hour = int(clock["hour"])
    half = (clock["before"] or clock["after"] or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            return _impossible()
        hour = hour % 12 + (12 if half in ("下午", "午後") or half.startswith("p") else 0)
    minute, second = int(clock["minute"] or clock["minutes"] or 0), int(clock["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return _impossible()
    micro = int((clock["fraction"] or "0").ljust(6, "0")[:6])
    at = _zone(clock["zone"]) or zone
    return datetime(day.year, day.month, day.day, hour, minute, second, micro, tzinfo=at)


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    digits = re.sub(r"\D", "", text).ljust(4, "0")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if ahead >= timedelta(days=1):
        return None
    return timezone(-ahead if "-" in text else ahead)
