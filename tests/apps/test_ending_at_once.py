"""Two at once: whoever was to cover for somebody leaves, or is held, while the last day ends."""

import pytest
from tests.at_once import meanwhile
from tests.example import NOW
from tests.touching import AFTER, accounts, company, depart, owners

from legato.departures import operations as departures
from legato.postgres.addresses import Addresses
from legato.web.checks import check_all

ENTRY = """
WITH entry AS (
    INSERT INTO ledger_entry (chain, kind, at, reason)
    VALUES ('meanwhile', 'meanwhile', %(at)s, 'Meanwhile') RETURNING id
)
"""
LEAVES = f"{ENTRY} UPDATE people_person SET employment_id = NULL, entry_id = entry.id FROM entry"
LEAVES += " WHERE people_person.id = %(manager)s"
LOCK = "SELECT FROM people_person WHERE id = %(manager)s FOR UPDATE"
IS_HELD = f"""{ENTRY}
INSERT INTO people_hold (person_id, why, placed_at, placed_by_id)
SELECT %(manager)s, 'manual', %(at)s, id FROM entry
"""


@pytest.mark.parametrize(("first", "then"), [(LEAVES, "SELECT"), (LOCK, IS_HELD)])
def test_who_is_the_manager_no_more_does_not_cover(
    fresh_database: Addresses, first: str, then: str
) -> None:
    us = company()
    accounts(us.olga)
    depart(us, us.olga)
    ended = meanwhile(
        fresh_database.app,
        lambda: departures.end_last_days(now=AFTER),
        first=first,
        then=then,
        manager=us.mei,
        at=NOW,
    )
    assert ended == 1
    assert set(owners().values()) == {us.ada}
    assert [each.rows for each in check_all() if each.count] == []
