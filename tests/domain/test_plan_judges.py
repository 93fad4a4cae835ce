"""The judges find whatever is wrong with a proposal, whoever made it."""

from dataclasses import replace

import pytest
from tests.strategies import candidate, pinned, problem, unit

from legato.domain.plan import (
    FitWeights,
    Placement,
    Problem,
    Proposal,
    Reason,
    Rules,
    Share,
    Skill,
    broken_rules,
    certificate,
    violations,
)

SAID = {"needless_orphan", "reason_untrue", "share_untrue", "tolerance_untrue", "proven_untrue"}
"""What a proposal says of itself, besides the hard rules."""
JAPANESE = Skill(kind="language", value="ja")


def proposal(*owners: tuple[int, int | None], **facts: object) -> Proposal:
    """A hand-made proposal whose units all fit nobody in particular."""
    plain = Proposal(placements=(), seed=0, solver="by hand", shares=(), tolerance=0)
    placements = tuple(
        Placement(
            unit=number,
            person=person,
            reason=Reason(code="orphan_no_capacity")
            if person is None
            else Reason(code="best_fit", facts=(("fit", 0),)),
        )
        for number, person in owners
    )
    return replace(plain, placements=placements, **facts)  # type: ignore[arg-type]


def codes(book: Problem, made: Proposal) -> list[str]:
    """What is found; the hard rules alone are found alike by looking at the pairs given alone."""
    found = violations(book, made)
    assert broken_rules(book, made) == tuple(each for each in found if each.code not in SAID)
    return [violation.code for violation in found]


@pytest.fixture
def book() -> Problem:
    """Two plain units, a Japanese one and a group of two; person 8 alone speaks Japanese."""
    units = [
        unit(1),
        unit(2),
        unit(3, needs=frozenset({JAPANESE})),
        unit(4, group=9),
        unit(5, group=9),
    ]
    people = [candidate(7, capacity=3000), candidate(8, skills=frozenset({JAPANESE}))]
    rules = Rules(recorded=frozenset({JAPANESE}), fit=FitWeights(language=0))
    return problem(units, people, rules=rules)


SOUND = ((1, 7), (2, 8), (3, 8), (4, 7), (5, 7))


def test_a_sound_proposal_has_no_violation(book: Problem) -> None:
    assert codes(book, proposal(*SOUND)) == []


@pytest.mark.parametrize(
    ("owners", "code"),
    [
        (SOUND[1:], "not_placed"),
        ((*SOUND, (1, 8)), "placed_twice"),
        ((*SOUND, (6, 8)), "unknown_unit"),
        (((1, 99), *SOUND[1:]), "unknown_person"),
        (((1, 7), (2, 8), (3, 7), (4, 8), (5, 8)), "not_eligible"),
        (((1, 7), (2, 7), (3, 8), (4, 7), (5, 7)), "over_capacity"),
        (((1, 7), (2, 8), (3, 8), (4, 7), (5, 8)), "group_split"),
        (((1, None), *SOUND[1:]), "needless_orphan"),
    ],
)
def test_what_breaks_a_hard_rule_is_named(
    book: Problem, owners: tuple[tuple[int, int | None], ...], code: str
) -> None:
    assert code in codes(book, proposal(*owners))


def test_a_broken_pin_is_named(book: Problem) -> None:
    assert codes(pinned(book, (1, 8)), proposal(*SOUND)) == ["pin_broken"]


def test_passing_over_the_accounts_owner_is_named() -> None:
    book = problem([unit(1, preferred=8)], [candidate(7), candidate(8)])
    assert codes(book, proposal((1, 7))) == ["owner_passed_over"]


def test_points_that_are_not_so_are_named() -> None:
    book = problem([unit(1, ties=((7, 1000),))], [candidate(7), candidate(8)])
    assert codes(book, proposal((1, 7))) == ["reason_untrue"]


def test_a_proof_that_the_plan_itself_disproves_is_named() -> None:
    book = problem([unit(1, ties=((7, 1000),))], [candidate(7)])
    reason = Reason(code="best_fit", facts=(("fit", 400), ("fit.tie", 400)))
    placements = (Placement(unit=1, person=7, reason=reason),)
    made = replace(proposal(), placements=placements, proven_bound=400)
    assert codes(book, made) == []
    assert codes(book, replace(made, proven_bound=399)) == ["proven_untrue"]


def test_the_certificate_counts_what_everybody_got(book: Problem) -> None:
    sealed = certificate(book, proposal(*SOUND, tolerance=20))
    seven, eight = sealed.persons
    assert (seven.units, seven.gained, seven.load, seven.capacity) == (3, 3000, 0, 3000)
    warm = next(part for part in eight.parts if part.of == "warm")
    assert (warm.got, warm.target, warm.deviation, warm.is_out) == (2, 4854, -2854, True)
    assert sealed.cells_out == 4
    assert sealed.reasons == (("best_fit", 5),)


def test_the_bound_needs_no_trust_in_the_prices() -> None:
    units = [unit(1, ties=((7, 1000),)), unit(2, ties=((7, 500),))]
    book = problem(units, [candidate(7), candidate(8)])
    reasons = [
        Reason(code="best_fit", facts=(("fit", 400), ("fit.tie", 400))),
        Reason(code="fair_share", facts=(("fit", 0),)),
    ]
    fair = Proposal(
        placements=(
            Placement(unit=1, person=7, reason=reasons[0]),
            Placement(unit=2, person=8, reason=reasons[1]),
        ),
        seed=0,
        solver="by hand",
        shares=(),
        tolerance=0,
    )
    loose = certificate(book, fair)
    assert (loose.fit, loose.fit_bound) == (400, 600)
    one = Share(person=7, of="warm", target=1000, low=1, high=1, price=250 * 10**9)
    tight = certificate(book, replace(fair, shares=(one,)))
    assert (tight.fit, tight.fit_bound, tight.gap) == (400, 400, 0)
    wild = certificate(book, replace(fair, shares=(replace(one, price=-(10**15)),)))
    assert wild.fit_bound >= 400


def test_records_decided_before_the_split_are_not_weighed_in_it() -> None:
    book = problem([unit(1, preferred=8), unit(2), unit(3)], [candidate(7), candidate(8)])
    sealed = certificate(book, proposal((1, 8), (2, 7), (3, 8)))
    assert [person.before_split for person in sealed.persons] == [0, 1]
    assert sealed.cells_out == 0


def test_who_is_farthest_from_the_own_share_of_value_is_named() -> None:
    people = [candidate(7, capacity=2000), candidate(8, capacity=4000)]
    book = problem([unit(number, value=30) for number in (1, 2, 3)], people)
    found = certificate(book, proposal((1, 7), (2, 7), (3, 8))).farthest_in_value()
    assert found is not None
    person, part = found
    assert (person, part.got, part.target) == (7, 60, 30)


def test_nobody_is_far_from_a_share_of_nothing() -> None:
    book = problem([unit(1, value=0)], [candidate(7, capacity=2000)])
    assert certificate(book, proposal((1, 7))).farthest_in_value() is None
