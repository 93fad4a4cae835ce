"""What no split decides: records that follow their account's owner, and orphans with what hindered
every candidate."""

from collections.abc import Collection, Iterator

from legato.domain.eligibility import Block, Eligible, Split
from legato.domain.problem import Problem, Unit
from legato.domain.proposal import Fact, Placement, Reason


def settled_placements(problem: Problem, eligible: Eligible, split: Split) -> Iterator[Placement]:
    for unit in problem.units:
        person = split.settled.get(unit.id)
        if person is not None:
            reason = Reason(code="account_owner", facts=fit_facts(eligible, unit, person))
            yield Placement(unit=unit.id, person=person, reason=reason)


def orphan_placements(
    problem: Problem, eligible: Eligible, blocks: Collection[Block]
) -> Iterator[Placement]:
    """One for every unit of the blocks that nobody gets."""
    for block in blocks:
        for unit in block.units:
            why = {
                person.id: _hindrance(eligible, block, unit, person.id)
                for person in problem.candidates
            }
            facts = tuple((f"removed.{person}", code) for person, code in sorted(why.items()))
            reason = Reason(code=_orphan_code(why.values()), facts=facts)
            yield Placement(unit=unit.id, person=None, reason=reason)


def fit_facts(eligible: Eligible, unit: Unit, person: int) -> tuple[Fact, ...]:
    parts = eligible.arcs[unit.id, person]
    total = sum(points for _, points in parts)
    return (("fit", total), *((f"fit.{part}", points) for part, points in parts))


def _hindrance(eligible: Eligible, block: Block, unit: Unit, person: int) -> str:
    for member in (unit, *block.units):
        removal = eligible.removed.get((member.id, person))
        if removal is not None:
            return str(removal) if member is unit else f"group_member:{member.id}:{removal}"
    return "room_taken"


def _orphan_code(why: Collection[str]) -> str:
    if any(code in ("no_capacity", "room_taken") for code in why):
        return "orphan_no_capacity"
    if any(code.startswith("group_member:") for code in why):
        return "orphan_group"
    return "orphan_nobody_eligible"
