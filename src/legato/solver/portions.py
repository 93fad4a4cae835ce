"""Why one person's fair part of a split is what it is: free capacity first, then what the rules
allow.
"""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from legato.domain.instance import Mask
from legato.domain.problem import Measure, Problem
from legato.domain.proposal import Proposal
from legato.solver.asking import Finished, NotInPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One person's part of one measure: counts in thousandths of a unit, value in currency units,
    weight in thousandths of an account."""

    of: Measure
    got: int
    proportional: int
    """By free capacity alone."""
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
        raise NotInPlan(unit=None, person=person)
    plan = Finished(problem=problem, proposal=proposal)
    who = int(np.searchsorted(plan.instance.persons, person))
    may = np.array([who in plan.instance.allowed[kin] for kin in plan.instance.kin], dtype=bool)
    alone = np.array(
        [len(plan.instance.allowed[kin]) == 1 for kin in plan.instance.kin], dtype=bool
    )
    got = plan.instance.received(plan.owner)[who]
    return PersonExplained(
        person=person,
        room=plan.split.room[person],
        parts=tuple(
            _part(plan, who, column, got=int(got[column]), alone=may & alone, closed=~may)
            for column in range(len(plan.instance.measures))
        ),
        removed=_removals(plan, person),
    )


def _part(plan: Finished, who: int, column: int, *, got: int, alone: Mask, closed: Mask) -> Part:
    instance = plan.instance
    amounts, room = instance.amounts[:, column], instance.room
    scale = 1000 if column < instance.counted else 1
    everybody, rooms = int(amounts.sum()), int(room.sum())
    equal = Fraction(1, len(room)) if not rooms else Fraction(int(room[who]), rooms)
    proportional, fair = equal * everybody, plan.fair[who][column]
    only, shut = int(amounts[alone].sum()), int(amounts[closed].sum())
    return Part(
        of=instance.measures[column],
        got=got * scale,
        proportional=round(proportional * scale),
        target=round(fair * scale),
        why=_why(fair, proportional, only=only, closed=shut),
        only_theirs=only * scale,
        closed=shut * scale,
    )


def _why(fair: Fraction, proportional: Fraction, *, only: int, closed: int) -> str:
    if fair == proportional:
        return "in_proportion"
    if fair > proportional:
        return "only_they_may" if only >= fair else "others_may_not"
    return "they_may_not" if closed else "others_must"


def _removals(plan: Finished, person: int) -> tuple[tuple[str, int], ...]:
    units = {unit.id for block in plan.blocks for unit in block.units}
    found = Counter(
        str(removal)
        for (unit, who), removal in plan.eligible.removed.items()
        if who == person and unit in units
    )
    return tuple(sorted(found.items(), key=lambda row: (-row[1], row[0])))
