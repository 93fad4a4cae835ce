"""Plans for several departures at once, and for who comes back."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from tests import example
from tests.example import NOW, Cast

from legato.books.models import Record, Span
from legato.departures import operations as departures
from legato.departures.queries import case_for_command, leaver_of_entry
from legato.domain.departure import Announcement
from legato.ledger.models import Entry
from legato.people.queries import MayNotManage
from legato.planning import operations, queries
from legato.planning.models import Assignment, Move
from legato.planning.operations import Options, Proposed

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True, kw_only=True)
class Two:
    """Olga and Kenji leave; Ivo and Juno are there to take over."""

    cast: Cast
    juno: int
    olgas: int
    kenjis: int

    def plan(self, actor: int | None = None, **options: object) -> Proposed:
        return departures.plan(
            cases=[self.olgas, self.kenjis],
            options=Options(**options),  # type: ignore[arg-type]
            actor=actor or self.cast.mei,
            now=NOW,
            reason="Both",
        )


@pytest.fixture
def two() -> Two:
    """Four accounts each with a deal; a deal of Olga's on an account of Kenji's."""
    cast = example.company()
    juno = example.person(name="Juno Diaz", manager=cast.mei, team="East")
    for owner in (cast.olga, cast.kenji):
        for _account in range(4):
            account = example.record(owner=owner)
            example.record(owner=owner, kind="opportunity", account=account.pk, value=100)
    example.record(owner=cast.olga, kind="opportunity", account=account.pk, name="Olga's on his")
    cases = [
        departures.open_case(
            person_id=who,
            announced=Announcement(kind="resignation", last_day=date(2026, 4, 30)),
            actor=cast.mei,
            now=NOW,
            reason="",
        ).case
        for who in (cast.olga, cast.kenji)
    ]
    return Two(cast=cast, juno=juno, olgas=cases[0], kenjis=cases[1])


def test_one_plan_empties_both_books_and_gives_nobody_who_leaves_anything(two: Two) -> None:
    proposed = two.plan()
    assert (proposed.assignments, proposed.moved, proposed.orphans) == (8, 17, 0)
    operations.approve(plan_id=proposed.plan, approver=two.cast.ada, now=NOW, reason="")
    committed = operations.commit(
        plan_id=proposed.plan, digest=proposed.digest, actor=two.cast.mei, now=NOW, reason=""
    )
    assert committed.moved == 17
    owners = set(Record.objects.values_list("owner_id", flat=True))
    assert owners == {two.cast.ivo, two.juno}


def test_a_deal_on_the_other_leavers_account_goes_along_with_it(two: Two) -> None:
    two.plan()
    move = Move.objects.get(record__name="Olga's on his")
    account = Record.objects.get(pk=move.unit_id)
    assert (account.kind, account.owner_id) == ("account", two.cast.kenji)


def test_a_record_that_one_leaver_covers_for_the_other_goes_once(two: Two) -> None:
    lena = example.person(name="Lena Ott", manager=two.cast.mei)
    departures.cover(
        case_id=two.olgas, by=lena, until=NOW + timedelta(days=9), actor=two.cast.mei, now=NOW,
        reason="",
    )  # fmt: skip
    lenas = departures.open_case(
        person_id=lena, announced=Announcement(kind="resignation", last_day=None),
        actor=two.cast.mei, now=NOW, reason="",
    )  # fmt: skip
    proposed = departures.plan(
        cases=[lenas.case, two.olgas], options=Options(), actor=two.cast.mei, now=NOW, reason=""
    )
    assert Move.objects.filter(plan=proposed.plan).count() == proposed.moved == 9


def test_something_new_in_either_book_refuses_the_commit(two: Two) -> None:
    proposed = two.plan()
    operations.approve(plan_id=proposed.plan, approver=two.cast.ada, now=NOW, reason="")
    example.record(owner=two.cast.kenji, kind="lead", at=NOW)
    with pytest.raises(operations.PlanStale):
        operations.commit(
            plan_id=proposed.plan, digest=proposed.digest, actor=two.cast.mei, now=NOW, reason=""
        )


def test_undo_brings_everything_back_to_both(two: Two) -> None:
    before = dict(Record.objects.values_list("pk", "owner_id"))
    proposed = two.plan()
    operations.approve(plan_id=proposed.plan, approver=two.cast.ada, now=NOW, reason="")
    committed = operations.commit(
        plan_id=proposed.plan, digest=proposed.digest, actor=two.cast.mei, now=NOW, reason=""
    )
    operations.undo(entry_id=committed.commit, actor=two.cast.mei, now=NOW, reason="")
    assert dict(Record.objects.values_list("pk", "owner_id")) == before
    assert Span.objects.count() == 34


def test_nobody_manages_a_plan_in_which_they_leave_themselves(two: Two) -> None:
    departures.open_case(
        person_id=two.cast.mei, announced=Announcement(kind="leave", last_day=None),
        actor=two.cast.ada, now=NOW, reason="",
    )  # fmt: skip
    meis = departures.plan(
        cases=[two.olgas], options=Options(), actor=two.cast.mei, now=NOW, reason=""
    )
    assert meis.plan
    with pytest.raises(MayNotManage):
        two.plan(actor=two.cast.olga)


@pytest.mark.parametrize("who", ["olga", "kenji"])
def test_no_leaver_approves(two: Two, who: str) -> None:
    proposed = two.plan()
    with pytest.raises(operations.MayNotApprove) as refused:
        operations.approve(
            plan_id=proposed.plan, approver=getattr(two.cast, who), now=NOW, reason=""
        )
    assert refused.value.facts["why"] == "is_leaver"


def test_a_plan_for_both_stands_in_both_cases_and_follows_the_last_for_both(two: Two) -> None:
    alone = departures.plan(
        cases=[two.olgas], options=Options(), actor=two.cast.mei, now=NOW, reason=""
    )
    first, second = two.plan(), two.plan()
    books = [case_for_command(case).book for case in (two.olgas, two.kenjis)]
    assert [each.id for each in queries.plans(book=books[0])] == [
        second.plan, first.plan, alone.plan
    ]  # fmt: skip
    assert queries.plan(plan_id=second.plan).parent == first.plan
    assert queries.plan(plan_id=first.plan).parent is None
    assert queries.latest_plans()[books[1]].id == second.plan


def test_its_entries_are_of_its_own_chain(two: Two) -> None:
    proposed = two.plan()
    entry = Entry.objects.get(kind="plan")
    assert entry.chain == f"plan:{proposed.plan}"
    assert leaver_of_entry(entry.chain) == two.cast.olga


def test_orphans_go_to_the_manager_of_who_leaves_them(two: Two) -> None:
    nobody = frozenset({two.cast.ivo, two.juno})
    proposed = two.plan(excluded=nobody)
    assert proposed.orphans == 8
    given = Assignment.objects.filter(plan=proposed.plan)
    assert (
        set(given.values_list("person_id", flat=True)) == {two.cast.mei} == set(proposed.managers)
    )
