"""How far a plan in the making is, for whoever watches it."""

from collections.abc import Callable
from dataclasses import dataclass

from legato.planning.operations.prices import Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A step of a phase: ``facts``, those of the solver, ``writing``."""

    phase: str
    step: int
    steps: int
    prices: Prices | None
    """What a reorganisation can be taken up from."""


Watch = Callable[[Seen], None]
"""Called at every step; raises to stop."""
