"""A plan's file is accepted as it was written, and never once anything in it was changed."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import candidate, problem, unit

from legato.domain.eligibility import eligibility
from legato.domain.plain import plain, text, value_from
from legato.domain.plan import (
    Placement,
    Problem,
    Proposal,
    Reason,
    Rules,
    Share,
    Skill,
    certificate,
    violations,
)
from legato.domain.planfile import PlanFileUnreadable, digest_of, verified, written

JAPANESE = Skill(kind="language", value="ja")


def book() -> Problem:
    units = [
        unit(1, heat="hot", value=40, ties=((7, 800),), needs=frozenset({JAPANESE})),
        unit(2, heat="hot", value=40, tier=1, barred=frozenset({9})),
        unit(3, value=20, group=5),
        unit(4, value=20, group=5, weight=2000),
        unit(6, value=40, preferred=8),
    ]
    people = [
        candidate(7, skills=frozenset({JAPANESE}), capacity=9000),
        candidate(8, skills=frozenset({JAPANESE}), capacity=10_000, employed_days=3),
        candidate(9, is_leaver=True),
    ]
    return problem(units, people, rules=Rules(recorded=frozenset({JAPANESE}), novice_cap=1))


OWNERS = {1: 7, 2: 8, 3: 7, 4: 7, 6: 8}


def made(book: Problem) -> Proposal:
    eligible = eligibility(book)
    placements = tuple(
        Placement(
            unit=number,
            person=person,
            reason=Reason(
                code="best_fit",
                facts=(
                    ("fit", eligible.fit(number, person)),
                    *((f"fit.{part}", points) for part, points in eligible.arcs[number, person]),
                ),
            ),
        )
        for number, person in OWNERS.items()
    )
    shares = (
        Share(person=7, of="hot/0", target=500, low=0, high=1, price=3 * 10**9),
        Share(person=8, of="hot/0", target=500, low=0, high=1),
    )
    return Proposal(placements=placements, seed=3, solver="by hand", shares=shares, tolerance=1000)


def file_of(book: Problem) -> bytes:
    proposal = made(book)
    return written(
        problem=book,
        proposal=proposal,
        certificate=certificate(book, proposal),
        names={7: "Kenji", 1: "水野商事"},
    )


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file_of(book()))
    return found


def test_what_was_written_is_accepted() -> None:
    verdict = verified(file_of(book()))
    assert verdict.objections == ()
    assert verdict.is_sound
    assert (verdict.units, verdict.persons) == (5, 3)
    assert dict(verdict.figures)["fit"] == certificate(book(), made(book())).fit


def test_the_same_plan_is_the_same_bytes() -> None:
    assert file_of(book()) == file_of(book())


def test_values_come_back_as_they_were() -> None:
    there = value_from(Problem, json.loads(text(plain(book()))), where="problem")
    assert there == book()
    back = value_from(Proposal, json.loads(text(plain(made(book())))), where="proposal")
    assert back == made(book())


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every number, word and yes or no."""
    rows = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in rows:
        if isinstance(each, dict | list):
            yield from leaves(each, (*path, key))
        else:
            yield (*path, key)


def changed(values: dict[str, Any], path: tuple[Any, ...], to: Any) -> dict[str, Any]:
    other = deepcopy(values)
    place: Any = other
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return other


def objections(values: Any) -> set[str]:
    """What ``verified`` says of it: the codes, or that it cannot be read."""
    try:
        return {row.code for row in verified(text(values).encode()).objections}
    except PlanFileUnreadable as refusal:
        return {refusal.code}


@given(st.data())
def test_no_change_goes_unnoticed(values: dict[str, Any], data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([*leaves(values)]))
    place: Any = values
    for key in path:
        place = place[key]
    other = data.draw(
        st.sampled_from([place + 1, place - 1, -place, None, "x"])
        if type(place) is int
        else st.sampled_from([None, 1, "x", not place])
    )
    if other != place or type(other) is not type(place):
        assert objections(changed(values, path, other))


def resealed(values: dict[str, Any]) -> dict[str, Any]:
    rest = {name: each for name, each in values.items() if name != "sha256"}
    return {**rest, "sha256": digest_of(rest)}


