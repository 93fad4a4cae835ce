"""Proposes, approves, commits and takes back. A plan is written once; a commit is one transaction.

The commit locks the records it moves, compares everything the plan was made from with what is
there now, and refuses, naming the difference, before it changes a single row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from legato.books import operations as books
from legato.books.models import Book, Item
from legato.books.operations import KeptBack
from legato.books.queries import record_named
from legato.domain.errors import NotFound, Refused
from legato.domain.plan import Certificate, Pin, Violation, certificate, violations
from legato.domain.policy import Policy
from legato.domain.problem import FitWeights
from legato.domain.proposal import Proposal
from legato.ledger.models import Entry
from legato.ledger.operations import answered, record, remember
from legato.people.models import Person
from legato.people.queries import manager_of, people, policy
from legato.planning import stored
from legato.planning.models import Approval, Assignment, Commit, Move, Plan, Undo
from legato.planning.snapshots import Capacity, Scope, problem_of, scope_of
from legato.solver import Budget, solve


class RecordUnclear(Refused):
    """A pin names no record, or several. Facts: ``reference``, ``found`` (id, kind, name)."""

    code = "record_unclear"


class NothingToPlan(Refused):
    """Every record of the book has its new owner already, or is closed. Facts: ``case``."""

    code = "nothing_to_plan"


class MayNotApprove(Refused):
    """Facts: ``name``, ``why`` (``is_proposer``, ``is_leaver``, ``receives``, ``not_manager``,
    ``not_employed``), ``others``: the names of those who may."""

    code = "may_not_approve"


class NobodyMayApprove(Refused):
    """No employed manager or director is outside the plan. Facts: ``plan``."""

    code = "nobody_may_approve"


class AlreadyApproved(Refused):
    """Facts: ``plan``, ``by``."""

    code = "already_approved"


class NotApproved(Refused):
    """Facts: ``plan``."""

    code = "not_approved"


class AlreadyCommitted(Refused):
    """Facts: ``plan``, ``commit``."""

    code = "already_committed"


class DigestDiffers(Refused):
    """The digest quoted is not the plan's. Facts: ``plan``, ``digest``."""

    code = "digest_differs"


class PlanStale(Refused):
    """The world moved since the plan was made. Facts: ``plan``, ``differences``, ``count``."""

    code = "plan_stale"


class PlanBreaksRule(Refused):
    """An assignment would now break a hard rule. Facts: ``plan``, ``violations``, ``count``."""

    code = "plan_breaks_rule"


class UndoTooLate(Refused):
    """Facts: ``entry``, ``hours``."""

    code = "undo_too_late"


class AlreadyUndone(Refused):
    """Facts: ``entry``, ``undo``."""

    code = "already_undone"


class NothingToUndo(Refused):
    """The entry changed no owner. Facts: ``entry``."""

    code = "nothing_to_undo"


class MayNotUndo(Refused):
    """Facts: ``name``, ``may`` (names)."""

    code = "may_not_undo"


NAMED_AT_MOST = 20
"""How many differing rows a refusal names; it always says how many there are."""


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

    Raises `NothingToPlan`, `RecordUnclear`, and the refusals of pins.
    """
    holder = Book.objects.values_list("holder_id", flat=True).get(pk=book_id)
    rules = _with_weights(policy(), options.weights)
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


@transaction.atomic(durable=True)
def approve(*, plan_id: int, approver: int, now: datetime, reason: str) -> Entry:
    """Approves a plan as a second person. The entry of the approval.

    Raises `NotFound`, `AlreadyApproved`, `MayNotApprove`, `NobodyMayApprove`.
    """
    plan = _plan(plan_id)
    earlier = Approval.objects.select_related("approver").filter(plan=plan).first()
    if earlier is not None:
        raise AlreadyApproved(plan=plan_id, by=earlier.approver.name)
    why = _why_not_approve(plan, approver)
    if why is not None:
        others = _approvers(plan)
        if not others:
            raise NobodyMayApprove(plan=plan_id)
        raise MayNotApprove(name=_name(approver), why=why, others=others)
    entry = record(
        chain=plan.entry.chain, kind="approval", actor=approver, at=now, reason=reason,
        facts={"plan": plan_id, "digest": plan.digest},
    )  # fmt: skip
    Approval.objects.create(plan=plan, approver_id=approver, at=now, entry=entry)
    return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    commit: int
    plan: int
    moved: int
    loads_changed: tuple[tuple[int, int, int], ...]
    """Receivers whose load changed since the plan without breaking a rule: id, then, now."""


TO_MOVE = """
SELECT m.record_id, m.expected_owner_id, m.expected_entry_id, m.new_owner_id,
       NULL::timestamptz, NULL::bigint
