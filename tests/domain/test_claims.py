"""Whatever an assignment breaks or claims wrongly is found, on arrays as on single units."""

from dataclasses import replace

import numpy as np
import pytest
from tests.domain.test_instance import arrays
from tests.strategies import candidate, problem, unit

from legato.domain.claims import Held, claims_untrue, violations_of
from legato.domain.fairness import fair_parts, intervals, rounded
from legato.domain.instance import Bounds, Instance, Ints
from legato.domain.plan import Placement, Proposal, Reason, Rules, Share, violations

SOUND = [0, 1, 0, 1]


@pytest.fixture
def plain() -> Instance:
    """Four accounts, the first two demanding; 7 is new and may have one of those, 8 has room for
    three each. Person 9 may have none."""
    units = [
        unit(n, heat="hot", tier=int(n < 3), value=10, barred=frozenset({9})) for n in (1, 2, 3, 4)
    ]
    people = [candidate(7, employed_days=1, capacity=3000), candidate(8, capacity=3000)]
    people.append(candidate(9))
    return arrays(problem(units, people, rules=Rules(novice_cap=1)))


def owners(*who: int) -> Ints:
    return np.array(who, dtype=np.int64)


def codes(plain: Instance, *who: int) -> list[str]:
    return [found.code for found in violations_of(instance=plain, owner=owners(*who))]


def test_a_sound_assignment_breaks_nothing(plain: Instance) -> None:
    assert codes(plain, *SOUND) == []


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ([0, 1, 0, 3], ["unknown_person"]),
        ([0, 1, 0, -2], ["unknown_person"]),
        ([0, 1, 0, 2], ["not_eligible"]),
        ([1, 1, 1, 1], ["over_capacity"]),
        ([0, 0, 1, 1], ["tier_cap"]),
        ([0, 1, 0, -1], ["needless_orphan"]),
        ([0, -1, 1, 1], ["needless_orphan"]),
    ],
)
def test_what_breaks_a_hard_rule_is_named(
    plain: Instance, who: list[int], found: list[str]
) -> None:
    assert codes(plain, *who) == found


def test_who_is_full_or_at_the_cap_leaves_an_orphan_that_is_none_needlessly() -> None:
    units = [unit(number, heat="hot", tier=1) for number in (1, 2, 3)]
    people = [candidate(7, employed_days=1), candidate(8, capacity=1000)]
    plain = arrays(problem(units, people, rules=Rules(novice_cap=1)))
    assert codes(plain, 0, 1, -1) == []
    assert codes(plain, 0, -1, -1) == ["needless_orphan"] * 2


def claim(plain: Instance) -> Held:
    parts = fair_parts(plain)
    return Held(
        targets=rounded(plain, parts),
        bounds=intervals(plain, parts, 20),
        prices=np.zeros_like(rounded(plain, parts)),
        stated=np.ones((3, len(plain.measures)), dtype=np.bool_),
        tolerance=20,
    )


def untrue(plain: Instance, held: Held, *who: int) -> list[tuple[object, ...]]:
    found = claims_untrue(instance=plain, owner=owners(*who), held=held, least=20)
    return [(row.code, row.person, *(fact for _, fact in row.facts)) for row in found]


def test_true_claims_stand(plain: Instance) -> None:
    assert untrue(plain, claim(plain), *SOUND) == []


def test_a_target_that_is_not_the_fair_part_is_named(plain: Instance) -> None:
    held = claim(plain)
    held.targets[1, -2] += 1
    assert untrue(plain, held, *SOUND) == [("share_untrue", 8, "value", "target")]


def test_an_interval_that_the_person_is_outside_of_is_named(plain: Instance) -> None:
    assert ("share_untrue", 8, "total", "outside") in untrue(plain, claim(plain), 0, 1, 0, 0)


def test_an_interval_narrower_than_fairness_asks_is_named(plain: Instance) -> None:
    """It would make the bound look lower and the fit better than they are."""
    held = claim(plain)
    low = held.bounds.low.copy()
    low[0, plain.measures.index("value")] += 1
    tight = replace(held, bounds=Bounds(low=low, high=held.bounds.high))
    assert ("share_untrue", 7, "value", "narrow") in untrue(plain, tight, *SOUND)


def test_a_deviation_beyond_the_tolerance_claimed_is_named(plain: Instance) -> None:
    found = untrue(plain, replace(claim(plain), tolerance=999), 1, 1, 1, 1)
    assert ("tolerance_untrue", None, 999, 1000) in found


def test_a_share_of_nobody_or_stated_twice_is_named() -> None:
    book = problem([unit(1)], [candidate(7)])
    share = Share(person=7, of="warm", target=1000, low=1, high=1)
    made = Proposal(
        placements=(
            Placement(unit=1, person=7, reason=Reason(code="best_fit", facts=(("fit", 0),))),
        ),
        seed=1,
        solver="by hand",
        shares=(share,),
        tolerance=0,
    )
    assert violations(book, made) == ()
    for shares, why in (
        ((share, share), "twice"),
        ((share, replace(share, person=8)), "unknown"),
        ((share, replace(share, of="warm/1")), "unknown"),
        ((replace(share, target=999),), "target"),
        ((replace(share, low=0, high=0),), "outside"),
    ):
        found = violations(book, replace(made, shares=shares))
        assert ("why", why) in {fact for row in found for fact in row.facts}


def test_more_demanding_units_than_the_cap_are_named_in_a_proposal() -> None:
    units = [unit(number, heat="hot", tier=1) for number in (1, 2)]
    book = problem(units, [candidate(7, employed_days=1), candidate(8)], rules=Rules(novice_cap=1))
    reason = Reason(code="best_fit", facts=(("fit", 0),))
    made = Proposal(
        placements=tuple(Placement(unit=number, person=7, reason=reason) for number in (1, 2)),
        seed=1,
        solver="by hand",
        shares=(),
        tolerance=1000,
    )
    assert [(row.code, row.facts) for row in violations(book, made)] == [
        ("tier_cap", (("of", "hot/1"), ("cap", 1), ("got", 2)))
    ]
