"""Plans in the making, as people look after them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from legato.planning.models import Run

RUN_LOCK = 7_236_534
"""With the run's number: the advisory lock of whatever process makes its plan."""
AT_WORK = """
SELECT objid::bigint FROM pg_locks JOIN pg_database d ON d.oid = database
WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2 AND granted
  AND d.datname = current_database()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    id: int
    state: str
    scope: str
    cases: tuple[int, ...]
    actor: str
    began_at: datetime
    ended_at: datetime | None
    phase: str
    step: int
    steps: int
    plan: int | None
    has_prices: bool
    refusal: str | None
    """The code."""


def runs(*, limit: int = 50) -> list[RunView]:
    """The latest first."""
    found = list(Run.objects.select_related("actor").order_by("-pk")[:limit])
    at_work = _at_work()
    return [
        RunView(
            id=each.pk,
            state=_state(each, at_work),
            scope=each.options["scope"],
            cases=tuple(each.case_ids),
            actor=each.actor.name,
            began_at=each.began_at,
            ended_at=each.ended_at,
            phase=each.phase,
            step=each.step,
            steps=each.steps,
            plan=each.plan_id,
            has_prices=each.prices is not None,
            refusal=each.refusal[0] if each.refusal else None,
        )
        for each in found
    ]


def _at_work() -> set[int]:
    """The runs whose plans are being made by some process."""
    with connection.cursor() as cursor:
        cursor.execute(AT_WORK, [RUN_LOCK])
        return {run for (run,) in cursor.fetchall()}


def _state(run: Run, at_work: set[int]) -> str:
    """As it is kept, but for a run whose process died: that could not say so."""
    is_abandoned = run.state in ("running", "cancelling") and run.pk not in at_work
    return "interrupted" if is_abandoned else run.state
