"""Proposing, approving, committing and undoing plans."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries
from tests import example
from tests.example import NOW, Cast

from legato.books.models import Record, Span
from legato.departures import operations as departures
from legato.departures.models import Case
from legato.domain.departure import Announcement
from legato.domain.eligibility import PinImpossible
from legato.domain.errors import NotFound
from legato.ledger.models import Entry
from legato.ledger.operations import KeyAlreadyUsed
from legato.people import operations as staff
from legato.people.queries import MayNotManage
from legato.planning import operations, queries
from legato.planning.models import Assignment, Move, Plan
from legato.planning.operations import Committed, Options, Proposed
from legato.planning.queries import explaining

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Olga's open case."""

    cast: Cast
    case: int

    def plan(self, **options: Any) -> Proposed:
        return departures.plan(
            cases=[self.case],
            options=Options(**options),
            actor=self.cast.mei,
            now=NOW,
            reason="A first plan",
        )

    def approved(self, **options: Any) -> Proposed:
        proposed = self.plan(**options)
        operations.approve(plan_id=proposed.plan, approver=self.cast.ada, now=NOW, reason="Fair")
        return proposed

    def commit(
        self, proposed: Proposed, *, digest: str = "", key: str | None = None, actor: int = 0
    ) -> Committed:
        return operations.commit(
            plan_id=proposed.plan,
            digest=digest or proposed.digest,
            actor=actor or self.cast.mei,
            now=NOW,
            reason="Go",
            key=key,
        )


@pytest.fixture
def leaving() -> Leaving:
    """Olga holds six accounts with a deal each, one deal on Kenji's account, and a lone deal."""
    cast = example.company()
    for _account in range(6):
        account = example.record(owner=cast.olga)
        example.record(owner=cast.olga, kind="opportunity", account=account.pk, value=Decimal(100))
    kenjis = example.record(owner=cast.kenji)
    example.record(owner=cast.olga, kind="opportunity", account=kenjis.pk, name="On Kenji's")
    example.record(owner=cast.olga, kind="lead", name="Alone")
    opened = departures.open_case(
        person_id=cast.olga,
        announced=Announcement(kind="resignation", last_day=date(2026, 4, 30)),
        actor=cast.mei,
        now=NOW,
        reason="",
    )
    return Leaving(cast=cast, case=opened.case)


def owners() -> dict[int, int]:
    return dict(Record.objects.order_by("pk").values_list("pk", "owner_id"))


def changed(record: Record, **columns: Any) -> Entry:
    """Somebody changes something of a record, later than the plan."""
    with transaction.atomic():
        entry = example.entry(kind="import", at=NOW)
        Record.objects.filter(pk=record.pk).update(entry=entry, **columns)
    return entry


def test_a_plan_moves_nothing_and_decides_everything(leaving: Leaving) -> None:
    before = owners()
    proposed = leaving.plan()
    assert owners() == before
    assert (proposed.assignments, proposed.moved, proposed.orphans) == (8, 14, 0)
    assert proposed.violations == ()
    assert Assignment.objects.filter(plan=proposed.plan).count() == 8
    assert Move.objects.filter(plan=proposed.plan).count() == 14


def test_what_is_on_an_account_goes_along_with_it(leaving: Leaving) -> None:
    leaving.commit(leaving.approved())
    for deal in Record.objects.filter(kind="opportunity").select_related("account"):
        assert isinstance(deal.account, Record)
        assert deal.owner_id == deal.account.owner_id


def test_a_record_on_a_colleagues_account_goes_to_that_colleague(leaving: Leaving) -> None:
    proposed = leaving.plan()
    decided = Assignment.objects.get(plan=proposed.plan, unit__name="On Kenji's")
    assert (decided.person_id, decided.reason["code"]) == (leaving.cast.kenji, "account_owner")


def test_the_same_inputs_and_seed_give_the_same_digest_and_proposal(leaving: Leaving) -> None:
    first, again, other = leaving.plan(), leaving.plan(), leaving.plan(seed=2)
    assert first.digest == again.digest != other.digest
    plans = {each.pk: each.proposal for each in Plan.objects.all()}
    assert plans[first.plan] == plans[again.plan]
    assert Plan.objects.get(pk=again.plan).parent_id == first.plan


