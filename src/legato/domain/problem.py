"""What a split is decided from: units, candidates, rules and pins, as plain frozen values.

A problem sorts its own rows and refuses a key that occurs twice, so that the order in which a
database hands over rows can never change a plan.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol, TypeVar

Heat = Literal["hot", "warm", "cold"]
HEATS: tuple[Heat, ...] = ("hot", "warm", "cold")

Measure = str
"""What is shared out: a heat, a stratum (a heat and a tier, as ``hot/1``), ``total``, ``value`` in
currency units, ``weight`` in thousandths of an account."""

SkillKind = str
"""``language``, ``territory``, ``industry``, ``product``; further kinds add no fit."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Skill:
    kind: SkillKind
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An account with all that goes along, or a record decided by itself."""

    id: int
    heat: Heat
    value: int
    """Whole currency units, never negative; 0 where it is unknown."""
    value_known: bool = True
    weight: int = 1000
    """Thousandths of a weighted account."""
    group: int | None = None
    """Units of one parent group go to one person."""
    tier: int = 0
    """0 is ordinary, higher is more demanding."""
    is_key: bool = False
    needs: frozenset[Skill] = frozenset()
    """Hard: without these nobody gets it, unless nobody at all has recorded them."""
    wants: frozenset[Skill] = frozenset()
    ties: tuple[tuple[int, int], ...] = ()
    """(person, 0..1000): the strength of that person's existing tie."""
    preferred: int | None = None
    """Gets it before the split if eligible; not looked at for a unit of a group."""
    family_owners: frozenset[int] = frozenset()
    barred: frozenset[int] = frozenset()
    """Persons with a conflict of interest."""
    owner: int | None = None
    """In a reorganisation the present owner, who may keep it."""

    @property
    def stratum(self) -> Measure:
        return f"{self.heat}/{self.tier}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    id: int
    capacity: int
    """Thousandths of a weighted account, as is ``load``."""
    load: int
    skills: frozenset[Skill] = frozenset()
    is_employed: bool = True
    ends_on: date | None = None
    held: bool = False
    leave_days: int = 0
    """Working days of known leave that runs now or starts within the horizon."""
    employed_days: int = 100_000
    has_open_case: bool = False
    is_leaver: bool = False

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.load)

    def is_novice(self, rules: "Rules") -> bool:
        return self.employed_days < rules.novice_days


@dataclass(frozen=True, slots=True, kw_only=True)
class FitWeights:
    """The most points each part of the fit can give; 1000 together by default."""

    tie: int = 400
    territory: int = 150
    language: int = 150
    industry: int = 100
    product: int = 100
    family: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    max_leave_days: int = 10
    novice_days: int = 90
    novice_cap: int | None = None
    """The most units of each heat and each tier above 0 that somebody newer than that gets."""
    stay: int = 1000
    """Points of fit for a unit that stays with its owner."""
    tolerances: tuple[int, ...] = (20, 50, 100)
    """Permitted deviation of value and of weight from a share, in thousandths, tried in this
    order."""
    fit: FitWeights = field(default_factory=FitWeights)
    recorded: frozenset[Skill] = frozenset()
    """Skills that somebody in the company has recorded."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Pin:
    unit: int
    person: int


class _Keyed(Protocol):
    @property
    def id(self) -> int: ...


K = TypeVar("K", bound=_Keyed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    units: tuple[Unit, ...]
    candidates: tuple[Candidate, ...]
    rules: Rules = field(default_factory=Rules)
    pins: tuple[Pin, ...] = ()
    excluded: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "units", _by_id(self.units))
        object.__setattr__(self, "candidates", _by_id(self.candidates))
        object.__setattr__(self, "pins", tuple(sorted(set(self.pins))))


def _by_id(rows: Iterable[K]) -> tuple[K, ...]:
    ordered = tuple(sorted(rows, key=lambda row: row.id))
    if len({row.id for row in ordered}) != len(ordered):
        raise ValueError("the same id twice in one problem")
    return ordered
