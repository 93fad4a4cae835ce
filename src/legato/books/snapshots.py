"""What somebody holds at an instant, as plain values: each record with its value, heat and why.

One statement reads the records and what their accounts tell of them; the rule itself is pure.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from legato.domain.heat import Signs, Why, heat_of, hottest
from legato.domain.policy import HeatRule
from legato.domain.problem import Heat


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An open record. ``value`` is None where unknown; ``account_owner`` is of its account."""

    id: int
    kind: str
    name: str
    account: int | None
    account_name: str
    account_owner: int | None
    owner: int
    entry: int
    is_covered: bool
    """Its owner is an interim one."""
    value: Decimal | None
    value_is_estimated: bool
    due_at: datetime | None
    heat: Heat
    heat_why: Why
    country: str
    territory: str
    language: str
    industry: str


# An account is touched when anything on it is; its next step is the nearest that is planned on it.
# A step that was due longer ago than it may still lie ahead says nothing.
HELD = """
WITH held AS MATERIALIZED (
    SELECT r.* FROM books_record r WHERE r.is_open AND {scope}
), told AS (
    SELECT c.account_id AS id,
        max(c.touched_at) AS touched_at,
        min(c.due_at) FILTER (
            WHERE c.is_open AND c.kind IN ('activity', 'commitment')
              AND c.due_at >= %(now)s - make_interval(days => %(steps)s)
        ) AS next_step_at,
        bool_or(c.is_open AND c.kind = 'activity') AS has_next_step,
        sum(c.value) FILTER (
            WHERE c.kind = 'opportunity' AND (c.is_open OR (
                c.outcome = 'won' AND c.closed_on <= (%(now)s AT TIME ZONE 'UTC')::date
                AND c.closed_on > (%(now)s AT TIME ZONE 'UTC' - interval '12 months')::date))
        ) AS value,
        coalesce(bool_or(c.value_is_estimated AND c.is_open), false) AS is_estimated
    FROM books_record c
    WHERE c.account_id IN (SELECT coalesce(h.account_id, h.id) FROM held h)
    GROUP BY c.account_id
)
SELECT h.id, h.kind, h.name, h.account_id, coalesce(a.name, '') AS account_name,
    a.owner_id AS account_owner_id, h.owner_id,
    h.entry_id, h.interim_until IS NOT NULL AS is_covered,
    CASE WHEN h.kind = 'account' THEN coalesce(t.value, 0) ELSE h.value END AS value,
    CASE WHEN h.kind = 'account' THEN coalesce(t.is_estimated, false)
         ELSE h.value_is_estimated END AS is_estimated,
    h.due_at, h.depth,
    CASE WHEN h.kind = 'account' THEN greatest(h.touched_at, t.touched_at)
         ELSE h.touched_at END AS touched_at,
    least(CASE WHEN h.kind IN ('activity', 'commitment', 'ticket')
                AND h.due_at >= %(now)s - make_interval(days => %(steps)s) THEN h.due_at END,
          CASE WHEN h.kind IN ('account', 'opportunity', 'lead') THEN t.next_step_at END
    ) AS next_step_at,
    h.next_step <> '' OR coalesce(t.has_next_step, false) AS has_next_step,
    coalesce(nullif(h.country, ''), a.country, '') AS country,
    coalesce(nullif(h.territory, ''), a.territory, '') AS territory,
    coalesce(nullif(h.language, ''), a.language, '') AS language,
    coalesce(nullif(h.industry, ''), a.industry, '') AS industry
FROM held h
LEFT JOIN books_record a ON a.id = h.account_id
LEFT JOIN told t ON t.id = coalesce(h.account_id, h.id)
ORDER BY h.id
"""

# `domain.heat.heat_of` over the columns of HELD, for books too large to be read row by row: 0 is
# hot, 1 warm, 2 cold. An account is as hot as the hottest work on it.
HEATED = """
WITH told AS ({held}), own AS (
    SELECT t.*, CASE
        WHEN t.depth = 'late' AND t.touched_at >= %(now)s - make_interval(days => %(late)s) THEN 0
        WHEN t.next_step_at <= %(now)s + make_interval(days => %(steps)s) THEN 0
        WHEN t.touched_at >= %(now)s - make_interval(days => %(warm)s) THEN 1
        WHEN t.has_next_step OR t.next_step_at IS NOT NULL THEN 1
        ELSE 2 END AS own_heat
    FROM told t
), work AS (
    SELECT o.account_id AS id, min(o.own_heat) AS heat FROM own o
    WHERE o.kind IN ('opportunity', 'lead') GROUP BY o.account_id
)
SELECT o.*, least(o.own_heat, w.heat) AS heat FROM own o LEFT JOIN work w ON w.id = o.id
"""

OWNED = "r.owner_id = %(owner)s"

# Who had a record `r` for good before the interim owners it has had since; what was taken back
# counts as if it had not been. A covered record that stands in several books is a matter of that
# person's departure: whoever took it over for good and then left as well has it in their own book.
HAD_FOR_GOOD = """(
    SELECT s.owner_id FROM books_span s JOIN ledger_entry e ON e.id = s.ended_by_id
    WHERE s.record_id = r.id AND s.interim_until IS NULL AND e.kind <> 'undo'
    ORDER BY s.ended_by_id DESC LIMIT 1
)"""

