"""Makes a plan and writes it down, once. Moves nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from legato.domain.plain import plain, value_from
from legato.domain.plan import Certificate, Violation
from legato.ledger.models import Entry
from legato.ledger.operations import answered, record, remember
from legato.people.queries import policy
from legato.planning import stored
from legato.planning.models import Arrays, Plan, PlanBook
from legato.planning.operations.comparing import PlanStale, stale
from legato.planning.operations.decided import Decided
from legato.planning.operations.deciding import ARCS_ONE_BY_ONE, decide
from legato.planning.operations.options import Options, without
from legato.planning.operations.prices import Prices
from legato.planning.operations.seen import Seen, Watch
from legato.planning.operations.shared import lock_books
from legato.planning.operations.storing import list_later_records, store_assignments, store_moves
from legato.planning.snapshots import Capacity
from legato.planning.snapshots.differing import differences


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """An idempotency key and the command it belongs to."""

    key: str
    asked: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    plan: int
    digest: str
    assignments: int
    moved: int
    orphans: int
    managers: tuple[int, ...]
    """To whom the orphans go that somebody leaves behind."""
    violations: tuple[Violation, ...]
    certificate: Certificate
    capacity: Capacity


def propose(
    *,
    books: Sequence[int],
    chain: str | None,
    options: Options,
    actor: int,
    now: datetime,
    reason: str,
    parent: int | None = None,
    start: Prices | None = None,
    watch: Watch | None = None,
    once: Once | None = None,
    one_by_one: int = ARCS_ONE_BY_ONE,
) -> Proposed:
    """Makes a plan for what has no new owner yet, and stores it. Moves nothing.

    The plan is made outside of any transaction; what changed meanwhile refuses it. ``chain`` is the
    ledger's chain it belongs to, None gives it its own. What somebody quicker made ``once`` is the
    answer. Raises `PlanStale`, `DepartureOver`, and what `decide` and ``watch`` raise.
    """
    _tell(watch, "facts", step=0)
    decided = decide(
        books=books, options=options, now=now, start=start, watch=watch, one_by_one=one_by_one
    )
    _tell(watch, "writing", step=1)
    return _write_once(
        decided, once, chain=chain, options=options, actor=actor, now=now, reason=reason,
        parent=parent,
    )  # fmt: skip


def _tell(watch: Watch | None, phase: str, *, step: int) -> None:
    """A step of our own, at which the plan can still be cancelled."""
    if watch is not None:
        watch(Seen(phase=phase, step=step, steps=1, prices=None))


def made_before(once: Once | None) -> Proposed | None:
    """The plan that was made with the key. Needs a transaction, until whose end nobody else makes
    one with it. Raises `KeyAlreadyUsed`."""
    answer = answered(key=once.key, asked=once.asked) if once else None
    return None if answer is None else value_from(Proposed, answer, where="answer")


@transaction.atomic(durable=True)
def _write_once(decided: Decided, once: Once | None, **said: Any) -> Proposed:
    earlier = made_before(once)
    if earlier is not None:
        return earlier
    made, entry = _write(decided, **said)
    if once is not None:
        remember(key=once.key, asked=once.asked, answer=plain(made), entry=entry)
    return made


def _write(
    decided: Decided,
    *,
    chain: str | None,
    options: Options,
    actor: int,
    now: datetime,
    reason: str,
    parent: int | None,
) -> tuple[Proposed, Entry]:
    lock_books(decided.scope.books)
    asked = _asked(options, decided)
    digest = _digest(decided, asked)
    plan_id = _next_id()
    entry = record(
        chain=chain or f"plan:{plan_id}", kind="plan", actor=actor, at=now, reason=reason,
        facts={"plan": plan_id, "digest": digest},
    )  # fmt: skip
    plan = Plan.objects.create(
        id=plan_id, scope=options.scope, parent_id=parent, digest=digest, seed=options.seed,
        options=asked, policy_version=decided.rules.version, proposer_id=actor, made_at=now,
        interim_until=options.until, problem=decided.problem, proposal=decided.proposal,
        certificate=plain(decided.certificate), entry=entry,
    )  # fmt: skip
    if decided.arrays is not None:
        Arrays.objects.create(plan=plan, content=decided.arrays)
    PlanBook.objects.bulk_create(PlanBook(plan=plan, book_id=each) for each in decided.scope.books)
    list_later_records(decided, entry=entry, now=now)
    managers = store_assignments(plan, decided)
    moved = store_moves(plan)
    _refuse_stale(plan)
    made = Proposed(
        plan=plan.pk,
        digest=digest,
        assignments=len(decided.decisions),
        moved=moved,
        orphans=decided.certificate.orphans,
        managers=managers,
        violations=decided.violations,
        certificate=decided.certificate,
        capacity=decided.capacity,
    )
    return made, entry


def _asked(options: Options, decided: Decided) -> dict[str, Any]:
    """The options as they are kept with the plan, and what could not be kept of them."""
    kept = without(options, lost=[unit for unit, _person, _why in decided.lost])
    written = {**plain(kept), "capacity": plain(decided.capacity)}
    return {**written, "lost": [list(each) for each in decided.lost]}


def _digest(decided: Decided, asked: dict[str, Any]) -> str:
    return stored.digest_of_plain(
        {
            "problem": decided.problem,
            "arrays": hashlib.sha256(decided.arrays or b"").hexdigest(),
            "rows": decided.rows_sha256,
            "policy": plain(decided.rules),
            "options": asked,
            "books": list(decided.scope.books),
        }
    )


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('planning_plan', 'id'))")
        return int(cursor.fetchone()[0])


def _refuse_stale(plan: Plan) -> None:
    """What changed while the plan was made."""
    found = differences(plan)
    if found:
        raise stale(plan.pk, found)
    if policy().version != plan.policy_version:
        raise PlanStale(
            plan=plan.pk,
            differences=[{"what": "policy", "was": plan.policy_version, "now": policy().version}],
            count=1,
        )
