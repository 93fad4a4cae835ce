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


def proven(instance: Instance, bounds: Bounds, owner: Ints | None, *, nodes: int) -> Proof | None:
    """The best split within the bounds, which ``owner`` keeps if given, unless the nodes run out:
    then the best found, and a bound above it. None where none was found."""
    layout, program = program_of(instance, bounds)
    linear = solve_linear(program)
    if linear is None:
        return None
    answer = solve_whole(
        program,
        nodes=nodes,
        whole=len(instance.fit),
        gap=LESS_THAN_A_POINT,
        start=None if owner is None else layout.start(owner),
    )
    bound = linear.objective if answer is None else min(linear.objective, answer.bound)
    found = [owner, None if answer is None else layout.owner(answer.x)]
    inside = [each for each in found if each is not None and _inside(instance, bounds, each)]
    if not inside:
        return None
    return Proof(
        owner=max(inside, key=instance.total_fit),
        prices=layout.prices(linear.row_prices),
        bound=floor(bound + 1e-6),
    )


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
