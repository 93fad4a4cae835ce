"""The weights of the fit that plans were made with, beside others."""

from collections.abc import Mapping
from dataclasses import dataclass

from legato.planning.models import Plan
from legato.planning.queries.plans import PlanView


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A part of the fit, and the points it can give at most on either side."""

    part: str
    points: tuple[int, int]


def weights_of(*plans: PlanView) -> list[dict[str, int]]:
    """The points of every part, as each plan was made; one statement."""
    rows = Plan.objects.filter(pk__in={each.id for each in plans})
    made = dict(rows.values_list("pk", "problem__rules__fit"))
    return [made[each.id] for each in plans]


def unlike(ours: Mapping[str, int], theirs: Mapping[str, int]) -> list[Weighed]:
    """The parts that weigh otherwise there, in their order."""
    return [
        Weighed(part=part, points=(points, theirs[part]))
        for part, points in ours.items()
        if points != theirs[part]
    ]
