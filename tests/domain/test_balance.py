"""The division is the fairest there is: compared with every other one on tiny cases."""

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from legato.domain.balance import Amounts, balanced, divided, merged

people = st.integers(1, 4)
groups = st.sets(people, min_size=1).map(lambda group: tuple(sorted(group)))
amounts_of = st.dictionaries(groups, st.integers(1, 6), max_size=4)
shares_of = st.fixed_dictionaries({person: st.integers(1, 3) for person in range(1, 5)})
caps_of = st.dictionaries(people, st.integers(0, 6))


def _ways(amount: int, group: tuple[int, ...]) -> list[dict[int, int]]:
    """Every division of whole things among the group."""
    if len(group) == 1:
        return [{group[0]: amount}]
    return [
        {group[0]: first} | rest
        for first in range(amount + 1)
        for rest in _ways(amount - first, group[1:])
    ]


def _cost(parts: dict[int, Fraction], shares: dict[int, int]) -> Fraction:
    return sum((part**2 / shares[person] for person, part in parts.items()), Fraction())


def _reachable(parts: dict[int, Fraction], amounts: Amounts) -> bool:
    """Gale's condition: nobody's forced things are more than they get."""
    everybody = sorted(parts)
    for chosen in product([False, True], repeat=len(everybody)):
        inside = {person for person, yes in zip(everybody, chosen, strict=True) if yes}
        forced = sum(amount for group, amount in amounts.items() if inside.issuperset(group))
        if sum(parts[person] for person in inside) < forced:
            return False
    return sum(parts.values()) == sum(amounts.values())


@given(st.dictionaries(groups, st.integers(1, 3), max_size=3), shares_of, caps_of)
def test_no_other_division_is_fairer(
    amounts: Amounts, shares: dict[int, int], caps: dict[int, int]
) -> None:
    parts = balanced(amounts, shares, caps)
    assert _reachable(parts, amounts)
    under_caps = all(parts[person] <= cap for person, cap in caps.items())
    for ways in product(*(_ways(amount, group) for group, amount in amounts.items())):
        other = {person: Fraction(sum(way.get(person, 0) for way in ways)) for person in shares}
        if all(other[person] <= cap for person, cap in caps.items()):
            assert under_caps
            assert _cost(parts, shares) <= _cost(other, shares)


@given(amounts_of, shares_of, caps_of, st.integers(1, 9))
def test_in_smaller_pieces_the_division_is_the_same(
    amounts: Amounts, shares: dict[int, int], caps: dict[int, int], times: int
) -> None:
    """What is fair is a matter of proportions, so finer whole things check it more finely."""
    larger = balanced(
        {group: times * amount for group, amount in amounts.items()},
        shares,
        {person: times * cap for person, cap in caps.items()},
    )
    parts = balanced(amounts, shares, caps)
    assert larger == {person: times * part for person, part in parts.items()}


@given(amounts_of, shares_of, caps_of)
def test_merging_those_who_may_take_the_same_changes_nothing(
    amounts: Amounts, shares: dict[int, int], caps: dict[int, int]
) -> None:
    alone = [(person,) for person in sorted(shares)]
    apart = {tuple(person - 1 for person in group): amount for group, amount in amounts.items()}
    parts = dict.fromkeys(shares, Fraction()) | divided(apart, alone, shares, caps)
    assert balanced(amounts, shares, caps) == parts


def test_who_occurs_in_the_same_groups_is_merged() -> None:
    assert merged([(1, 2, 3), (1, 2), (4,)]) == ([(1, 2), (3,), (4,)], [(0, 1), (0,), (2,)])


def test_what_a_cap_keeps_from_one_is_shared_by_the_others_in_proportion() -> None:
    assert balanced({(1, 2, 3): 60}, {1: 1, 2: 2, 3: 3}, {3: 15}) == {1: 15, 2: 30, 3: 15}
    assert balanced({(1, 2, 3): 60}, {1: 1, 2: 2, 3: 3}, {3: 15, 2: 27}) == {1: 18, 2: 27, 3: 15}


def test_caps_that_leave_no_room_are_not_held() -> None:
    assert balanced({(1, 2): 10, (3,): 4}, {1: 1, 2: 1, 3: 1}, {1: 2, 2: 3, 3: 9}) == {
        1: 5,
        2: 5,
        3: 4,
    }
