"""The fair part follows free capacity, and bends only as far as eligibility forces it."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from tests.domain.test_instance import arrays
from tests.strategies import candidate, problem, unit

from legato.domain.balance import balanced
from legato.domain.fairness import fair_parts

groups = st.sets(st.integers(1, 5), min_size=1).map(lambda people: tuple(sorted(people)))


def test_parts_follow_free_capacity_where_everybody_may_take_everything() -> None:
    book = problem(
        [unit(number, heat="hot", value=10) for number in range(12)],
        [candidate(1, capacity=3000, load=0), candidate(2, capacity=2000, load=1000)],
    )
    plain = arrays(book)
    one, two = (dict(zip(plain.measures, row, strict=True)) for row in fair_parts(plain))
    assert [one["hot"], two["hot"]] == [9, 3]
    assert [one["value"], two["total"], one["cold"]] == [90, 3, 0]


def test_what_only_one_may_take_is_made_up_for_by_the_others() -> None:
    assert balanced({(1, 2, 3): 10, (3,): 9}, {1: 1, 2: 1, 3: 1}) == {1: 5, 2: 5, 3: 9}
    assert balanced({(1, 2, 3): 10, (3,): 2}, {1: 1, 2: 1, 3: 1}) == {1: 4, 2: 4, 3: 4}


def test_what_nobody_may_take_is_nobodys_part() -> None:
    assert balanced({(): 3, (1,): 2}, {1: 1, 2: 1}) == {1: 2, 2: 0}


def test_without_any_free_capacity_parts_are_equal() -> None:
    assert balanced({(1, 2): 3}, {1: 0, 2: 0}) == {1: Fraction(3, 2), 2: Fraction(3, 2)}


def test_who_has_no_free_capacity_gets_only_what_nobody_else_may_take() -> None:
    assert balanced({(1, 2): 4, (2,): 1}, {1: 7, 2: 0}) == {1: 4, 2: 1}


@given(
    st.dictionaries(groups, st.integers(1, 50), max_size=8),
    st.fixed_dictionaries({person: st.integers(0, 9) for person in range(1, 6)}),
)
def test_parts_add_up_and_nobody_could_be_relieved(
    amounts: dict[tuple[int, ...], int], shares: dict[int, int]
) -> None:
    parts = balanced(amounts, shares)
    assert sum(parts.values()) == sum(amounts.values())
    for level in {parts[person] / shares[person] for person in shares if shares[person]}:
        loaded = {p for p in shares if shares[p] and parts[p] / shares[p] >= level and level}
        forced = sum(
            amount
            for group, amount in amounts.items()
            if (takers := {person for person in group if shares[person]}) and takers <= loaded
        )
        assert sum(parts[person] for person in loaded) == forced
