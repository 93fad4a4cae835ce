"""Pure search for a fair split: ``solve`` is the door for a problem, ``split`` for arrays of any
size. Neither marks its own work.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from legato.domain.eligibility import Block, Split, eligibility, split_of
from legato.domain.errors import Refused
from legato.domain.fairness import Parts, deviations, fair_parts
from legato.domain.instance import Bounds, Floats, Instance, Ints, instance_of
from legato.domain.problem import Problem
from legato.domain.proposal import Placement, Proposal
from legato.solver.canonical import Order
from legato.solver.explaining import Explaining, placements, shares_of
from legato.solver.placing import placeable
from legato.solver.searching import PACKED_ARCS, Effort, Search, only
from legato.solver.trading import FEW
from legato.solver.unsplit import orphan_placements, settled_placements

SOLVER = "legato/2"
LARGE = 50_000
"""From so many blocks on, fewer steps for each."""
EXACT_BLOCKS = 500


class TooLargeToProve(Refused):
    """An exact proof was asked for more blocks than it can be had for. Facts: ``blocks``,
    ``most``."""

    code = "too_large_to_prove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much searching is allowed, in steps and never in seconds, so that answers repeat. What is
    None follows from the size of the split."""

    passes: int | None = None
    """Over all arcs, at each temperature of the prices."""
    cycles: int | None = None
    """How often the price of unfairness rises."""
    visits: int | None = None
    """Exchanges that are looked for."""
    nodes: int = 2_000
    """Branch-and-bound nodes."""
    exact: bool = False
    """Whether the best fit within the shares is to be proven."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Progress:
    phase: str
    """``prices``, ``flow``, ``balance``, ``exact``."""
    step: int
    steps: int
    prices: Floats | None
    """m × k: to start from, if the search is to go on another time."""


Watch = Callable[[Progress], None]
"""May raise what it likes to end the search."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    owner: Ints
    """n: indexes of persons, -1 for nobody."""
    bounds: Bounds
    """What everybody was held to."""
    prices: Floats
    """m × k: points that one more of each measure costs with each person."""
    tolerance: int
    """The worst deviation of value and weight that came out, in thousandths of a fair part."""
    proven: int | None
    """What branch and bound says no fit can exceed."""


def solve(
    *,
    problem: Problem,
    budget: Budget,
    seed: int,
    start: Floats | None = None,
    watch: Watch | None = None,
) -> Proposal:
    """The fair split of the problem's units; the same input and seed give the same bytes.

    ``start`` are prices (m × k) of a similar split. Raises ``UnknownPin``, ``PinImpossible`` and
    ``TooLargeToProve``. Units that nobody can take come back as orphans.
    """
    eligible = eligibility(problem)
    decided = split_of(problem, eligible)
    possible = [block for block in decided.blocks if block.people]
    instance = instance_of(blocks=possible, room=decided.room, eligible=eligible, caps=decided.caps)
    pinned = [block.units[0].id in decided.pinned for block in possible]
    keep = placeable(instance, pinned=np.array(pinned, dtype=np.bool_), nodes=budget.nodes)
    blocks = [block for block, is_kept in zip(possible, keep, strict=True) if is_kept]
    if not keep.all():
        instance = instance_of(
            blocks=blocks, room=decided.room, eligible=eligible, caps=decided.caps
        )
    parts = fair_parts(instance)
    solution = _split(instance, parts, problem.rules.tolerances, budget, seed, start, watch)
    explaining = Explaining(
        instance=instance, bounds=solution.bounds, prices=solution.prices, owner=solution.owner
    )
    found = [
        *settled_placements(problem, eligible, decided),
        *orphan_placements(problem, eligible, _left_over(decided, blocks)),
        *placements(explaining, blocks=blocks, eligible=eligible, pinned=decided.pinned),
    ]
    return _proposal(found, instance, parts, solution, seed=seed)


