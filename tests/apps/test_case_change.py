"""A departure is corrected or withdrawn at every stage, and everything that hangs on it follows."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from tests import example
from tests.example import NOW
from tests.touching import (
    AFTER,
    LAST_DAY,
    Company,
    accounts,
    approve,
    carry_out,
    company,
    cover,
    depart,
    fingerprint,
    hand_over,
    owners,
    plan,
    told,
    undo,
)

from legato.books.models import Record
from legato.departures import operations as departures
from legato.departures.models import Case
from legato.domain.departure import LastDayNeeded, LastDayPast, NothingToCorrect
from legato.ledger.models import Entry
from legato.ledger.operations import KeyAlreadyUsed
from legato.people.models import Employment, Hold, Person
from legato.people.queries import MayNotManage
from legato.planning import operations as planning
from legato.planning.operations import Proposed
from legato.web.checks import check_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def us() -> Company:
    return company()


def sound() -> None:
    """No invariant is broken."""
    assert [each for each in check_all() if each.count] == []


def change(us: Company, case: int, **said: Any) -> departures.Changed:
    more = {"at": NOW} | {each: said.pop(each) for each in ("at", "key") if each in said}
    return departures.change_case(
        case_id=case, said=said, actor=us.dana, now=more["at"], reason="It changed",
        key=more.get("key"),
    )  # fmt: skip


def ends_on(who: int) -> date | None:
    return Employment.objects.filter(person=who).order_by("-pk").values_list(
        "ends_on", flat=True
    )[0]  # fmt: skip


# The stages of a departure, each reached from the one before.


def before_plan(us: Company, case: int) -> Proposed | None:
    return None


def planned(us: Company, case: int) -> Proposed | None:
    return plan(us, case, to=us.kenji)


def approved(us: Company, case: int) -> Proposed | None:
    proposed = plan(us, case, to=us.kenji)
    approve(us, proposed)
    return proposed


def covered(us: Company, case: int) -> Proposed | None:
    cover(us, case, us.mei)
    return None


def committed(us: Company, case: int) -> Proposed | None:
    proposed = approved(us, case)
    assert proposed is not None
    carry_out(us, proposed)
    return proposed


STAGES = [before_plan, planned, approved, covered, committed]
Stage = Callable[[Company, int], Proposed | None]


@pytest.mark.parametrize("reach", STAGES)
@pytest.mark.parametrize(
    "day", [LAST_DAY - timedelta(days=20), LAST_DAY + timedelta(days=60), None]
)
def test_the_last_day_moves_at_every_stage_and_the_employment_with_it(
    us: Company, reach: Stage, day: date | None
) -> None:
    accounts(us.olga)
    case = depart(us, us.olga)
    proposed = reach(us, case)
    before = owners()
    changed = change(us, case, last_day=day)
    assert (changed.covered, changed.covered_by) == (None, None)
    assert (Case.objects.get(pk=case).last_day, ends_on(us.olga)) == (day, day)
    assert owners() == before
    assert Hold.objects.filter(person=us.olga, released_at=None).count() == 1
    assert ("last_day_unknown" in told(case)) == (day is None)
    entry = Entry.objects.get(pk=changed.entry)
    assert entry.kind == "case_changed"
    assert entry.facts == {
        "before": {"last_day": LAST_DAY.isoformat()},
        "after": {"last_day": day.isoformat() if day else None},
    }
    if proposed and reach is approved:
        assert carry_out(us, proposed).moved == 6
    sound()


@pytest.mark.parametrize("reach", STAGES)
def test_an_unknown_last_day_becomes_known_at_every_stage(us: Company, reach: Stage) -> None:
    accounts(us.olga)
    case = depart(us, us.olga, last_day=None)
    reach(us, case)
    change(us, case, last_day=LAST_DAY)
    assert ends_on(us.olga) == LAST_DAY
    assert departures.end_last_days(now=AFTER) == 1


@pytest.mark.parametrize(
    ("reach", "left"), [(before_plan, 6), (planned, 6), (approved, 6), (covered, 0), (committed, 0)]
)
def test_a_last_day_that_is_past_by_now_ends_the_employment_at_once(
    us: Company, reach: Stage, left: int
) -> None:
    accounts(us.olga)
    case = depart(us, us.olga)
    proposed = reach(us, case)
    with pytest.raises(LastDayPast):
        change(us, case, last_day=date(2026, 3, 27))
    assert ends_on(us.olga) == LAST_DAY
    changed = change(us, case, last_day=date(2026, 3, 27), already_gone=True)
    assert (changed.covered, changed.covered_by) == (left, us.mei)
    assert not Person.objects.get(pk=us.olga).is_employed
    assert us.olga not in owners().values()
    if proposed and reach is not committed:
        assert told(case)["plan_stale"]["differences"] == 6
    sound()


def test_a_day_that_was_over_may_stay_while_something_else_is_corrected(us: Company) -> None:
    case = depart(us, us.olga, kind="transfer")
    change(us, case, to_competitor="yes", at=AFTER)
    assert Case.objects.get(pk=case).to_competitor == "yes"
    with pytest.raises(LastDayPast):
        change(us, case, kind="resignation", at=AFTER)
    with pytest.raises(LastDayNeeded):
        change(us, case, last_day=None, already_gone=True, at=AFTER)


def test_a_resignation_that_becomes_a_transfer_ends_no_employment_any_more(us: Company) -> None:
    accounts(us.olga)
    case = depart(us, us.olga)
    change(us, case, kind="transfer")
    assert ends_on(us.olga) is None
    assert departures.end_last_days(now=AFTER) == 0
    change(us, case, kind="dismissal")
    assert ends_on(us.olga) == LAST_DAY
    assert departures.end_last_days(now=AFTER) == 1


def test_nothing_is_corrected_after_the_employment_but_what_is_only_known(us: Company) -> None:
    case = depart(us, us.olga)
    departures.end_last_days(now=AFTER)
    with pytest.raises(departures.EmploymentOver):
        change(us, case, last_day=LAST_DAY + timedelta(days=30), at=AFTER)
    change(us, case, to_competitor="no", at=AFTER)
    assert Case.objects.get(pk=case).to_competitor == "no"


def test_a_correction_is_said_once_by_its_key_and_needs_something_to_correct(us: Company) -> None:
    case = depart(us, us.olga)
    first = change(us, case, last_day=None, key="later")
    assert change(us, case, last_day=None, key="later") == first
    with pytest.raises(KeyAlreadyUsed):
        change(us, case, last_day=LAST_DAY, key="later")
    with pytest.raises(NothingToCorrect):
        change(us, case, last_day=None)
    assert Entry.objects.filter(kind="case_changed").count() == 1


def test_neither_the_leaver_nor_a_rep_corrects_a_departure(us: Company) -> None:
    case = depart(us, us.olga)
    for actor in (us.olga, us.ivo):
        with pytest.raises(MayNotManage):
            departures.change_case(
                case_id=case, said={"last_day": None}, actor=actor, now=NOW, reason=""
            )


def test_a_case_that_is_over_is_not_corrected(us: Company) -> None:
    case = depart(us, us.olga)
    departures.withdraw(case_id=case, actor=us.dana, now=NOW, reason="")
    with pytest.raises(departures.CaseClosed):
        change(us, case, last_day=None)


# The resignation is withdrawn.


@pytest.mark.parametrize("reach", [planned, approved])
def test_a_plan_of_a_withdrawn_departure_is_neither_approved_nor_carried_out(
    us: Company, reach: Stage
) -> None:
    accounts(us.olga)
    case = depart(us, us.olga)
    proposed = reach(us, case)
    assert proposed is not None
    departures.withdraw(case_id=case, actor=us.dana, now=NOW, reason="She stays")
    before = fingerprint()
    with pytest.raises(planning.DepartureOver):
        approve(us, proposed) if reach is planned else carry_out(us, proposed)
    assert fingerprint() == before
    assert told(case) == {}


@pytest.mark.parametrize("reach", [before_plan, planned, approved, covered])
def test_withdrawn_before_the_commit_everything_is_with_the_person_again(
    us: Company, reach: Stage
) -> None:
    accounts(us.olga)
    case = depart(us, us.olga)
    before = owners()
    reach(us, case)
    withdrawn = departures.withdraw(case_id=case, actor=us.dana, now=NOW, reason="She stays")
    assert (withdrawn.returned, withdrawn.elsewhere) == (6 if reach is covered else 0, 0)
    assert owners() == before
    assert not Record.objects.filter(interim_until__isnull=False).exists()
    assert ends_on(us.olga) is None
    assert not Hold.objects.filter(person=us.olga, released_at=None).exists()
    assert depart(us, us.olga) != case
    sound()


def test_withdrawn_after_the_commit_what_was_given_stays_and_can_be_taken_back(
    us: Company,
) -> None:
    accounts(us.olga)
    case = depart(us, us.olga)
    before = owners()
    done = hand_over(us, case, to=us.kenji)
    withdrawn = departures.withdraw(case_id=case, actor=us.dana, now=NOW, reason="She stays")
    assert (withdrawn.returned, withdrawn.elsewhere) == (0, 6)
    assert told(case)["given_away"] == {"name": "Olga Petrova", "records": 6}
    assert told(case)["can_undo"]["entry"] == done.commit
    undo(done.commit, by=us.ada)
    assert owners() == before
    assert told(case) == {}
    sound()


def test_withdrawn_after_the_last_day_is_too_late(us: Company) -> None:
    case = depart(us, us.olga)
    departures.end_last_days(now=AFTER)
    with pytest.raises(departures.EmploymentOver):
        departures.withdraw(case_id=case, actor=us.dana, now=AFTER, reason="She stays")
    assert Case.objects.get(pk=case).closed_at is None


def test_a_withdrawal_by_the_same_key_happens_once(us: Company) -> None:
    accounts(us.olga)
    case = depart(us, us.olga)
    cover(us, case, us.mei)
    said: Any = {"case_id": case, "actor": us.dana, "now": NOW, "reason": "", "key": "stays"}
    assert departures.withdraw(**said) == departures.withdraw(**said)


def test_what_came_while_it_was_covered_goes_back_with_its_account(us: Company) -> None:
    account = accounts(us.olga, how_many=1)[0]
    case = depart(us, us.olga)
    cover(us, case, us.mei)
    lead = example.record(owner=us.mei, kind="lead", account=account.pk, at=NOW)
    departures.withdraw(case_id=case, actor=us.dana, now=NOW, reason="She stays")
    assert owners()[lead.pk] == us.olga


@pytest.mark.parametrize("then", ["withdrawn", "covered again"])
def test_a_covered_record_that_was_closed_stays_as_it_is(us: Company, then: str) -> None:
    """Its number in the receipt, and nobody to give it to, would break the receipt's hash."""
    kept, closed = accounts(us.olga, how_many=2)
    case = depart(us, us.olga)
    cover(us, case, us.mei)
    with transaction.atomic():
        entry = example.entry(actor=us.mei)
        Record.objects.filter(pk=closed.pk).update(is_open=False, entry=entry)
    if then == "withdrawn":
        departures.withdraw(case_id=case, actor=us.dana, now=NOW, reason="She stays")
    else:
        cover(us, case, us.kenji)
    assert owners()[kept.pk] == (us.olga if then == "withdrawn" else us.kenji)
    assert Record.objects.get(pk=closed.pk).owner_id == us.mei
