"""The facts of a case from which `domain.matters` says what happened and what is to be decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from legato.books.snapshots import UNDECIDED
from legato.departures.models import Case
from legato.departures.queries.rests import FOLLOWS, Rest, parameters
from legato.domain.departure import ENDS_EMPLOYMENT
from legato.domain.matters import CaseFacts, Ending, Going, Matter, PlanFacts, matters
from legato.people.queries import managers_of, people, policy
from legato.planning.queries import PlanView, approvers, changed_since

# Who has what of the book, by how they have it: for good, or for a time; and who comes next. Nobody
# learns here of a departure of their own.
HOLDERS = f"""
WITH book AS (
    SELECT r.id, r.owner_id, r.next_owner_id, r.interim_until, r.id IN (
               SELECT r.id FROM books_record r WHERE {UNDECIDED}) AS is_undecided,
           {FOLLOWS} AS follows
    FROM books_item i JOIN books_record r ON r.id = i.record_id
    WHERE i.book_id = %(book)s AND r.is_open
), told AS (
    SELECT CASE WHEN b.is_undecided THEN 'cover' ELSE 'good' END AS how, b.owner_id AS person_id
    FROM book b WHERE b.owner_id <> %(owner)s
    UNION ALL
    SELECT 'next', b.next_owner_id FROM book b
    WHERE b.next_owner_id IS NOT NULL AND b.is_undecided AND NOT b.follows
    UNION ALL
    SELECT 'overdue', b.owner_id FROM book b
    WHERE b.is_undecided AND b.interim_until <= %(now)s AND NOT b.follows
)
SELECT t.how, p.id, p.name, count(*), p.is_employed, c.id, c.last_day, c.kind
FROM told t JOIN people_person p ON p.id = t.person_id
LEFT JOIN departures_case c ON c.person_id = p.id AND c.closed_at IS NULL
 AND c.person_id IS DISTINCT FROM %(viewer)s
GROUP BY t.how, p.id, p.name, p.is_employed, c.id, c.last_day, c.kind ORDER BY p.name, p.id
"""

RECEIVERS = """
SELECT p.id, p.name, count(*), p.is_employed, c.id, c.last_day, c.kind
FROM planning_move m JOIN people_person p ON p.id = m.new_owner_id
LEFT JOIN departures_case c ON c.person_id = p.id AND c.closed_at IS NULL
 AND c.person_id IS DISTINCT FROM %(viewer)s
WHERE m.plan_id = %(plan)s AND (c.id IS NOT NULL OR NOT p.is_employed)
GROUP BY p.id, p.name, p.is_employed, c.id, c.last_day, c.kind ORDER BY p.name, p.id
"""

COUNTS = f"""
SELECT
    (SELECT count(*) FROM books_record r WHERE {UNDECIDED}),
    (SELECT count(*) FROM books_item i JOIN books_book b ON b.id = i.book_id
     WHERE i.book_id = %(book)s AND i.entry_id <> b.entry_id),
    (SELECT count(*) FROM people_person p WHERE p.manager_id = %(owner)s AND p.is_employed),
    EXISTS (SELECT FROM people_company c WHERE c.last_resort_id = %(owner)s),
    (SELECT count(*) FROM books_record r
     WHERE r.is_open AND r.owner_id = %(owner)s AND r.interim_until IS NOT NULL)
"""

# Commits of plans for the book, and covers of the case, that nothing has taken back.
UNDOABLE = """
SELECT e.id, e.at FROM ledger_entry e
WHERE e.at >= %(since)s AND NOT EXISTS (SELECT FROM planning_undo u WHERE u.undone_id = e.id)
  AND (e.kind = 'cover' AND e.chain = %(chain)s OR e.id IN (
      SELECT c.entry_id FROM planning_commit c
      JOIN planning_planbook g ON g.plan_id = c.plan_id WHERE g.book_id = %(book)s))
ORDER BY e.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Who:
    """A line of `HOLDERS`: how somebody is concerned, and whether they leave."""

    how: str
    name: str
    records: int
    is_employed: bool
    case: int | None
    last_day: Any
    kind: str | None

    @property
    def is_going(self) -> bool:
        return self.case is not None or not self.is_employed

    def going(self) -> Going:
        return Going(
            name=self.name,
            records=self.records,
            case=self.case,
            last_day=self.last_day,
            has_left=not self.is_employed,
        )