def test_a_pin_is_kept_and_a_pinned_deal_leaves_its_account(leaving: Leaving) -> None:
    account = Record.objects.filter(kind="account", owner=leaving.cast.olga).first()
    assert account is not None
    deal = Record.objects.get(account=account)
    proposed = leaving.approved(
        pins=((f"#{account.pk}", leaving.cast.ivo), (f"#{deal.pk}", leaving.cast.kenji))
    )
    leaving.commit(proposed)
    found = owners()
    assert (found[account.pk], found[deal.pk]) == (leaving.cast.ivo, leaving.cast.kenji)


def test_a_pin_that_breaks_a_rule_is_refused(leaving: Leaving) -> None:
    with pytest.raises(PinImpossible):
        leaving.plan(pins=(("Alone", leaving.cast.olga),))


def test_a_pin_that_names_no_single_record_is_refused(leaving: Leaving) -> None:
    example.record(owner=leaving.cast.olga, kind="lead", name="Alone")
    with pytest.raises(operations.RecordUnclear):
        leaving.plan(pins=(("Alone", leaving.cast.ivo),))
    with pytest.raises(NotFound):
        leaving.plan(pins=(("No such thing", leaving.cast.ivo),))


def test_an_excluded_person_gets_nothing(leaving: Leaving) -> None:
    proposed = leaving.plan(excluded=frozenset({leaving.cast.kenji}))
    assert not Assignment.objects.filter(
        plan=proposed.plan, person=leaving.cast.kenji, is_orphan=False
    ).exists()


def test_with_nobody_to_take_it_everything_is_an_orphan_for_the_manager(leaving: Leaving) -> None:
    nobody = frozenset({leaving.cast.kenji, leaving.cast.ivo})
    proposed = leaving.plan(excluded=nobody)
    assert proposed.orphans == proposed.assignments == 8
    assert proposed.violations == ()
    people = set(
        Assignment.objects.filter(plan=proposed.plan).values_list("person_id", "is_orphan")
    )
    assert people == {(leaving.cast.mei, True)}


def test_a_person_with_a_last_day_receives_nothing(leaving: Leaving) -> None:
    departures.open_case(
        person_id=leaving.cast.ivo,
        announced=Announcement(kind="resignation", last_day=date(2026, 6, 30)),
        actor=leaving.cast.ada,
        now=NOW,
        reason="",
    )
    proposed = leaving.plan()
    assert not Assignment.objects.filter(plan=proposed.plan, person=leaving.cast.ivo).exists()


def test_capacity_without_one_of_ones_own_is_the_largest_book_and_a_quarter(
    leaving: Leaving,
) -> None:
    example.records(how_many=8, owner=leaving.cast.ivo)
    proposed = leaving.plan()
    assert proposed.capacity.largest_book == 8000
    assert proposed.capacity.assumed == 10_000
    assert proposed.capacity.largest_holder == leaving.cast.ivo


def test_a_skill_that_somebody_has_recorded_is_needed_and_one_nobody_has_is_not(
    leaving: Leaving,
) -> None:
    japanese = example.record(owner=leaving.cast.olga, language="ja")
    thai = example.record(owner=leaving.cast.olga, language="th")
    staff.change(person=leaving.cast.kenji, add_skills=[("language", "JA")], now=NOW, actor=None)
    proposed = leaving.plan()
    given = dict(Assignment.objects.filter(plan=proposed.plan).values_list("unit_id", "person_id"))
    assert given[japanese.pk] == leaving.cast.kenji
    assert not Assignment.objects.get(plan=proposed.plan, unit=thai).is_orphan


def test_a_parent_group_stays_together(leaving: Leaving) -> None:
    parent = example.record(owner=leaving.cast.olga)
    family = [
        example.record(owner=leaving.cast.olga, parent_id=parent.pk).pk for _child in range(3)
    ]
    proposed = leaving.plan()
    given = dict(Assignment.objects.filter(plan=proposed.plan).values_list("unit_id", "person_id"))
    assert len({given[each] for each in [parent.pk, *family]}) == 1


@pytest.mark.parametrize(
    ("who", "why"),
    [("mei", "is_proposer"), ("olga", "is_leaver"), ("kenji", "receives"), ("sam", "not_manager")],
)
def test_the_wrong_person_does_not_approve(leaving: Leaving, who: str, why: str) -> None:
    proposed = leaving.plan()
    with pytest.raises(operations.MayNotApprove) as refused:
        operations.approve(
            plan_id=proposed.plan, approver=getattr(leaving.cast, who), now=NOW, reason=""
        )
    assert refused.value.facts["why"] == why
    assert refused.value.facts["others"] == ["Ada Okafor"]


