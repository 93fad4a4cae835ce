"""Plans that take a while: each is a run, which says how far it is, can be cancelled, and taken up
again from its last prices."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from legato.departures.operations.proposing import check_may_plan_for, plan
from legato.domain.errors import NotFound, Refused
from legato.domain.plain import plain
from legato.ledger.operations import KeyAlreadyUsed, once, record
from legato.people.queries import check_may_plan
from legato.planning.models import Run
from legato.planning.operations import Once, Options, Proposed, Seen, made_before, options_from
from legato.planning.operations.prices import prices_read
from legato.planning.queries import RUN_LOCK

Clock = Callable[[], datetime]
GOING = ("waiting", "running")
AT_WORK = ("running", "cancelling")


class RunOver(Refused):
    """The run has ended already. Facts: ``run``, ``state``."""

    code = "run_over"


class RunCancelled(Refused):
    """Somebody cancelled the run. Facts: ``run``."""

    code = "run_cancelled"


class RunNotCancelled(Refused):
    """Only a run that was cancelled is taken up again. Facts: ``run``, ``state``."""

    code = "run_not_cancelled"


@transaction.atomic(durable=True)
def begin(
    *,
    cases: Sequence[int],
    options: Options,
    actor: int,
    now: datetime,
    reason: str,
    later: Callable[[int], None] | None = None,
    key: str | None = None,
) -> int:
    """Notes that a plan is to be made; its run. ``later`` leaves the work to a job.

    Of a plan that was made with the same key, the run that made it; of one that is being made, or
    was when its process died, that run. Raises what `plan` raises before it starts, and
    `KeyAlreadyUsed`.
    """
    earlier = made_before(_once(key, cases, plain(options), actor))
    if earlier is None:
        check_may_plan_for(cases, options=options, actor=actor)
    elif (made_by := Run.objects.filter(plan=earlier.plan).first()) is not None:
        return made_by.pk
    if (unfinished := _unfinished(key, cases, options)) is not None:
        if later is not None and unfinished.state == "running":
            later(unfinished.pk)
        return unfinished.pk
    run = Run.objects.create(
        case_ids=list(cases),
        options=plain(options),
        actor_id=actor,
        reason=reason,
        key=key or "",
        began_at=now,
        state="waiting" if later else "running",
    )
    if later is not None:
        later(run.pk)
    return run.pk


def _unfinished(key: str | None, cases: Sequence[int], options: Options) -> Run | None:
    run = Run.objects.filter(key=key, state__in=GOING).first() if key else None
    if run is not None and (run.case_ids, run.options) != (list(cases), plain(options)):
        raise KeyAlreadyUsed(key=key)
    return run


@transaction.atomic(durable=True)
def take_up(*, run_id: int, actor: int, now: datetime, key: str | None = None) -> int:
    """A new run with the options of one that was cancelled or whose process died, from its last
    prices; with its key, if there is no other.

    Raises `NotFound`, `RunNotCancelled`, `MayNotManage`.
    """
    before = _run(run_id)
    if before.state in AT_WORK and _is_abandoned(run_id):
        _end(run_id, now, state="cancelled")
    elif before.state != "cancelled":
        raise RunNotCancelled(run=run_id, state=before.state)
    check_may_plan_for(before.case_ids, options=options_from(before.options), actor=actor)
    run = Run.objects.create(
        case_ids=before.case_ids,
        options=before.options,
        actor_id=actor,
        reason=before.reason,
        key=key or before.key,
        began_at=now,
        prices=before.prices,
    )
    return run.pk


def carry_out(
    *, run_id: int, clock: Clock, watch: Callable[[Seen], None] | None = None
) -> Proposed | None:
    """Makes the plan of a run and keeps what can be said of it; None where it is not to be made.

    A plan that was made with the run's key is the answer. Raises what `plan` raises,
    `RunCancelled`, and what ``watch`` raises, which cancels the run.
    """
    with _at_work(run_id):
        return _carried_out(_run(run_id), clock, watch)


def _carried_out(run: Run, clock: Clock, watch: Callable[[Seen], None] | None) -> Proposed | None:
    run_id, keyed = run.pk, _once(run.key, run.case_ids, run.options, run.actor_id)
    if not Run.objects.filter(pk=run_id, state__in=GOING).update(state="running"):
        Run.objects.filter(pk=run_id, state="cancelling").update(state="cancelled")
        return _made_before(keyed)

    def seen(now: Seen) -> None:
        _keep(run_id, now)
        if watch is not None:
            watch(now)

    try:
        made = _made_before(keyed) or plan(
            cases=run.case_ids,
            options=options_from(run.options),
            actor=run.actor_id,
            now=clock(),
            reason=run.reason,
            start=prices_read(bytes(run.prices)) if run.prices else None,
            watch=seen,
            once=keyed,
        )
    except RunCancelled:
        _end(run_id, clock(), state="cancelled")
        raise
    except Refused as refused:
        _end(run_id, clock(), state="refused", refusal=[refused.code, plain(refused.facts)])
        raise
    except BaseException:
        _end(run_id, clock(), state="cancelled")
        raise
    by_another = Run.objects.filter(plan=made.plan).exclude(pk=run_id).exists()
    _end(run_id, clock(), state="done", plan_id=None if by_another else made.plan)
    return made


def _once(
    key: str | None, cases: Sequence[int], options: Mapping[str, Any], actor: int
) -> Once | None:
    asked = {"plan": list(cases), "options": options, "actor": actor}
    return Once(key=key, asked=asked) if key else None


@transaction.atomic(durable=True)
def _made_before(once: Once | None) -> Proposed | None:
    return made_before(once)


@contextmanager
def _at_work(run_id: int) -> Iterator[None]:
    """Holds the run's lock, which PostgreSQL takes back when the process dies; another waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [RUN_LOCK, run_id])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [RUN_LOCK, run_id])


def _is_abandoned(run_id: int) -> bool:
    """Whether no process makes its plan, nor can begin before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [RUN_LOCK, run_id])
        return bool(cursor.fetchone()[0])


@transaction.atomic(durable=True)
@once
def cancel(*, run_id: int, actor: int, now: datetime, reason: str, key: str | None = None) -> None:
    """Asks a run to stop at its next step; one that no process works on has stopped.

    Raises `NotFound`, `RunOver`, `MayNotManage`, `KeyAlreadyUsed`.
    """
    check_may_plan(actor=actor, leavers=())
    run = _run(run_id)
    if run.state == "waiting" or (run.state in AT_WORK and _is_abandoned(run_id)):
        Run.objects.filter(pk=run_id, state=run.state).update(state="cancelled")
    elif not Run.objects.filter(pk=run_id, state="running").update(state="cancelling"):
        raise RunOver(run=run_id, state=run.state)
    record(chain=f"run:{run_id}", kind="plan_cancelled", actor=actor, at=now, reason=reason)


def _keep(run_id: int, now: Seen) -> None:
    """How far it is. Raises `RunCancelled` where somebody asked for that."""
    told = {"phase": now.phase, "step": now.step, "steps": now.steps}
    if now.prices is not None:
        told["prices"] = now.prices.written()
    if Run.objects.filter(pk=run_id, state="running").update(**told):
        return
    if Run.objects.filter(pk=run_id, state__in=("cancelling", "cancelled")).exists():
        raise RunCancelled(run=run_id)


def _end(run_id: int, now: datetime, **told: object) -> None:
    Run.objects.filter(pk=run_id).update(ended_at=now, **told)


def _run(run_id: int) -> Run:
    found = Run.objects.filter(pk=run_id).first()
    if found is None:
        raise NotFound(what="run", name=run_id)
    return found
