"""The units of a reorganisation as columns of numbers; their texts stay in the database."""

from datetime import datetime

from django.db import connection

from legato.books.snapshots import heated
from legato.domain.policy import Policy
from legato.planning.snapshots import facts
from legato.planning.snapshots.columns import Ints, columns
from legato.planning.snapshots.scopes import LISTED

KINDS = ("language", "territory", "industry", "product")

UNITS = """
CREATE TEMPORARY TABLE planning_unit AS
SELECT s.unit_id, s.is_account, o.heat, o.value, s.owner_id, s.holder_id IS NOT NULL AS is_left,
       CASE WHEN NOT s.is_account THEN o.account_owner_id END AS preferred_id,
       ARRAY_REMOVE(ARRAY[o.language], '') AS language,
       ARRAY_REMOVE(ARRAY[coalesce(nullif(o.territory, ''), o.country)], '') AS territory,
       ARRAY_REMOVE(ARRAY[o.industry], '') AS industry,
       coalesce(p.names, '{{}}') AS product
FROM ({heated}) o
JOIN planning_scope s ON s.record_id = o.id AND s.unit_id = o.id
LEFT JOIN (
    SELECT unit_id, array_agg(name ORDER BY name) AS names FROM ({products}) each GROUP BY unit_id
) p ON p.unit_id = s.unit_id
"""

# Every list of skills by its place among all of its kind.
UNIT_COLUMNS = {
    "unit": "unit_id",
    "is_account": "is_account::int::bigint",
    "heat": "heat::bigint",
    "value": "round(greatest(coalesce(value, 0), 0))::bigint",
    "is_known": "(value IS NOT NULL)::int::bigint",
    "is_key": "(is_account AND value > 0 AND coalesce(value >= {key_value}, false))::int::bigint",
    "owner": "owner_id",
    "is_left": "is_left::int::bigint",
    "preferred": "coalesce(preferred_id, 0)",
    **{kind: f"dense_rank() OVER (ORDER BY {kind}) - 1" for kind in KINDS},
}


def units_listed(policy: Policy, *, now: datetime) -> dict[str, Ints]:
    """A column a name of ``UNIT_COLUMNS``, in order of the unit."""
    query, parameters = heated(query=LISTED, rule=policy.heat, now=now)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.planning_unit")
        cursor.execute(UNITS.format(heated=query, products=facts.PRODUCTS), parameters)
    least = facts.key_value(policy, now=now)
    said = (
        each.format(key_value="NULL" if least is None else least) for each in UNIT_COLUMNS.values()
    )
    listed = f"SELECT {', '.join(said)} FROM planning_unit ORDER BY unit_id"
    return columns(listed, tuple(UNIT_COLUMNS))
