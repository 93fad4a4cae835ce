"""Carries an approved plan out: all owners at once, in one transaction, or none.

The commit locks the records it moves, compares everything the plan was made from with what is
there now, and refuses, naming the difference, before it changes a single row.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from legato.books import operations as books
from legato.books.queries import names_of
from legato.domain.eligibility import PinImpossible, UnknownPin
from legato.domain.errors import Refused
from legato.domain.plan import Pin, Problem, Violation, broken_rules
from legato.ledger.operations import answered, record, remember
from legato.people.queries import check_may_plan, people, policy
from legato.planning import stored
from legato.planning.models import Approval, Commit, Plan
from legato.planning.operations.comparing import PlanStale, stale
from legato.planning.operations.options import asked_of, options_from, reps_of
from legato.planning.operations.shared import (
    NAMED_AT_MOST,
    books_of,
    holders_of,
    lock_books,
    locked_plan,
    with_weights,
)
from legato.planning.snapshots import company_of, list_scope, problem_of
from legato.planning.snapshots.breaking import broken_by
from legato.planning.snapshots.columns import Ints, columns
from legato.planning.snapshots.differing import differences


class NotApproved(Refused):
    """Facts: ``plan``."""

    code = "not_approved"


class AlreadyCommitted(Refused):
    """Facts: ``plan``, ``commit``."""

    code = "already_committed"


class DigestDiffers(Refused):
    """The digest quoted is not the plan's. Facts: ``plan``, ``digest``."""

    code = "digest_differs"


class PlanBreaksRule(Refused):
    """An assignment would now break a hard rule. Facts: ``plan``, ``violations``, ``count``."""

    code = "plan_breaks_rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    commit: int
    plan: int
    moved: int
    loads_changed: tuple[tuple[int, int, int], ...]
    """Receivers whose load changed since the plan without breaking a rule: id, then, now."""
    rest_sha256: str = ""
    """Over all else of what moved: see `books.operations.rest_sha256`."""


TO_MOVE = """
SELECT m.record_id, m.expected_owner_id, m.expected_entry_id, m.new_owner_id, p.interim_until,
       CASE WHEN (p.options ->> 'returns')::boolean THEN coalesce((
           SELECT b.holder_id FROM planning_planbook l
           JOIN books_book b ON b.id = l.book_id
           JOIN books_item i ON i.book_id = b.id AND i.record_id = m.record_id
           WHERE l.plan_id = p.id ORDER BY b.id LIMIT 1), m.expected_owner_id) END
FROM planning_move m JOIN planning_plan p ON p.id = m.plan_id
WHERE m.plan_id = %(plan)s AND (m.new_owner_id <> m.expected_owner_id OR m.is_covered)
"""


@transaction.atomic(durable=True)
def commit(
    *, plan_id: int, digest: str, actor: int, now: datetime, reason: str, key: str | None = None
) -> Committed:
    """Changes all owners of an approved plan at once, or none.

    Raises `NotFound`, `MayNotManage`, `DigestDiffers`, `NotApproved`, `AlreadyCommitted`,
    `DepartureOver`, `PlanStale`, `PlanBreaksRule`; nothing is written then.
    """
    asked = {"commit": plan_id, "digest": digest, "actor": actor}
    if earlier := answered(key=key, asked=asked):
        return Committed(**{**earlier, "loads_changed": _triples(earlier["loads_changed"])})
    plan = locked_plan(plan_id)
    check_may_plan(actor=actor, leavers=holders_of(plan_id))
    _refuse_unready(plan, digest)
    _lock_receivers(plan_id)
    prepared = books.prepare(source=TO_MOVE, parameters={"plan": plan_id}, at=now)
    found = differences(plan)
    if found:
        raise stale(plan_id, found)
    loads_changed, rest = _check_rules(plan, now=now), books.rest_sha256()
    entry = record(
        chain=plan.entry.chain, kind="commit", actor=actor, at=now, reason=reason,
        facts={"plan": plan_id, "digest": digest, "loads_changed": loads_changed, "rest": rest},
        receipt_sha256=books.receipt_sha256(at=now),
    )  # fmt: skip
    moved = books.give(entry=entry.pk)
    if moved != prepared:
        raise RuntimeError(f"{prepared} records were locked as expected, {moved} moved")
    Commit.objects.create(entry=entry, plan=plan, at=now, moved=moved)
    answer = Committed(
        commit=entry.pk, plan=plan_id, moved=moved, loads_changed=loads_changed, rest_sha256=rest
    )
    remember(key=key, asked=asked, answer=asdict(answer), entry=entry)
    return answer


def _refuse_unready(plan: Plan, digest: str) -> None:
    if digest != plan.digest:
        raise DigestDiffers(plan=plan.pk, digest=digest)
    done = Commit.objects.filter(plan=plan).first()
    if done is not None:
        raise AlreadyCommitted(plan=plan.pk, commit=done.pk)
    if not Approval.objects.filter(plan=plan).exists():
        raise NotApproved(plan=plan.pk)
    lock_books(books_of(plan.pk))
    if policy().version != plan.policy_version:
        change = {"what": "policy", "was": plan.policy_version, "now": policy().version}
        raise PlanStale(plan=plan.pk, differences=[change], count=1)


