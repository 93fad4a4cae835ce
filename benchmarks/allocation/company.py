"""A made-up company: who its reps are, what its accounts ask for, and how well they fit.

Drawn from a seed by whole numbers alone, account by account, so a piece of a company is the same
whether it is made alone or with the rest.
"""

from dataclasses import dataclass
from enum import IntEnum, auto

import numpy as np
from benchmarks.allocation.chance import Chance, Ints
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

LANGUAGES, INDUSTRIES, PRODUCTS = 12, 8, 6
"""The first language is everybody's."""
TEAM, REGION = 12, 4
"""Reps in a territory, territories in a region."""
TIE, TERRITORY, NEIGHBOUR, LANGUAGE, INDUSTRY, PRODUCT = 400, 150, 75, 150, 100, 100
STAY = 1000
VALUES = (
    900, 1_550, 2_150, 2_650, 3_160, 3_650, 4_150, 4_650, 5_180, 5_720, 6_300, 6_900,
    7_540, 8_220, 8_940, 9_720, 10_560, 11_470, 12_470, 13_580, 14_800, 16_200, 17_800,
    19_600, 21_700, 24_300, 27_500, 31_600, 37_100, 45_100, 58_600, 98_000, 240_000,
)  # fmt: skip
"""Currency units at 33 evenly spaced ranks: a log-normal of median 10,560 and sigma 1, cut."""
STEPS = 1 << 20
WHALES = 200


class Stream(IntEnum):
    PLACE = auto()
    SPEAKS = auto()
    TRADE = auto()
    RANGE = auto()
    NEW = auto()
    ROOM = auto()
    TERRITORY = auto()
    LANGUAGE = auto()
    KEY = auto()
    INDUSTRY = auto()
    PRODUCT = auto()
    HEAT = auto()
    VALUE = auto()
    WHALE = auto()
    WEIGHT = auto()
    TIED = auto()
    STRENGTH = auto()
    LOCAL = auto()
    SPREAD = auto()
    EQUALS = auto()
    OWNER = auto()
    MEMBERS = auto()
    MEMBER_HEAT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reps:
    """Each array has one entry a rep; masks have a bit for each language, industry, product."""

    territory: Ints
    speaks: Ints
    trades: Ints
    sells: Ints
    is_new: Mask
    share: Ints
    """500 to 1500: how much this rep can take beside the others."""

    @property
    def territories(self) -> int:
        return max(1, len(self.territory) // TEAM)


def reps_of(*, chance: Chance, size: int) -> Reps:
    index = np.arange(size)
    rare = min(LANGUAGES - 1, size // 3)
    own = np.where(index % (rare + 1) > 0, 1 << (index % (rare + 1)), 0)
    tongue = np.arange(1, rare + 1)[None, :]
    learnt = chance.below(Stream.SPEAKS, 4, index[:, None], tongue) == 0
    return Reps(
        territory=chance.order(Stream.PLACE, size) % max(1, size // TEAM),
        speaks=1 | own | (learnt << tongue).sum(axis=1, dtype=np.int64),
        trades=_two_bits(chance, Stream.TRADE, INDUSTRIES, index),
        sells=_two_bits(chance, Stream.RANGE, PRODUCTS, index),
        is_new=(chance.below(Stream.NEW, 10, index) == 0) & (index > 0),
        share=500 + chance.below(Stream.ROOM, 1001, index),
    )


def _two_bits(chance: Chance, stream: Stream, kinds: int, index: Ints) -> Ints:
    first, second = (chance.below(stream, kinds, index, np.array([part])) for part in (0, 1))
    return (1 << first) | (1 << second)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Each array has one entry an account."""

    index: Ints
    territory: Ints
    language: Ints
    is_key: Mask
    industry: Ints
    product: Ints
    heat: Ints
    """0 hot, 1 warm, 2 cold."""
    value: Ints
    weight: Ints

    @property
    def kin(self) -> Ints:
        """Which rules apply: the language it needs, and whether newcomers may not have it."""
        return self.language * 2 + self.is_key


def accounts_of(*, chance: Chance, index: Ints, reps: Reps, whale: int = 0) -> Accounts:
    """One in each 200 is ``whale`` times as large as drawn, if that is not 0."""
    rare = min(LANGUAGES - 1, len(reps.territory) // 3)
    foreign = chance.below(Stream.LANGUAGE, 100, index, np.array([0])) < (30 if rare else 0)
    tongue = 1 + chance.below(Stream.LANGUAGE, max(1, rare), index, np.array([1]))
    drawn = chance.below(Stream.HEAT, 100, index)
    value = _values(chance.below(Stream.VALUE, (len(VALUES) - 1) * STEPS, index))
    if whale:
        at = chance.below(Stream.WHALE, WHALES, index // WHALES)
        value = np.where(index % WHALES == at, value * whale, value)
    return Accounts(
        index=index,
        territory=chance.below(Stream.TERRITORY, reps.territories, index),
        language=np.where(foreign, tongue, 0),
        is_key=chance.below(Stream.KEY, 12, index) == 0,
        industry=chance.below(Stream.INDUSTRY, INDUSTRIES, index),
        product=chance.below(Stream.PRODUCT, PRODUCTS, index),
        heat=(drawn >= 20).astype(np.int64) + (drawn >= 50),
        value=value,
        weight=500 + chance.below(Stream.WEIGHT, 1501, index),
    )


def _values(drawn: Ints) -> Ints:
    """Between the two entries of the table, in proportion."""
    table = np.array(VALUES, dtype=np.int64)
    step, rest = drawn // STEPS, drawn % STEPS
    return table[step] + (table[step + 1] - table[step]) * rest // STEPS


def allowed_of(*, reps: Reps, kin: int) -> Ints:
    """Who may take accounts of this kin; newcomers too where nobody else speaks the language."""
    speaks = reps.speaks >> (kin // 2) & 1 == 1
    seasoned = speaks & ~(reps.is_new & (kin % 2 == 1))
    return np.flatnonzero(seasoned if seasoned.any() else speaks)


def fit_of(*, accounts: Accounts, reps: Reps, rows: Ints, takers: Ints) -> Ints:
    """Points without ties, of accounts ``rows`` with reps ``takers`` (broadcast): 0 to 500."""
    home, place = accounts.territory[rows], reps.territory[takers]
    language = accounts.language[rows]
    points: Ints = np.where(home == place, TERRITORY, 0)
    points += np.where((home != place) & (home // REGION == place // REGION), NEIGHBOUR, 0)
    points += LANGUAGE * ((language > 0) & (reps.speaks[takers] >> language & 1 == 1))
    points += INDUSTRY * (reps.trades[takers] >> accounts.industry[rows] & 1)
    points += PRODUCT * (reps.sells[takers] >> accounts.product[rows] & 1)
    return points
