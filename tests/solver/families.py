"""Small books of every kind that a split must stand: the families of the benchmarks as problems.

A book is a pure function of its family, sizes and seed; ``books_of`` lets Hypothesis choose them.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from hypothesis import strategies as st
from tests.strategies import candidate, problem, unit

from legato.domain.plan import HEATS, Candidate, Problem, Rules, Skill, Unit

LANGUAGES = tuple(Skill(kind="language", value=value) for value in ("ja", "ru", "zh"))
PLACES = tuple(Skill(kind="territory", value=value) for value in ("east", "west", "north"))
TRADES = tuple(Skill(kind="industry", value=value) for value in ("bank", "port"))
FIRST_PERSON = 100
RARE = LANGUAGES[0]
PLENTY = 10**9
MISSING = 2
"""How many units of an ``over_capacity`` book cannot be placed."""


def book(family: str, *, seed: int, units: int, people: int) -> Problem:
    """A split of about that many units among about that many persons."""
    random = Random(f"{family}/{seed}/{units}/{people}")
    return FAMILIES[family](random, units, people)


def books_of(
    family: str, *, most_units: int = 24, most_people: int = 5
) -> st.SearchStrategy[Problem]:
    return st.builds(
        book,
        st.just(family),
        seed=st.integers(0, 2**32),
        units=st.integers(1, most_units),
        people=st.integers(1, most_people),
    )


def _departure(random: Random, units: int, people: int) -> Problem:
    persons = range(FIRST_PERSON, FIRST_PERSON + people)
    return _among(
        [_unit(random, number, list(persons)) for number in range(1, units + 1)],
        [_person(random, number) for number in persons],
    )


def _reorganisation(random: Random, units: int, people: int) -> Problem:
    plain = _departure(random, units, people)
    persons = [person.id for person in plain.candidates]
    return _among(
        [replace(row, owner=random.choice([None, *persons])) for row in plain.units],
        plain.candidates,
    )


def _whales(random: Random, units: int, people: int) -> Problem:
    plain = _departure(random, units, people)
    whale = random.choice(plain.units)
    return _changed(plain, lambda row: replace(row, value=row.value * 60) if row is whale else row)


def _scarce(random: Random, units: int, people: int) -> Problem:
    plain = _departure(random, units, people)
    return _speaking(
        _changed(plain, lambda row: _needing(row) if random.random() < 0.6 else row),
        {person.id for person in plain.candidates[:2]},
    )


def _groups(random: Random, units: int, people: int) -> Problem:
    plain = _departure(random, units, people)
    return _changed(plain, lambda row: replace(row, group=random.choice([None, None, 1, 2, 3])))


def _over_capacity(random: Random, units: int, people: int) -> Problem:
    """Only two persons may take the first units, and ``MISSING`` fewer than there are."""
    plain = _departure(random, units, max(3, people))
    rare = random.randint(4, 9)
    special = [unit(1000 + number, heat="hot", needs=frozenset({RARE})) for number in range(rare)]
    two = {plain.candidates[0].id, plain.candidates[1].id}
    first = random.randint(1, rare - MISSING - 1)
    rooms = dict(zip(sorted(two), (first, rare - MISSING - first), strict=True))
    candidates = [
        replace(person, capacity=1000 * rooms.get(person.id, PLENTY)) for person in plain.candidates
    ]
    return _speaking(_among([*plain.units, *special], candidates), two)


def _tight(random: Random, units: int, people: int) -> Problem:
    """Everybody can take about the share that falls to them, some less."""
    plain = _groups(random, units, people)
    weight = sum(row.weight for row in plain.units)
    share = weight // people
    return _among(
        plain.units,
        [
            replace(person, capacity=share * random.randint(6, 16) // 10, load=share // 10)
            for person in plain.candidates
        ],
    )


def _ties(random: Random, units: int, people: int) -> Problem:
    plain = _departure(random, units, people)
    return _changed(plain, lambda row: replace(row, ties=(), wants=frozenset()))


def _hot_only(random: Random, units: int, people: int) -> Problem:
    return _changed(_departure(random, units, people), lambda row: replace(row, heat="hot"))


def _cold_only(random: Random, units: int, people: int) -> Problem:
    return _changed(_departure(random, units, people), lambda row: replace(row, heat="cold"))


def _one_account(random: Random, units: int, people: int) -> Problem:
    return _departure(random, 1, people)


def _one_rep(random: Random, units: int, people: int) -> Problem:
    return _departure(random, units, 1)


def _lopsided(random: Random, units: int, people: int) -> Problem:
    plain = _departure(random, units, 2)
    return _among(
        plain.units,
        [
            replace(person, capacity=share * PLENTY)
            for person, share in zip(plain.candidates, (99, 1), strict=True)
        ],
    )


def _conflict(random: Random, units: int, people: int) -> Problem:
    plain = _departure(random, units, people)
    everybody = frozenset(person.id for person in plain.candidates)
    return _changed(plain, lambda row: replace(row, barred=everybody))


def _tiers(random: Random, units: int, people: int) -> Problem:
    """Demanding units, and newcomers who may have only few of them."""
    plain = _departure(random, units, people)
    tiered = _changed(plain, lambda row: replace(row, tier=random.choice([0, 0, 1, 2])))
    candidates = [
        replace(person, employed_days=random.choice([10, 1000])) for person in plain.candidates
    ]
    return _among(tiered.units, candidates, novice_cap=random.choice([0, 1, 2]))


def _leavers(random: Random, units: int, people: int) -> Problem:
    """Several leave at once; those who stay are not all free to take."""
    plain = _groups(random, units, people)
    return _among(
        plain.units,
        [
            replace(
                person,
                is_leaver=random.random() < 0.3,
                held=random.random() < 0.2,
                leave_days=random.choice([0, 0, 30]),
            )
            for person in plain.candidates
        ],
    )


FAMILIES: dict[str, Callable[[Random, int, int], Problem]] = {
    "departure": _departure,
    "reorganisation": _reorganisation,
    "whales": _whales,
    "scarce": _scarce,
    "groups": _groups,
    "over_capacity": _over_capacity,
    "tight": _tight,
    "ties": _ties,
    "hot_only": _hot_only,
    "cold_only": _cold_only,
    "one_account": _one_account,
    "one_rep": _one_rep,
    "lopsided": _lopsided,
    "conflict": _conflict,
    "tiers": _tiers,
    "leavers": _leavers,
}
LOOSE = (
    "departure", "reorganisation", "whales", "scarce", "ties", "hot_only", "cold_only",
    "one_account", "one_rep", "lopsided",
)  # fmt: skip
"""Families in which neither groups nor room nor caps can stand in the way of the counts."""


def _unit(random: Random, number: int, persons: list[int]) -> Unit:
    tied = random.sample(persons, min(len(persons), random.randint(0, 2)))
    return unit(
        number,
        heat=random.choices(HEATS, (2, 3, 5))[0],
        value=random.choice([0, round(random.lognormvariate(9, 1)), random.randint(1, 50_000)]),
        weight=random.choice([500, 1000, 1000, 1500, 2000]),
        wants=frozenset({random.choice(PLACES), random.choice(TRADES), random.choice(LANGUAGES)}),
        ties=tuple(sorted((person, random.randint(1, 1000)) for person in tied)),
    )


def _person(random: Random, number: int) -> Candidate:
    return candidate(
        number,
        capacity=PLENTY * random.randint(5, 15),
        skills=frozenset({random.choice(PLACES), random.choice(TRADES), *_some(random)}),
    )


def _some(random: Random) -> list[Skill]:
    return [language for language in LANGUAGES[1:] if random.random() < 0.4]


def _needing(row: Unit) -> Unit:
    return replace(row, needs=frozenset({RARE}))


def _speaking(plain: Problem, speakers: set[int]) -> Problem:
    """Only these persons speak the rare language."""
    return _among(
        plain.units,
        [
            replace(person, skills=person.skills | {RARE}) if person.id in speakers else person
            for person in plain.candidates
        ],
    )


def _changed(plain: Problem, change: Callable[[Unit], Unit]) -> Problem:
    return _among([change(row) for row in plain.units], plain.candidates)


def _among(
    units: list[Unit] | tuple[Unit, ...],
    candidates: list[Candidate] | tuple[Candidate, ...],
    novice_cap: int | None = None,
) -> Problem:
    recorded = frozenset(skill for person in candidates for skill in person.skills)
    return problem(units, candidates, rules=Rules(recorded=recorded, novice_cap=novice_cap))
