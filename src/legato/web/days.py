"""Days and instants as pages write them, in the reader's language and zone."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format


def last_day(end: datetime) -> date | None:
    """The last day of what lasts to midnight where the reader is; None of what ends earlier."""
    local = timezone.localtime(end)
    return (local - timedelta(days=1)).date() if local.time() == time.min else None


def in_words(name: str, value: date) -> str:
    """A fact that is a day or an instant; of ``until`` the last day, where it lasts to midnight."""
    if not isinstance(value, datetime):
        return date_format(value, "DATE_FORMAT")
    day = last_day(value) if name == "until" else None
    if day is not None:
        return date_format(day, "DATE_FORMAT")
    return date_format(timezone.localtime(value), "DATETIME_FORMAT")
