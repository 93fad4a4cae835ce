"""A large plan's file is accepted as it was written, and never once anything in it was changed."""

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from legato.domain.arraychecks import FIGURES
from legato.domain.fairness import fair_parts, intervals
from legato.domain.instance import Instance, Ints
from legato.domain.judgement import Judgement, judged
from legato.domain.planarrays import arrays_from, arrays_written
from legato.domain.planfile import PlanFileUnreadable, verified

Named = dict[str, NDArray[Any]]
TOLERANCE = 1000


def split() -> Instance:
    """Twelve accounts, two kinds, three persons of whom the last may take one kind only."""
    n = 12
    amounts = np.zeros((n, 12), dtype=np.int64)
    tier, heat = np.arange(n) % 2, np.arange(n) % 3
    amounts[np.arange(n), 2 * heat + tier] = 1
    amounts[np.arange(n), 6 + heat] = 1
    amounts[:, 9] = 1
    amounts[:, 10] = 10 + np.arange(n)
    amounts[:, 11] = 1000 + 500 * tier
    kin = np.arange(n) % 2
    takers = [[0, 1], [0, 1, 2]]
    strata = [f"{name}/{level}" for name in ("hot", "warm", "cold") for level in (0, 1)]
    return Instance(
        blocks=np.arange(n) * 5,
        measures=(*strata, "hot", "warm", "cold", "total", "value", "weight"),
        amounts=amounts,
        start=np.cumsum([0, *(len(takers[each]) for each in kin)], dtype=np.int64),
        taker=np.array([who for each in kin for who in takers[each]], dtype=np.int32),
        fit=(np.arange(30) * 7 % 100).astype(np.int32),
        persons=np.array([70, 80, 90]),
        room=np.array([9000, 9000, 6000]),
        kin=kin,
        allowed=(np.array([0, 1]), np.array([0, 1, 2])),
        caps={(2, 1): 1, (2, 3): 1, (2, 5): 1},
    )


OWNER = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2])


def judgement(plain: Instance, prices: Ints) -> Judgement:
    bounds = intervals(plain, fair_parts(plain), TOLERANCE)
    return judged(instance=plain, owner=OWNER, bounds=bounds, prices=prices, tolerance=TOLERANCE)


def file() -> bytes:
    plain = split()
    prices = np.arange(36, dtype=np.int64).reshape(3, 12) * 10**8
    return arrays_written(
        instance=plain,
        owner=OWNER,
        bounds=intervals(plain, fair_parts(plain), TOLERANCE),
        prices=prices,
        tolerance=TOLERANCE,
        least=TOLERANCE,
        judgement=judgement(plain, prices),
        extra={"units": np.arange(12)},
    )


@pytest.fixture(scope="module")
def named() -> Named:
    with np.load(io.BytesIO(file()), allow_pickle=False) as found:
        return dict(found)


def packed(named: Named) -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=True, **named)
    return out.getvalue()


def objections(data: bytes) -> set[str]:
    try:
        return {row.code for row in verified(data).objections}
    except PlanFileUnreadable as refusal:
        return {refusal.code}


def test_what_was_written_is_accepted() -> None:
    verdict = verified(file())
    assert verdict.objections == ()
    assert (verdict.units, verdict.persons) == (12, 3)
    assert dict(verdict.figures)["fit"] == split().total_fit(OWNER)
    assert [name for name, _ in verdict.figures] == list(FIGURES)


def test_the_same_split_is_the_same_bytes() -> None:
    assert file() == file()


def test_arrays_come_back_as_they_were() -> None:
    back, plain = arrays_from(file()), split()
    assert back.instance.caps == plain.caps
    assert back.instance.measures == plain.measures
    assert [each.tolist() for each in back.instance.allowed] == [[0, 1], [0, 1, 2]]
    assert back.owner.tolist() == OWNER.tolist()
    assert back.named["extra.units"].tolist() == list(range(12))


