"""How fair and how good a proposal is, with a bound on what any other could have reached.

Recomputed from the problem and the proposal's own prices; knows no solver.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from legato.domain.claims import Held
from legato.domain.eligibility import Eligible, Split, eligibility, split_of
from legato.domain.instance import Bounds, Instance, Ints, instance_of
from legato.domain.judgement import Judgement, gap, judged
from legato.domain.problem import Measure, Problem
from legato.domain.proposal import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one person got of one measure in the split: counts in units, value in currency units,
    weight in thousandths of an account."""

    of: Measure
    got: int
    target: int
    """Thousandths of a unit for counts, else in the unit of ``got``."""
    deviation: int
    """``got`` less ``target``, in the unit of ``target``."""
    is_out: bool
    """A count beyond the whole numbers around its target; a value or a weight beyond the plan's
    tolerance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCertificate:
    person: int
    units: int
    """All units received, those decided before the split included."""
    before_split: int
    parts: tuple[Part, ...]
    """In the order of the measures: strata where tiers differ, hot, warm, cold, total, value,
    weight."""
    load: int
    gained: int
    capacity: int
    """Thousandths of a weighted account, as ``load`` and ``gained``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    persons: tuple[PersonCertificate, ...]
    cells_out: int
    """Counts (per stratum, per heat and in total) outside the whole numbers around their target."""
    worst_count: int
    """Thousandths of a unit away from a target."""
    worst_value: int
    """Thousandths of a share away from it, rounded up; ``worst_weight`` likewise."""
    worst_weight: int
    fit: int
    """Points of the split."""
    fit_bound: int
    """No split within the plan's shares fits better: weak duality with the plan's prices."""
    gap: int
    """(bound - fit) / bound in hundred-thousandths, rounded up."""
    said_gap: int | None
    """The same against the solver's own bound, which cannot be checked here."""
    reasons: tuple[tuple[str, int], ...]
    orphans: int

    def farthest_in_value(self) -> tuple[int, Part] | None:
        """The person whose value is farthest from its target, in parts of it, and that value; of
        several the first. None where nobody has any to get."""
        of_value = ((each.person, part) for each in self.persons for part in each.parts
                    if part.of == "value" and part.target > 0)  # fmt: skip
        return max(
            of_value, key=lambda found: abs(found[1].deviation) / found[1].target, default=None
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assignment:
    """A proposal as arrays: its split, who got each block, and what it says it was held to."""

    split: Split
    instance: Instance
    """Of the blocks that somebody got."""
    owner: Ints
    held: Held


def certificate(problem: Problem, proposal: Proposal) -> Certificate:
    """Recomputes shares, fit and bound. Meant for a proposal without ``violations``."""
    made = assignment_of(problem, proposal, eligibility(problem))
    verdict = judged(
        instance=made.instance,
        owner=made.owner,
        bounds=made.held.bounds,
        prices=made.held.prices,
        tolerance=proposal.tolerance,
    )
    said = proposal.proven_bound
    return Certificate(
        persons=tuple(_persons(problem, proposal, made, verdict)),
        cells_out=verdict.cells_out,
        worst_count=verdict.worst_count,
        worst_value=verdict.worst_value,
        worst_weight=verdict.worst_weight,
        fit=verdict.fit,
        fit_bound=verdict.fit_bound,
        gap=verdict.gap,
        said_gap=None if said is None else gap(verdict.fit, said),
        reasons=tuple(sorted(Counter(row.reason.code for row in proposal.placements).items())),
        orphans=sum(1 for _ in proposal.orphans()),
    )


def assignment_of(problem: Problem, proposal: Proposal, eligible: Eligible) -> Assignment:
    """What is outside the problem is left out: ``violations`` names it.

    Raises ``UnknownPin`` and ``PinImpossible`` for a problem that cannot be split at all.
    """
    split = split_of(problem, eligible)
    owners = proposal.owners()
    holders = [(block, owners.get(block.id)) for block in split.blocks]
    blocks = [block for block, holder in holders if holder in split.room]
    instance = instance_of(blocks=blocks, room=split.room, caps=split.caps, eligible=eligible)
    place = {person: index for index, person in enumerate(instance.persons.tolist())}
    return Assignment(
        split=split,
        instance=instance,
        owner=np.array([place[who] for _, who in holders if who in place], dtype=np.int64),
        held=_held(instance, place, proposal),
    )


def _held(instance: Instance, place: Mapping[int, int], proposal: Proposal) -> Held:
    """The proposal's shares as cells; where it says none, any part for free."""
    prices = np.zeros((len(place), len(instance.measures)), dtype=np.int64)
    low, targets = np.zeros_like(prices), np.zeros_like(prices)
    high = np.repeat(instance.amounts.sum(axis=0)[None, :], len(place), axis=0)
    stated = np.zeros(prices.shape, dtype=np.bool_)
    column = {of: index for index, of in enumerate(instance.measures)}
    for share in proposal.shares:
        if share.person in place and share.of in column:
            cell = place[share.person], column[share.of]
            low[cell], high[cell], prices[cell] = share.low, share.high, share.price
            targets[cell], stated[cell] = share.target, True
    return Held(
        targets=targets,
        bounds=Bounds(low=low, high=high),
        prices=prices,
        stated=stated,
        tolerance=proposal.tolerance,
    )


def _persons(
    problem: Problem, proposal: Proposal, made: Assignment, verdict: Judgement
) -> Iterator[PersonCertificate]:
    owners = proposal.owners()
    units: Counter[int | None] = Counter(owners.get(unit.id) for unit in problem.units)
    settled = Counter(
        owners.get(unit.id) for unit in problem.units if unit.id in made.split.settled
    )
    gained: Counter[int | None] = Counter()
    for unit in problem.units:
        gained[owners.get(unit.id)] += unit.weight
    for index, person in enumerate(problem.candidates):
        yield PersonCertificate(
            person=person.id,
            units=units[person.id],
            before_split=settled[person.id],
            parts=_parts(made.instance, verdict, index),
            load=person.load,
            gained=gained[person.id],
            capacity=person.capacity,
        )


def _parts(instance: Instance, verdict: Judgement, person: int) -> tuple[Part, ...]:
    rows = zip(
        instance.measures,
        verdict.received[person].tolist(),
        verdict.parts[person],
        verdict.out[person].tolist(),
        strict=True,
    )
    return tuple(
        _part(of, got, part, is_out, 1000 if column < instance.counted else 1)
        for column, (of, got, part, is_out) in enumerate(rows)
    )


def _part(of: Measure, got: int, part: Fraction, is_out: bool, scale: int) -> Part:
    return Part(
        of=of,
        got=got,
        target=round(part * scale),
        deviation=round((got - part) * scale),
        is_out=is_out,
    )