def split(
    *,
    instance: Instance,
    parts: Parts | None = None,
    tolerances: tuple[int, ...],
    budget: Budget,
    seed: int,
    start: Floats | None = None,
    watch: Watch | None = None,
) -> Solution:
    """The fair split of an instance; ``parts`` are its fair parts, where they are known. Where room
    is short, of what can be placed: up to ``PACKED_ARCS`` arcs that is decided first.

    The numbers of persons play no part in it: others give the same split.
    """
    if len(instance.fit) <= PACKED_ARCS:
        nobody = np.zeros(len(instance.blocks), dtype=np.bool_)
        keep = placeable(instance, pinned=nobody, nodes=budget.nodes)
        if not keep.all():
            made = _split(only(instance, keep), None, tolerances, budget, seed, start, watch)
            owner = np.full(len(keep), -1, dtype=np.int64)
            owner[keep] = made.owner
            return replace(made, owner=owner)
    return _split(instance, parts, tolerances, budget, seed, start, watch)


def _split(
    instance: Instance,
    parts: Parts | None,
    tolerances: tuple[int, ...],
    budget: Budget,
    seed: int,
    start: Floats | None,
    watch: Watch | None,
) -> Solution:
    parts = fair_parts(instance) if parts is None else parts
    n, (m, k) = len(instance.blocks), (len(instance.persons), len(instance.measures))
    if budget.exact and n > EXACT_BLOCKS:
        raise TooLargeToProve(blocks=n, most=EXACT_BLOCKS)
    if not n:
        nothing = np.zeros((m, k), dtype=np.int64)
        return _solution(
            instance, parts, np.zeros(0, dtype=np.int64), Bounds(low=nothing, high=nothing),
            nothing.astype(np.float64), None,
        )  # fmt: skip
    order = Order.of(instance, seed)
    search = Search(
        order.instance(instance),
        [parts[person] for person in order.persons],
        _effort(budget, n, m),
        order.chance,
        _telling(watch, order),
    )
    found = search.run(tolerances, None if start is None else start[order.persons])
    return _solution(
        instance, parts, order.owner(found.owner),
        Bounds(low=order.rows(found.bounds.low), high=order.rows(found.bounds.high)),
        order.rows(found.prices), found.proven,
    )  # fmt: skip


def _effort(budget: Budget, n: int, m: int) -> Effort:
    large = n >= LARGE
    return Effort(
        passes=budget.passes or (5 if large else 10),
        cycles=budget.cycles or (2 if large else 8 if m <= FEW else 4),
        visits=budget.visits or min(50 * m, 2_500 + 15 * m),
        nodes=budget.nodes,
        exact=budget.exact,
    )


def _telling(watch: Watch | None, order: Order) -> Callable[[str, int, int, Floats | None], None]:
    def tell(phase: str, step: int, steps: int, prices: Floats | None) -> None:
        if watch is not None:
            known = None if prices is None else order.rows(prices)
            watch(Progress(phase=phase, step=step, steps=steps, prices=known))

    return tell


def _solution(
    instance: Instance,
    parts: Parts,
    owner: Ints,
    bounds: Bounds,
    prices: Floats,
    proven: int | None,
) -> Solution:
    worst = deviations(instance, parts, instance.received(owner)).max(initial=0)
    return Solution(owner=owner, bounds=bounds, prices=prices, tolerance=int(worst), proven=proven)


def _left_over(decided: Split, placed: Sequence[Block]) -> list[Block]:
    kept = {block.id for block in placed}
    return [block for block in decided.blocks if block.id not in kept]


def _proposal(
    found: list[Placement], instance: Instance, parts: Parts, solution: Solution, *, seed: int
) -> Proposal:
    shares = shares_of(
        instance=instance, bounds=solution.bounds, prices=solution.prices, parts=parts
    )
    return Proposal(
        placements=tuple(sorted(found, key=lambda row: row.unit)),
        seed=seed,
        solver=SOLVER,
        shares=tuple(shares) if len(instance.blocks) else (),
        tolerance=solution.tolerance,
        proven_bound=solution.proven,
    )