# The holder of a book `b` has left since it was taken. Should they be employed again, what they own
# then is of that employment and none of this book's.
LEFT_SINCE = """EXISTS (
    SELECT FROM people_employment m WHERE m.person_id = b.holder_id AND m.ended_at >= b.taken_at
)"""

# What came to the interim owner of an account `a` of the book, after it was given to them, came
# because of the departure and goes along with the account; however often they covered it since.
CAME_WITH_COVER = """(
    r.interim_until IS NULL AND a.interim_until IS NOT NULL AND r.owner_id = a.owner_id
    AND r.owner_entry_id > (
        SELECT max(s.ended_by_id) FROM books_span s
        WHERE s.record_id = a.id AND s.given_to_id = a.owner_id AND s.owner_id <> a.owner_id)
)"""

# Still to be given for good: what the holder has, and what of the book an interim owner covers.
UNDECIDED = f"""r.id IN (
    SELECT r.id FROM books_record r JOIN books_book b ON b.id = %(book)s
    WHERE r.is_open AND r.owner_id = b.holder_id AND NOT {LEFT_SINCE}
    UNION
    SELECT r.id FROM books_item i JOIN books_record r ON r.id = i.record_id
    WHERE i.book_id = %(book)s AND r.is_open AND r.interim_until IS NOT NULL
      AND {HAD_FOR_GOOD} = %(owner)s
    UNION
    SELECT r.id FROM books_item i JOIN books_record a ON a.id = i.record_id
    JOIN books_record r ON r.account_id = a.id
    WHERE i.book_id = %(book)s AND r.is_open AND a.is_open AND {CAME_WITH_COVER}
      AND {HAD_FOR_GOOD.replace("r.id", "a.id")} = %(owner)s
)"""


def held_by(*, owner: int, rule: HeatRule, now: datetime) -> list[Held]:
    """The open records of one person, in order of id."""
    return _held(scope=OWNED, parameters={"owner": owner}, rule=rule, now=now)


def undecided(*, book: int, holder: int, rule: HeatRule, now: datetime) -> list[Held]:
    """The open records of a book that have no new permanent owner yet, in order of id."""
    return _held(scope=UNDECIDED, parameters={"book": book, "owner": holder}, rule=rule, now=now)


def chosen(*, query: str, rule: HeatRule, now: datetime) -> list[Held]:
    """The open records whose ids the query selects, in order of id."""
    return _held(scope=f"r.id IN ({query})", parameters={}, rule=rule, now=now)


def heated(*, query: str, rule: HeatRule, now: datetime) -> tuple[str, dict[str, Any]]:
    """A query with its parameters over the open records whose ids ``query`` selects: what `Held`
    has, by the names of `HELD`, with ``heat`` as 0 hot, 1 warm, 2 cold."""
    parameters = {
        "now": now,
        "steps": rule.next_step_within,
        "late": rule.late_touched_within,
        "warm": rule.warm_touched_within,
    }
    return HEATED.format(held=HELD.format(scope=f"r.id IN ({query})")), parameters


def _held(*, scope: str, parameters: dict[str, Any], rule: HeatRule, now: datetime) -> list[Held]:
    with connection.cursor() as cursor:
        cursor.execute(
            HELD.format(scope=scope), {**parameters, "now": now, "steps": rule.next_step_within}
        )
        rows = cursor.fetchall()
    own = {row[0]: _own_heat(row, rule=rule, now=now) for row in rows}
    of_account: dict[int, list[tuple[Heat, Why]]] = defaultdict(list)
    for row in rows:
        if row[3] is not None and row[1] in ("opportunity", "lead"):
            of_account[row[3]].append(own[row[0]])
    return [_value(row, _warmest(own[row[0]], of_account[row[0]])) for row in rows]


def _own_heat(row: tuple[Any, ...], *, rule: HeatRule, now: datetime) -> tuple[Heat, Why]:
    signs = Signs(
        depth=row[12], touched_at=row[13], next_step_at=row[14], has_next_step=bool(row[15])
    )
    return heat_of(signs=signs, rule=rule, now=now)


def _warmest(own: tuple[Heat, Why], others: Iterable[tuple[Heat, Why]]) -> tuple[Heat, Why]:
    """An account is as hot as the hottest work on it."""
    everything = [own, *others]
    warmest = hottest([heat for heat, _why in everything])
    return next(each for each in everything if each[0] == warmest)


def _value(row: tuple[Any, ...], heat: tuple[Heat, Why]) -> Held:
    return Held(
        id=row[0],
        kind=row[1],
        name=row[2],
        account=row[3],
        account_name=row[4],
        account_owner=row[5],
        owner=row[6],
        entry=row[7],
        is_covered=row[8],
        value=row[9],
        value_is_estimated=row[10],
        due_at=row[11],
        heat=heat[0],
        heat_why=heat[1],
        country=row[16],
        territory=row[17],
        language=row[18],
        industry=row[19],
    )