def test_where_nobody_may_approve_the_refusal_says_so(leaving: Leaving) -> None:
    proposed = departures.plan(
        cases=[leaving.case], options=Options(), actor=leaving.cast.ada, now=NOW, reason=""
    )
    orphaned = leaving.plan(excluded=frozenset({leaving.cast.kenji, leaving.cast.ivo}))
    operations.approve(plan_id=proposed.plan, approver=leaving.cast.mei, now=NOW, reason="")
    staff.change(person=leaving.cast.ada, role="operations", now=NOW, actor=None)
    with pytest.raises(operations.NobodyMayApprove):
        operations.approve(plan_id=orphaned.plan, approver=leaving.cast.ada, now=NOW, reason="")


def test_a_plan_is_approved_once(leaving: Leaving) -> None:
    proposed = leaving.approved()
    with pytest.raises(operations.AlreadyApproved):
        operations.approve(plan_id=proposed.plan, approver=leaving.cast.ada, now=NOW, reason="")


def test_a_commit_changes_every_owner_and_leaves_a_receipt(leaving: Leaving) -> None:
    before = owners()
    committed = leaving.commit(leaving.approved())
    after = owners()
    receipt = queries.receipt(entry_id=committed.commit)
    assert committed.moved == len(receipt) == 14
    assert {row.record: row.owner_before_id for row in receipt} == {
        record: owner for record, owner in before.items() if owner == leaving.cast.olga
    }
    assert all(after[row.record] == row.owner_after_id for row in receipt)
    assert leaving.cast.olga not in after.values()


def test_what_is_closed_keeps_its_owner(leaving: Leaving) -> None:
    won = example.record(owner=leaving.cast.olga, kind="opportunity", is_open=False, outcome="won")
    leaving.commit(leaving.approved())
    won.refresh_from_db()
    assert won.owner_id == leaving.cast.olga


def test_who_may_not_manage_the_departure_commits_nothing(leaving: Leaving) -> None:
    proposed = leaving.approved()
    for actor in (leaving.cast.olga, leaving.cast.ivo):
        with pytest.raises(MayNotManage):
            leaving.commit(proposed, actor=actor)


def test_a_plan_that_nobody_approved_is_not_committed(leaving: Leaving) -> None:
    with pytest.raises(operations.NotApproved):
        leaving.commit(leaving.plan())


def test_another_digest_is_refused(leaving: Leaving) -> None:
    with pytest.raises(operations.DigestDiffers):
        leaving.commit(leaving.approved(), digest="0" * 64)


def test_a_plan_is_committed_once(leaving: Leaving) -> None:
    proposed = leaving.approved()
    first = leaving.commit(proposed)
    with pytest.raises(operations.AlreadyCommitted) as refused:
        leaving.commit(proposed)
    assert refused.value.facts["commit"] == first.commit


def test_the_same_key_gives_the_same_answer_and_another_body_is_refused(leaving: Leaving) -> None:
    proposed = leaving.approved()
    first = leaving.commit(proposed, key="k")
    assert leaving.commit(proposed, key="k") == first
    assert Span.objects.count() == 14
    with pytest.raises(KeyAlreadyUsed):
        leaving.commit(leaving_again(leaving), key="k")


def test_a_plan_is_approved_once_with_the_same_key(leaving: Leaving) -> None:
    proposed, other = leaving.plan(), leaving.plan(seed=2)
    said: dict[str, Any] = {"approver": leaving.cast.ada, "now": NOW, "reason": "", "key": "yes"}
    first = operations.approve(plan_id=proposed.plan, **said)
    assert operations.approve(plan_id=proposed.plan, **said) == first
    with pytest.raises(KeyAlreadyUsed):
        operations.approve(plan_id=other.plan, **said)
    with pytest.raises(KeyAlreadyUsed):
        operations.approve(plan_id=proposed.plan, **said | {"approver": leaving.cast.mei})


def leaving_again(leaving: Leaving) -> Proposed:
    example.record(owner=leaving.cast.olga)
    return leaving.approved()


def differences(refused: operations.PlanStale) -> list[dict[str, Any]]:
    found = refused.facts["differences"]
    assert isinstance(found, list)
    return found


def moved_owner(leaving: Leaving, record: Record) -> None:
    example.give(record=record.pk, to=leaving.cast.ivo)


def new_lead(leaving: Leaving, record: Record) -> None:
    example.record(owner=leaving.cast.olga, kind="lead", at=NOW)


def new_commitment(leaving: Leaving, record: Record) -> None:
    example.record(owner=leaving.cast.kenji, kind="commitment", account=record.pk, at=NOW)