FROM planning_move m WHERE m.plan_id = %(plan)s AND m.new_owner_id <> m.expected_owner_id
"""


@transaction.atomic(durable=True)
def commit(
    *, plan_id: int, digest: str, actor: int, now: datetime, reason: str, key: str | None = None
) -> Committed:
    """Changes all owners of an approved plan at once, or none.

    Raises `NotFound`, `DigestDiffers`, `NotApproved`, `AlreadyCommitted`, `PlanStale`,
    `PlanBreaksRule`; nothing is written then.
    """
    asked = {"commit": plan_id, "digest": digest}
    if earlier := answered(key=key, asked=asked):
        return Committed(**{**earlier, "loads_changed": _triples(earlier["loads_changed"])})
    plan = _plan(plan_id)
    _refuse_unready(plan, digest)
    prepared = books.prepare(source=TO_MOVE, parameters={"plan": plan_id})
    _lock_receivers(plan_id)
    differences = _differences(plan)
    if differences:
        shown = differences[:NAMED_AT_MOST]
        raise PlanStale(plan=plan_id, differences=shown, count=len(differences))
    loads_changed = _check_rules(plan, now=now)
    entry = record(
        chain=plan.entry.chain, kind="commit", actor=actor, at=now, reason=reason,
        facts={"plan": plan_id, "digest": digest, "loads_changed": loads_changed},
        receipt_sha256=books.receipt_sha256(at=now),
    )  # fmt: skip
    moved = books.give(entry=entry.pk)
    if moved != prepared:
        raise RuntimeError(f"{prepared} records were locked as expected, {moved} moved")
    Commit.objects.create(entry=entry, plan=plan, at=now, moved=moved)
    answer = Committed(commit=entry.pk, plan=plan_id, moved=moved, loads_changed=loads_changed)
    remember(key=key, asked=asked, answer=asdict(answer), entry=entry)
    return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    undo: int
    undone: int
    restored: int
    conflicts: tuple[KeptBack, ...]


@transaction.atomic(durable=True)
def undo(
    *, entry_id: int, actor: int, now: datetime, reason: str, key: str | None = None
) -> Undone:
    """Takes a commit, a cover or an undo back where nobody changed the owner since; lists the rest.

    Raises `NotFound`, `NothingToUndo`, `AlreadyUndone`, `UndoTooLate`, `MayNotUndo`.
    """
    asked = {"undo": entry_id}
    if earlier := answered(key=key, asked=asked):
        conflicts = tuple(_kept_back(row) for row in earlier["conflicts"])
        return Undone(**{**earlier, "conflicts": conflicts})
    _one_at_a_time("undo", entry_id)
    undone = Entry.objects.filter(pk=entry_id).first()
    if undone is None:
        raise NotFound(what="commit", name=entry_id)
    _refuse_undo(undone, actor=actor, now=now)
    conflicts = tuple(books.kept_back(undone=entry_id))
    prepared = books.prepare_undo(undone=entry_id, at=now)
    entry = record(
        chain=undone.chain, kind="undo", actor=actor, at=now, reason=reason,
        facts={"undone": entry_id, "kept": [each.record for each in conflicts]},
        receipt_sha256=books.receipt_sha256(at=now),
    )  # fmt: skip
    restored = books.give(entry=entry.pk)
    if restored != prepared:
        raise RuntimeError(f"{prepared} records could be restored, {restored} were")
    answer = Undone(undo=entry.pk, undone=entry_id, restored=restored, conflicts=conflicts)
    kept = stored.plain(answer)
    Undo.objects.create(
        entry=entry, undone=undone, at=now, restored=restored, conflicts=kept["conflicts"]
    )
    remember(key=key, asked=asked, answer=kept, entry=entry)
    return answer


def _with_weights(rules: Policy, weights: Mapping[str, int]) -> Policy:
    return replace(rules, fit=FitWeights(**{**asdict(rules.fit), **weights}))


def _pin(reference: str, person: int) -> Pin:
    found = record_named(reference=reference)
    if len(found) != 1:
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
         owners[scope.unit_of[each.id]])
        for each in scope.held
    ]  # fmt: skip
    columns = "plan_id, record_id, unit_id, expected_owner_id, expected_entry_id, new_owner_id"
    _copy(Move._meta.db_table, columns, rows)
    return sum(row[3] != row[5] for row in rows)


def _copy(table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as writing,
    ):
        for row in rows:
            writing.write_row(row)


def _plan(plan_id: int) -> Plan:
    _one_at_a_time("plan", plan_id)
    plan = Plan.objects.select_related("book", "entry").filter(pk=plan_id).first()
    if plan is None:
        raise NotFound(what="plan", name=plan_id)
    return plan


def _one_at_a_time(what: str, number: int) -> None:
    """Two who decide about the same thing come one after the other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [what, number])


def _why_not_approve(plan: Plan, person_id: int) -> str | None:
    someone = people(ids={person_id})[person_id]
    receives = Assignment.objects.filter(plan=plan, person_id=person_id).exists()
    checks = {
        "not_employed": not someone.is_employed,
        "is_leaver": person_id == plan.book.holder_id,
        "is_proposer": person_id == plan.proposer_id,
        "receives": receives,
        "not_manager": someone.role not in ("manager", "director"),
    }
    return next((why for why, applies in checks.items() if applies), None)


def _approvers(plan: Plan) -> list[str]:
    """Those who may approve, by name."""
    receivers = Assignment.objects.filter(plan=plan).values("person_id")
    found = (
        Person.objects.filter(is_employed=True, role__in=("manager", "director"))
        .exclude(pk__in=[plan.book.holder_id, plan.proposer_id])
        .exclude(pk__in=receivers)
    )
    return list(found.order_by("name").values_list("name", flat=True)[:NAMED_AT_MOST])


