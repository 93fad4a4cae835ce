"""What a proposal breaks: every hard rule, and every claim it makes that is not so.

Recomputed from the problem alone; knows no solver.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from legato.domain.certificate import Assignment, assignment_of
from legato.domain.claims import Violation, capped, claims_untrue
from legato.domain.eligibility import (
    Eligible,
    Split,
    decided_before,
    eligibility,
    pairs_decided_before,
)
from legato.domain.problem import Measure, Problem
from legato.domain.proposal import Placement, Proposal

__all__ = ["Violation", "broken_rules", "violations"]


def violations(problem: Problem, proposal: Proposal) -> tuple[Violation, ...]:
    """Everything in the proposal that breaks a hard rule or is not so, in order of unit; empty
    when sound.

    Raises ``UnknownPin`` and ``PinImpossible`` for a problem that cannot be split at all.
    """
    eligible = eligibility(problem)
    made = assignment_of(problem, proposal, eligible)
    found = [
        *_hard(problem, proposal, eligible, pinned=made.split.pinned, settled=made.split.settled),
        *_orphans(problem, made.split, proposal),
        *_reasons(eligible, proposal),
        *_claims(problem, proposal, made),
    ]
    return _in_order(found)


def broken_rules(problem: Problem, proposal: Proposal) -> tuple[Violation, ...]:
    """The hard rules that the proposal breaks, without what it says of itself and without asking
    who else could have had a unit. Looks only at the pairs it gives and at those decided before
    the split, so that thousands of units with hundreds of candidates take a moment.

    Raises ``UnknownPin`` and ``PinImpossible`` as ``violations`` does.
    """
    pairs = pairs_decided_before(problem).union(_given(proposal))
    eligible = eligibility(problem, pairs=pairs)
    pinned, settled = decided_before(problem, eligible)
    return _in_order(_hard(problem, proposal, eligible, pinned=pinned, settled=settled))


def _hard(
    problem: Problem,
    proposal: Proposal,
    eligible: Eligible,
    *,
    pinned: Mapping[int, int],
    settled: Mapping[int, int],
) -> Iterator[Violation]:
    yield from _coverage(problem, proposal)
    yield from _eligible_only(eligible, proposal, {person.id for person in problem.candidates})
    yield from _capacity(problem, proposal)
    yield from _caps(problem, proposal)
    yield from _groups(problem, proposal)
    yield from _decided(pinned, proposal, code="pin_broken", name="pinned")
    yield from _decided(settled, proposal, code="owner_passed_over", name="owner")


def _in_order(found: Iterable[Violation]) -> tuple[Violation, ...]:
    return tuple(sorted(found, key=lambda row: (row.unit or 0, row.person or 0, row.code)))


def _coverage(problem: Problem, proposal: Proposal) -> Iterator[Violation]:
    times = Counter(placement.unit for placement in proposal.placements)
    known = {unit.id for unit in problem.units}
    for unit in sorted(known | times.keys()):
        if unit not in known:
            yield Violation(code="unknown_unit", unit=unit)
        elif times[unit] != 1:
            yield Violation(code="placed_twice" if times[unit] else "not_placed", unit=unit)


def _eligible_only(eligible: Eligible, proposal: Proposal, people: set[int]) -> Iterator[Violation]:
    for unit, person in _given(proposal):
        removal = eligible.removed.get((unit, person))
        if person not in people:
            yield Violation(code="unknown_person", unit=unit, person=person)
        elif removal is not None:
            facts = (("why", str(removal)),)
            yield Violation(code="not_eligible", unit=unit, person=person, facts=facts)


def _capacity(problem: Problem, proposal: Proposal) -> Iterator[Violation]:
    """Over old and new work together: what is gained must fit into what is free."""
    gained = _gained(problem, proposal)
    for person in problem.candidates:
        if gained[person.id] > person.free:
            facts = (("room", person.free), ("gained", gained[person.id]))
            yield Violation(code="over_capacity", person=person.id, facts=facts)


def _caps(problem: Problem, proposal: Proposal) -> Iterator[Violation]:
    cap = problem.rules.novice_cap
    for (person, stratum), count in sorted(_demanding(problem, proposal).items()):
        if cap is not None and count > cap:
            yield capped(person=person, of=stratum, cap=cap, got=count)


def _groups(problem: Problem, proposal: Proposal) -> Iterator[Violation]:
    owners = proposal.owners()
    holders: dict[int, set[int | None]] = defaultdict(set)
    for unit in problem.units:
        if unit.group is not None:
            holders[unit.group].add(owners.get(unit.id))
    for unit in problem.units:
        if unit.group is not None and len(holders[unit.group]) > 1:
            yield Violation(code="group_split", unit=unit.id, facts=(("group", unit.group),))


def _decided(
    decided: Mapping[int, int], proposal: Proposal, *, code: str, name: str
) -> Iterator[Violation]:
    owners = proposal.owners()
    for unit, person in decided.items():
        if owners.get(unit) != person:
            facts = ((name, person),)
            yield Violation(code=code, unit=unit, person=owners.get(unit), facts=facts)


def _orphans(problem: Problem, split: Split, proposal: Proposal) -> Iterator[Violation]:
    gained, owners = _gained(problem, proposal), proposal.owners()
    left = {person.id: person.free - gained[person.id] for person in problem.candidates}
    demanding, cap = _demanding(problem, proposal), problem.rules.novice_cap
    for block in split.blocks:
        if any(owners.get(unit.id) is not None for unit in block.units):
            continue
        strata = Counter(unit.stratum for unit in block.units)
        takers = [
            person
            for person in block.people
            if block.weight <= left[person]
            and not any(
                (person, of) in split.caps and demanding[person, of] + count > (cap or 0)
                for of, count in strata.items()
            )
        ]
        for unit in block.units if takers else ():
            yield Violation(code="needless_orphan", unit=unit.id, facts=(("taker", takers[0]),))


def _reasons(eligible: Eligible, proposal: Proposal) -> Iterator[Violation]:
    for placement in proposal.placements:
        if not _is_true(placement, eligible):
            yield Violation(code="reason_untrue", unit=placement.unit, person=placement.person)


def _is_true(placement: Placement, eligible: Eligible) -> bool:
    """Whether the points it quotes are those of this person, and an orphan says why."""
    reason, person = placement.reason, placement.person
    if person is None:
        return reason.code.startswith("orphan_")
    points = eligible.arcs.get((placement.unit, person), ())
    said = tuple(fact for fact in reason.facts if fact[0].startswith("fit."))
    return (
        said == tuple((f"fit.{part}", worth) for part, worth in points)
        and reason.fact("fit") == sum(worth for _, worth in points)
        and reason.fact("alternative") != person
    )


def _given(proposal: Proposal) -> Iterator[tuple[int, int]]:
    for placement in proposal.placements:
        if placement.person is not None:
            yield placement.unit, placement.person


def _gained(problem: Problem, proposal: Proposal) -> Counter[int]:
    weights = {unit.id: unit.weight for unit in problem.units}
    gained: Counter[int] = Counter()
    for unit, person in _given(proposal):
        gained[person] += weights.get(unit, 0)
    return gained


def _demanding(problem: Problem, proposal: Proposal) -> Counter[tuple[int, Measure]]:
    """(novice, stratum above tier 0) to how many units of it they get."""
    rules, units = problem.rules, {unit.id: unit for unit in problem.units}
    novices = {person.id for person in problem.candidates if person.is_novice(rules)}
    return Counter(
        (person, units[unit].stratum)
        for unit, person in _given(proposal)
        if person in novices and unit in units and units[unit].tier > 0
    )


def _claims(problem: Problem, proposal: Proposal, made: Assignment) -> Iterator[Violation]:
    of = {(person, measure) for person in made.split.room for measure in made.instance.measures}
    said = Counter((share.person, share.of) for share in proposal.shares)
    for (person, measure), times in said.items():
        why = "unknown" if (person, measure) not in of else "twice" if times > 1 else None
        if why is not None:
            facts = (("of", measure), ("why", why))
            yield Violation(code="share_untrue", person=person, facts=facts)
    yield from claims_untrue(
        instance=made.instance,
        owner=made.owner,
        held=made.held,
        least=min(problem.rules.tolerances, default=0),
    )
    fit = made.instance.total_fit(made.owner)
    if proposal.proven_bound is not None and proposal.proven_bound < fit:
        yield Violation(code="proven_untrue", facts=(("said", proposal.proven_bound), ("fit", fit)))
