"""How hot a record is, and why: from its stage, its last touch and its next step.

Hot goes cold in days, cold is forgotten: the three are split alike, so the rule is simple enough
to be said in one sentence to the people who receive them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from legato.domain.policy import HeatRule
from legato.domain.problem import HEATS, Heat

Why = Literal[
    "late_stage_touched_lately",
    "next_step_soon",
    "touched_lately",
    "next_step_planned",
    "silent",
    "never_touched",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is known of an open record. ``next_step_at`` is the nearest date of a planned step."""

    depth: str
    touched_at: datetime | None
    next_step_at: datetime | None
    has_next_step: bool = False


def heat_of(*, signs: Signs, rule: HeatRule, now: datetime) -> tuple[Heat, Why]:
    """Hot, warm or cold with the first rule that applied. Times are aware."""
    silent = now - signs.touched_at if signs.touched_at else None
    soon = now + timedelta(days=rule.next_step_within)
    if (
        signs.depth == "late"
        and silent is not None
        and silent <= timedelta(days=rule.late_touched_within)
    ):
        return "hot", "late_stage_touched_lately"
    if signs.next_step_at is not None and signs.next_step_at <= soon:
        return "hot", "next_step_soon"
    if silent is not None and silent <= timedelta(days=rule.warm_touched_within):
        return "warm", "touched_lately"
    if signs.has_next_step or signs.next_step_at is not None:
        return "warm", "next_step_planned"
    return "cold", "silent" if signs.touched_at else "never_touched"


def hottest(heats: list[Heat]) -> Heat:
    """The hottest of several; cold where there are none."""
    return min(heats, key=HEATS.index, default="cold")
