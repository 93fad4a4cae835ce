"""Random small books for property tests, and short ways to build the values of a split."""

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from legato.domain.plan import HEATS, Candidate, Pin, Problem, Rules, Skill, Unit

LANGUAGES = [Skill(kind="language", value=value) for value in ("ja", "ru", "zh")]
INDUSTRIES = [Skill(kind="industry", value=value) for value in ("bank", "port")]
FIRST_PERSON = 100


def unit(number: int, **facts: Any) -> Unit:
    return Unit(**{"id": number, "heat": "warm", "value": 0, **facts})


def candidate(number: int, **facts: Any) -> Candidate:
    return Candidate(**{"id": number, "capacity": 100_000, "load": 0, **facts})


def problem(units: Iterable[Unit], candidates: Iterable[Candidate], **facts: Any) -> Problem:
    return Problem(**{"units": tuple(units), "candidates": tuple(candidates), **facts})


@st.composite
def books(
    draw: st.DrawFn, *, most_units: int = 14, most_people: int = 4, roomy: bool = False
) -> Problem:
    """A split of some units among some people: languages, groups, ties, pins and short room."""
    people = draw(st.integers(1, most_people))
    units = [
        draw(_units(number, people)) for number in range(1, 1 + draw(st.integers(1, most_units)))
    ]
    candidates = [draw(_candidates(FIRST_PERSON + number, roomy)) for number in range(people)]
    recorded = frozenset(skill for person in candidates for skill in person.skills)
    return problem(units, candidates, rules=Rules(recorded=recorded))


@st.composite
def _units(draw: st.DrawFn, number: int, people: int) -> Unit:
    persons = st.integers(FIRST_PERSON, FIRST_PERSON + people - 1)
    ties = draw(st.dictionaries(persons, st.integers(0, 1000), max_size=2))
    return unit(
        number,
        heat=draw(st.sampled_from(HEATS)),
        value=draw(st.one_of(st.just(0), st.integers(0, 1000), st.integers(0, 10**6))),
        weight=draw(st.sampled_from([0, 1000, 1000, 1000, 2500])),
        group=draw(st.sampled_from([None, None, None, None, 1, 2])),
        is_key=draw(st.booleans()),
        needs=frozenset(draw(st.lists(st.sampled_from(LANGUAGES), max_size=1))),
        wants=frozenset(draw(st.lists(st.sampled_from(INDUSTRIES), max_size=2))),
        ties=tuple(sorted(ties.items())),
        preferred=draw(st.one_of(st.none(), st.none(), persons)),
    )


@st.composite
def _candidates(draw: st.DrawFn, number: int, roomy: bool) -> Candidate:
    skills = st.lists(st.sampled_from(LANGUAGES + INDUSTRIES), max_size=4)
    return candidate(
        number,
        capacity=100_000 if roomy else draw(st.integers(0, 8)) * 1000,
        load=draw(st.integers(0, 4)) * 1000,
        skills=frozenset(draw(skills)),
        employed_days=draw(st.sampled_from([10, 1000])),
        held=draw(st.sampled_from([False, False, False, False, True])),
    )


def pinned(book: Problem, *pins: tuple[int, int]) -> Problem:
    """The same book with these pins: pairs of unit and person."""
    return problem(
        book.units,
        book.candidates,
        rules=book.rules,
        pins=tuple(Pin(unit=number, person=person) for number, person in pins),
    )