def _lock_receivers(plan_id: int) -> None:
    """Nobody who receives is held, leaves or goes on leave while the commit decides."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM people_person WHERE id IN (SELECT person_id FROM planning_assignment"
            " WHERE plan_id = %s) ORDER BY id FOR SHARE",
            [plan_id],
        )


def _check_rules(plan: Plan, *, now: datetime) -> tuple[tuple[int, int, int], ...]:
    """The plan against its receivers as they are now; the loads that changed without harm."""
    if plan.interim_until is not None and plan.interim_until <= now:
        raise PlanBreaksRule(plan=plan.pk, violations=[{"code": "interim_over"}], count=1)
    options = options_from(plan.options)
    asked = replace(asked_of(options), pins=tuple(Pin(**pin) for pin in plan.problem["pins"]))
    scope = list_scope(
        books=books_of(plan.pk),
        holders=holders_of(plan.pk),
        reps=reps_of(options),
        pinned={pin.unit for pin in asked.pins},
    )
    rules = with_weights(policy(), options.weights)
    if "units" in plan.problem:
        problem, _capacity = problem_of(scope=scope, asked=asked, policy=rules, now=now)
        candidates, broken = problem.candidates, _broken(plan, problem)
    else:
        company = company_of(scope=scope, asked=asked, policy=rules, now=now)
        candidates, broken = company.persons, broken_by(company, given=_given(plan))
    broken = (*broken, *_orphaned(plan))
    if broken:
        raise PlanBreaksRule(plan=plan.pk, violations=_named(broken), count=len(broken))
    before = {each["id"]: each["load"] for each in plan.problem["candidates"]}
    return tuple(
        (each.id, before[each.id], each.load)
        for each in candidates
        if each.id in before and each.load != before[each.id]
    )


def _broken(plan: Plan, problem: Problem) -> tuple[Violation, ...]:
    """What the plan breaks; a pin that has become impossible breaks it, too."""
    try:
        return broken_rules(problem, stored.proposal_from(plan.proposal))
    except (PinImpossible, UnknownPin) as refused:
        unit, person = refused.facts["unit"], refused.facts["person"]
        why = (("why", str(refused.facts.get("why", "not_employed"))),)
        return (Violation(code="not_eligible", unit=unit, person=person, facts=why),)  # type: ignore[arg-type]


# What nobody could take and would change hands to a manager who has left or is leaving.
ORPHANED = """
SELECT DISTINCT a.unit_id, p.id, p.is_employed
FROM planning_assignment a
JOIN planning_move m ON m.plan_id = a.plan_id AND m.unit_id = a.unit_id
JOIN people_person p ON p.id = a.person_id
WHERE a.plan_id = %(plan)s AND a.is_orphan
  AND (m.new_owner_id <> m.expected_owner_id OR m.is_covered)
  AND (NOT p.is_employed OR EXISTS (
      SELECT FROM people_hold h WHERE h.person_id = p.id AND h.released_at IS NULL))
ORDER BY a.unit_id
"""


def _orphaned(plan: Plan) -> Iterator[Violation]:
    if not plan.certificate["orphans"]:
        return
    with connection.cursor() as cursor:
        cursor.execute(ORPHANED, {"plan": plan.pk})
        for unit, person, is_employed in cursor.fetchall():
            why = (("why", "held" if is_employed else "not_employed"),)
            yield Violation(code="not_eligible", unit=unit, person=person, facts=why)


def _given(plan: Plan) -> dict[str, Ints]:
    """Who gets which unit by the plan, without the orphans."""
    query = (
        "SELECT unit_id, person_id FROM planning_assignment"
        " WHERE plan_id = %(plan)s AND NOT is_orphan ORDER BY unit_id"
    )
    return columns(query, ("unit", "person"), {"plan": plan.pk})


def _named(broken: Sequence[Violation]) -> list[dict[str, Any]]:
    """The first violations as a refusal names them."""
    shown = broken[:NAMED_AT_MOST]
    everybody = people(ids={each.person for each in shown if each.person is not None})
    called = names_of(records={each.unit for each in shown if each.unit is not None})
    return [
        {
            "record": f"#{each.unit}" if each.unit is not None else None,
            "name": called.get(each.unit) if each.unit is not None else None,
            "person": everybody[each.person].name if each.person is not None else None,
            "code": each.code,
            "why": next((str(value) for name, value in each.facts if name == "why"), None),
        }
        for each in shown
    ]


def _triples(rows: Iterable[Iterable[int]]) -> tuple[tuple[int, int, int], ...]:
    return tuple((person, before, after) for person, before, after in rows)
