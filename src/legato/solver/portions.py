"""Why one person's fair part of a split is what it is: free capacity first, then what the rules
allow.
"""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from legato.domain.fairness import fair_parts
from legato.domain.instance import Instance
from legato.domain.problem import Measure, Problem
from legato.domain.proposal import Proposal
from legato.solver.asking import Finished, NotInPlan, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One person's part of one measure: counts in thousandths of a unit, value in currency units,
    weight in thousandths of an account."""

    of: Measure
    got: int
    proportional: int
    """By free capacity alone, among those who may take anything."""
    target: int
    """The fairest that the rules allow."""
    why: str
    """``in_proportion``; more, because ``only_they_may`` or ``others_may_not``; less, because
    ``they_may_not`` or ``others_must``: somebody else must have what only they may take."""
    only_theirs: int
    """How much of it nobody else may take."""
    closed: int
    """How much of it they may not take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonExplained:
    person: int
    room: int
    parts: tuple[Part, ...]
    removed: tuple[tuple[str, int], ...]
    """Why they may not take units of the split, with how many; most first."""


def explain_person(*, problem: Problem, proposal: Proposal, person: int) -> PersonExplained:
    """What the person's fair part is, and why it is not simply in proportion to free capacity.
    Raises ``NotInPlan``."""
    if person not in {row.id for row in problem.candidates}:
        raise NotInPlan(what="person", name=person)
    plan = Plan(problem=problem, proposal=proposal)
    who = int(np.searchsorted(plan.finished.instance.persons, person))
    return PersonExplained(
        person=person,
        room=plan.split.room[person],
        parts=parts_of(plan.finished, person=who),
        removed=_removals(plan, person),
    )


def parts_of(finished: Finished, *, person: int) -> tuple[Part, ...]:
    """The parts of the person of that index, of a split of any size."""
    instance, fair = finished.instance, fair_parts(finished.instance)[person]
    kin = instance.kin
    may = np.array([person in people for people in instance.allowed], dtype=np.bool_)[kin]
    alone = np.array([len(people) == 1 for people in instance.allowed], dtype=np.bool_)[kin]
    got = instance.received(finished.owner)[person]
    part = _of_room(instance, person)
    found = []
    for column, of in enumerate(instance.measures):
        amounts, scale = instance.amounts[:, column], 1000 if column < instance.counted else 1
        proportional = part * int(amounts.sum())
        only, closed = int(amounts[may & alone].sum()), int(amounts[~may].sum())
        found.append(
            Part(
                of=of,
                got=int(got[column]) * scale,
                proportional=round(proportional * scale),
                target=round(fair[column] * scale),
                why=_why(fair[column], proportional, only=only, closed=closed),
                only_theirs=only * scale,
                closed=closed * scale,
            )
        )
    return tuple(found)


def _of_room(instance: Instance, person: int) -> Fraction:
    """The person's part of the free capacity of all who may take anything; nobody else's room is
    any to share by."""
    able = np.unique(np.concatenate([np.array([], dtype=np.int64), *instance.allowed]))
    if person not in able:
        return Fraction()
    rooms = int(instance.room[able].sum())
    return Fraction(int(instance.room[person]), rooms) if rooms else Fraction(1, len(able))


def _why(fair: Fraction, proportional: Fraction, *, only: int, closed: int) -> str:
    if fair == proportional:
        return "in_proportion" if fair or not closed else "they_may_not"
    if fair > proportional:
        return "only_they_may" if only >= fair else "others_may_not"
    return "they_may_not" if closed else "others_must"


def _removals(plan: Plan, person: int) -> tuple[tuple[str, int], ...]:
    units = {unit.id for block in plan.blocks for unit in block.units}
    found = Counter(
        str(removal)
        for (unit, who), removal in plan.eligible.removed.items()
        if who == person and unit in units
    )
    return tuple(sorted(found.items(), key=lambda row: (-row[1], row[0])))
