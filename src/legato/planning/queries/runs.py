"""Plans in the making, as people look after them."""

from dataclasses import dataclass
from datetime import datetime

from legato.planning.models import Run


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
    found = Run.objects.select_related("actor").order_by("-pk")[:limit]
    return [
        RunView(
            id=each.pk,
            state=each.state,
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
