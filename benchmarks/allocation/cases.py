"""What every method is given, on disk: the split, what is fair, and the intervals around it.

On disk, so that a method's process holds what it works on and nothing that was needed to make it.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from benchmarks.allocation.chance import Ints

from legato.domain.instance import Bounds, Floats, Instance


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    instance: Instance
    goal: Floats
    """m × k: the fair parts."""
    bounds: Bounds
    tolerance: int
    """Thousandths, of value and weight."""

    @property
    def quota(self) -> Ints:
        """m: how many blocks each may get: the fair total, rounded up."""
        return self.bounds.high[:, self.instance.counted - 1]

    def candidates(self) -> list[dict[int, int]]:
        """Of each block its possible takers, each with the fit."""
        made = self.instance
        taker, fit, start = made.taker.tolist(), made.fit.tolist(), made.start.tolist()
        return [dict(zip(taker[at:end], fit[at:end], strict=True)) for at, end in pairwise(start)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    owner: Ints
    """n: indexes of persons, -1 for nobody."""
    prices: Floats | None = None
    """m × k, from which a judge works out a bound."""
    said: float = 0.0
    """The bound that the method itself claims; 0 where it claims none."""


PLAIN = ("blocks", "amounts", "start", "taker", "fit", "persons", "room", "kin")


def save(case: Case, path: Path) -> None:
    made = case.instance
    np.savez(
        path,
        measures=np.array(made.measures),
        **{name: getattr(made, name) for name in PLAIN},
        allowed=np.concatenate(made.allowed),
        allowed_start=np.cumsum([0, *map(len, made.allowed)]),
        goal=case.goal,
        low=case.bounds.low,
        high=case.bounds.high,
        tolerance=np.array(case.tolerance),
    )


def load(path: Path) -> Case:
    with np.load(path) as stored:
        cuts = stored["allowed_start"]
        made = Instance(
            measures=tuple(stored["measures"].tolist()),
            allowed=tuple(np.split(stored["allowed"], cuts[1:-1])),
            **{name: stored[name] for name in PLAIN},
        )
        bounds = Bounds(low=stored["low"], high=stored["high"])
        tolerance = int(stored["tolerance"])
        return Case(instance=made, goal=stored["goal"], bounds=bounds, tolerance=tolerance)
