"""The chance of loss is the sum of its reasons, and each reason names its record."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from legato.domain.exposure import BANDS, BASE, Standing, exposure
from legato.domain.problem import HEATS

NOW = datetime(2026, 3, 31, 9, tzinfo=UTC)
CALM = Standing(
    record=1, account=7, heat="warm", value=Decimal(1000), touched_at=NOW, in_one_hand=False
)
MOMENTS = some.none() | some.integers(-400, 400).map(lambda days: NOW + timedelta(days=days))
STANDINGS = some.builds(
    Standing,
    record=some.just(1),
    account=some.none() | some.just(7),
    heat=some.sampled_from(HEATS),
    value=some.none() | some.decimals(0, 10**9, places=2),
    touched_at=MOMENTS,
    in_one_hand=some.booleans(),
    promises=some.integers(0, 3),
    promise=some.just(9),
    promise_at=MOMENTS,
    decision_at=MOMENTS,
    destination=some.sampled_from(("", "yes", "no", "unknown")),
)


def codes(standing: Standing) -> set[str]:
    """The reasons besides the one that always applies."""
    return {str(each.code) for each in exposure(standing, now=NOW).reasons} - {"base"}


def test_whoever_is_well_looked_after_has_the_base_alone() -> None:
    found = exposure(CALM, now=NOW)
    assert (found.chance, found.loss) == (BASE, Decimal("50.00"))
    assert codes(CALM) == set()


@pytest.mark.parametrize(
    ("changed", "code", "source"),
    [
        ({"in_one_hand": True}, "one_hand", 7),
        ({"in_one_hand": True, "account": None}, "one_hand", 1),
        ({"touched_at": None}, "never_touched", 1),
        ({"touched_at": NOW - timedelta(days=22)}, "quiet", 1),
        ({"touched_at": NOW - timedelta(days=91)}, "silent", 1),
        ({"promises": 2, "promise": 9, "promise_at": NOW + timedelta(days=1)}, "promise_open", 9),
        ({"promises": 1, "promise": 9}, "promise_open", 9),
        ({"promises": 1, "promise": 9, "promise_at": NOW - timedelta(1)}, "promise_overdue", 9),
        ({"heat": "hot"}, "hot", 1),
        ({"decision_at": NOW + timedelta(days=90)}, "decision_near", 1),
        ({"destination": "yes"}, "to_competitor", None),
        ({"destination": "unknown"}, "destination_unknown", None),
    ],
)
def test_each_reason_stands_by_itself_and_names_its_source(
    changed: dict[str, object], code: str, source: int | None
) -> None:
    standing = replace(CALM, **changed)  # type: ignore[arg-type]
    assert codes(standing) == {code}
    assert {each.source for each in exposure(standing, now=NOW).reasons if each.code == code} == {
        source
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"touched_at": NOW - timedelta(days=21)},
        {"decision_at": NOW + timedelta(days=91)},
        {"decision_at": NOW - timedelta(days=1)},
        {"destination": "no"},
    ],
)
def test_what_is_no_reason_adds_nothing(changed: dict[str, object]) -> None:
    assert codes(replace(CALM, **changed)) == set()  # type: ignore[arg-type]


def test_an_unknown_value_has_a_chance_but_no_loss() -> None:
    assert exposure(replace(CALM, value=None), now=NOW).loss is None


@given(STANDINGS)
def test_the_chance_is_the_sum_of_the_reasons_and_never_certain(standing: Standing) -> None:
    found = exposure(standing, now=NOW)
    points = [each.points for each in found.reasons]
    assert found.chance == sum(points) < 100
    assert points == sorted(points, reverse=True)
    assert len({each.code for each in found.reasons}) == len(points)
    assert sum(first <= found.chance < below for first, below in BANDS) == 1
