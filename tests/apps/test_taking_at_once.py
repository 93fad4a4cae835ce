"""Two downloads at once: the second waits, and is told what the first has taken."""

import pytest
from tests import example
from tests.at_once import meanwhile
from tests.example import NOW

from legato.domain.exports import ExportLimit
from legato.people import operations as people
from legato.people.models import Taking
from legato.postgres.addresses import Addresses

LOCK = "SELECT FROM people_person WHERE id = %(person)s FOR UPDATE"
TAKE = """
WITH entry AS (
    INSERT INTO ledger_entry (chain, kind, actor_id, at, reason)
    VALUES ('person:' || %(person)s::text, 'rows_taken', %(person)s, %(at)s, '') RETURNING id
)
INSERT INTO people_taking (person_id, at, what, rows, entry_id)
SELECT %(person)s, %(at)s, 'receipt', 6, id FROM entry
"""


def test_two_downloads_at_once_do_not_both_fit_under_the_limit(fresh_database: Addresses) -> None:
    cast = example.company()
    people.set_policy(values={"exports": {"rep": 10}}, now=NOW, actor=None, reason="Less")

    def take() -> None:
        people.take(person=cast.ivo, what="receipt", about=1, rows=6, now=NOW)

    with pytest.raises(ExportLimit) as refused:
        meanwhile(fresh_database.app, take, first=LOCK, then=TAKE, person=cast.ivo, at=NOW)
    assert refused.value.facts["taken"] == 6
    assert Taking.objects.count() == 1