def new_stage(leaving: Leaving, record: Record) -> None:
    changed(record, stage="negotiation")


def closed(leaving: Leaving, record: Record) -> None:
    changed(record, is_open=False)


@pytest.mark.parametrize(
    ("happens", "what"),
    [
        (moved_owner, "owner"),
        (new_stage, "changed"),
        (closed, "closed"),
        (new_lead, "new"),
        (new_commitment, "new"),
    ],
)
def test_a_world_that_moved_refuses_the_commit_and_names_the_row(
    leaving: Leaving, happens: Any, what: str
) -> None:
    proposed = leaving.approved()
    account = Record.objects.filter(kind="account", owner=leaving.cast.olga).first()
    assert account is not None
    happens(leaving, account)
    before = owners()
    with pytest.raises(operations.PlanStale) as refused:
        leaving.commit(proposed)
    assert [each["what"] for each in differences(refused.value)] == [what]
    assert owners() == before


def test_a_policy_that_changed_refuses_the_commit(leaving: Leaving) -> None:
    proposed = leaving.approved()
    staff.set_policy(values={"undo_hours": 48}, now=NOW, actor=None)
    with pytest.raises(operations.PlanStale) as refused:
        leaving.commit(proposed)
    assert refused.value.facts["differences"] == [{"what": "policy", "was": 0, "now": 1}]


def goes_on_leave(leaving: Leaving) -> None:
    staff.add_absence(
        person=leaving.cast.ivo, first_day=NOW.date(), last_day=NOW.date() + timedelta(days=30),
        now=NOW, actor=None,
    )  # fmt: skip


def leaves_too(leaving: Leaving) -> None:
    departures.open_case(
        person_id=leaving.cast.ivo,
        announced=Announcement(kind="resignation", last_day=None),
        actor=leaving.cast.ada,
        now=NOW,
        reason="",
    )


def has_less_room(leaving: Leaving) -> None:
    staff.change(person=leaving.cast.ivo, capacity=Decimal(1), now=NOW, actor=None)


@pytest.mark.parametrize("happens", [goes_on_leave, leaves_too, has_less_room])
def test_a_receiver_who_may_not_receive_any_more_refuses_the_commit(
    leaving: Leaving, happens: Any
) -> None:
    proposed = leaving.approved()
    happens(leaving)
    with pytest.raises(operations.PlanBreaksRule) as refused:
        leaving.commit(proposed)
    assert refused.value.facts["count"]


@pytest.mark.parametrize("happens", [leaves_too, lambda each: example.leave(person=each.cast.ivo)])
def test_a_pin_to_somebody_who_may_not_receive_any_more_refuses_the_commit(
    leaving: Leaving, happens: Any
) -> None:
    proposed = leaving.approved(pins=(("Alone", leaving.cast.ivo),))
    happens(leaving)
    with pytest.raises(operations.PlanBreaksRule) as refused:
        leaving.commit(proposed)
    assert refused.value.facts["count"]


def test_a_load_that_changed_without_harm_is_shown_and_does_not_refuse(leaving: Leaving) -> None:
    proposed = leaving.approved()
    example.records(how_many=2, owner=leaving.cast.ivo, at=NOW)
    committed = leaving.commit(proposed)
    assert committed.loads_changed == ((leaving.cast.ivo, 0, 2000),)


def test_undo_restores_every_owner(leaving: Leaving) -> None:
    before = owners()
    committed = leaving.commit(leaving.approved())
    undone = operations.undo(entry_id=committed.commit, actor=leaving.cast.ada, now=NOW, reason="")
    assert (undone.restored, undone.conflicts) == (14, ())
    assert owners() == before


def test_undo_spares_what_somebody_changed_since_and_says_who_and_when(leaving: Leaving) -> None:
    committed = leaving.commit(leaving.approved())
    accounts = Record.objects.filter(kind="account", owner_entry=committed.commit)
    given, shut, _rest = list(accounts)[:3]
    with transaction.atomic():
        entry = example.entry(kind="given", actor=leaving.cast.sam, at=NOW)
        Record.objects.filter(pk=given.pk).update(
            owner_id=leaving.cast.ada, owner_since=NOW, owner_entry=entry, entry=entry
        )
    changed(shut, is_open=False)
    undone = operations.undo(entry_id=committed.commit, actor=leaving.cast.mei, now=NOW, reason="")
    kept = {each.record: (each.why, each.by) for each in undone.conflicts}
    assert undone.restored == 12
    assert kept == {
        given.pk: ("owner_changed_since", leaving.cast.sam),
        shut.pk: ("closed_since", None),
    }
    assert owners()[given.pk] == leaving.cast.ada


