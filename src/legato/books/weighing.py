"""What the customers of some records tell of them, and the chance of loss as a sum in SQL."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

from django.db import connection

from legato.domain import exposure as rule
from legato.domain.exposure import Exposure, Standing, exposure
from legato.domain.problem import Heat

# Over records `r` with what `TOLD` says of their customers as `t` and their heat as `i.heat`:
# `domain.exposure.exposure`, for books too large to be read row by row.
POINTS = f"""(
    {rule.BASE}
    + CASE WHEN {{touched}} IS NULL THEN {rule.SILENT}
           WHEN %(now)s - {{touched}} > interval '{rule.SILENT_AFTER.days} days' THEN {rule.SILENT}
           WHEN %(now)s - {{touched}} > interval '{rule.QUIET_AFTER.days} days' THEN {rule.QUIET}
           ELSE 0 END
    + CASE WHEN coalesce(t.promises, 0) = 0 THEN 0
           WHEN t.promise_at < %(now)s THEN {rule.OVERDUE} ELSE {rule.PROMISED} END
    + CASE WHEN r.kind = 'opportunity' AND r.due_at BETWEEN %(now)s
                AND %(now)s + interval '{rule.NEAR_WITHIN.days} days' THEN {rule.NEAR} ELSE 0 END
    + CASE WHEN {{in_one_hand}} THEN {rule.ONE_HAND} ELSE 0 END
    + CASE WHEN i.heat = 'hot' THEN {rule.HOT} ELSE 0 END
    + CASE %(destination)s WHEN 'yes' THEN {rule.COMPETITOR} WHEN 'unknown' THEN {rule.UNKNOWN}
           ELSE 0 END
)""".format(
    touched="greatest(r.touched_at, a.touched_at, t.touched_at)",
    in_one_hand="(t.id IS NULL OR (t.first_owner = t.last_owner AND t.first_owner ="
    " coalesce(a.owner_id, r.owner_id)))",
)

# Of customers whose ids `{customers}` selects, what is open with them; promises are commitments.
TOLD = """
SELECT c.account_id AS id, min(c.owner_id) AS first_owner, max(c.owner_id) AS last_owner,
       max(c.touched_at) AS touched_at, min(c.due_at) AS open_due_at,
       count(*) FILTER (WHERE c.kind = 'commitment') AS promises,
       min(c.due_at) FILTER (WHERE c.kind = 'commitment') AS promise_at
FROM books_record c WHERE c.is_open AND c.account_id IN ({customers}) GROUP BY c.account_id
"""

# One line for each record of a page, with the promise that is due first named.
STANDING = f"""
SELECT r.id, r.account_id, i.heat, i.value,
       greatest(r.touched_at, a.touched_at, t.touched_at),
       t.id IS NULL OR (t.first_owner = t.last_owner
                        AND t.first_owner = coalesce(a.owner_id, r.owner_id)),
       coalesce(t.promises, 0), p.id, t.promise_at,
       CASE WHEN r.kind = 'opportunity' THEN r.due_at END
FROM unnest(%(records)s::bigint[], %(heats)s::text[], %(values)s::numeric[])
     AS i (record_id, heat, value)
JOIN books_record r ON r.id = i.record_id
LEFT JOIN books_record a ON a.id = r.account_id
LEFT JOIN ({
    TOLD.format(
        customers="SELECT coalesce(s.account_id, s.id) FROM books_record s"
        " WHERE s.id = ANY (%(records)s)"
    )
}) t
     ON t.id = coalesce(r.account_id, r.id)
LEFT JOIN LATERAL (
    SELECT c.id FROM books_record c
    WHERE c.account_id = t.id AND c.is_open AND c.kind = 'commitment'
    ORDER BY c.due_at, c.id LIMIT 1
) p ON true
WHERE r.is_open
"""


def exposures(
    rows: Collection[tuple[int, str, Any]], *, destination: str, now: datetime
) -> dict[int, tuple[Standing, Exposure]]:
    """By record, of open ones: each row is a record's id, its heat and its value. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            STANDING,
            {
                "records": [record for record, _heat, _value in rows],
                "heats": [heat for _record, heat, _value in rows],
                "values": [value for _record, _heat, value in rows],
            },
        )
        found = [_standing(row, destination) for row in cursor.fetchall()]
    return {each.record: (each, exposure(each, now=now)) for each in found}


def _standing(row: tuple[Any, ...], destination: str) -> Standing:
    return Standing(
        record=row[0],
        account=row[1],
        heat=cast(Heat, row[2]),
        value=row[3],
        touched_at=row[4],
        in_one_hand=row[5],
        promises=row[6],
        promise=row[7],
        promise_at=row[8],
        decision_at=row[9],
        destination=destination,
    )