def case_matters(
    case: Case,
    *,
    plans: Sequence[PlanView],
    rests: Sequence[Rest],
    viewer: int | None,
    now: datetime,
) -> tuple[Matter, ...]:
    """What happened and what is to be decided, in a fixed number of statements.

    ``viewer`` is who reads it, None at the command line.
    """
    return matters(_facts(case, plans=plans, rests=rests, viewer=viewer, now=now))


def _facts(
    case: Case,
    *,
    plans: Sequence[PlanView],
    rests: Sequence[Rest],
    viewer: int | None,
    now: datetime,
) -> CaseFacts:
    asked = {**parameters(case), "viewer": viewer, "now": now}
    undecided, later, reports, is_last_resort, covers = _rows(COUNTS, asked)[0]
    holders = [_who(row[0], row[1:]) for row in _rows(HOLDERS, asked)]
    manager, passed_over = _manager(case, viewer=viewer)
    return CaseFacts(
        case=case.pk,
        name=case.person.name,
        ends_employment=case.kind in ENDS_EMPLOYMENT,
        last_day=case.last_day,
        ending=_ending(case),
        is_over=case.employment.ended_at is not None,
        is_back=bool(asked["is_back"]),
        undecided=undecided,
        elsewhere=sum(each.records for each in holders if each.how in ("good", "cover")),
        later=later,
        plan=_plan(case, latest=next(iter(plans), None), viewer=viewer),
        manager=manager,
        passed_over=passed_over,
        reports=reports,
        is_last_resort=is_last_resort,
        successors=_going(each for each in holders if each.how == "good" and each.case),
        coverers=_going(each for each in holders if each.how == "cover" and each.case),
        followers=_going(each for each in holders if each.how == "next" and each.is_going),
        overdue=tuple((each.name, each.records) for each in holders if each.how == "overdue"),
        covers_others=0 if asked["is_back"] else covers,
        kept_back=_kept_back(rests),
        undoable=_undoable(case, now=now),
        rests=sum(each.count for each in rests),
    )


def _ending(case: Case) -> Ending | None:
    if case.closed_by is None:
        return None
    return "withdrawn" if case.closed_by.kind == "case_withdrawn" else "closed"


def _going(found: Iterable[_Who]) -> tuple[Going, ...]:
    return tuple(each.going() for each in found)


def _who(how: str, row: tuple[Any, ...]) -> _Who:
    _id, name, records, is_employed, case, last_day, kind = row
    return _Who(
        how=how,
        name=name,
        records=records,
        is_employed=is_employed,
        case=case,
        last_day=last_day,
        kind=kind,
    )


def _plan(case: Case, *, latest: PlanView | None, viewer: int | None) -> PlanFacts | None:
    """The latest plan, where it waits to be approved or carried out."""
    if latest is None or latest.state not in ("proposed", "sent", "approved") or case.closed_at:
        return None
    asked = {"plan": latest.id, "viewer": viewer}
    return PlanFacts(
        number=latest.id,
        is_approved=latest.approver is not None,
        approvers=tuple(approvers(plan_id=latest.id)),
        differences=_differences(latest),
        receivers=_going(_who("receives", row) for row in _rows(RECEIVERS, asked)),
    )


def _differences(plan: PlanView) -> int:
    return changed_since(plan_id=plan.id) + (plan.policy_version != policy().version)


def _manager(case: Case, *, viewer: int | None) -> tuple[str, str | None]:
    """To whom the case falls, and whom it would fall to if they were not leaving or gone."""
    falls_to = managers_of(people={case.person_id}, seen_by=viewer)[case.person_id]
    above = case.person.manager_id
    names = people(ids={falls_to} | ({above} if above else set()))
    passed_over = names[above].name if above and above != falls_to else None
    return names[falls_to].name, passed_over


def _kept_back(rests: Sequence[Rest]) -> tuple[tuple[str, int], ...]:
    """By whoever has it: of many records the first are looked at."""
    kept = [each for rest in rests if rest.what == "kept_back" for each in rest.listed]
    owners = dict.fromkeys(each.detail for each in kept)
    if len(owners) == 1:
        total = next(rest.count for rest in rests if rest.what == "kept_back")
        return ((next(iter(owners)), total),)
    return tuple((name, sum(each.detail == name for each in kept)) for name in owners)


def _undoable(case: Case, *, now: datetime) -> tuple[tuple[int, datetime], ...]:
    window = policy().undo_window
    asked = {"since": now - window, "chain": f"case:{case.pk}", "book": case.book_id}
    return tuple((entry, at + window) for entry, at in _rows(UNDOABLE, asked))


def _rows(query: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return list(cursor.fetchall())
