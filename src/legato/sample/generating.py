"""Makes the sample company out of a seed and a now: the same two give the same company.

No date stands in it that is not counted from now, so the story fits the day it is told on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from legato.sample.branch import Branch
from legato.sample.britain import BRITAIN
from legato.sample.china import CHINA
from legato.sample.company import Absence, Colleague, Company, Holiday, Product, Record
from legato.sample.desk import Desk
from legato.sample.firms import Held
from legato.sample.firms import accounts as accounts_of
from legato.sample.japan import JAPAN
from legato.sample.pen import Pen
from legato.sample.russia import RUSSIA
from legato.sample.staff import (
    CAST,
    NAME,
    ON_LONG_LEAVE,
    branch_of,
    colleagues,
    shares,
)

OFFICES = (JAPAN, CHINA, RUSSIA, BRITAIN)

# Of each model two sizes, with their list prices in euros.
MODELS = {
    "FM": ((120, 1800), (400, 4200)),
    "LT": ((50, 900), (80, 2400)),
    "PT": ((10, 600), (30, 1500)),
    "DP": ((25, 3200), (75, 7800)),
    "GA": ((7, 9500), (9, 21000)),
    "DL": ((4, 700), (16, 1600)),
    "CS": ((12, 400), (24, 1200)),
    "MC": ((1, 1500), (5, 6000)),
}
LEADS_PER_REP = 12
ON_OTHERS_ACCOUNTS, WITHOUT_ACCOUNT = 3, 2
"""Open opportunities of the leaver in each of their branches."""

# What the leaver has promised for tomorrow: where, in whose time, what kind.
BURNING = (
    ("ru", "Дальний Восток", 12, "document owed"),
    ("ru", "Дальний Восток", 15, "promise"),
    ("ru", "Дальний Восток", 18, "deadline"),
    ("ja", "北海道・東北", 10, "deadline"),
    ("ja", "北海道・東北", 17, "special term"),
)
ZONES = {"ru": "Asia/Vladivostok", "ja": "Asia/Tokyo"}
DAY_OFF = ("JP", "Asia/Tokyo", "創立記念日")
"""A holiday for tomorrow in one of the two places."""


def company(*, now: datetime, seed: int) -> Company:
    """The company as its files would show it at ``now`` (aware). Pure and repeatable."""
    staff = colleagues(today=now.date())
    return Company(
        name=NAME,
        now=now,
        seed=seed,
        cast=CAST,
        colleagues=staff,
        products=tuple(product for branch in OFFICES for product in _products(branch)),
        records=tuple(
            record for branch in OFFICES for record in _written(branch, staff, now=now, seed=seed)
        ),
        absences=_absences(now.date()),
        holidays=(_holiday(now),),
    )


def _products(branch: Branch) -> Iterator[Product]:
    for model, sizes in MODELS.items():
        for size, price in sizes:
            yield Product(
                key=f"{branch.code}-{model}{size}",
                name=f"{branch.products[model]} {model}-{size}",
                series=model,
                price=price,
                language=branch.language,
            )


def _written(
    branch: Branch, staff: Sequence[Colleague], *, now: datetime, seed: int
) -> Iterator[Record]:
    """One branch's CRM: accounts first, then what hangs on each, then what hangs on none."""
    pen = Pen(branch=branch, chance=Random(f"{seed} {branch.code}"), today=now.date())
    desk = Desk(
        pen=pen,
        products=tuple(_products(branch)),
        zones={each.name: each.time_zone for each in staff},
        helpers=_helpers(staff),
    )
    accounts = accounts_of(
        pen, [each for each in shares() if branch_of(each.territory) == branch.language]
    )
    yield from (held.record for held in accounts)
    for held in accounts:
        yield from desk.records_of(held)
    yield from _burning(desk, accounts, now)
    yield from _astray(desk, accounts)
    yield from _leads(desk, accounts)


def _burning(desk: Desk, accounts: Sequence[Held], now: datetime) -> Iterator[Record]:
    """The leaver's promises for tomorrow, each on an account of its own."""
    for number, (language, territory, hour, kind) in enumerate(BURNING):
        if language == desk.branch.language:
            theirs = [
                held
                for held in accounts
                if (held.record.owner, held.record.territory) == (CAST.leaver, territory)
            ]
            yield desk.promise(
                theirs[number * 7], due=_tomorrow(now, ZONES[language], hour), kind=kind
            )


def _astray(desk: Desk, accounts: Sequence[Held]) -> Iterator[Record]:
    """Opportunities of the leaver on neighbours' accounts, and on none."""
    own = [held for held in accounts if held.record.owner == CAST.leaver]
    where = {held.record.territory for held in own}
    others = [
        held
        for held in accounts
        if held.record.owner != CAST.leaver and held.record.territory in where
    ]
    if own:
        for held in desk.pen.chance.sample(others, ON_OTHERS_ACCOUNTS):
            yield desk.deal(held, owner=CAST.leaver)
        for held in desk.pen.chance.sample(own, WITHOUT_ACCOUNT):
            yield replace(desk.deal(held, owner=CAST.leaver), account="")


def _leads(desk: Desk, accounts: Sequence[Held]) -> Iterator[Record]:
    """For each rep of the branch as many, from where their first accounts are."""
    places = {held.record.owner: held.record.territory for held in reversed(accounts)}
    for rep, territory in sorted(places.items()):
        for _each in range(LEADS_PER_REP):
            yield desk.lead(rep, territory=territory)


def _helpers(staff: Sequence[Colleague]) -> dict[str, tuple[str, ...]]:
    """The others of each rep's team, but never the leaver, whose promises are counted."""
    return {
        rep.name: tuple(
            each.name
            for each in staff
            if each.team == rep.team
            and each.role == "rep"
            and each.name not in (rep.name, CAST.leaver)
        )
        for rep in staff
    }


def _absences(today: date) -> tuple[Absence, ...]:
    def away(name: str, first: int, last: int, reason: str) -> Absence:
        return Absence(
            name=name,
            first_day=today + timedelta(days=first),
            last_day=today + timedelta(days=last),
            reason=reason,
        )

    return (
        away(ON_LONG_LEAVE, -5, 30, "parental leave"),
        away("Jun Fang", 6, 8, "training"),
        away("Emi Sugawara", 20, 27, "holiday"),
    )


def _holiday(now: datetime) -> Holiday:
    country, zone, name = DAY_OFF
    return Holiday(country=country, day=_tomorrow(now, zone, 0).date(), name=name)


def _tomorrow(now: datetime, zone: str, hour: int) -> datetime:
    """An hour of the next day there: always later than now, never later than in 48 hours."""
    there = now.astimezone(ZoneInfo(zone)) + timedelta(days=1)
    return there.replace(hour=hour, minute=0, second=0, microsecond=0)
