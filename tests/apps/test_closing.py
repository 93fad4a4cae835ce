"""A case closes when nothing live points to who left, or each rest is signed; the books balance."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries
from tests import example
from tests.example import NOW
from tests.touching import (
    AFTER,
    Company,
    accounts,
    approve,
    company,
    cover,
    depart,
    fingerprint,
    hand_over,
    owners,
    plan,
    stands,
    told,
    undo,
)

from legato.books.models import Record
from legato.departures import operations as departures
from legato.departures.models import Case, Signature
from legato.departures.queries import conservation
from legato.ledger.models import Entry
from legato.ledger.operations import KeyAlreadyUsed
from legato.people import operations as staff
from legato.people.models import Hold, Team
from legato.people.queries import MayNotManage
from legato.planning.models import Run
from legato.planning.operations import Options
from legato.web.checks import check_all
from legato.web.matters import rest

pytestmark = pytest.mark.django_db


@pytest.fixture
def us() -> Company:
    return company()


def close(us: Company, case: int, **more: Any) -> departures.Closed:
    said: dict[str, Any] = {"actor": us.dana, "now": AFTER, "reason": "All done"}
    return departures.close_case(case_id=case, **(said | more))


def sign(us: Company, case: int, what: str, number: int | None = None, **more: Any) -> int:
    said: dict[str, Any] = {"actor": us.dana, "now": AFTER, "reason": "It may stay"}
    signed = departures.sign(case_id=case, what=what, number=number, **(said | more))
    return signed.count


def gone(us: Company) -> int:
    """Olga's book is Kenji's, and her last day is over."""
    accounts(us.olga)
    case = depart(us, us.olga)
    hand_over(us, case, to=us.kenji)
    departures.end_last_days(now=AFTER)
    return case


def test_a_case_closes_when_nothing_points_to_who_left_and_says_what_became_of_all(
    us: Company,
) -> None:
    case = gone(us)
    assert told(case, at=AFTER)["to_close"] == {"name": "Olga Petrova", "case": case}
    closed = close(us, case)
    assert (closed.listed, closed.moved, closed.kept, closed.closed, closed.signed) == (
        6, 6, 0, 0, 0,
    )  # fmt: skip
    entry = Entry.objects.get(pk=closed.entry)
    assert (entry.kind, entry.reason) == ("case_closed", "All done")
    assert entry.facts["conservation"][1][:3] == [
        "opportunity", ["listed", 3, "300.00"], ["moved", 3, "300.00"],
    ]  # fmt: skip
    assert Case.objects.get(pk=case).closed_by_id == closed.entry
    assert not Hold.objects.filter(person=us.olga, released_at=None).exists()
    assert "to_close" not in told(case, at=AFTER)
    assert [each for each in check_all() if each.count] == []
    with pytest.raises(departures.CaseClosed):
        close(us, case)


# Whatever can point to who leaves, one at a time.


def still_owned(us: Company, case: int) -> None:
    example.record(owner=us.olga, kind="ticket")


def covered(us: Company, case: int) -> None:
    accounts(us.olga, how_many=1)
    cover(us, case, us.mei)


def next_of(us: Company, case: int) -> None:
    record = example.record(owner=us.ivo)
    with transaction.atomic():
        entry = example.entry(actor=us.mei)
        Record.objects.filter(pk=record.pk).update(
            owner_id=us.juno, owner_since=NOW, owner_entry=entry, entry=entry, owner_is_ours=True,
            interim_until=NOW + timedelta(days=9), next_owner=us.olga,
        )  # fmt: skip


def reports(us: Company, case: int) -> None:
    staff.change(person=us.ivo, manager=us.olga, now=NOW, actor=None)


def leads_team(us: Company, case: int) -> None:
    Team.objects.filter(name="East").update(manager=us.olga)


def last_resort(us: Company, case: int) -> None:
    staff.name_last_resort(person=us.olga, now=NOW, actor=None)


def plan_waits(us: Company, case: int) -> None:
    example.record(owner=us.olga, kind="lead")
    plan(us, case, to=us.kenji)
    lead = Record.objects.get(kind="lead")
    example.give(record=lead.pk, to=us.juno)


def plan_of_another(us: Company) -> Any:
    accounts(us.ivo, how_many=1)
    return plan(us, depart(us, us.ivo), to=us.juno)


def plan_proposed(us: Company, case: int) -> None:
    staff.change(person=us.olga, role="operations", now=NOW, actor=None)
    accounts(us.ivo, how_many=1)
    departures.plan(
        cases=[depart(us, us.ivo)], options=Options(), actor=us.olga, now=NOW, reason=""
    )


def plan_approved(us: Company, case: int) -> None:
    staff.change(person=us.olga, role="director", now=NOW, actor=None)
    approve(us, plan_of_another(us), by=us.olga)


def run_waits(us: Company, case: int) -> None:
    Run.objects.create(
        case_ids=[case], options={}, actor_id=us.dana, reason="", began_at=NOW, state="waiting"
    )


def still_held(us: Company, case: int) -> None:
    with transaction.atomic():
        staff.place_hold(person=us.olga, why="audit", entry=example.entry(actor=us.mei))


POINTING = [still_owned, covered, next_of, reports, leads_team, last_resort, plan_waits,
            plan_proposed, plan_approved, run_waits, still_held]  # fmt: skip


@pytest.mark.parametrize("points", POINTING)
def test_a_case_does_not_close_while_anything_points_to_who_leaves_until_it_is_signed(
    us: Company, points: Callable[[Company, int], None]
) -> None:
    case = depart(us, us.olga, kind="transfer")
    points(us, case)
    before = fingerprint()
    with pytest.raises(departures.StillPoints) as refused:
        close(us, case)
    rests: Any = refused.value.facts["rests"]
    assert [each["what"] for each in rests] == [points.__name__]
    assert rest(points.__name__) != points.__name__
    assert fingerprint() == before
    assert sign(us, case, points.__name__) == rests[0]["count"]
    assert stands(case).rests == []
    assert close(us, case).signed == rests[0]["count"]


def test_a_plan_that_gives_the_leaver_something_holds_the_case_open(us: Company) -> None:
    accounts(us.ivo, how_many=1)
    ivos = depart(us, us.ivo)
    proposed = plan(us, ivos, to=us.olga)
    case = depart(us, us.olga, kind="transfer")
    (left,) = stands(case).rests
    assert (left.what, [each.number for each in left.listed]) == ("plan_gives", [proposed.plan])


def test_a_resignation_does_not_close_before_the_employment_has_ended(us: Company) -> None:
    case = depart(us, us.olga)
    with pytest.raises(departures.StillPoints):
        close(us, case)
    departures.end_last_days(now=AFTER)
    assert close(us, case).listed == 0


def test_what_comes_to_point_to_who_leaves_later_is_not_signed(us: Company) -> None:
    case = depart(us, us.olga, kind="transfer")
    still_owned(us, case)
    sign(us, case, "still_owned")
    still_owned(us, case)
    (left,) = stands(case).rests
    assert (left.what, left.count) == ("still_owned", 1)


def test_one_record_is_signed_alone_whatever_it_is(us: Company) -> None:
    case = depart(us, us.olga, kind="transfer")
    mine, other = (example.record(owner=us.olga, kind="ticket").pk for _each in range(2))
    assert sign(us, case, "record", mine) == 1
    (left,) = stands(case).rests
    assert [each.number for each in left.listed] == [other]
    (signature,) = stands(case).signed
    assert (signature.what, signature.signer, signature.reason) == (
        "still_owned", "Dana Cruz", "It may stay",
    )  # fmt: skip
    assert sign(us, case, "still_owned", other) == 1


def test_nothing_is_signed_without_a_reason_or_without_a_rest(us: Company) -> None:
    case = depart(us, us.olga, kind="transfer")
    with pytest.raises(departures.NothingToSign):
        sign(us, case, "still_owned")
    still_owned(us, case)
    with pytest.raises(departures.ReasonNeeded):
        sign(us, case, "still_owned", reason="  ")
    assert not Signature.objects.exists()


def test_signing_and_closing_twice_with_a_key_is_once(us: Company) -> None:
    case = depart(us, us.olga, kind="transfer")
    still_owned(us, case)
    assert [sign(us, case, "still_owned", key="s") for _time in range(2)] == [1, 1]
    assert close(us, case, key="c") == close(us, case, key="c")
    with pytest.raises(KeyAlreadyUsed):
        close(us, case, key="s")


def test_neither_the_leaver_nor_a_rep_signs_or_closes(us: Company) -> None:
    case = depart(us, us.olga, kind="transfer")
    for actor in (us.olga, us.ivo):
        with pytest.raises(MayNotManage):
            close(us, case, actor=actor)
        with pytest.raises(MayNotManage):
            sign(us, case, "still_owned", actor=actor)


@pytest.mark.parametrize("command", ["UPDATE departures_signature SET what = 'x'",
                                     "DELETE FROM departures_signature"])  # fmt: skip
def test_what_was_signed_is_never_changed(us: Company, command: str) -> None:
    case = depart(us, us.olga, kind="transfer")
    still_owned(us, case)
    sign(us, case, "still_owned")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(command)
    assert Signature.objects.count() == 1


# The books balance.


def test_moved_and_covered_and_kept_and_closed_are_what_was_listed_counted_twice(
    us: Company,
) -> None:
    deals = [
        example.record(owner=us.olga, kind="opportunity", value=Decimal(worth))
        for worth in (1, 20, 300, 4000)
    ]
    case = depart(us, us.olga)
    book = Case.objects.get(pk=case).book_id
    example.give(record=deals[0].pk, to=us.kenji)
    with transaction.atomic():
        entry = example.entry(actor=us.mei)
        Record.objects.filter(pk=deals[1].pk).update(is_open=False, outcome="lost", entry=entry)
    cover(us, case, us.mei)
    example.give(record=deals[3].pk, to=us.olga)
    (fate,) = conservation(book=book).fates
    became = (fate.listed, fate.moved, fate.covered, fate.kept, fate.closed)
    assert [each.count for each in became] == [4, 1, 1, 1, 1]
    assert [int(each.value) for each in became] == [4321, 1, 300, 4000, 20]
    assert fate.outcomes == {"lost": 1}
    assert conservation(book=book).agrees


@pytest.mark.parametrize("steps", range(6))
def test_both_counts_agree_at_every_step_of_a_departure(us: Company, steps: int) -> None:
    accounts(us.olga)
    example.record(owner=us.olga, kind="opportunity", is_open=False, outcome="won")
    case = depart(us, us.olga)
    done: list[int] = []
    story: list[Callable[[], Any]] = [
        lambda: cover(us, case, us.mei),
        lambda: done.append(hand_over(us, case, to=us.kenji).commit),
        lambda: undo(done[0], by=us.ada),
        lambda: done.append(hand_over(us, case, to=us.ivo).commit),
        lambda: departures.end_last_days(now=AFTER),
    ]
    for step in story[:steps]:
        step()
        found = conservation(book=Case.objects.get(pk=case).book_id)
        assert found.agrees
        assert sum(each.listed.count for each in found.fates) == 6


@pytest.mark.parametrize("records", [3, 300])
def test_signing_closing_and_looking_take_the_same_statements_for_any_book(
    us: Company, records: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    example.records(how_many=records, owner=us.olga)
    case = depart(us, us.olga, kind="transfer")
    with django_assert_max_num_queries(30):
        assert stands(case).rests[0].count == records
    with django_assert_max_num_queries(20):
        assert sign(us, case, "still_owned") == records
    with django_assert_max_num_queries(30):
        assert close(us, case).kept == records
    assert set(owners().values()) == {us.olga}
