"""How fair and how good a proposal is, with a bound on what any other could have reached.

Recomputed from the problem and the proposal's own prices; knows no solver.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from legato.domain.eligibility import Block, Eligible, Split, eligibility, split_of
from legato.domain.fairness import targets
from legato.domain.problem import HEATS, Candidate, Problem, Unit
from legato.domain.proposal import PRICE_UNIT, Measure, Proposal, Share

COUNTED: tuple[Measure, ...] = (*HEATS, "total")
Targets = Mapping[tuple[int, Measure], Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one person got of one measure in the split: counts in units, value in currency units."""

    of: Measure
    got: int
    target: int
    """Thousandths of a unit for counts, whole currency units for value."""
    deviation: int
    """``got`` less ``target``, in the unit of ``target``."""
    is_out: bool
    """A count beyond the whole numbers around its target; a value beyond the plan's tolerance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCertificate:
    person: int
    units: int
    """All units received, those decided before the split included."""
    before_split: int
    parts: tuple[Part, ...]
    """hot, warm, cold, total, value."""
    load: int
    gained: int
    capacity: int
    """Thousandths of a weighted account, as ``load`` and ``gained``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    persons: tuple[PersonCertificate, ...]
    cells_out: int
    """Counts (per heat and in total) outside the whole numbers around their target."""
    worst_count: int
    """Thousandths of a unit away from a target."""
    worst_value: int
    """Thousandths of a share away from it, rounded up."""
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


def certificate(problem: Problem, proposal: Proposal) -> Certificate:
    """Recomputes shares, fit and bound. Meant for a proposal without ``violations``."""
    eligible = eligibility(problem)
    split = split_of(problem, eligible)
    owners = proposal.owners()
    blocks = [block for block in split.blocks if owners.get(block.id) is not None]
    fair = targets(blocks=blocks, room=split.room)
    persons = tuple(
        _person(person, problem, split, proposal, fair) for person in problem.candidates
    )
    fit = sum(
        eligible.fit(unit.id, person)
        for unit, person in _split_units(problem, split, owners)
        if (unit.id, person) in eligible.arcs
    )
    bound = _bound(blocks, eligible, proposal.shares)
    parts = [part for person in persons for part in person.parts]
    counts = [part for part in parts if part.of != "value"]
    return Certificate(
        persons=persons,
        cells_out=sum(part.is_out for part in counts),
        worst_count=max((abs(part.deviation) for part in counts), default=0),
        worst_value=max((_off(row, fair) for row in persons), default=0),
        fit=fit,
        fit_bound=bound,
        gap=_gap(fit, bound),
        said_gap=None if proposal.proven_bound is None else _gap(fit, proposal.proven_bound),
        reasons=tuple(sorted(Counter(row.reason.code for row in proposal.placements).items())),
        orphans=sum(1 for _ in proposal.orphans()),
    )


def _gap(fit: int, bound: int) -> int:
    return ceil(Fraction((bound - fit) * 100_000, bound)) if bound else 0


def _person(
    person: Candidate, problem: Problem, split: Split, proposal: Proposal, fair: Targets
) -> PersonCertificate:
    owners = proposal.owners()
    all_units = [unit for unit in problem.units if owners.get(unit.id) == person.id]
    in_split = [unit for unit in all_units if unit.id not in split.settled]
    return PersonCertificate(
        person=person.id,
        units=len(all_units),
        before_split=len(all_units) - len(in_split),
        parts=tuple(_parts(person.id, in_split, fair, proposal.tolerance)),
        load=person.load,
        gained=sum(unit.weight for unit in all_units),
        capacity=person.capacity,
    )


def _parts(person: int, units: list[Unit], fair: Targets, tolerance: int) -> Iterator[Part]:
    for of in COUNTED:
        got = sum(of in (unit.heat, "total") for unit in units)
        goal = fair[person, of]
        yield Part(
            of=of,
            got=got,
            target=round(goal * 1000),
            deviation=round((got - goal) * 1000),
            is_out=not floor(goal) <= got <= ceil(goal),
        )
    value, goal = sum(unit.value for unit in units), fair[person, "value"]
    yield Part(
        of="value",
        got=value,
        target=round(goal),
        deviation=round(value - goal),
        is_out=abs(value - goal) * 1000 > tolerance * goal,
    )


def _off(row: PersonCertificate, fair: Targets) -> int:
    goal, value = fair[row.person, "value"], row.parts[-1].got
    return ceil(abs(value - goal) / goal * 1000) if goal else 0


def _split_units(
    problem: Problem, split: Split, owners: Mapping[int, int | None]
) -> Iterator[tuple[Unit, int]]:
    for unit in problem.units:
        person = owners.get(unit.id)
        if person is not None and unit.id not in split.settled:
            yield unit, person


def _bound(blocks: list[Block], eligible: Eligible, shares: tuple[Share, ...]) -> int:
    """Weak duality: for any prices, no assignment inside the intervals is worth more than every
    block at whoever pays best after prices, plus what the intervals' ends are worth."""
    price = {(share.person, share.of): share.price for share in shares}
    high = {(share.person, share.of): share.high for share in shares}
    ends = sum(share.price * (share.high if share.price > 0 else share.low) for share in shares)
    blocks_worth = sum(
        max(_worth(block, person, eligible, price) for person in _takers(block, high))
        for block in blocks
        if block.people
    )
    return (ends + blocks_worth) // PRICE_UNIT


def _takers(block: Block, high: Mapping[tuple[int, Measure], int]) -> list[int]:
    """Who could hold the block inside their shares; everybody where the shares rule out all."""
    heats = Counter(unit.heat for unit in block.units)
    takers = [
        person
        for person in block.people
        if block.value <= high.get((person, "value"), block.value)
        and all(heats[heat] <= high.get((person, heat), heats[heat]) for heat in heats)
    ]
    return takers or list(block.people)


def _worth(
    block: Block, person: int, eligible: Eligible, price: Mapping[tuple[int, Measure], int]
) -> int:
    """Billionths of a point, after the prices of what the block uses."""
    worth = -block.value * price.get((person, "value"), 0)
    worth -= block.weight * price.get((person, "weight"), 0)
    for unit in block.units:
        worth += eligible.fit(unit.id, person) * PRICE_UNIT
        worth -= price.get((person, unit.heat), 0) + price.get((person, "total"), 0)
    return worth
