"""Corrects what is known of a departure, with all that hangs on it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from legato.departures.models import Case
from legato.departures.operations.ending import end_employment
from legato.departures.operations.shared import (
    check_still_employed,
    locked_case,
    locked_person,
    started_on_of,
)
from legato.domain.departure import Announcement, NothingToCorrect, check_correction, is_over
from legato.domain.plain import plain
from legato.ledger.models import Entry
from legato.ledger.operations import answered, record, remember
from legato.people import operations as staff
from legato.people.queries import Someone, check_may_manage, manager_of

ALWAYS = {"notice_on", "to_competitor"}
"""What may still be corrected when the employment is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    case: int
    entry: int
    covered: int | None
    """Records that the manager covers now, where the correction ended the employment."""
    covered_by: int | None


@transaction.atomic(durable=True)
def change_case(
    *,
    case_id: int,
    said: Mapping[str, Any],
    actor: int,
    now: datetime,
    reason: str,
    key: str | None = None,
) -> Changed:
    """Corrects what ``said`` names, fields of an `Announcement`; the end of the employment follows.

    A last day that is over by now ends the employment, as it does when a case is opened. Raises
    `NotFound`, `CaseClosed`, `MayNotManage`, `EmploymentOver`, `NothingToCorrect`, the refusals of
    `check_correction`, and `people.operations.IsLastResort`.
    """
    asked = {"change": case_id, "actor": actor, **plain(said)}
    if earlier := answered(key=key, asked=asked):
        return Changed(**earlier)
    case = locked_case(case_id)
    check_may_manage(actor=actor, leaver=case.person_id)
    leaver = locked_person(case.person_id)
    before = announced_in(case)
    after = replace(before, **said)
    _check(case, leaver, before=before, after=after, now=now)
    changed = {name: getattr(after, name) for name in _differing(before, after)}
    entry = record(
        chain=f"case:{case_id}", kind="case_changed", actor=actor, at=now, reason=reason,
        facts={"before": plain({name: getattr(before, name) for name in changed}),
               "after": plain(changed)},
    )  # fmt: skip
    Case.objects.filter(pk=case_id).update(**changed)
    covered = _follow(case, leaver, after=after, now=now, actor=actor, entry=entry)
    answer = Changed(
        case=case_id,
        entry=entry.pk,
        covered=covered,
        covered_by=manager_of(person=leaver.id) if covered is not None else None,
    )
    remember(key=key, asked=asked, answer=asdict(answer), entry=entry)
    return answer


def announced_in(case: Case) -> Announcement:
    """What is known of the departure now."""
    return Announcement(**{each.name: getattr(case, each.name) for each in fields(Announcement)})


def _differing(before: Announcement, after: Announcement) -> list[str]:
    names = [each.name for each in fields(Announcement)]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def _check(
    case: Case, leaver: Someone, *, before: Announcement, after: Announcement, now: datetime
) -> None:
    differing = set(_differing(before, after))
    if not differing:
        raise NothingToCorrect(case=case.pk)
    if differing - ALWAYS:
        check_still_employed(leaver, case=case)
    started_on = started_on_of(case.employment_id)
    check_correction(before=before, after=after, today=_today(leaver, now), started_on=started_on)


def _follow(
    case: Case,
    leaver: Someone,
    *,
    after: Announcement,
    now: datetime,
    actor: int,
    entry: Entry,
) -> int | None:
    """The employment ends when the case says, at once where that is over; what is covered then."""
    if leaver.employment_id != case.employment_id:
        return None
    last_day = after.last_day if after.ends_employment else None
    staff.set_last_day(person=leaver.id, day=last_day, entry=entry)
    if last_day is None or not is_over(announced=after, today=_today(leaver, now)):
        return None
    return end_employment(case, now=now, actor=actor)


def _today(leaver: Someone, now: datetime) -> date:
    return now.astimezone(ZoneInfo(leaver.time_zone)).date()