def test_nobody_who_left_gets_anything_back(leaving: Leaving) -> None:
    committed = leaving.commit(leaving.approved())
    example.leave(person=leaving.cast.olga)
    undone = operations.undo(entry_id=committed.commit, actor=leaving.cast.mei, now=NOW, reason="")
    assert undone.restored == 0
    assert {each.why for each in undone.conflicts} == {"owner_has_left"}


def test_an_undo_can_be_undone(leaving: Leaving) -> None:
    committed = leaving.commit(leaving.approved())
    after = owners()
    first = operations.undo(entry_id=committed.commit, actor=leaving.cast.mei, now=NOW, reason="")
    operations.undo(entry_id=first.undo, actor=leaving.cast.mei, now=NOW, reason="")
    assert owners() == after


def test_an_undo_that_would_restore_nothing_is_refused_and_not_used_up(leaving: Leaving) -> None:
    before = owners()
    cover = departures.cover(
        case_id=leaving.case, by=leaving.cast.kenji, until=NOW + timedelta(days=9),
        actor=leaving.cast.mei, now=NOW, reason="",
    )  # fmt: skip
    committed = leaving.commit(leaving.approved(excluded=frozenset({leaving.cast.kenji})))
    with pytest.raises(operations.LaterChangeFirst) as refused:
        operations.undo(entry_id=cover.cover, actor=leaving.cast.mei, now=NOW, reason="")
    assert refused.value.facts["later"] == committed.commit
    for entry in (committed.commit, cover.cover):
        operations.undo(entry_id=entry, actor=leaving.cast.mei, now=NOW, reason="")
    assert owners() == before


def test_a_cover_can_be_taken_back_however_often_the_commit_after_it_was_undone_and_done_again(
    leaving: Leaving,
) -> None:
    before = owners()
    cover = departures.cover(
        case_id=leaving.case, by=leaving.cast.kenji, until=NOW + timedelta(days=9),
        actor=leaving.cast.mei, now=NOW, reason="",
    )  # fmt: skip
    last = leaving.commit(leaving.approved()).commit
    for _time in range(3):
        undone = operations.undo(entry_id=last, actor=leaving.cast.mei, now=NOW, reason="")
        last = undone.undo
    undone = operations.undo(entry_id=cover.cover, actor=leaving.cast.mei, now=NOW, reason="")
    assert undone.conflicts == ()
    assert owners() == before


def test_a_cover_of_nothing_is_nothing_to_undo(leaving: Leaving) -> None:
    leaving.commit(leaving.approved())
    cover = departures.cover(
        case_id=leaving.case, by=leaving.cast.mei, until=NOW + timedelta(days=9),
        actor=leaving.cast.mei, now=NOW, reason="",
    )  # fmt: skip
    assert cover.records == 0
    with pytest.raises(operations.NothingToUndo):
        operations.undo(entry_id=cover.cover, actor=leaving.cast.mei, now=NOW, reason="")


def test_undo_just_inside_and_just_outside_its_window(leaving: Leaving) -> None:
    committed = leaving.commit(leaving.approved())
    late = NOW + timedelta(hours=72, seconds=1)
    with pytest.raises(operations.UndoTooLate):
        operations.undo(entry_id=committed.commit, actor=leaving.cast.mei, now=late, reason="")
    operations.undo(
        entry_id=committed.commit, actor=leaving.cast.mei, now=NOW + timedelta(hours=72), reason=""
    )


def test_only_the_proposer_or_the_approver_undoes(leaving: Leaving) -> None:
    committed = leaving.commit(leaving.approved())
    with pytest.raises(operations.MayNotUndo):
        operations.undo(entry_id=committed.commit, actor=leaving.cast.sam, now=NOW, reason="")


def test_nothing_is_undone_twice(leaving: Leaving) -> None:
    committed = leaving.commit(leaving.approved())
    operations.undo(entry_id=committed.commit, actor=leaving.cast.mei, now=NOW, reason="")
    with pytest.raises(operations.AlreadyUndone):
        operations.undo(entry_id=committed.commit, actor=leaving.cast.mei, now=NOW, reason="")


