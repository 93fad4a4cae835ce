"""The line of accounts without an owner for good: down by a commit, up again by its undo."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import example
from tests.example import NOW
from tests.pages import cover, open_case, propose, reader

from legato.departures import operations
from legato.departures.models import Case
from legato.departures.queries.burndown import burndown
from legato.planning import operations as planning

pytestmark = pytest.mark.django_db


def lefts(case: int) -> list[int]:
    found = Case.objects.get(pk=case)
    drawn = burndown(book=found.book_id, holder=found.person_id, taken_at=found.opened_at)
    assert drawn.total == drawn.steps[0].left
    return [each.left for each in drawn.steps]


def test_a_cover_settles_nothing_a_commit_does_and_an_undo_unsettles_it() -> None:
    cast = example.company()
    example.records(how_many=4, owner=cast.olga)
    case = open_case(cast)
    assert lefts(case) == [4]
    cover(case, cast)
    assert lefts(case) == [4]
    plan = propose(case, cast)
    planning.approve(plan_id=plan.plan, approver=cast.ada, now=NOW, reason="Fair")
    done = planning.commit(
        plan_id=plan.plan, digest=plan.digest, actor=cast.mei, now=NOW, reason="Go"
    )
    settled = lefts(case)
    assert settled == [4, 0]
    later = NOW + timedelta(hours=1)
    planning.undo(entry_id=done.commit, actor=cast.mei, now=later, reason="No")
    assert lefts(case) == [4, 0, 4]


def test_an_empty_book_has_no_line() -> None:
    cast = example.company()
    assert lefts(open_case(cast)) == [0]
    page = reader(cast.mei).get(f"/cases/{Case.objects.get().pk}/").content.decode()
    assert "Accounts without an owner for good" not in page


def test_what_can_be_taken_back_leads_there_and_what_was_does_not() -> None:
    cast = example.company()
    example.records(how_many=2, owner=cast.olga)
    case = open_case(cast)
    now = timezone.now()
    given = operations.cover(
        case_id=case, by=cast.mei, until=now + timedelta(days=9), actor=cast.mei, now=now, reason=""
    )
    mei, link = reader(cast.mei), f'data-drawer href="/receipts/{given.cover}/undo/"'
    assert link in mei.get(f"/cases/{case}/").content.decode()
    planning.undo(entry_id=given.cover, actor=cast.mei, now=now, reason="")
    assert link not in mei.get(f"/cases/{case}/").content.decode()
