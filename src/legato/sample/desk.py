"""Writes what hangs on the accounts of one branch's CRM, as the branch's people would have."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from legato.sample.branch import Branch
from legato.sample.company import Product, Record
from legato.sample.firms import Held
from legato.sample.pen import Pen

OFFICE_HOURS = (10, 11, 14, 15, 16, 17)
SERVICES = ("CS", "MC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    pen: Pen
    products: Sequence[Product]
    zones: Mapping[str, str]
    """Each rep's time zone."""
    helpers: Mapping[str, Sequence[str]]
    """For each rep the colleagues who now and then help on their accounts."""

    @property
    def branch(self) -> Branch:
        return self.pen.branch

    def records_of(self, held: Held) -> Iterator[Record]:
        """What is written of an account besides itself."""
        yield from self._contacts(held)
        yield from self._deals(held)
        yield from self._talks(held)
        yield from self._promises(held)
        yield from self._tickets(held)

    def promise(self, held: Held, *, due: datetime, kind: str | None = None) -> Record:
        """An open promise on an account."""
        category = kind or self.pen.pick(tuple(self.branch.promises))
        return self.on(
            held,
            "commitment",
            self.pen.pick(self.branch.promises[category]),
            stage=self.branch.planned,
            opened=held.last,
            due=due,
            category=category,
        )

    def deal(self, held: Held, *, owner: str) -> Record:
        """An ordinary open opportunity on an account that need not be the owner's."""
        return replace(self._open_deal(replace(held, size=1.0)), owner=owner)

    def lead(self, owner: str, *, territory: str) -> Record:
        is_done = self.pen.odds(25)
        opened = self.pen.days_ago(3, 300)
        firm, industry = self.pen.firm()
        return Record(
            kind="lead",
            key=self.pen.key("lead"),
            name=self.pen.somebody(),
            owner=owner,
            language=self.branch.language,
            stage=self.branch.lead_done if is_done else self.pen.pick(self.branch.lead_open),
            opened=opened,
            touched=min(self.pen.today - timedelta(days=1), opened + self.pen.days(0, 60)),
            category=self.pen.pick(self.branch.sources),
            description=f"{firm}: {self.pen.pick(self.branch.leads)}",
            title=self.pen.pick(self.branch.positions),
            territory=territory,
            industry=industry,
            phone=self.pen.phone(),
        )

    def on(self, held: Held, kind: str, name: str, **more: Any) -> Record:
        """A record of an account, its owner's unless said otherwise."""
        details = {"owner": held.record.owner, **more}
        return Record(
            kind=kind,
            key=self.pen.key(kind),
            name=name,
            account=held.record.key,
            language=self.branch.language,
            **details,
        )

    def _contacts(self, held: Held) -> Iterator[Record]:
        for number in range(self.pen.chance.choice((1, 1, 1, 2, 2, 3))):
            yield self.on(
                held,
                "contact",
                self.pen.somebody(),
                opened=held.last - self.pen.days(30, 900),
                touched=held.last - self.pen.days(0, 90),
                title=self.pen.pick(self.branch.positions),
                email=f"contact{number + 1}@{held.record.key.lower()}.example",
                phone=self.pen.phone(),
            )

    def _deals(self, held: Held) -> Iterator[Record]:
        for stage, weights in (
            (self.branch.won, (30, 40, 20, 10)),
            (self.branch.lost, (55, 35, 10)),
        ):
            for _each in range(self.pen.count(*weights)):
                yield self._closed_deal(held, stage)
        for _each in range(self.pen.count(*held.temper.deals)):
            yield self._open_deal(held)

    def _closed_deal(self, held: Held, stage: str) -> Record:
        product, amount = self._wanted(held)
        closed = held.last - self.pen.days(0, 800)
        return self.on(
            held,
            "opportunity",
            self._subject(product),
            stage=stage,
            amount=amount if stage == self.branch.won or self.pen.odds(70) else None,
            territory=held.record.territory,
            opened=closed - self.pen.days(20, 200),
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
            self._subject(product),
            stage=self.pen.pick(getattr(self.branch, self.pen.pick(temper.depths))),
            amount=None if self.pen.odds(12) else amount,
            territory=held.record.territory,
            opened=held.last - self.pen.days(5, 150),
            due=self.pen.today + self.pen.days(*temper.closes) if temper.closes else None,
            touched=held.last,
            next_step=self.pen.pick(self.branch.next_steps)
            if self.pen.odds(temper.next_step)
            else "",
            product=product.name,
        )

    def _subject(self, product: Product) -> str:
        subjects = self.branch.services if product.series in SERVICES else self.branch.deals
        return self.pen.pick(subjects).format(product=product.name)

    def _wanted(self, held: Held) -> tuple[Product, int]:
        product = self.pen.chance.choice(self.products)
        pieces = ceil(held.size * self.pen.chance.lognormvariate(0, 0.6))
        return product, product.price * pieces

    def _talks(self, held: Held) -> Iterator[Record]:
        day = held.last
        for _each in range(self.pen.chance.randint(*held.temper.talks)):
            yield self._talk(held, day, stage=self.branch.done, closed=day)
            day -= self.pen.days(7, 60)
        if self.pen.odds(held.temper.step):
            yield self._talk(
                held,
                self.pen.today + self.pen.days(*held.temper.ahead),
                stage=self.branch.planned,
            )

    def _talk(self, held: Held, day: date, *, stage: str, closed: date | None = None) -> Record:
        category = self.pen.pick(tuple(self.branch.talks))
        helps = closed is not None and self.pen.odds(9)
        return self.on(
            held,
            "activity",
            self.pen.pick(self.branch.talks[category]),
            owner=self._helper(held) if helps else held.record.owner,
            stage=stage,
            opened=min(day, held.last),
            closed=closed,
            due=day,
            category=category,
        )

    def _promises(self, held: Held) -> Iterator[Record]:
        if self.pen.odds(held.temper.promise):
            day = self.pen.today + self.pen.days(*held.temper.ahead)
            yield self.promise(held, due=self.at_the_office(held.record.owner, day))
        if self.pen.odds(5):
            category = self.pen.pick(tuple(self.branch.promises))
            yield self.on(
                held,
                "commitment",
                self.pen.pick(self.branch.promises[category]),
                stage=self.branch.done,
                opened=held.last - self.pen.days(20, 90),
                closed=held.last - self.pen.days(0, 15),
                due=self.at_the_office(held.record.owner, held.last),
                category=category,
            )

    def _tickets(self, held: Held) -> Iterator[Record]:
        is_open = self.pen.odds(held.temper.ticket)
        if is_open or self.pen.odds(10):
            category = self.pen.pick(tuple(self.branch.tickets))
            yield self.on(
                held,
                "ticket",
                self.pen.pick(self.branch.tickets[category]),
                owner=self._helper(held) if self.pen.odds(20) else held.record.owner,
                stage=self.pen.pick(self.branch.ticket_open)
                if is_open
                else self.branch.ticket_done,
                opened=held.last,
                closed=None if is_open else held.last,
                due=self.pen.today + self.pen.days(*held.temper.ahead) if is_open else None,
                category=category,
            )

    def _helper(self, held: Held) -> str:
        return self.pen.pick(self.helpers[held.record.owner])

    def at_the_office(self, rep: str, day: date, hour: int | None = None) -> datetime:
        """An hour of the day where the rep works."""
        chosen = self.pen.chance.choice(OFFICE_HOURS) if hour is None else hour
        return datetime.combine(day, time(chosen), ZoneInfo(self.zones[rep]))
