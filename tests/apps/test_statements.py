"""Whoever leaves with a small book or a large one: the database is asked as often."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import example
from tests.example import NOW, Cast

from legato.departures import operations as departures
from legato.departures.models import Case
from legato.domain.departure import Announcement
from legato.people import operations as staff
from legato.planning import operations as planning

FEW, MANY = 5, 500


class Counted:
    """How many statements each step took, by name."""

    def __init__(self) -> None:
        self.statements: dict[str, int] = {}

    def __call__(self, step: str, work: Callable[[], Any]) -> Any:
        with CaptureQueriesContext(connection) as asked:
            answer = work()
        self.statements[step] = len(asked)
        return answer


def departed(cast: Cast, *, records: int) -> dict[str, int]:
    """Somebody with so many accounts leaves: opened, covered, taken back, committed, taken back."""
    leaver = example.person(name=f"Leaver {records}", manager=cast.mei, team="East")
    example.records(how_many=records, owner=leaver)
    count = Counted()
    by: dict[str, Any] = {"actor": cast.mei, "now": NOW, "reason": "Because"}
    said = Announcement(kind="resignation", last_day=None)
    opened = count("depart", lambda: departures.open_case(person_id=leaver, announced=said, **by))
    until = NOW + timedelta(days=9)
    covered = count(
        "cover",
        lambda: departures.cover(case_id=opened.case, by=cast.kenji, until=until, **by),
    )
    assert covered.records == records
    count("undo the cover", lambda: planning.undo(entry_id=covered.cover, **by))
    made = planning.propose(
        books=[Case.objects.get(pk=opened.case).book_id], chain=None,
        options=planning.Options(), **by,
    )  # fmt: skip
    planning.approve(plan_id=made.plan, approver=cast.ada, now=NOW, reason="Because")
    done = count("commit", lambda: planning.commit(plan_id=made.plan, digest=made.digest, **by))
    assert done.moved == records
    undone = count("undo", lambda: planning.undo(entry_id=done.commit, **by))
    assert undone.restored == records
    return count.statements


@pytest.mark.django_db
def test_what_changes_owners_takes_the_same_statements_for_any_book() -> None:
    cast = example.company()
    for person in (cast.kenji, cast.ivo):
        staff.change(person=person, capacity=Decimal(2000), now=NOW, actor=None)
        example.record(owner=person)
    assert departed(cast, records=FEW) == departed(cast, records=MANY)
