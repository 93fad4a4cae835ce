"""Pure search for a fair split: ``solve`` is the only door, and never marks its own work."""

from dataclasses import dataclass

from legato.domain.eligibility import eligibility, split_of
from legato.domain.fairness import targets
from legato.domain.problem import Problem, Rules
from legato.domain.proposal import Placement, Proposal, Share
from legato.solver.explaining import Reasons, shares
from legato.solver.instance import Instance, instance_of
from legato.solver.placing import placeable
from legato.solver.searching import Found, Search
from legato.solver.sharing import Targets, count_bounds, reachable_counts
from legato.solver.unsplit import orphan_placements, settled_placements

SOLVER = "legato-first/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much searching is allowed, in steps and never in seconds, so that answers repeat."""

    nodes: int = 20
    """Branch-and-bound nodes per search; fifty times as many where a small split is solved."""
    looks: int = 20
    """How long branch and bound over the whole split is tried, in its own looks at its limits."""
    work: int = 12_000
    """Simplex iterations spent on bettering the fit by small exact searches."""


def solve(*, problem: Problem, budget: Budget, seed: int) -> Proposal:
    """The fair split of the problem's units; the same input and seed give the same bytes.

    Raises ``UnknownPin`` and ``PinImpossible``. Units that nobody can take come back as orphans.
    """
    eligible = eligibility(problem)
    split = split_of(problem, eligible)
    placed = placeable(
        blocks=split.blocks,
        pinned={block.id for block in split.blocks if block.units[0].id in split.pinned},
        room=split.room,
        nodes=budget.nodes * 50,
    )
    unplaced = [block for block in split.blocks if block not in set(placed)]
    fixed = [
        *settled_placements(problem, eligible, split),
        *orphan_placements(problem, eligible, unplaced),
    ]
    if not placed:
        return _proposal(fixed, (), seed=seed, tolerance=0, proven=None)
    fair = targets(blocks=placed, room=split.room)
    instance = instance_of(blocks=placed, room=split.room, eligible=eligible, seed=seed)
    found = _found(instance, fair, problem.rules, budget)
    reasons = Reasons(eligible, instance, found.bounds, found.owner)
    return _proposal(
        [*fixed, *reasons.placements(problem)],
        tuple(shares(instance, found, fair)),
        seed=seed,
        tolerance=found.tolerance,
        proven=found.proven,
    )


def _proposal(
    placements: list[Placement],
    held: tuple[Share, ...],
    *,
    seed: int,
    tolerance: int,
    proven: int | None,
) -> Proposal:
    return Proposal(
        placements=tuple(sorted(placements, key=lambda row: row.unit)),
        seed=seed,
        solver=SOLVER,
        shares=held,
        tolerance=tolerance,
        proven_bound=proven,
    )


def _found(instance: Instance, fair: Targets, rules: Rules, budget: Budget) -> Found:
    bounds, base = reachable_counts(instance, count_bounds(instance, fair), nodes=budget.nodes * 50)
    return Search(
        instance=instance,
        fair=[fair[person, "value"] for person in instance.persons],
        tolerances=rules.tolerances,
        nodes=budget.nodes,
        looks=budget.looks,
        work=budget.work,
    ).run(bounds, base)
