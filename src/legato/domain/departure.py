"""What a departure is opened with, and when it may not be."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from legato.domain.errors import Refused

Kind = Literal["resignation", "dismissal", "transfer", "leave"]
Answer = Literal["yes", "no", "unknown"]
ENDS_EMPLOYMENT: tuple[Kind, ...] = ("resignation", "dismissal")


class LastDayPast(Refused):
    """The last day is over and nobody said that the person has gone. Facts: ``last_day``."""

    code = "last_day_past"


class LastDayBeforeNotice(Refused):
    """Facts: ``last_day``, ``notice``."""

    code = "last_day_before_notice"


class LastDayBeforeStart(Refused):
    """Nobody leaves before they came. Facts: ``last_day``, ``started_on``."""

    code = "last_day_before_start"


class ReturnBeforeLastDay(Refused):
    """Somebody would be back before they leave. Facts: ``return_on``, ``last_day``."""

    code = "return_before_last_day"


class LastDayNeeded(Refused):
    """Who has already gone had a last day. No facts."""

    code = "last_day_needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What is known of a departure when it is opened; days in the leaver's own time zone."""

    kind: Kind
    last_day: date | None
    notice_on: date | None = None
    return_on: date | None = None
    kept_away: bool = False
    already_gone: bool = False
    to_competitor: Answer = "unknown"

    @property
    def ends_employment(self) -> bool:
        return self.kind in ENDS_EMPLOYMENT


class NothingToCorrect(Refused):
    """The departure says all of it already. Facts: ``case``."""

    code = "nothing_to_correct"


def check_announcement(
    *, announced: Announcement, today: date, started_on: date | None = None
) -> None:
    """Refuses days that contradict each other, the employment or the calendar."""
    _check_days(announced, started_on)
    if is_over(announced=announced, today=today) and not announced.already_gone:
        raise LastDayPast(last_day=announced.last_day)


def check_correction(
    *, before: Announcement, after: Announcement, today: date, started_on: date | None = None
) -> None:
    """The same of a departure that is open: a day that was past already may stay as it is."""
    _check_days(after, started_on)
    is_new = (after.last_day, after.ends_employment) != (before.last_day, before.ends_employment)
    if is_new and is_over(announced=after, today=today) and not after.already_gone:
        raise LastDayPast(last_day=after.last_day)


def _check_days(announced: Announcement, started_on: date | None) -> None:
    last_day, notice = announced.last_day, announced.notice_on
    if last_day is None:
        if announced.already_gone:
            raise LastDayNeeded()
        return
    if notice is not None and last_day < notice:
        raise LastDayBeforeNotice(last_day=last_day, notice=notice)
    if announced.return_on is not None and announced.return_on <= last_day:
        raise ReturnBeforeLastDay(return_on=announced.return_on, last_day=last_day)
    if started_on is not None and last_day < started_on:
        raise LastDayBeforeStart(last_day=last_day, started_on=started_on)


def is_over(*, announced: Announcement, today: date) -> bool:
    """Whether the last day has ended: somebody stays employed through the end of it."""
    return announced.last_day is not None and announced.last_day < today
