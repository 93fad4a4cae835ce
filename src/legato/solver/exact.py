"""The proven best split of a small instance, and a packing that is sure to fit, by branch and
bound."""

from dataclasses import dataclass
from math import floor

from legato.domain.instance import Bounds, Floats, Instance, Ints
from legato.solver.highs import solve_linear, solve_whole
from legato.solver.program import program_of, with_slack

LESS_THAN_A_POINT = 0.5
PACKING_NODES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proof:
    owner: Ints
    prices: Floats
    """m × k, of the linear program."""
    bound: int
    """What branch and bound says no fit can exceed."""


def proven(instance: Instance, bounds: Bounds, owner: Ints, *, nodes: int) -> Proof:
    """The best split within the bounds, which ``owner`` keeps, unless the nodes run out: then the
    best found, and a bound above it."""
    layout, program = program_of(instance, bounds)
    linear = solve_linear(program)
    if linear is None:
        raise ArithmeticError("a split that exists is said not to")
    answer = solve_whole(
        program,
        nodes=nodes,
        whole=len(instance.fit),
        gap=LESS_THAN_A_POINT,
        start=layout.start(owner),
    )
    bound, best = linear.objective, owner
    if answer is not None:
        bound = min(bound, answer.bound)
        found = layout.owner(answer.x)
        if _inside(instance, bounds, found):
            best = max(owner, found, key=instance.total_fit)
    return Proof(owner=best, prices=layout.prices(linear.row_prices), bound=floor(bound + 1e-6))


def packed(instance: Instance, bounds: Bounds) -> Ints | None:
    """All blocks within everybody's room and caps, the counts missed by as little as is found."""
    m, n = len(instance.persons), len(instance.blocks)
    most = instance.most()
    wide = Bounds(low=bounds.low.copy(), high=bounds.high.copy())
    value = instance.counted
    wide.low[:, value:], wide.high[:, value:] = 0, most[:, value:]
    layout, program = program_of(instance, wide)
    answer = solve_whole(
        with_slack(program, n, n + value * m),
        nodes=PACKING_NODES,
        whole=len(instance.fit),
        gap=0.99,
    )
    return None if answer is None else layout.owner(answer.x)


def _inside(instance: Instance, bounds: Bounds, owner: Ints) -> bool:
    got = instance.received(owner)
    return bool((owner >= 0).all() and ((got >= bounds.low) & (got <= bounds.high)).all())
