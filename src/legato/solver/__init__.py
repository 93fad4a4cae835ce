"""Pure search for a fair split: ``solve`` is the only door, and never marks its own work."""

from dataclasses import dataclass

from legato.domain.problem import Problem
from legato.domain.proposal import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much searching is allowed, in steps and never in seconds, so that answers repeat."""

    nodes: int = 200
    """Branch-and-bound nodes per exact search."""


def solve(*, problem: Problem, budget: Budget, seed: int) -> Proposal:
    """The fair split of the problem's units; the same input and seed give the same bytes.

    Raises ``UnknownPin`` and ``PinImpossible``. Units that nobody can take come back as orphans.
    """
    raise NotImplementedError
