"""What is known around the listed units, a set at a time: ties, families, products, conflicts, the
value that makes an account a key account, and who has recorded what."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from legato.domain.calendar import working_days
from legato.domain.names import fold
from legato.domain.policy import Policy
from legato.domain.problem import Skill

LEAVE_HORIZON_DAYS = 30

# Who else has worked with an account, as thousandths of the one who did most: unit, person, tie.
TIES = """
WITH worked AS (
    SELECT r.account_id, r.owner_id, count(*) AS records
    FROM books_record r JOIN people_person p ON p.id = r.owner_id AND p.is_employed
    WHERE r.account_id IN (SELECT s.account_id FROM planning_scope s
                           WHERE s.record_id = s.unit_id)
      AND NOT r.owner_id = ANY (%(holders)s)
    GROUP BY r.account_id, r.owner_id
)
SELECT s.unit_id, w.owner_id,
       1000 * w.records / max(w.records) OVER (PARTITION BY s.unit_id)
FROM planning_scope s JOIN worked w ON w.account_id = s.account_id
WHERE s.record_id = s.unit_id ORDER BY 1, 2
"""

# Up to each account's root, then down to the whole family. UNION ends a chain that loops.
FAMILIES = """
WITH RECURSIVE unit AS (
    SELECT s.unit_id AS id FROM planning_scope s JOIN books_record r ON r.id = s.record_id
    WHERE s.record_id = s.unit_id AND s.is_account AND (
        r.parent_id IS NOT NULL OR EXISTS (SELECT FROM books_record c WHERE c.parent_id = r.id))
), up (id, node) AS (
    SELECT u.id, u.id FROM unit u
    UNION
    SELECT up.id, r.parent_id FROM up JOIN books_record r ON r.id = up.node
    WHERE r.parent_id IS NOT NULL
), roots AS (
    SELECT up.id, coalesce(min(up.node) FILTER (WHERE r.parent_id IS NULL), min(up.node)) AS root
    FROM up JOIN books_record r ON r.id = up.node GROUP BY up.id
), family (root, node) AS (
    SELECT DISTINCT root, root FROM roots
    UNION
    SELECT f.root, r.id FROM family f JOIN books_record r ON r.parent_id = f.node
)
SELECT {columns}
FROM roots JOIN family f ON f.root = roots.root
JOIN books_record m ON m.id = f.node AND m.is_open AND m.id <> roots.id
{joined} JOIN planning_scope s ON s.record_id = m.id AND s.record_id = s.unit_id
{where} ORDER BY 1, 2
"""
# Units of one family in the plan share a group: unit, root.
GROUPS = FAMILIES.format(columns="DISTINCT roots.id, roots.root", joined="", where="")
# Owners of the family elsewhere add fit: unit, person.
RELATIVES = FAMILIES.format(
    columns="DISTINCT roots.id, m.owner_id", joined="LEFT", where="WHERE s.record_id IS NULL"
)

PRODUCTS = """
SELECT u.unit_id, p.name
FROM (
    SELECT s.unit_id, r.product_id FROM planning_scope s JOIN books_record r ON r.id = s.unit_id
    WHERE s.record_id = s.unit_id AND r.is_open
    UNION
    SELECT s.unit_id, r.product_id
    FROM planning_scope s JOIN books_record r ON r.account_id = s.unit_id
    WHERE s.record_id = s.unit_id AND r.is_open
) u JOIN books_product p ON p.id = u.product_id ORDER BY 1, 2
"""

# Conflicts of interest with the account of a unit, or with the unit itself: unit, person.
BARRED = """
SELECT s.unit_id, b.person_id FROM planning_scope s
JOIN books_bar b ON b.released_by_id IS NULL AND b.record_id = s.unit_id
WHERE s.record_id = s.unit_id
UNION
SELECT s.unit_id, b.person_id FROM planning_scope s
JOIN books_bar b ON b.released_by_id IS NULL AND b.record_id = s.account_id
WHERE s.record_id = s.unit_id ORDER BY 1, 2
"""

# The value of the last account among the company's most valuable few percent.
KEY_VALUE = """
WITH valued AS (
    SELECT a.id, coalesce(sum(r.value), 0) AS value
    FROM books_record a
    LEFT JOIN books_record r ON r.account_id = a.id AND r.kind = 'opportunity' AND (
        r.is_open OR (r.outcome = 'won' AND r.closed_on <= %(today)s
                      AND r.closed_on > %(today)s::date - interval '12 months'))
    WHERE a.kind = 'account' AND a.is_open
    GROUP BY a.id
)
SELECT value FROM valued ORDER BY value DESC
LIMIT 1 OFFSET greatest(0, (SELECT count(*) FROM valued) * %(percent)s / 100 - 1)
"""


def rows(statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def key_value(policy: Policy, *, now: datetime) -> Decimal | None:
    """From which value on an account is a key account."""
    found = rows(KEY_VALUE, {"today": now.date(), "percent": policy.key_account_percent})
    return found[0][0] if found and policy.key_account_percent else None


def skills() -> dict[int, frozenset[Skill]]:
    """Who has recorded what; several spellings of one skill are one, the first in order."""
    listed = rows(
        "SELECT s.person_id, s.kind, s.value FROM people_skill s"
        " JOIN people_person p ON p.id = s.person_id AND p.is_employed ORDER BY s.kind, s.value"
    )
    found: dict[int, set[Skill]] = defaultdict(set)
    spelt: dict[tuple[str, str], Skill] = {}
    for person, kind, value in listed:
        skill = spelt.setdefault((kind, fold(value)), Skill(kind=kind, value=value))
        found[person].add(skill)
    return {person: frozenset(each) for person, each in found.items()}


def leaves(*, now: datetime, until: datetime | None) -> dict[int, int]:
    """Working days of the longest leave that runs now or starts within the horizon; that is the
    time of an interim, where there is one."""
    today = now.date()
    horizon = until.date() if until else today + timedelta(days=LEAVE_HORIZON_DAYS)
    holidays: dict[str, set[date]] = defaultdict(set)
    for country, day in rows("SELECT country, day FROM people_holiday"):
        holidays[country].add(day)
    longest: dict[int, int] = {}
    for person, country, first, last in rows(
        "SELECT a.person_id, p.country, a.first_day, a.last_day FROM people_absence a"
        " JOIN people_person p ON p.id = a.person_id"
        " WHERE a.last_day >= %s AND a.first_day <= %s",
        [today, horizon],
    ):
        last_day = min(last, horizon) if until else last
        days = working_days(first=max(first, today), last=last_day, holidays=holidays[country])
        longest[person] = max(days, longest.get(person, 0))
    return longest