def _refuse_unready(plan: Plan, digest: str) -> None:
    if digest != plan.digest:
        raise DigestDiffers(plan=plan.pk, digest=digest)
    done = Commit.objects.filter(plan=plan).first()
    if done is not None:
        raise AlreadyCommitted(plan=plan.pk, commit=done.pk)
    if not Approval.objects.filter(plan=plan).exists():
        raise NotApproved(plan=plan.pk)
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


# Rows of the plan that are not as they were; rows that have come to the holder since; promises
# made to the plan's accounts since, whoever made them.
DIFFERENCES = """
SELECT r.id, r.kind, r.name,
       CASE WHEN NOT r.is_open THEN 'closed'
            WHEN r.owner_id <> m.expected_owner_id THEN 'owner' ELSE 'changed' END,
       e.at, p.name
FROM planning_move m
JOIN books_record r ON r.id = m.record_id
JOIN ledger_entry e ON e.id = r.entry_id
LEFT JOIN people_person p ON p.id = e.actor_id
WHERE m.plan_id = %(plan)s
  AND (r.entry_id <> m.expected_entry_id OR r.owner_id <> m.expected_owner_id OR NOT r.is_open)
UNION ALL
SELECT r.id, r.kind, r.name, 'new', e.at, p.name
FROM books_record r
JOIN ledger_entry e ON e.id = r.entry_id
LEFT JOIN people_person p ON p.id = e.actor_id
WHERE r.is_open AND NOT EXISTS (
        SELECT FROM planning_move m WHERE m.plan_id = %(plan)s AND m.record_id = r.id)
  AND (r.owner_id = %(holder)s OR (
        r.kind = 'commitment' AND r.entry_id > %(entry)s AND r.account_id IN (
            SELECT m.unit_id FROM planning_move m WHERE m.plan_id = %(plan)s)))
ORDER BY 1
"""


def _differences(plan: Plan) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            DIFFERENCES,
            {"plan": plan.pk, "holder": plan.book.holder_id, "entry": plan.entry_id},
        )
        names = ("record", "kind", "name", "what", "at", "by")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _check_rules(plan: Plan, *, now: datetime) -> tuple[tuple[int, int, int], ...]:
    """The plan against its receivers as they are now; the loads that changed without harm."""
    rules = _with_weights(policy(), plan.options["weights"])
    proposal = stored.proposal_from(plan.proposal)
    pins = tuple(Pin(**pin) for pin in plan.problem["pins"])
    scope = scope_of(
        book=plan.book_id,
        holder=plan.book.holder_id,
        pinned={pin.unit for pin in pins},
        policy=rules,
        now=now,
    )
    problem, _capacity = problem_of(
        scope=scope,
        holder=plan.book.holder_id,
        pins=pins,
        excluded=frozenset(plan.problem["excluded"]),
        policy=rules,
        now=now,
    )
    broken = [each for each in violations(problem, proposal) if each.code != "needless_orphan"]
    if broken:
        shown = stored.plain(broken[:NAMED_AT_MOST])
        raise PlanBreaksRule(plan=plan.pk, violations=shown, count=len(broken))
    before = {each["id"]: each["load"] for each in plan.problem["candidates"]}
    return tuple(
        (each.id, before[each.id], each.load)
        for each in problem.candidates
        if each.id in before and each.load != before[each.id]
    )


def _refuse_undo(undone: Entry, *, actor: int, now: datetime) -> None:
    if undone.kind not in ("commit", "cover", "undo"):
        raise NothingToUndo(entry=undone.pk)
    earlier = Undo.objects.filter(undone=undone).first()
    if earlier is not None:
        raise AlreadyUndone(entry=undone.pk, undo=earlier.pk)
    window = policy().undo_window
    if now > undone.at + window:
        raise UndoTooLate(entry=undone.pk, hours=policy().undo_hours)
    may = _may_undo(undone)
    if actor not in may:
        names = [each.name for each in people(ids=may).values()]
        raise MayNotUndo(name=_name(actor), may=sorted(names))


def _may_undo(undone: Entry) -> set[int]:
    """Who proposed or approved the commit; who gave the cover; who did the undo, and those."""
    done = Commit.objects.select_related("plan__approval").filter(entry=undone).first()
    if done is not None:
        return {done.plan.proposer_id, done.plan.approval.approver_id}
    may = {undone.actor_id} if undone.actor_id is not None else set()
    undo_row = Undo.objects.select_related("undone").filter(entry=undone).first()
    return may | _may_undo(undo_row.undone) if undo_row else may


def _name(person_id: int) -> str:
    return people(ids={person_id})[person_id].name


def _triples(rows: Iterable[Iterable[int]]) -> tuple[tuple[int, int, int], ...]:
    return tuple((person, before, after) for person, before, after in rows)


def _kept_back(row: Mapping[str, Any]) -> KeptBack:
    return KeptBack(**{**row, "at": datetime.fromisoformat(row["at"])})
