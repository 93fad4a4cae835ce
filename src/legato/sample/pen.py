"""What writing any record takes: chance, days, keys, names. One pen per branch.

Chance comes from the branch's own generator, so no branch's data hang on another's.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from legato.sample.branch import Branch

LETTERS = {
    "account": "A",
    "contact": "C",
    "opportunity": "D",
    "lead": "L",
    "activity": "T",
    "commitment": "P",
    "ticket": "S",
}


@dataclass(slots=True, kw_only=True)
class Pen:
    branch: Branch
    chance: Random
    today: date
    numbers: Counter[str] = field(default_factory=Counter)
    firms: Iterator[tuple[str, str, str]] = field(init=False)
    """Stem, trade and industry of firms not yet named."""

    def __post_init__(self) -> None:
        firms = [
            (stem, trade, industry)
            for stem in self.branch.stems
            for trade, industry in self.branch.trades
        ]
        self.chance.shuffle(firms)
        self.firms = iter(firms)

    def odds(self, percent: int) -> bool:
        return self.chance.randrange(100) < percent

    def pick(self, choices: Sequence[str]) -> str:
        return self.chance.choice(choices)

    def count(self, *weights: int) -> int:
        """None, one, two … as often as the weights say."""
        return self.chance.choices(range(len(weights)), weights)[0]

    def days(self, least: int, most: int) -> timedelta:
        return timedelta(days=self.chance.randint(least, most))

    def days_ago(self, least: int, most: int) -> date:
        return self.today - self.days(least, most)

    def key(self, kind: str) -> str:
        self.numbers[kind] += 1
        return f"{self.branch.code}-{LETTERS[kind]}{self.numbers[kind]:05}"

    def firm(self) -> tuple[str, str]:
        """The name and the industry of a firm that was not named before."""
        stem, trade, industry = next(self.firms)
        return self.branch.firm(self.pick(self.branch.forms), stem, trade), industry

    def somebody(self) -> str:
        return self.branch.person(self.pick(self.branch.families), self.pick(self.branch.givens))

    def phone(self) -> str:
        """A number that is given to nobody."""
        parts = self.branch.phone.count("{")
        return self.branch.phone.format(*(self.chance.randrange(10, 100) for _each in range(parts)))
