"""Writes the records of one branch's CRM, account by account, as the branch's people would have.

Chance comes from the branch's own generator, so no branch's data hang on another's.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from math import ceil
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from legato.sample.branch import Branch
from legato.sample.company import Product, Record
from legato.sample.staff import Share
from legato.sample.tempers import TEMPERS, Temper

LETTERS = {
    "account": "A",
    "contact": "C",
    "opportunity": "D",
    "lead": "L",
    "activity": "T",
    "commitment": "P",
    "ticket": "S",
}
OFFICE_HOURS = (10, 11, 14, 15, 16, 17)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An account with what decides about its records; ``size`` is 1 for the common customer."""

    record: Record
    temper: Temper
    size: float
    last: date
    """The day of the last thing written of it."""


@dataclass(slots=True, kw_only=True)
class Desk:
    branch: Branch
    chance: Random
    today: date
    products: Sequence[Product]
    zones: dict[str, str]
    """Each rep's time zone."""
    helpers: Mapping[str, Sequence[str]]
    """For each rep the colleagues who now and then help on their accounts."""
    numbers: Counter[str] = field(default_factory=Counter)
    names: Iterator[tuple[str, str, str]] = field(init=False)

    def __post_init__(self) -> None:
        firms = [
            (stem, trade, industry)
            for stem in self.branch.stems
            for trade, industry in self.branch.trades
        ]
        self.chance.shuffle(firms)
        self.names = iter(firms)

    def accounts(self, shares: Sequence[Share]) -> list[Held]:
        """Every account of the shares; one in fifteen is a daughter of one before it."""
        made: list[Held] = []
        parent: Record | None = None
        daughters: Counter[str] = Counter()
        for share in shares:
            for _each in range(share.accounts):
                if parent and self.odds(7) and daughters[parent.key] < len(self.branch.places):
                    place = self.branch.places[daughters[parent.key]]
                    daughters[parent.key] += 1
                    made.append(self._account(share, parent=parent, place=place))
                else:
                    made.append(self._account(share))
                    parent = made[-1].record
        return made

    def records_of(self, held: Held) -> Iterator[Record]:
        """What is written of an account besides itself."""
        yield from self._contacts(held)
        yield from self._deals(held)
        yield from self._talks(held)
        yield from self._promises(held)
        yield from self._tickets(held)

    def promise(self, held: Held, *, due: datetime, kind: str | None = None) -> Record:
        """An open promise on an account."""
        category = kind or self.pick(tuple(self.branch.promises))
        return self.on(
            held,
            "commitment",
            self.pick(self.branch.promises[category]),
            stage=self.branch.planned,
            opened=held.last,
            due=due,
            category=category,
        )

    def deal(self, held: Held, *, owner: str) -> Record:
        """An open opportunity on an account, of somebody who need not be the account's owner."""
        return replace(self._open_deal(held), owner=owner)

    def lead(self, owner: str, *, territory: str) -> Record:
        is_done = self.odds(25)
        opened = self.days_ago(3, 300)
        stem, trade, industry = next(self.names)
        firm = self.branch.firm(self.pick(self.branch.forms), stem, trade)
        return Record(
            kind="lead",
            key=self.key("lead"),
            name=self.somebody(),
            owner=owner,
            language=self.branch.language,
            stage=self.branch.lead_done if is_done else self.pick(self.branch.lead_open),
            opened=opened,
            touched=min(self.today - timedelta(days=1), opened + self.days(0, 60)),
            category=self.pick(self.branch.sources),
            description=f"{firm}: {self.pick(self.branch.leads)}",
            title=self.pick(self.branch.positions),
            territory=territory,
            industry=industry,
            phone=self.phone(),
        )

    def on(self, held: Held, kind: str, name: str, **more: Any) -> Record:
        """A record of an account, its owner's unless said otherwise."""
        details = {"owner": held.record.owner, **more}
        return Record(
            kind=kind,
            key=self.key(kind),
            name=name,
            account=held.record.key,
            language=self.branch.language,
            **details,
        )

    def odds(self, percent: int) -> bool:
        return self.chance.randrange(100) < percent

    def pick(self, choices: Sequence[str]) -> str:
        return self.chance.choice(choices)

    def days(self, least: int, most: int) -> timedelta:
        return timedelta(days=self.chance.randint(least, most))

    def days_ago(self, least: int, most: int) -> date:
        return self.today - self.days(least, most)

    def key(self, kind: str) -> str:
        self.numbers[kind] += 1
        return f"{self.branch.code}-{LETTERS[kind]}{self.numbers[kind]:05}"

    def somebody(self) -> str:
        return self.branch.person(self.pick(self.branch.families), self.pick(self.branch.givens))

    def phone(self) -> str:
        """Of numbers that are given to nobody."""
        parts = self.branch.phone.count("{")
        return self.branch.phone.format(*(self.chance.randrange(10, 100) for _each in range(parts)))

    def _account(self, share: Share, *, parent: Record | None = None, place: str = "") -> Held:
        temper = self.chance.choices(TEMPERS, [each.odds for each in TEMPERS])[0]
        last = self.days_ago(*temper.silence)
        if parent:
            name, industry = (
                self.branch.site.format(parent=parent.name, place=place),
                parent.industry,
            )
        else:
            stem, trade, industry = next(self.names)
            name = self.branch.firm(self.pick(self.branch.forms), stem, trade)
        key = self.key("account")
        record = Record(
            kind="account",
            key=key,
            name=name,
            owner=share.rep,
            language=self.branch.language,
            parent=parent.key if parent else "",
            opened=last - self.days(200, 3000),
            touched=last,
            category=self.pick(self.branch.kinds_of_account),
            email=f"info@{key.lower()}.example",
            phone=self.phone(),
            territory=share.territory,
            industry=industry,
        )
        size = min(60.0, self.chance.paretovariate(1.25))
        return Held(record=record, temper=temper, size=size, last=last)

    def _contacts(self, held: Held) -> Iterator[Record]:
        for number in range(self.chance.choice((1, 1, 1, 2, 2, 3))):
            yield self.on(
                held,
                "contact",
                self.somebody(),
                opened=held.last - self.days(30, 900),
                touched=held.last - self.days(0, 90),
                title=self.pick(self.branch.positions),
                email=f"contact{number + 1}@{held.record.key.lower()}.example",
                phone=self.phone(),
            )

    def _deals(self, held: Held) -> Iterator[Record]:
        for stage, weights in (
            (self.branch.won, (30, 40, 20, 10)),
            (self.branch.lost, (55, 35, 10)),
        ):
            for _each in range(self.chance.choices(range(len(weights)), weights)[0]):
                yield self._closed_deal(held, stage)
        for _each in range(self.chance.choices(range(3), held.temper.deals)[0]):
            yield self._open_deal(held)

    def _closed_deal(self, held: Held, stage: str) -> Record:
        product, amount = self._wanted(held)
        closed = held.last - self.days(0, 800)
        return self.on(
            held,
            "opportunity",
            self.pick(self.branch.deals).format(product=product.name),
            stage=stage,
            amount=amount if stage == self.branch.won or self.odds(70) else None,
            territory=held.record.territory,
            opened=closed - self.days(20, 200),
            closed=closed,
            touched=closed,
            product=product.name,
        )

    def _open_deal(self, held: Held) -> Record:
        product, amount = self._wanted(held)
        temper = held.temper
        return self.on(
            held,
            "opportunity",
            self.pick(self.branch.deals).format(product=product.name),
            stage=self.pick(getattr(self.branch, self.pick(temper.depths))),
            amount=None if self.odds(12) else amount,
            territory=held.record.territory,
            opened=held.last - self.days(5, 150),
            due=self.today + self.days(*temper.closes) if temper.closes else None,
            touched=held.last,
            next_step=self.pick(self.branch.next_steps) if self.odds(temper.next_step) else "",
            product=product.name,
        )

    def _wanted(self, held: Held) -> tuple[Product, int]:
        product = self.chance.choice(self.products)
        pieces = ceil(held.size * self.chance.lognormvariate(0, 0.6))
        return product, product.price * pieces

    def _talks(self, held: Held) -> Iterator[Record]:
        day = held.last
        for _each in range(self.chance.randint(*held.temper.talks)):
            yield self._talk(held, day, stage=self.branch.done, closed=day)
            day -= self.days(7, 60)
        if self.odds(held.temper.step):
            yield self._talk(
                held, self.today + self.days(*held.temper.ahead), stage=self.branch.planned
            )

    def _talk(self, held: Held, day: date, *, stage: str, closed: date | None = None) -> Record:
        category = self.pick(tuple(self.branch.talks))
        helps = closed is not None and self.odds(9)
        return self.on(
            held,
            "activity",
            self.pick(self.branch.talks[category]),
            owner=self._helper(held) if helps else held.record.owner,
            stage=stage,
            opened=min(day, held.last),
            closed=closed,
            due=day,
            category=category,
        )

    def _promises(self, held: Held) -> Iterator[Record]:
        if self.odds(held.temper.promise):
            day = self.today + self.days(*held.temper.ahead)
            yield self.promise(held, due=self.at_the_office(held.record.owner, day))
        if self.odds(5):
            category = self.pick(tuple(self.branch.promises))
            yield self.on(
                held,
                "commitment",
                self.pick(self.branch.promises[category]),
                stage=self.branch.done,
                opened=held.last - self.days(20, 90),
                closed=held.last - self.days(0, 15),
                due=self.at_the_office(held.record.owner, held.last),
                category=category,
            )

    def _tickets(self, held: Held) -> Iterator[Record]:
        is_open = self.odds(held.temper.ticket)
        if is_open or self.odds(10):
            category = self.pick(tuple(self.branch.tickets))
            yield self.on(
                held,
                "ticket",
                self.pick(self.branch.tickets[category]),
                owner=self._helper(held) if self.odds(20) else held.record.owner,
                stage=self.pick(self.branch.ticket_open) if is_open else self.branch.ticket_done,
                opened=held.last,
                closed=None if is_open else held.last,
                due=self.today + self.days(*held.temper.ahead) if is_open else None,
                category=category,
            )

    def _helper(self, held: Held) -> str:
        return self.pick(self.helpers[held.record.owner])

    def at_the_office(self, rep: str, day: date, hour: int | None = None) -> datetime:
        """An hour of the day where the rep works."""
        chosen = self.chance.choice(OFFICE_HOURS) if hour is None else hour
        return datetime.combine(day, time(chosen), ZoneInfo(self.zones[rep]))
