"""Whether the world is still what a plan was made from."""

from typing import Any

from legato.domain.errors import Refused
from legato.planning.operations.shared import NAMED_AT_MOST


class PlanStale(Refused):
    """The world moved since the plan was made. Facts: ``plan``, ``differences``, ``count``."""

    code = "plan_stale"


def stale(plan_id: int, found: list[dict[str, Any]]) -> PlanStale:
    return PlanStale(plan=plan_id, differences=found[:NAMED_AT_MOST], count=len(found))
