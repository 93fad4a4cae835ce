"""Makes a plan and writes it down, once. Moves nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from legato.books.models import Book, Item
from legato.books.queries import record_named
from legato.domain.errors import NotFound, Refused
from legato.domain.plan import Certificate, Pin, Violation, certificate, violations
from legato.domain.proposal import Proposal
from legato.ledger.models import Entry
from legato.ledger.operations import record
from legato.people.queries import manager_of, policy
from legato.planning import stored
from legato.planning.models import Assignment, Move, Plan
from legato.planning.operations.shared import (
    with_weights,
)
from legato.planning.snapshots import Capacity, Scope, problem_of, scope_of
from legato.solver import Budget, solve


class RecordUnclear(Refused):
    """A pin names several records. Facts: ``reference``, ``found`` (id, kind, name)."""

    code = "record_unclear"


class NothingToPlan(Refused):
    """Every record of the book has its new owner already, or is closed. Facts: ``case``."""

    code = "nothing_to_plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the planner asks for. Pins are (record, person): a record's id, key or name."""

    seed: int = 1
    pins: tuple[tuple[str, int], ...] = ()
    excluded: frozenset[int] = frozenset()
    weights: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    plan: int
    digest: str
    assignments: int
    moved: int
    orphans: int
    manager: int
    violations: tuple[Violation, ...]
    certificate: Certificate
    capacity: Capacity


@transaction.atomic(durable=True)
def propose(
    *,
    book_id: int,
    chain: str,
    options: Options,
    actor: int,
    now: datetime,
    reason: str,
    parent: int | None = None,
) -> Proposed:
    """Makes a plan for what of the book has no new owner yet, and stores it. Moves nothing.

    Raises `NothingToPlan`, `NotFound`, `RecordUnclear`, and the refusals of pins.
    """
    holder = Book.objects.values_list("holder_id", flat=True).get(pk=book_id)
    rules = with_weights(policy(), options.weights)
    pins = tuple(_pin(reference, person) for reference, person in options.pins)
    scope = scope_of(
        book=book_id, holder=holder, pinned={pin.unit for pin in pins}, policy=rules, now=now
    )
    if not scope.held:
        raise NothingToPlan(case=chain.partition(":")[2])
    problem, capacity = problem_of(
        scope=scope, holder=holder, pins=pins, excluded=options.excluded, policy=rules, now=now
    )
    proposal = solve(problem=problem, budget=Budget(), seed=options.seed)
    broken = violations(problem, proposal)
    proof = certificate(problem, proposal)
    asked = {**stored.plain(options), "capacity": stored.plain(capacity)}
    rows = [(each.id, each.owner, each.entry) for each in scope.held]
    digest = stored.digest(
        {"problem": problem, "rows": rows, "policy": rules, "options": asked, "book": book_id}
    )
    entry = record(
        chain=chain, kind="plan", actor=actor, at=now, reason=reason, facts={"digest": digest}
    )
    plan = Plan.objects.create(
        book_id=book_id, parent_id=parent, digest=digest, seed=options.seed, options=asked,
        policy_version=rules.version, proposer_id=actor, made_at=now,
        problem=stored.plain(problem), proposal=stored.plain(proposal),
        certificate=stored.plain(proof), entry=entry,
    )  # fmt: skip
    manager = manager_of(person=holder)
    _list_later_records(book_id, scope, entry)
    _store_assignments(plan, proposal, manager=manager)
    moved = _store_moves(plan, scope, proposal, manager=manager)
    return Proposed(
        plan=plan.pk,
        digest=digest,
        assignments=len(proposal.placements),
        moved=moved,
        orphans=proof.orphans,
        manager=manager,
        violations=broken,
        certificate=proof,
        capacity=capacity,
    )


def _pin(reference: str, person: int) -> Pin:
    found = record_named(reference=reference)
    if not found:
        raise NotFound(what="record", name=reference)
    if len(found) > 1:
        raise RecordUnclear(reference=reference, found=found)
    return Pin(unit=found[0][0], person=person)


def _list_later_records(book_id: int, scope: Scope, entry: Entry) -> None:
    """What came to the holder after the book was taken is added to it, and so is listed."""
    known = set(Item.objects.filter(book_id=book_id).values_list("record_id", flat=True))
    Item.objects.bulk_create(
        Item(
            book_id=book_id, record_id=each.id, kind=each.kind, heat=each.heat,
            heat_why=each.heat_why, value=each.value,
            value_is_estimated=each.value_is_estimated, entry=entry,
        )
        for each in scope.held
        if each.id not in known
    )  # fmt: skip


def _store_assignments(plan: Plan, proposal: Proposal, *, manager: int) -> None:
    rows = (
        (plan.pk, each.unit, each.person or manager, each.person is None,
         stored.text(stored.plain(each.reason)))
        for each in proposal.placements
    )  # fmt: skip
    _copy(Assignment._meta.db_table, "plan_id, unit_id, person_id, is_orphan, reason", rows)


def _store_moves(plan: Plan, scope: Scope, proposal: Proposal, *, manager: int) -> int:
    owners = {unit: person or manager for unit, person in proposal.owners().items()}
    rows = [
        (plan.pk, each.id, scope.unit_of[each.id], each.owner, each.entry,
         owners[scope.unit_of[each.id]], each.is_covered)
        for each in scope.held
    ]  # fmt: skip
    columns = "plan_id, record_id, unit_id, expected_owner_id, expected_entry_id, new_owner_id"
    _copy(Move._meta.db_table, f"{columns}, is_covered", rows)
    return sum(row[3] != row[5] or row[6] for row in rows)


def _copy(table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as writing,
    ):
        for row in rows:
            writing.write_row(row)
