"""Changing a plan, comparing two, interims, runs, and what would be."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from tests import example
from tests.example import NOW, Cast

from legato.books import barring
from legato.books.models import Record, Span
from legato.departures import operations as departures
from legato.domain.departure import Announcement
from legato.domain.eligibility import PinImpossible
from legato.domain.errors import NotFound
from legato.domain.planfile import verified
from legato.ledger.models import Entry
from legato.ledger.operations import KeyAlreadyUsed
from legato.people import operations as staff
from legato.people.models import Employment, Person
from legato.planning import operations, queries
from legato.planning.models import Assignment, Move, Plan, Run
from legato.planning.operations import Options, Proposed, Seen
from legato.solver import TooLargeToProve
from legato.web.checks import check_all

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    cast: Cast
    case: int
    accounts: list[int]

    def plan(self, **options: Any) -> Proposed:
        return departures.plan(
            cases=[self.case], options=Options(**options), actor=self.cast.mei, now=NOW, reason=""
        )

    def given(self, plan: Proposed) -> dict[int, int]:
        return dict(Assignment.objects.filter(plan=plan.plan).values_list("unit_id", "person_id"))

    def carried_out(self, plan: Proposed, *, now: datetime = NOW) -> int:
        operations.approve(plan_id=plan.plan, approver=self.cast.ada, now=now, reason="")
        done = operations.commit(
            plan_id=plan.plan, digest=plan.digest, actor=self.cast.mei, now=now, reason=""
        )
        return done.commit


def leaving(kind: str = "resignation") -> Leaving:
    """Olga with twelve accounts; Kenji, Ivo and Juno are there."""
    cast = example.company()
    example.person(name="Juno Diaz", manager=cast.mei, team="East")
    accounts = [example.record(owner=cast.olga, value=None).pk for _account in range(12)]
    announced: dict[str, Any] = {"kind": kind, "last_day": date(2026, 4, 30)}
    opened = departures.open_case(
        person_id=cast.olga, announced=Announcement(**announced), actor=cast.mei, now=NOW,
        reason="",
    )  # fmt: skip
    return Leaving(cast=cast, case=opened.case, accounts=accounts)


@pytest.fixture
def olga() -> Leaving:
    return leaving()


def test_a_plan_from_another_keeps_its_choices_where_nothing_else_is_asked(olga: Leaving) -> None:
    first = olga.plan()
    given = olga.given(first)
    moved = next(unit for unit, person in given.items() if person != olga.cast.ivo)
    second = olga.plan(origin=first.plan, pins=((f"#{moved}", olga.cast.ivo),), seed=99)
    again = olga.given(second)
    assert again[moved] == olga.cast.ivo
    assert sum(again[unit] != given[unit] for unit in given) <= 2
    assert queries.plan(plan_id=second.plan).parent == first.plan


def test_two_plans_are_compared_person_by_person_and_unit_by_unit(olga: Leaving) -> None:
    first = olga.plan()
    second = olga.plan(excluded=frozenset({olga.cast.ivo}))
    found = queries.comparison(plans=(first.plan, second.plan))
    before, after = olga.given(first), olga.given(second)
    assert found.differing == sum(before[unit] != after[unit] for unit in before)
    ivo = next(each for each in found.persons if each.name == "Ivo Novak")
    assert ivo.units == (list(before.values()).count(olga.cast.ivo), 0)
    assert [side.moved for side in found.sides] == [first.moved, second.moved]
    with pytest.raises(NotFound):
        queries.comparison(plans=(first.plan, 404_404))


def test_an_interim_plan_gives_for_a_time_and_for_that_time_alone(olga: Leaving) -> None:
    olga.carried_out(olga.plan(until=LATER))
    assert Record.objects.filter(interim_until=LATER, next_owner=None).count() == 12
    again = olga.plan()
    assert again.assignments == 12
    with pytest.raises(operations.InterimEndsPast):
        olga.plan(until=NOW)


def test_who_stays_until_the_interim_is_over_may_be_an_interim_owner(olga: Leaving) -> None:
    last_day = LATER.date() + timedelta(days=1)
    Employment.objects.filter(person=olga.cast.ivo).update(ends_on=last_day)
    assert olga.cast.ivo not in olga.given(olga.plan()).values()
    assert olga.cast.ivo in olga.given(olga.plan(until=LATER)).values()


def test_what_was_lent_for_a_leave_goes_back_by_itself() -> None:
    lent = leaving(kind="leave")
    lent.carried_out(lent.plan(until=LATER, returns=True))
    assert departures.end_interims(now=LATER - timedelta(seconds=1)) == 0
    assert departures.end_interims(now=LATER) == 12
    assert departures.end_interims(now=LATER) == 0
    assert set(Record.objects.values_list("owner_id", "interim_until")) == {(lent.cast.olga, None)}
    assert Entry.objects.filter(kind="interim_ended").count() == 1


def test_an_interim_that_is_over_before_it_began_refuses_the_commit(olga: Leaving) -> None:
    proposed = olga.plan(until=LATER)
    operations.approve(plan_id=proposed.plan, approver=olga.cast.ada, now=NOW, reason="")
    with pytest.raises(operations.PlanBreaksRule) as refused:
        operations.commit(
            plan_id=proposed.plan, digest=proposed.digest, actor=olga.cast.mei, now=LATER, reason=""
        )
    assert refused.value.facts["violations"] == [{"code": "interim_over"}]


def test_a_leave_after_the_interim_hinders_neither_the_commit_nor_the_check(olga: Leaving) -> None:
    for person in (olga.cast.kenji, olga.cast.ivo):
        staff.add_absence(
            person=person, first_day=LATER.date() + timedelta(days=1),
            last_day=LATER.date() + timedelta(days=60), now=NOW, actor=None,
        )  # fmt: skip
    olga.carried_out(olga.plan(until=LATER))
    assert [each.rows for each in check_all() if each.count] == []


def test_an_undo_after_the_end_of_a_cover_makes_nobody_the_owner_for_good(olga: Leaving) -> None:
    departures.cover(
        case_id=olga.case, by=olga.cast.kenji, until=NOW + timedelta(days=1),
        actor=olga.cast.mei, now=NOW, reason="",
    )  # fmt: skip
    committed = olga.carried_out(olga.plan())
    operations.undo(entry_id=committed, actor=olga.cast.mei, now=NOW + timedelta(days=2), reason="")
    assert set(Record.objects.values_list("owner_id", "interim_until")) == {
        (olga.cast.kenji, NOW + timedelta(days=2, seconds=1))
    }
    assert olga.plan().assignments == 12


def test_what_nobody_waits_for_stays_with_the_interim_owner(olga: Leaving) -> None:
    olga.carried_out(olga.plan(until=LATER))
    before = dict(Record.objects.values_list("pk", "owner_id"))
    assert departures.end_interims(now=LATER) == 0
    assert dict(Record.objects.values_list("pk", "owner_id")) == before


def counts() -> dict[str, int]:
    tables = (Plan, Assignment, Move, Run, Record, Span, Entry)
    return {table.__name__: table.objects.count() for table in tables}


def test_a_simulation_decides_and_writes_nothing(olga: Leaving) -> None:
    example.records(how_many=5, owner=olga.cast.kenji)
    before = counts()
    found = departures.simulate(
        leavers=[olga.cast.olga, olga.cast.kenji], options=Options(), actor=olga.cast.mei, now=NOW
    )
    assert counts() == before
    given = {each.person for each in found.decided.decisions}
    assert len(found.decided.decisions) == 17
    assert not given & {olga.cast.olga, olga.cast.kenji}
    assert found.decided.violations == ()


def test_a_person_with_a_conflict_is_not_given_the_account(olga: Leaving) -> None:
    where = {"now": NOW, "actor": olga.cast.mei, "reason": "Her brother owns it"}
    account = olga.accounts[0]
    barring.bar(person=olga.cast.ivo, record_id=account, **where)  # type: ignore[arg-type]
    with pytest.raises(barring.AlreadyBarred):
        barring.bar(person=olga.cast.ivo, record_id=account, **where)  # type: ignore[arg-type]
    with pytest.raises(PinImpossible) as refused:
        olga.plan(pins=((f"#{account}", olga.cast.ivo),))
    assert refused.value.facts["why"] == "conflict_of_interest"
    barring.unbar(person=olga.cast.ivo, record_id=account, **where)  # type: ignore[arg-type]
    with pytest.raises(barring.NotBarred):
        barring.unbar(person=olga.cast.ivo, record_id=account, **where)  # type: ignore[arg-type]
    assert olga.plan(pins=((f"#{account}", olga.cast.ivo),)).plan


def test_an_exact_proof_is_refused_where_it_cannot_be_had(olga: Leaving) -> None:
    proven = olga.plan(exact=True)
    assert queries.plan(plan_id=proven.plan).certificate["said_gap"] is not None
    example.records(how_many=600, owner=olga.cast.olga)
    for person in (olga.cast.ivo, olga.cast.kenji):
        staff.change(person=person, capacity=1000, now=NOW, actor=None)  # type: ignore[arg-type]
    with pytest.raises(TooLargeToProve):
        olga.plan(exact=True)


def test_the_file_of_a_plan_is_sound_until_somebody_touches_it(olga: Leaving) -> None:
    content = queries.plan_file(plan_id=olga.plan().plan)
    assert verified(content).is_sound
    forged = content.replace(b'"value":0', b'"value":9', 1)
    assert forged != content
    assert not verified(forged).is_sound


def run(olga: Leaving, **options: Any) -> int:
    return departures.begin(
        cases=[olga.case], options=Options(**options), actor=olga.cast.mei, now=NOW, reason=""
    )


def test_a_run_keeps_its_plan(olga: Leaving) -> None:
    begun = run(olga)
    phases: list[str] = []
    made = departures.carry_out(
        run_id=begun, clock=lambda: NOW, watch=lambda now: phases.append(now.phase)
    )
    assert made is not None
    assert (phases[0], phases[-1]) == ("facts", "writing")
    view = queries.runs()[0]
    assert (view.id, view.state, view.plan) == (begun, "done", made.plan)
    assert departures.carry_out(run_id=begun, clock=lambda: NOW) is None


def test_a_run_that_is_refused_says_why(olga: Leaving) -> None:
    begun = run(olga, pins=(("No such thing", olga.cast.ivo),))
    with pytest.raises(NotFound):
        departures.carry_out(run_id=begun, clock=lambda: NOW)
    view = queries.runs()[0]
    assert (view.state, view.refusal, view.plan) == ("refused", "not_found", None)
    with pytest.raises(departures.RunOver):
        departures.cancel(run_id=begun, actor=olga.cast.mei, now=NOW, reason="Enough")


def test_a_cancelled_run_writes_no_plan_and_is_taken_up_from_its_prices(olga: Leaving) -> None:
    begun = run(olga, scope="company")
    seen: list[str] = []

    def stop(now: Seen) -> None:
        seen.append(now.phase)
        if now.phase != "facts":
            departures.cancel(run_id=begun, actor=olga.cast.mei, now=NOW, reason="Enough")

    with pytest.raises(departures.RunCancelled):
        departures.carry_out(run_id=begun, clock=lambda: NOW, watch=stop)
    assert (seen[0], "writing" in seen) == ("facts", False)
    assert not Plan.objects.exists()
    assert queries.runs()[0].state == "cancelled"
    again = departures.take_up(run_id=begun, actor=olga.cast.mei, now=NOW)
    assert departures.carry_out(run_id=again, clock=lambda: NOW) is not None
    with pytest.raises(departures.RunNotCancelled):
        departures.take_up(run_id=again, actor=olga.cast.mei, now=NOW)


def test_a_waiting_run_is_cancelled_before_it_begins(olga: Leaving) -> None:
    waiting: list[int] = []
    begun = departures.begin(
        cases=[olga.case], options=Options(), actor=olga.cast.mei, now=NOW, reason="",
        later=waiting.append,
    )  # fmt: skip
    assert waiting == [begun]
    departures.cancel(run_id=begun, actor=olga.cast.mei, now=NOW, reason="Enough")
    assert departures.carry_out(run_id=begun, clock=lambda: NOW) is None
    assert not Plan.objects.exists()


@pytest.mark.parametrize("state", ["running", "cancelling"])
def test_a_run_whose_process_died_is_called_interrupted_and_can_be_taken_up(
    olga: Leaving, state: str
) -> None:
    begun = run(olga)
    Run.objects.filter(pk=begun).update(state=state)
    assert queries.runs()[0].state == "interrupted"
    again = departures.take_up(run_id=begun, actor=olga.cast.mei, now=NOW)
    assert departures.carry_out(run_id=again, clock=lambda: NOW) is not None
    assert [each.state for each in queries.runs()] == ["done", "cancelled"]


@pytest.mark.parametrize("state", ["running", "cancelling"])
def test_a_run_whose_process_died_is_cancelled_at_once(olga: Leaving, state: str) -> None:
    begun = run(olga)
    Run.objects.filter(pk=begun).update(state=state)
    departures.cancel(run_id=begun, actor=olga.cast.mei, now=NOW, reason="Enough")
    assert queries.runs()[0].state == "cancelled"


def test_a_run_that_some_process_works_on_is_only_asked_to_stop(
    olga: Leaving, app_connection: psycopg.Connection
) -> None:
    begun = run(olga)
    app_connection.execute("SELECT pg_advisory_lock(%s, %s)", [queries.RUN_LOCK, begun])
    assert queries.runs()[0].state == "running"
    departures.cancel(run_id=begun, actor=olga.cast.mei, now=NOW, reason="Enough")
    assert queries.runs()[0].state == "cancelling"
    with pytest.raises(departures.RunNotCancelled):
        departures.take_up(run_id=begun, actor=olga.cast.mei, now=NOW)


def test_a_plan_for_nothing_named_is_refused(olga: Leaving) -> None:
    with pytest.raises(departures.NoCaseNamed):
        departures.begin(cases=[], options=Options(), actor=olga.cast.mei, now=NOW, reason="")


def test_a_plan_asked_for_again_with_its_key_is_the_same_plan(olga: Leaving) -> None:
    said: dict[str, Any] = {"cases": [olga.case], "actor": olga.cast.mei, "now": NOW, "reason": ""}
    first = departures.begin(options=Options(), key="plan", **said)
    made = departures.carry_out(run_id=first, clock=lambda: NOW)
    again = departures.begin(options=Options(), key="plan", **said)
    assert again == first
    assert departures.carry_out(run_id=again, clock=lambda: NOW) == made
    assert Plan.objects.count() == 1
    with pytest.raises(KeyAlreadyUsed):
        departures.begin(options=Options(seed=2), key="plan", **said)


def test_two_runs_with_one_key_make_one_plan(olga: Leaving) -> None:
    said: dict[str, Any] = {"cases": [olga.case], "actor": olga.cast.mei, "now": NOW, "reason": ""}
    runs = [departures.begin(options=Options(), key="plan", **said) for _time in range(2)]
    first, second = (departures.carry_out(run_id=run, clock=lambda: NOW) for run in runs)
    assert first == second
    assert Plan.objects.count() == 1
    assert {run.state for run in Run.objects.all()} == {"done"}


def test_the_slower_of_two_with_one_key_gets_the_plan_of_the_quicker(olga: Leaving) -> None:
    said: dict[str, Any] = {"cases": [olga.case], "actor": olga.cast.mei, "now": NOW, "reason": ""}
    slow, quick = (departures.begin(options=Options(), key="plan", **said) for _time in range(2))
    quicker: list[Proposed | None] = []

    def meanwhile(now: Seen) -> None:
        if not quicker:
            quicker.append(None)
            quicker[0] = departures.carry_out(run_id=quick, clock=lambda: NOW)

    assert departures.carry_out(run_id=slow, clock=lambda: NOW, watch=meanwhile) == quicker[0]
    assert Plan.objects.count() == 1


def test_a_command_cut_off_after_its_plan_was_written_is_answered_with_it(olga: Leaving) -> None:
    said: dict[str, Any] = {"cases": [olga.case], "actor": olga.cast.mei, "now": NOW, "reason": ""}
    first = departures.begin(options=Options(), key="plan", **said)
    made = departures.carry_out(run_id=first, clock=lambda: NOW)
    Run.objects.filter(pk=first).update(plan=None, state="running", ended_at=None)
    again = departures.begin(options=Options(), key="plan", **said)
    phases: list[str] = []
    answer = departures.carry_out(
        run_id=again, clock=lambda: NOW, watch=lambda now: phases.append(now.phase)
    )
    assert (answer, phases) == (made, [])
    assert Plan.objects.count() == 1


def test_a_conflict_noted_since_refuses_the_approval_and_names_record_and_person(
    olga: Leaving,
) -> None:
    proposed = olga.plan()
    unit, person = next(iter(sorted(olga.given(proposed).items())))
    asked: dict[str, Any] = {"plan_id": proposed.plan, "approver": olga.cast.ada, "now": NOW}
    barring.bar(person=person, record_id=unit, now=NOW, actor=None, reason="")
    with pytest.raises(operations.PlanHasConflicts) as refused:
        operations.approve(**asked, reason="")
    name, whom = Record.objects.get(pk=unit).name, Person.objects.get(pk=person).name
    conflict = {"record": unit, "name": name, "person": whom}
    assert refused.value.facts["conflicts"] == [conflict]
    barring.unbar(person=person, record_id=unit, now=NOW, actor=None, reason="")
    assert operations.approve(**asked, reason="").kind == "approval"


def test_two_plans_are_compared_on_the_fit_without_what_keeping_choices_was_given(
    olga: Leaving,
) -> None:
    first = olga.plan()
    second = olga.plan(origin=first.plan)
    assert olga.given(second) == olga.given(first)
    assert second.certificate.fit > first.certificate.fit
    found = queries.comparison(plans=(first.plan, second.plan))
    assert [side.fit for side in found.sides] == [first.certificate.fit] * 2