def test_what_changed_no_owner_cannot_be_undone(leaving: Leaving) -> None:
    entry = Entry.objects.get(kind="case_opened")
    with pytest.raises(operations.NothingToUndo):
        operations.undo(entry_id=entry.pk, actor=leaving.cast.mei, now=NOW, reason="")
    with pytest.raises(NotFound):
        operations.undo(entry_id=404_404, actor=leaving.cast.mei, now=NOW, reason="")


def test_after_the_commit_there_is_nothing_left_to_plan(leaving: Leaving) -> None:
    leaving.commit(leaving.approved())
    with pytest.raises(operations.NothingToPlan):
        leaving.plan()


def test_a_covered_book_is_planned_and_committed_from_its_cover(leaving: Leaving) -> None:
    departures.cover(
        case_id=leaving.case, by=leaving.cast.mei, until=NOW + timedelta(days=9),
        actor=leaving.cast.mei, now=NOW, reason="",
    )  # fmt: skip
    leaving.commit(leaving.approved())
    assert leaving.cast.mei not in owners().values()
    assert not Record.objects.filter(interim_until__isnull=False).exists()


def test_who_covered_and_gets_it_for_good_covers_no_longer(leaving: Leaving) -> None:
    departures.cover(
        case_id=leaving.case, by=leaving.cast.kenji, until=NOW + timedelta(days=9),
        actor=leaving.cast.mei, now=NOW, reason="",
    )  # fmt: skip
    proposed = leaving.approved(excluded=frozenset({leaving.cast.ivo}))
    committed = leaving.commit(proposed)
    assert committed.moved == proposed.moved == 14
    assert set(owners().values()) == {leaving.cast.kenji}
    assert not Record.objects.filter(interim_until__isnull=False).exists()


@pytest.mark.parametrize("records", [5, 500])
def test_commit_and_undo_take_the_same_statements_for_any_book(
    leaving: Leaving, records: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for person in (leaving.cast.kenji, leaving.cast.ivo):
        staff.change(person=person, capacity=Decimal(1000), now=NOW, actor=None)
    example.records(how_many=records, owner=leaving.cast.olga)
    proposed = leaving.approved()
    with django_assert_max_num_queries(47):
        committed = leaving.commit(proposed)
    with django_assert_max_num_queries(30):
        operations.undo(entry_id=committed.commit, actor=leaving.cast.mei, now=NOW, reason="")


def test_the_ledger_tells_what_happened_in_order(leaving: Leaving) -> None:
    committed = leaving.commit(leaving.approved())
    operations.undo(entry_id=committed.commit, actor=leaving.cast.mei, now=NOW, reason="")
    chain = Entry.objects.filter(chain=f"case:{leaving.case}").order_by("number")
    assert list(chain.values_list("kind", flat=True)) == [
        "case_opened",
        "plan",
        "approval",
        "commit",
        "undo",
    ]


def test_the_table_of_shares_says_what_follows_its_accounts_owner(leaving: Leaving) -> None:
    proposed = leaving.plan()
    told = {each.name: each for each in queries.shares(plan_id=proposed.plan)}
    assert (told["Kenji Sato"].beside, told["Ivo Novak"].beside) == (1, 0)
    beside = explaining.beside(plan_id=proposed.plan, person=leaving.cast.kenji)
    total = next(
        part
        for part in explaining.portion(plan_id=proposed.plan, person=leaving.cast.kenji)
        if part.of == "total"
    )
    assert total.got / 1000 + beside.units == told["Kenji Sato"].units


@pytest.mark.parametrize(("pairs", "is_one_by_one"), [(24, True), (23, False)])
def test_a_book_of_too_many_pairs_is_decided_as_arrays_and_keeps_the_same_rules(
    leaving: Leaving, pairs: int, is_one_by_one: bool
) -> None:
    book = Case.objects.get(pk=leaving.case).book_id
    proposed = operations.propose(
        books=[book], chain=f"case:{leaving.case}", options=Options(), actor=leaving.cast.mei,
        now=NOW, reason="", one_by_one=pairs,
    )  # fmt: skip
    plan = Plan.objects.get(pk=proposed.plan)
    assert ("units" in plan.problem) == is_one_by_one
    assert (proposed.assignments, proposed.moved, proposed.violations) == (8, 14, ())
    on_kenjis = Assignment.objects.get(plan=plan, unit__name="On Kenji's")
    assert on_kenjis.person_id == leaving.cast.kenji
    operations.approve(plan_id=plan.pk, approver=leaving.cast.ada, now=NOW, reason="")
    leaving.commit(proposed)
    assert Record.objects.filter(owner=leaving.cast.olga, is_open=True).count() == 0
