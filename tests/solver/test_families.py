"""Of every family of books the same holds: no rule broken, counts fair, each its reason, the same
answer every time.

``LEGATO_TORTURE=40`` tries forty times as many books, here and by brute force: more than 10,000.
"""

import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from math import ceil
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.solver.families import FAMILIES, LOOSE, MISSING, RARE, book, books_of
from tests.strategies import problem

from legato.domain.eligibility import eligibility, split_of
from legato.domain.fairness import fair_parts
from legato.domain.instance import Instance, instance_of
from legato.domain.plan import Certificate, Problem, Proposal, certificate, violations
from legato.solver import Budget, solve

TORTURE = int(os.environ.get("LEGATO_TORTURE", "1"))
ALL = st.sampled_from(sorted(FAMILIES)).flatmap(books_of)
ROOMY = st.sampled_from(LOOSE).flatmap(books_of)
HASTE = Budget(passes=2, cycles=2, visits=60)
"""What holds, holds however little is searched."""


def tries(examples: int) -> settings:
    return settings(
        max_examples=examples * TORTURE,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def solved(some: Problem, budget: Budget = HASTE) -> Proposal:
    return solve(problem=some, budget=budget, seed=1)


@pytest.mark.parametrize("family", FAMILIES)
def test_no_rule_is_broken_and_everything_is_placed_or_says_why_not(family: str) -> None:
    """And where neither groups nor room nor caps stand in the way, every count is within one of its
    target."""

    @tries(7)
    @given(books_of(family))
    def holds(some: Problem) -> None:
        made = solved(some, Budget())
        assert violations(some, made) == ()
        assert [placement.unit for placement in made.placements] == [row.id for row in some.units]
        sealed = certificate(some, made)
        assert sealed.fit <= sealed.fit_bound
        people = {person.id for person in some.candidates}
        for orphan in made.orphans():
            assert {name for name, _ in orphan.reason.facts} == {f"removed.{p}" for p in people}
        if family in LOOSE:
            assert (sealed.cells_out, sealed.orphans) == (0, 0)

    holds()


def test_a_whale_goes_where_it_alone_makes_up_the_count() -> None:
    """Only one account of its heat may be that person's, and it is worth more than their share."""
    some = book("scarce", seed=2494803, units=8, people=3)
    assert certificate(some, solved(some, Budget())).cells_out == 0


@tries(12)
@given(books_of("over_capacity"))
def test_of_a_known_shortage_exactly_the_rest_is_left_over(some: Problem) -> None:
    orphans = list(solved(some).orphans())
    assert len(orphans) == MISSING
    assert {row.unit for row in orphans} <= {row.id for row in some.units if RARE in row.needs}


@tries(12)
@given(books_of("conflict"))
def test_whatever_everybody_is_in_conflict_with_goes_to_the_manager(some: Problem) -> None:
    assert {row.reason.code for row in solved(some).placements} == {"orphan_nobody_eligible"}


@tries(16)
@given(ALL, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(some: Problem, random: Random) -> None:
    units, people = list(some.units), list(some.candidates)
    random.shuffle(units)
    random.shuffle(people)
    shuffled = problem(units, people, rules=some.rules)
    assert solved(some).as_bytes() == solved(shuffled).as_bytes()


def test_neither_the_hash_seed_nor_the_locale_changes_a_byte() -> None:
    digests = {
        _digest_elsewhere(PYTHONHASHSEED=seed, LC_ALL=locale, LANG=locale)
        for seed, locale in (("1", "C"), ("77", "C.UTF-8"))
    }
    assert len(digests) == 1


@tries(16)
@given(ROOMY, st.integers(2, 40), st.data())
def test_more_capacity_never_worsens_the_worst_load(
    some: Problem, more: int, data: st.DataObject
) -> None:
    """What is fair is the division whose largest part for the room is least, and more room only
    enlarges what it is least of; the plan then gives each no more than that, rounded up."""
    lucky = data.draw(st.sampled_from(some.candidates))
    people = [
        replace(person, capacity=person.capacity * more // 2) if person is lucky else person
        for person in some.candidates
    ]
    roomier = problem(some.units, people, rules=some.rules)
    before, after = _arrays(some), _arrays(roomier)
    worst, now = _worst_loads(before), _worst_loads(after)
    assert all(new <= old for new, old in zip(now, worst, strict=True))
    owners = solved(roomier).owners()
    place = {person: index for index, person in enumerate(after.persons.tolist())}
    for person, index in place.items():
        theirs = [row for row in some.units if owners[row.id] == person]
        for of in range(after.strata):
            got = sum(row.heat == after.measures[of] for row in theirs)
            assert got <= ceil(worst[of] * int(after.room[index]))


@tries(12)
@given(ALL, st.integers(1, 9))
def test_more_room_for_everybody_never_leaves_more_over(some: Problem, more: int) -> None:
    roomier = problem(
        some.units,
        [replace(person, capacity=person.capacity + more * 500) for person in some.candidates],
        rules=some.rules,
    )
    assert len(list(solved(roomier).orphans())) <= len(list(solved(some).orphans()))


@tries(16)
@given(ROOMY, st.randoms(use_true_random=False))
def test_other_numbers_for_people_change_nothing_that_counts(some: Problem, random: Random) -> None:
    numbers = random.sample(range(1, 10_000), len(some.candidates))
    number = dict(zip((person.id for person in some.candidates), numbers, strict=True))
    turned = _renumbered(some, number)
    before, after = _sealed(some), _sealed(turned)
    assert (before.fit, before.worst_value) == (after.fit, after.worst_value)
    assert (before.cells_out, before.orphans) == (after.cells_out, after.orphans)


@tries(20)
@given(ALL, st.data())
def test_another_owner_for_one_unit_is_noticed(some: Problem, data: st.DataObject) -> None:
    made = solved(some)
    at = data.draw(st.integers(0, len(made.placements) - 1))
    others = [person.id for person in some.candidates if person.id != made.placements[at].person]
    if not others:
        return
    changed = list(made.placements)
    changed[at] = replace(changed[at], person=data.draw(st.sampled_from(others)))
    forged = replace(made, placements=tuple(changed))
    assert violations(some, forged) or certificate(some, forged) != certificate(some, made)


def _digest_elsewhere(**environment: str) -> str:
    code = (
        "import hashlib; from tests.solver.families import FAMILIES, book;"
        "from legato.solver import Budget, solve;"
        "books = [book(name, seed=5, units=15, people=3) for name in sorted(FAMILIES)[::2]];"
        "made = [solve(problem=some, budget=Budget(), seed=3).as_bytes() for some in books];"
        "print(hashlib.sha256(b''.join(made)).hexdigest())"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def _sealed(some: Problem) -> Certificate:
    return certificate(some, solved(some))


def _arrays(some: Problem) -> Instance:
    eligible = eligibility(some)
    split = split_of(some, eligible)
    blocks = [block for block in split.blocks if block.people]
    return instance_of(blocks=blocks, room=split.room, caps=split.caps, eligible=eligible)


def _worst_loads(made: Instance) -> list[Fraction]:
    """Of each stratum the largest fair part for the room."""
    parts = fair_parts(made)
    return [
        max(row[of] / int(room) for row, room in zip(parts, made.room, strict=True))
        for of in range(made.strata)
    ]


def _renumbered(some: Problem, number: dict[int, int]) -> Problem:
    units = [
        replace(
            row,
            ties=tuple(sorted((number[person], tie) for person, tie in row.ties)),
            owner=None if row.owner is None else number[row.owner],
        )
        for row in some.units
    ]
    people = [replace(person, id=number[person.id]) for person in some.candidates]
    return problem(units, people, rules=some.rules)
