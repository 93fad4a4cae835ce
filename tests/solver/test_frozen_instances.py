"""What the engine is measured on never changes: every split is known by its digest."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.allocation import instances
from benchmarks.allocation.instances import FAMILIES, SIZES, digest, instance, shortage, small

from legato.domain.instance import Instance

OF_SIZE = {
    "S": "cf01a4b2c82cb852",
    "M": "3bea0f06ee5439a7",
    "M-dense": "2d26791b232d5e2a",
    "L": "6cfacc8c3fd59521",
}
OF_FAMILY = {
    "departure": "cf01a4b2c82cb852",
    "reorganisation": "d590dcbaadd2befa",
    "whales": "4e93e1d44e8107d4",
    "scarce": "932b408548471c76",
    "groups": "ff3b923ac73284f8",
    "over_capacity": "00fb01680c608901",
    "ties": "9ad795f0ed5a7374",
    "hot_only": "2bd21ab66892cf24",
    "cold_only": "2ff9f527ce7cc137",
    "one_account": "e70e28a5df7bf109",
    "one_rep": "bc6fe2a3fa3cd931",
    "lopsided": "4422e0d6b2b37762",
    "conflict": "8f6e99f9c7c31d4d",
}


@pytest.mark.parametrize("size", OF_SIZE)
def test_a_size_is_the_same_for_ever(size: str) -> None:
    assert digest(instance(SIZES[size]))[:16] == OF_SIZE[size]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_the_same_for_ever(family: str) -> None:
    assert digest(instance(small(family)))[:16] == OF_FAMILY[family]


def test_how_much_is_made_at_once_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instances, "PIECE", 777)
    assert digest(instance(SIZES["M"]))[:16] == OF_SIZE["M"]


def test_another_seed_is_another_split() -> None:
    assert digest(instance(replace(SIZES["S"], seed=2)))[:16] != OF_SIZE["S"]


@pytest.mark.parametrize("family", FAMILIES)
def test_every_arc_is_allowed_and_listed_once_in_order(family: str) -> None:
    for made in (instance(small(family)), instance(replace(SIZES["M"], family=family))):
        _check_arcs(made)


def test_what_is_missing_in_the_over_full_family_is_known() -> None:
    recipe = small("over_capacity")
    made, known = instance(recipe), shortage(recipe)
    assert known.missing == 2
    for block in known.blocks:
        assert made.taker[made.start[block] : made.start[block + 1]].tolist() == [0, 1]
    room = made.room[known.persons] // 1000
    assert made.amounts[known.blocks, -1].tolist() == [1000] * len(known.blocks)
    assert len(known.blocks) - int(room.sum()) == known.missing


def test_each_whale_is_worth_more_than_a_reps_share() -> None:
    value = instance(small("whales")).amounts[:, -2]
    assert value.max() > value.sum() / 10


def _check_arcs(made: Instance) -> None:
    assert (np.diff(made.start) > 0).all()
    step = np.diff(made.source * len(made.persons) + made.taker)
    assert (step > 0).all()
    may = np.zeros((len(made.allowed), len(made.persons)), dtype=np.bool_)
    for kin, people in enumerate(made.allowed):
        may[kin, people] = True
    assert may[made.kin[made.source], made.taker].all()
    assert (made.amounts[:, -1].max() <= made.room).all()
    assert made.amounts[:, :3].sum(axis=1).tolist() == made.amounts[:, 3].tolist()
