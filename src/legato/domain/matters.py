"""What has happened to a departure and what a person must decide, from the facts of its case.

Departures touch: a successor leaves too, whoever covers does, whoever approved, the person comes
back. Each is said as a matter: a code with its facts, and whether somebody has to decide.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Fact = str | int | date | datetime | tuple[str, ...] | None
Ending = Literal["withdrawn", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    code: str
    facts: tuple[tuple[str, Fact], ...]
    is_open: bool
    """Somebody must decide; else it is only told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """Somebody who leaves as well, or has left, with so many records of this book."""

    name: str
    records: int
    case: int | None
    """Their own open departure."""
    last_day: date | None
    has_left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """The latest plan of the case where nobody has carried it out."""

    number: int
    is_approved: bool
    approvers: tuple[str, ...]
    """Who may approve it."""
    differences: int
    """Records that are no longer what it was made from, and rules."""
    receivers: tuple[Going, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    case: int
    name: str
    ends_employment: bool
    last_day: date | None
    ending: Ending | None
    is_over: bool
    """The employment has ended."""
    is_back: bool
    """They left and are employed again."""
    undecided: int
    elsewhere: int
    """Records of the book that others have for good."""
    later: int
    """Records that were listed after the book was taken."""
    plan: PlanFacts | None
    manager: str
    """To whom it falls now."""
    passed_over: str | None
    """The manager of the person, where it falls to somebody else because they leave too or left."""
    reports: int
    is_last_resort: bool
    successors: tuple[Going, ...]
    coverers: tuple[Going, ...]
    followers: tuple[Going, ...]
    """Who would get records back when their interim ends, and cannot."""
    overdue: tuple[tuple[str, int], ...]
    """Interim owners whose time is over, with how many records."""
    covers_others: int
    """Records that the person covers for colleagues."""
    kept_back: tuple[tuple[str, int], ...]
    """Who has records that an undo left because their earlier owner has left."""
    undoable: tuple[tuple[int, datetime], ...]
    """Commits and covers that can be taken back still, until when."""
    rests: int
    """Whatever points to the person and nobody has signed."""


def matters(facts: CaseFacts) -> tuple[Matter, ...]:
    """In the order in which people should look at them: what must be decided comes first."""
    found = [*_told_of_ending(facts)] if facts.ending else [*_open(facts)]
    return tuple(sorted(found, key=lambda each: not each.is_open))


def _decide(code: str, **facts: Fact) -> Matter:
    return Matter(code=code, facts=tuple(facts.items()), is_open=True)


def _tell(code: str, **facts: Fact) -> Matter:
    return Matter(code=code, facts=tuple(facts.items()), is_open=False)


def _told_of_ending(facts: CaseFacts) -> Iterator[Matter]:
    """Of a case that is over: what it left behind, and what can be taken back still."""
    if facts.ending == "withdrawn" and facts.elsewhere:
        yield _tell("given_away", name=facts.name, records=facts.elsewhere)
    if facts.ending == "closed" and facts.is_back:
        yield _tell("came_back", name=facts.name)
    yield from _undoable(facts)


def _open(facts: CaseFacts) -> Iterator[Matter]:
    yield from _about_leaving(facts)
    yield from _about_plan(facts)
    yield from _about_others(facts)
    if facts.later:
        yield _tell("listed_later", records=facts.later)
    yield from _undoable(facts)
    yield from _about_closing(facts)


def _about_leaving(facts: CaseFacts) -> Iterator[Matter]:
    if facts.is_back:
        yield _tell("came_back", name=facts.name)
    elif facts.ends_employment and not facts.is_over and facts.last_day is None:
        yield _decide("last_day_unknown", case=facts.case)
    if facts.is_last_resort and not facts.is_back:
        yield _decide("last_resort_leaves", name=facts.name)
    if facts.reports and facts.ends_employment and not facts.is_back:
        yield _decide("has_reports", name=facts.name, people=facts.reports)
    if facts.passed_over is not None:
        yield _tell("manager_leaves", name=facts.passed_over, to=facts.manager)
    if facts.covers_others:
        yield _tell("covers_others", name=facts.name, records=facts.covers_others)


def _about_plan(facts: CaseFacts) -> Iterator[Matter]:
    plan = facts.plan
    if plan is None:
        if facts.undecided:
            yield _decide("to_plan", case=facts.case, records=facts.undecided)
        return
    for each in plan.receivers:
        code = "receiver_left" if each.has_left else "receiver_leaves"
        yield _decide(code, plan=plan.number, name=each.name, records=each.records,
                      last_day=each.last_day, case=facts.case)  # fmt: skip
    if plan.differences:
        yield _decide("plan_stale", plan=plan.number, differences=plan.differences, case=facts.case)
    if plan.receivers or plan.differences:
        return
    if plan.is_approved:
        yield _decide("to_commit", plan=plan.number)
    elif plan.approvers:
        yield _decide("to_approve", plan=plan.number, names=plan.approvers)
    else:
        yield _decide("nobody_approves", plan=plan.number)


def _about_others(facts: CaseFacts) -> Iterator[Matter]:
    for each in facts.successors:
        yield _decide("successor_leaves", name=each.name, records=each.records, case=each.case,
                      last_day=each.last_day)  # fmt: skip
    for each in facts.coverers:
        yield _decide("coverer_leaves", name=each.name, records=each.records, case=facts.case,
                      last_day=each.last_day)  # fmt: skip
    for each in facts.followers:
        code = "follower_left" if each.has_left else "follower_leaves"
        yield _decide(code, name=each.name, records=each.records)
    for name, records in facts.overdue:
        yield _decide("cover_over", name=name, records=records, case=facts.case)
    for name, records in facts.kept_back:
        yield _decide("kept_back", name=name, records=records, case=facts.case)


def _undoable(facts: CaseFacts) -> Iterator[Matter]:
    for entry, until in facts.undoable:
        yield _tell("can_undo", entry=entry, until=until)


def _about_closing(facts: CaseFacts) -> Iterator[Matter]:
    if facts.rests:
        yield _tell("still_points", name=facts.name, rests=facts.rests)
    else:
        yield _decide("to_close", name=facts.name, case=facts.case)
