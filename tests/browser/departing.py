"""Four departures of 420 customers each, one for every language a journey runs in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from tests import example
from tests.browser.company import CUSTOMERS
from tests.browser.reading import PHONE, Sight
from tests.example import GIVEN, Cast

from legato.departures import operations as departures
from legato.domain.departure import Announcement
from legato.planning import operations as planning
from legato.planning.operations import Options, Proposed

ACCOUNTS = 420
LEAVERS = {"en": "Olivia Tanner", "ja": "田中 翔", "zh-hans": "陈 伟", "ru": "Анна Белова"}
SUCCESSORS = ("佐藤 健二郎", "王 芳", "Mary Jones", "Пётр Смирнов", "鈴木 葵", "李 娜", "John Hill")
SIGHTS = {
    "en": Sight(language="en"),
    "ja": Sight(language="ja", size=PHONE),
    "zh-hans": Sight(language="zh-hans", dark=True),
    "ru": Sight(language="ru", zoom=2),
}
"""English is done by keys alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departing:
    """``noa`` is a second manager; the cases and their first plans, by language."""

    cast: Cast
    noa: int
    successors: tuple[int, ...]
    cases: dict[str, int]
    plans: dict[str, Proposed]


def departing(*, now: datetime, deals: bool) -> Departing:
    """``deals``: whether every second customer has one."""
    cast = example.company()
    noa = example.person(name="Noa Peretz", role="manager", manager=cast.ada)
    successors = tuple(
        example.person(name=name, manager=cast.mei, team="East", capacity=Decimal(400))
        for name in SUCCESSORS
    )
    cases, plans = {}, {}
    for language, name in LEAVERS.items():
        leaver = example.person(name=name, manager=cast.mei, team="East", capacity=Decimal(500))
        book(leaver, now=now, deals=deals)
        cases[language] = departures.open_case(
            person_id=leaver,
            announced=Announcement(kind="resignation", last_day=now.date() + timedelta(days=14)),
            actor=cast.mei, now=now, reason="Moves to another town",
        ).case  # fmt: skip
        plans[language] = departures.plan(
            cases=[cases[language]],
            options=Options(excluded=frozenset({cast.kenji, cast.ivo})),
            actor=cast.mei,
            now=now,
            reason="",
        )
    return Departing(cast=cast, noa=noa, successors=successors, cases=cases, plans=plans)


ACCOUNT = """
INSERT INTO books_record (kind, source, key, name, owner_id, owner_since, owner_entry_id, entry_id,
                          is_open, owner_is_ours, touched_at, language)
SELECT 'account', 'journey', %(entry)s || '-' || n,
       (%(names)s::text[])[1 + mod(n, cardinality(%(names)s::text[]))] || ' ' || n,
       %(owner)s, %(at)s, %(entry)s, %(entry)s, true, false,
       %(now)s - make_interval(days => (ARRAY[5, 60, 200])[1 + mod(n, 3)]),
       (ARRAY['ja', 'zh', 'ru', 'en'])[1 + mod(n, 4)]
FROM generate_series(1, %(many)s) n
"""
DEAL = """
INSERT INTO books_record (kind, source, key, name, account_id, owner_id, owner_since,
                          owner_entry_id, entry_id, is_open, owner_is_ours, value, depth,
                          touched_at)
SELECT 'opportunity', 'journey', 'deal-' || id, name, id, owner_id, owner_since, owner_entry_id,
       entry_id, true, false, 500 + mod(id, 40) * 250,
       (ARRAY['late', 'middle', 'early'])[1 + mod(id, 3)], touched_at
FROM books_record WHERE kind = 'account' AND owner_id = %(owner)s AND mod(id, 2) = 0
"""


def book(owner: int, *, now: datetime, deals: bool) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        given = example.entry(kind="records_created", actor=owner, at=GIVEN)
        asked: dict[str, Any] = {
            "entry": given.pk, "owner": owner, "at": GIVEN, "now": now, "many": ACCOUNTS,
            "names": [name for name, _language in CUSTOMERS],
        }  # fmt: skip
        cursor.execute(ACCOUNT, asked)
        if deals:
            cursor.execute(DEAL, asked)


def carried_out(found: Departing, *, language: str, at: datetime) -> int:
    """The first plan of that language's departure, approved and committed; the commit."""
    made = found.plans[language]
    planning.approve(plan_id=made.plan, approver=found.cast.ada, now=at, reason="Fair")
    done = planning.commit(
        plan_id=made.plan, digest=made.digest, actor=found.cast.mei, now=at, reason="Go"
    )
    return done.commit