@given(st.data())
def test_no_change_goes_unnoticed(named: Named, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(set(named) - {"format", "measures", "sha256"})))
    array = named[name].copy()
    at = data.draw(st.integers(0, array.size - 1))
    array.flat[at] += data.draw(st.sampled_from([1, -1, 1000, -(2**31)]))
    assert objections(packed({**named, name: array}))


@pytest.mark.parametrize(
    ("name", "at", "to", "code"),
    [
        ("owner", 0, 2, "not_eligible"),
        ("owner", 0, 1, "certificate_untrue"),
        ("owner", 0, -1, "certificate_untrue"),
        ("targets", 10, 0, "share_untrue"),
        ("low", 9, 99, "share_untrue"),
        ("high", 10, 10, "share_untrue"),
        ("prices", 9, 10**12, "certificate_untrue"),
        ("terms", 0, 1, "tolerance_untrue"),
        ("figures", 0, 1, "certificate_untrue"),
        ("fit", 3, 99, "digest_untrue"),
        ("extra.units", 3, 99, "digest_untrue"),
        ("caps", 8, 0, "tier_cap"),
        ("room", 0, 1000, "over_capacity"),
    ],
)
def test_what_was_changed_is_named(named: Named, name: str, at: int, to: int, code: str) -> None:
    array = named[name].copy()
    array.flat[at] = to
    assert {code, "digest_untrue"} <= objections(packed({**named, name: array}))


@pytest.mark.parametrize(
    ("name", "array", "why"),
    [
        ("format", np.array("legato-split/9"), "format"),
        ("sha256", np.array(7), "format"),
        ("sha256", np.array(["a"]), "format"),
        ("more", np.array(7), "unknown"),
        ("blocks", np.array(7), "shape"),
        ("taker", np.arange(3, dtype=np.int32), "shape"),
        ("owner", np.zeros(12), "type"),
        ("owner", np.zeros(12, dtype=np.int32), "type"),
        ("owner", np.array([None] * 12), "not_arrays"),
        ("owner", np.zeros(12, dtype=">i8"), "type"),
        ("measures", np.arange(12), "type"),
        ("measures", np.array([*"abcdefghijkl"]), "order"),
        ("blocks", np.zeros(12, dtype=np.int64), "order"),
        ("owner", np.full(12, 3), "order"),
        ("owner", np.full(12, -2), "order"),
        ("start", np.full(13, 30), "order"),
        ("start", np.array([0, *[30] * 12]), "order"),
        ("taker", np.full(30, 3, dtype=np.int32), "order"),
        ("kin", np.full(12, 2), "order"),
        ("kin", np.full(12, 0), "order"),
        ("allowed", np.full(5, -1), "order"),
        ("caps", np.array([[0, 99, 1]]), "order"),
        ("amounts", np.full((12, 12), -1), "number"),
        ("amounts", np.full((12, 12), 2**60), "number"),
        ("amounts", np.ones((12, 12), dtype=np.int64), "sums"),
        ("room", np.full(3, 2**61), "number"),
        ("terms", np.array([-1, 0]), "number"),
    ],
)
def test_arrays_that_are_no_split_are_refused(
    named: Named, name: str, array: NDArray[Any], why: str
) -> None:
    with pytest.raises(PlanFileUnreadable) as refusal:
        verified(packed({**named, name: array}))
    assert refusal.value.facts["why"] == why


def test_a_missing_array_and_a_broken_archive_are_refused(named: Named) -> None:
    with pytest.raises(PlanFileUnreadable, match="missing"):
        verified(packed({name: each for name, each in named.items() if name != "owner"}))
    whole = file()
    for end in range(10, len(whole), 97):
        assert objections(whole[:end]) == {"plan_file_unreadable"}


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_byte_turned_in_the_archive_changes_nothing_or_is_noticed(at: int, by: int) -> None:
    data = bytearray(file())
    data[at % len(data)] ^= by
    found = objections(bytes(data))
    assert found or verified(bytes(data)).sha256 == verified(file()).sha256
