"""What still points to who leaves, whatever it is: a case closes when nothing of it is unsigned."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from legato.books.snapshots import UNDECIDED
from legato.departures.models import Case

SHOWN_AT_MOST = 20

# Somebody to whom a record can go by itself: employed, and not leaving either.
FOLLOWS = """EXISTS (
    SELECT FROM people_person n WHERE n.id = r.next_owner_id AND n.is_employed
      AND NOT EXISTS (SELECT FROM departures_case o WHERE o.person_id = n.id
                      AND o.closed_at IS NULL AND o.kind <> 'leave')
)"""

# A plan that was neither carried out nor followed by another for one of its books, and whose
# departures are not over.
WAITING = """(
    SELECT p.* FROM planning_plan p
    WHERE NOT EXISTS (SELECT FROM planning_commit c WHERE c.plan_id = p.id)
      AND NOT EXISTS (SELECT FROM planning_planbook g JOIN planning_planbook l
                      ON l.book_id = g.book_id AND l.plan_id > g.plan_id WHERE g.plan_id = p.id)
      AND NOT EXISTS (SELECT FROM planning_planbook g JOIN planning_bookclosed k
                      ON k.book_id = g.book_id WHERE g.plan_id = p.id)
)"""

# ``is_back``: the person left and is employed again. What points to them then points to somebody
# who is here; only what is left of the book counts.
RESTS = f"""
SELECT 'still_owned' AS what, r.id AS number, r.name, '' AS detail FROM books_record r
WHERE r.is_open AND r.owner_id = %(owner)s AND NOT %(is_back)s
UNION ALL
SELECT 'covered', r.id, r.name, p.name FROM books_record r JOIN people_person p ON p.id = r.owner_id
WHERE {UNDECIDED} AND r.owner_id <> %(owner)s AND r.interim_until IS NOT NULL AND NOT {FOLLOWS}
UNION ALL
SELECT 'next_of', r.id, r.name, p.name FROM books_record r JOIN people_person p ON p.id = r.owner_id
WHERE r.is_open AND r.next_owner_id = %(owner)s AND NOT %(is_back)s
UNION ALL
SELECT DISTINCT 'kept_back', r.id, r.name, p.name
FROM planning_undo u
CROSS JOIN LATERAL jsonb_array_elements(u.conflicts) k
JOIN books_item i ON i.book_id = %(book)s AND i.record_id = (k ->> 'record')::bigint
JOIN books_record r ON r.id = i.record_id AND r.is_open AND r.owner_entry_id < u.entry_id
JOIN people_person p ON p.id = r.owner_id
WHERE k ->> 'why' = 'owner_has_left'
UNION ALL
SELECT 'reports', p.id, p.name, '' FROM people_person p
WHERE p.manager_id = %(owner)s AND p.is_employed AND NOT %(is_back)s
UNION ALL
SELECT 'leads_team', t.id, t.name, '' FROM people_team t
WHERE t.manager_id = %(owner)s AND NOT %(is_back)s
UNION ALL
SELECT 'last_resort', c.last_resort_id, p.name, '' FROM people_company c
JOIN people_person p ON p.id = c.last_resort_id
WHERE c.last_resort_id = %(owner)s AND NOT %(is_back)s
UNION ALL
SELECT 'plan_waits', p.id, p.id::text, '' FROM {WAITING} p
JOIN planning_planbook g ON g.plan_id = p.id AND g.book_id = %(book)s
UNION ALL
SELECT 'plan_proposed', p.id, p.id::text, '' FROM {WAITING} p
WHERE p.proposer_id = %(owner)s AND NOT %(is_back)s
UNION ALL
SELECT 'plan_approved', p.id, p.id::text, '' FROM {WAITING} p
JOIN planning_approval a ON a.plan_id = p.id
WHERE a.approver_id = %(owner)s AND NOT %(is_back)s
UNION ALL
SELECT 'plan_gives', p.id, p.id::text, '' FROM {WAITING} p
WHERE NOT %(is_back)s AND EXISTS (
    SELECT FROM planning_assignment a WHERE a.plan_id = p.id AND a.person_id = %(owner)s)
UNION ALL
SELECT 'run_waits', n.id, n.id::text, '' FROM planning_run n
WHERE n.state IN ('waiting', 'running', 'cancelling') AND n.case_ids @> to_jsonb(%(case)s::bigint)
UNION ALL
SELECT 'still_employed', m.id, p.name, coalesce(m.ends_on::text, '') FROM people_employment m
JOIN people_person p ON p.id = m.person_id
WHERE m.id = %(employment)s AND m.ended_at IS NULL AND %(ends)s
UNION ALL
SELECT 'still_held', h.id, p.name, h.why
FROM people_hold h JOIN people_person p ON p.id = h.person_id
WHERE h.person_id = %(owner)s AND h.released_at IS NULL AND h.id <> %(hold)s AND NOT %(is_back)s
"""

UNSIGNED = f"""
SELECT rest.* FROM ({RESTS}) rest
WHERE NOT EXISTS (SELECT FROM departures_signature s WHERE s.case_id = %(case)s
                  AND s.what = rest.what AND s.number = rest.number)
"""

LISTED = f"""
SELECT what, number, name, detail, many FROM (
    SELECT u.*, count(*) OVER of_kind AS many, row_number() OVER (of_kind ORDER BY number) AS place
    FROM ({UNSIGNED}) u WINDOW of_kind AS (PARTITION BY what)
) each WHERE place <= {SHOWN_AT_MOST} ORDER BY what, number
"""

SIGNED = """
SELECT s.what, count(*), p.name, s.at, e.reason
FROM departures_signature s
JOIN people_person p ON p.id = s.signer_id JOIN ledger_entry e ON e.id = s.entry_id
WHERE s.case_id = %s GROUP BY s.what, p.name, s.at, e.id, e.reason ORDER BY e.id, s.what
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointing:
    """One thing: the number of a record, person, team, plan, run, employment or hold, what it is
    called, and of a record who has it."""

    number: int
    name: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What of one kind still points to who leaves; the first of it are listed."""

    what: str
    count: int
    listed: tuple[Pointing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What somebody let stand: a kind and how many of it, by whom, when and why."""

    what: str
    count: int
    signer: str
    at: datetime
    reason: str


def parameters(case: Case) -> dict[str, Any]:
    """What the statements above need of a case."""
    ended = case.employment.ended_at is not None
    return {
        "case": case.pk,
        "book": case.book_id,
        "owner": case.person_id,
        "employment": case.employment_id,
        "hold": case.hold_id,
        "ends": case.kind in ("resignation", "dismissal"),
        "is_back": ended and case.person.is_employed,
    }


def rests(case: Case) -> list[Rest]:
    """What nobody has signed yet, by kind."""
    found: dict[tuple[str, int], list[Pointing]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(LISTED, parameters(case))
        for what, number, name, detail, many in cursor.fetchall():
            found[what, many].append(Pointing(number=number, name=name, detail=detail))
    return [
        Rest(what=what, count=many, listed=tuple(listed)) for (what, many), listed in found.items()
    ]


def signed(case_id: int) -> list[Signed]:
    """What was signed, in the order it was."""
    with connection.cursor() as cursor:
        cursor.execute(SIGNED, [case_id])
        return [
            Signed(what=what, count=count, signer=name, at=at, reason=reason)
            for what, count, name, at, reason in cursor.fetchall()
        ]
