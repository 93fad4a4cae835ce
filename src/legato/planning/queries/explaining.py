"""What a plan answers when it is asked why: worked out from the facts it was made from, of whatever
size it is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from legato.domain.errors import NotFound
from legato.domain.plain import value_from
from legato.domain.planarrays import arrays_from
from legato.domain.problem import Problem
from legato.domain.proposal import PRICE_UNIT, Proposal
from legato.planning.models import Arrays, Assignment, Plan
from legato.planning.stored import proposal_from
from legato.solver.asking import (
    Finished,
    Instead,
    NotInPlan,
    explain_alternative,
    explain_unit,
    instead,
)
from legato.solver.explaining import facts_of
from legato.solver.infeasible import Shortage, shortages
from legato.solver.portions import Part, explain_person, parts_of


def explained(*, plan_id: int, unit: int) -> dict[str, Any]:
    """The reason of a decision, as it is stored, with all that can be told of it now.

    Raises `NotFound` and `NotInPlan`.
    """
    large = _large(plan_id)
    if large is None:
        problem, proposal = _small(plan_id)
        told = explain_unit(problem=problem, proposal=proposal, unit=unit)
        return {"code": told.code, "facts": [list(fact) for fact in told.facts]}
    row = Assignment.objects.filter(plan=plan_id, unit=unit).values_list("reason", flat=True)
    stored = row.first()
    if stored is None:
        raise NotInPlan(what="record", name=unit)
    reason: dict[str, Any] = json.loads(stored) if isinstance(stored, str) else dict(stored)
    block = large.block_of(unit)
    if block is None or large.finished.owner[block] < 0:
        return reason
    known = dict(reason["facts"]) | dict(facts_of(large.finished.explaining.of(block)))
    return {"code": reason["code"], "facts": [[name, fact] for name, fact in known.items()]}


def alternative(*, plan_id: int, unit: int, person: int, exact: bool) -> Instead:
    """What giving the unit to that person would mean. Raises `NotFound` and `NotInPlan`."""
    large = _large(plan_id)
    if large is None:
        problem, proposal = _small(plan_id)
        return explain_alternative(
            problem=problem, proposal=proposal, unit=unit, person=person, exact=exact
        )
    block = large.block_of(unit)
    if block is None or large.finished.owner[block] < 0:
        raise NotInPlan(what="record", name=unit)
    told = instead(large.finished, block=block, person=large.index_of(person), exact=exact)
    return replace(told, units=tuple(large.units_of(moved) for moved, _giver, _taker in told.moves))


def portion(*, plan_id: int, person: int) -> tuple[Part, ...]:
    """The person's part of everything, with why it is that. Raises `NotFound`, `NotInPlan`."""
    large = _large(plan_id)
    if large is None:
        problem, proposal = _small(plan_id)
        return explain_person(problem=problem, proposal=proposal, person=person).parts
    return parts_of(large.finished, person=large.index_of(person))


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What somebody gets beside the split: units that follow their account's owner."""

    units: int
    value: int


def beside(*, plan_id: int, person: int) -> Beside:
    found = Assignment.objects.filter(
        plan=plan_id, person=person, is_orphan=False, reason__code="account_owner"
    )
    return Beside(**found.aggregate(units=Count("pk"), value=Coalesce(Sum("value"), 0)))


def lacking(*, plan_id: int) -> tuple[Shortage, ...]:
    """What nobody could take and what would help; of a plan decided one by one. Raises
    `NotFound`."""
    if _large(plan_id) is not None:
        return ()
    problem, proposal = _small(plan_id)
    return shortages(problem=problem, proposal=proposal)


class _Large:
    """A plan of arrays."""

    def __init__(self, content: bytes) -> None:
        arrays = arrays_from(content)
        self.units = arrays.named["extra.units"]
        self.block = arrays.named["extra.block"]
        self.finished = Finished(
            instance=arrays.instance,
            bounds=arrays.held.bounds,
            prices=arrays.held.prices / PRICE_UNIT,
            owner=arrays.owner,
        )

    def block_of(self, unit: int) -> int | None:
        """The index of the unit's block; None where the split did not decide it."""
        found = np.flatnonzero(self.units == unit)
        block = int(self.block[found[0]]) if len(found) else -1
        return block if block >= 0 else None

    def units_of(self, block: int) -> tuple[int, ...]:
        """All units of the block of that id: its own, or those of its parent group."""
        place = np.searchsorted(self.finished.instance.blocks, block)
        return tuple(self.units[self.block == place].tolist())

    def index_of(self, person: int) -> int:
        found = np.flatnonzero(self.finished.instance.persons == person)
        if not len(found):
            raise NotInPlan(what="person", name=person)
        return int(found[0])


def _large(plan_id: int) -> _Large | None:
    content = Arrays.objects.filter(plan=plan_id).values_list("content", flat=True).first()
    return None if content is None else _Large(bytes(content))


def _small(plan_id: int) -> tuple[Problem, Proposal]:
    stored = Plan.objects.filter(pk=plan_id).values("problem", "proposal").first()
    if stored is None:
        raise NotFound(what="plan", name=plan_id)
    problem: Mapping[str, Any] = stored["problem"]
    return value_from(Problem, problem, where="problem"), proposal_from(stored["proposal"])
