"""Two at once: somebody changes a record while it is inventoried, covered, given or taken back.

Whoever comes second waits, sees what the first did, and says so.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from tests import example
from tests.at_once import meanwhile
from tests.example import NOW, Cast

from legato.departures import operations as departures
from legato.domain.departure import Announcement
from legato.planning import operations
from legato.planning.operations import Options, PlanStale, Proposed
from legato.postgres.addresses import Addresses
from legato.web.checks import check_all

EDIT = """
WITH entry AS (
    INSERT INTO ledger_entry (chain, kind, actor_id, at, reason)
    VALUES ('edit', 'edited', %(by)s, %(at)s, 'Meanwhile') RETURNING id
)
UPDATE books_record r SET {set}, entry_id = entry.id FROM entry WHERE r.id = %(record)s
"""
STAGE = EDIT.format(set="stage = 'Negotiation'")
GIVE = EDIT.format(
    set="owner_id = %(to)s, owner_since = %(at)s, owner_entry_id = entry.id, interim_until = NULL"
)
CLOSE = EDIT.format(set="is_open = false")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """An approved plan for Olga's one account."""

    cast: Cast
    case: int
    record: int
    plan: Proposed

    def commit(self) -> operations.Committed:
        return operations.commit(
            plan_id=self.plan.plan, digest=self.plan.digest, actor=self.cast.mei, now=NOW, reason=""
        )

    def undo(self, commit: int) -> operations.Undone:
        return operations.undo(entry_id=commit, actor=self.cast.mei, now=NOW, reason="")

    def cover(self) -> departures.Covered:
        return departures.cover(
            case_id=self.case, by=self.cast.kenji, until=NOW + timedelta(days=9),
            actor=self.cast.mei, now=NOW, reason="",
        )  # fmt: skip

    def names(self) -> dict[str, Any]:
        return {"by": self.cast.sam, "at": NOW, "record": self.record, "to": self.cast.ada}


def opened(person: int, actor: int) -> departures.Opened:
    return departures.open_case(
        person_id=person,
        announced=Announcement(kind="resignation", last_day=date(2026, 4, 30)),
        actor=actor,
        now=NOW,
        reason="",
    )


@pytest.fixture
def ready(fresh_database: Addresses) -> Ready:
    cast = example.company()
    record = example.record(owner=cast.olga).pk
    case = opened(cast.olga, cast.mei).case
    plan = departures.plan(cases=[case], options=Options(), actor=cast.mei, now=NOW, reason="")
    operations.approve(plan_id=plan.plan, approver=cast.ada, now=NOW, reason="")
    return Ready(cast=cast, case=case, record=record, plan=plan)


def owner_of(record: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT owner_id FROM books_record WHERE id = %s", [record])
        return int(cursor.fetchone()[0])


def test_a_commit_waits_for_who_changes_a_record_and_names_it(
    ready: Ready, fresh_database: Addresses
) -> None:
    with pytest.raises(PlanStale) as refused:
        meanwhile(fresh_database.app, ready.commit, first=STAGE, **ready.names())
    assert refused.value.facts["count"] == 1
    assert owner_of(ready.record) == ready.cast.olga


def test_an_undo_waits_for_who_gives_a_record_to_another_and_leaves_it(
    ready: Ready, fresh_database: Addresses
) -> None:
    commit = ready.commit().commit
    with pytest.raises(operations.GivenOnSince):
        meanwhile(fresh_database.app, lambda: ready.undo(commit), first=GIVE, **ready.names())
    assert owner_of(ready.record) == ready.cast.ada


def test_a_cover_waits_for_who_changes_a_record_and_takes_it_as_it_is_then(
    ready: Ready, fresh_database: Addresses
) -> None:
    covered = meanwhile(fresh_database.app, ready.cover, first=STAGE, **ready.names())
    assert covered.records == 1
    assert owner_of(ready.record) == ready.cast.kenji
    assert [each.rows for each in check_all() if each.count] == []


def test_what_is_closed_between_the_two_counts_refuses_the_opening(
    ready: Ready, fresh_database: Addresses
) -> None:
    lead = example.record(owner=ready.cast.ivo, kind="lead")
    with pytest.raises(departures.InventoryDisagrees) as refused:
        meanwhile(
            fresh_database.owner,
            lambda: opened(ready.cast.ivo, ready.cast.mei),
            first="LOCK TABLE books_item IN SHARE MODE",
            then=CLOSE,
            **(ready.names() | {"record": lead.pk}),
        )
    facts = refused.value.facts
    assert (facts["kind"], facts["first"], facts["second"]) == ("lead", (1, 0), None)
