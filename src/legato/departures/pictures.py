"""The pictures of a case, from what its page knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from legato.departures.queries import CaseView
from legato.domain.phases import Phase, phases
from legato.planning.queries import PlanView
from legato.web.charts.gantt import Span

NEVER = Phase(code="without", first=None, last=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The three phases as spans of days; ``marks`` are days on which something was done."""

    spans: tuple[Span, ...]
    marks: tuple[date, ...]
    today: date
    left: int | None
    """Days until the last one, 0 on it and after; None where nobody knows it."""
    vacant: int | None
    """Days after the last one without an owner for good, until today at most; None where new
    owners were there in time, or nobody can tell yet."""


def course(
    case: CaseView, *, plans: list[PlanView], done: Iterable[datetime] = (), now: datetime
) -> Course:
    """Where the departure stands, in the reader's days; ``done`` are times to be marked."""
    today = timezone.localdate(now)
    opened = timezone.localdate(case.opened_at)
    owned = _owned_from(plans)
    here, without, settling = phases(
        begins=min(case.notice_on or opened, opened), last_day=case.last_day, owned_from=owned
    )
    return Course(
        spans=tuple(
            Span(code=each.code, first=each.first, last=each.last)
            for each in (here, without or NEVER, settling)
        ),
        marks=tuple(timezone.localdate(at) for at in done),
        today=today,
        left=max(0, (case.last_day - today).days) if case.last_day else None,
        vacant=_days(without.first, min(without.last or today, today))
        if without and without.first
        else None,
    )


def _days(first: date, last: date) -> int:
    return max(0, (last - first).days + 1)


def _owned_from(plans: list[PlanView]) -> date | None:
    """The first day on which a plan for good was in force."""
    done = [
        each.committed_at
        for each in plans
        if each.state == "committed" and each.interim_until is None and each.committed_at
    ]
    return timezone.localdate(min(done)) if done else None
