"""On small books every assignment there is gets looked at: none is better than the exact answer."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.solver.families import FAMILIES, books_of
from tests.solver.test_families import tries

from legato.domain.eligibility import Eligible, eligibility
from legato.domain.plan import Problem, Proposal, Unit, certificate, violations
from legato.solver import Budget, solve

SMALL = (
    st.sampled_from(sorted(FAMILIES))
    .flatmap(lambda family: books_of(family, most_units=9, most_people=3))
    .filter(lambda some: len(some.units) <= 9 and len(some.candidates) <= 3)
)

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
NOBODY = -1


@tries(16)
@given(SMALL)
def test_no_assignment_within_the_same_shares_fits_better_than_the_exact_one(some: Problem) -> None:
    made = solve(problem=some, budget=Budget(exact=True), seed=1)
    assert violations(some, made) == ()
    every = _every_assignment(some)
    assert certificate(some, made).fit == every.best_fit(made)


@tries(16)
@given(SMALL)
def test_the_plain_answer_is_within_its_certificate(some: Problem) -> None:
    made = solve(problem=some, budget=Budget(), seed=1)
    sealed = certificate(some, made)
    best = _every_assignment(some).best_fit(made)
    assert sealed.fit <= best <= sealed.fit_bound


@tries(16)
@given(SMALL)
def test_nobody_could_place_more_units(some: Problem) -> None:
    made = solve(problem=some, budget=Budget(), seed=1)
    placed = len(made.placements) - len(list(made.orphans()))
    assert placed == _every_assignment(some).most_placed()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Every:
    """All ways to give the blocks away that no hard rule forbids."""

    some: Problem
    eligible: Eligible
    blocks: tuple[tuple[Unit, ...], ...]
    choices: Ints
    """One row an assignment: of each block its candidate's index, or ``NOBODY``."""

    def most_placed(self) -> int:
        sizes = np.array([len(block) for block in self.blocks])
        return int(((self.choices != NOBODY) @ sizes).max())

    def best_fit(self, made: Proposal) -> int:
        """The most points among those that place the same units inside the proposal's shares."""
        owners = made.owners()
        placed = [owners[block[0].id] is not None for block in self.blocks]
        same = ((self.choices != NOBODY) == placed).all(axis=1)
        choices = self.choices[same & self._inside(made)]
        return int(sum(self._points(choices), np.zeros(len(choices), dtype=np.int64)).max())

    def _inside(self, made: Proposal) -> Mask:
        place = {person.id: index for index, person in enumerate(self.some.candidates)}
        inside = np.ones(len(self.choices), dtype=np.bool_)
        for share in made.shares:
            amounts = [sum(_amount(row, share.of) for row in block) for block in self.blocks]
            got = (self.choices == place[share.person]) @ np.array(amounts, dtype=np.int64)
            inside &= (share.low <= got) & (got <= share.high)
        return inside

    def _points(self, choices: Ints) -> Iterator[Ints]:
        for column, block in enumerate(self.blocks):
            points = [
                sum(self.eligible.fit(row.id, person.id) for row in block)
                if all((row.id, person.id) in self.eligible.arcs for row in block)
                else 0
                for person in self.some.candidates
            ]
            yield np.array([*points, 0])[choices[:, column]]


def _every_assignment(some: Problem) -> _Every:
    eligible = eligibility(some)
    groups: dict[object, list[Unit]] = {}
    for row in some.units:
        groups.setdefault(("group", row.group) if row.group else row.id, []).append(row)
    blocks = tuple(map(tuple, groups.values()))
    takers = [
        [
            NOBODY,
            *(
                index
                for index, person in enumerate(some.candidates)
                if all((row.id, person.id) in eligible.arcs for row in block)
            ),
        ]
        for block in blocks
    ]
    grid = np.meshgrid(*takers, indexing="ij") if takers else []
    choices = np.stack([axis.ravel() for axis in grid], axis=1)
    return _Every(
        some=some,
        eligible=eligible,
        blocks=blocks,
        choices=choices[_possible(some, blocks, choices)],
    )


def _possible(some: Problem, blocks: tuple[tuple[Unit, ...], ...], choices: Ints) -> Mask:
    """Within everybody's room, and newcomers within their cap for each demanding stratum."""
    possible = np.ones(len(choices), dtype=np.bool_)
    weights = np.array([sum(row.weight for row in block) for block in blocks])
    strata = {row.stratum for row in some.units if row.tier > 0}
    for index, person in enumerate(some.candidates):
        theirs = choices == index
        possible &= theirs @ weights <= person.free
        if some.rules.novice_cap is None or not person.is_novice(some.rules):
            continue
        for stratum in strata:
            counts = [sum(row.stratum == stratum for row in block) for block in blocks]
            possible &= theirs @ np.array(counts) <= some.rules.novice_cap
    return possible


def _amount(row: Unit, of: str) -> int:
    if of in ("value", "weight"):
        return row.value if of == "value" else row.weight
    return int(of in (row.heat, row.stratum, "total"))