@pytest.mark.parametrize("index", range(5))
def test_another_owner_is_noticed_though_the_digest_was_renewed(
    values: dict[str, Any], index: int
) -> None:
    path = ("proposal", "placements", index, "person")
    for person in (7, 8, 9, None):
        if person != list(OWNERS.values())[index]:
            assert objections(resealed(changed(values, path, person)))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (("certificate", "fit"), "certificate_untrue"),
        (("certificate", "fit_bound"), "certificate_untrue"),
        (("certificate", "worst_weight"), "certificate_untrue"),
        (("certificate", "said_gap"), "certificate_untrue"),
        (("certificate", "persons", 1, "gained"), "certificate_untrue"),
        (("certificate", "persons", 0, "parts", 3, "target"), "certificate_untrue"),
        (("certificate", "reasons", 0, 1), "certificate_untrue"),
        (("proposal", "shares", 0, "target"), "share_untrue"),
        (("proposal", "shares", 0, "price"), "certificate_untrue"),
        (("proposal", "placements", 0, "reason", "facts", 0, 1), "reason_untrue"),
        (("problem", "candidates", 0, "load"), "share_untrue"),
        (("problem", "units", 0, "value"), "certificate_untrue"),
    ],
)
def test_a_forged_number_is_named_though_the_digest_was_renewed(
    values: dict[str, Any], path: tuple[Any, ...], code: str
) -> None:
    assert code in objections(resealed(changed(values, path, 800 * 10**9)))


def test_a_pin_that_cannot_be_is_an_objection(values: dict[str, Any]) -> None:
    for pin, code in (
        ({"unit": 2, "person": 9}, "pin_impossible"),
        ({"unit": 99, "person": 7}, "unknown_pin"),
    ):
        forged = resealed(changed(values, ("problem", "pins"), [pin]))
        assert objections(forged) == {code}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"[1, 2]", "format"),
        (b'{"format": "legato-plan/9"}', "format"),
        (b'{"format": "legato-plan/1"}', "missing"),
        (b'{"format": "legato-plan/1", "format": "legato-plan/1"}', "twice"),
        (b"PK\x03\x04 and no more", "not_arrays"),
    ],
)
def test_what_is_no_plan_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(PlanFileUnreadable) as refusal:
        verified(data)
    assert refusal.value.facts["why"] == why


@pytest.mark.parametrize(
    ("path", "to", "why"),
    [
        (("problem", "units", 0, "value"), -1, "number"),
        (("problem", "units", 0, "value"), 2**62, "number"),
        (("problem", "units", 0, "value"), 1.5, "type"),
        (("problem", "units", 0, "value"), True, "type"),
        (("problem", "units", 0, "heat"), "tepid", "type"),
        (("problem", "units", 0, "id"), 2, "twice"),
        (("problem", "units", 0, "ties"), [[7]], "type"),
        (("problem", "units", 0, "needs"), [{"kind": "a", "value": "b"}] * 2, "twice"),
        (("problem", "candidates", 0, "ends_on"), "soon", "type"),
        (("problem", "candidates", 0, "more"), 1, "unknown"),
        (("problem", "rules"), None, "type"),
        (("problem", "rules", "stay"), 10**9, "number"),
        (("proposal", "tolerance"), 10**15, "number"),
        (("names",), [], "type"),
        (("more",), 1, "unknown"),
    ],
)
def test_a_field_that_is_not_as_it_must_be_is_named(
    values: dict[str, Any], path: tuple[Any, ...], to: Any, why: str
) -> None:
    with pytest.raises(PlanFileUnreadable) as refusal:
        verified(text(changed(values, path, to)).encode())
    assert refusal.value.facts["why"] == why


def test_rows_in_another_order_are_another_file(values: dict[str, Any]) -> None:
    turned = deepcopy(values)
    turned["problem"]["units"].reverse()
    assert objections(turned) == {"digest_untrue"}


def test_the_plan_of_this_test_is_sound() -> None:
    assert violations(book(), made(book())) == ()
    assert violations(book(), replace(made(book()), tolerance=0)) != ()
