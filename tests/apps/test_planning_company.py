"""Plans for a whole team or company: its facts as arrays, and what is decided from them."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from django.db.models import F
from pytest_django import DjangoAssertNumQueries
from tests import example
from tests.example import NOW, Cast

from legato.books.models import Bar, Product, Record
from legato.departures import operations as departures
from legato.domain.departure import Announcement
from legato.domain.eligibility import PinImpossible
from legato.domain.plan import Problem, eligibility
from legato.domain.planfile import verified
from legato.domain.policy import Policy
from legato.domain.problem import FitWeights
from legato.people import operations as staff
from legato.planning import operations, queries
from legato.planning.models import Assignment, Move, Run
from legato.planning.operations import Options, Proposed, Seen
from legato.planning.operations.prices import (
    Prices,
    prices_of_plan,
    prices_read,
    start_from,
)
from legato.planning.snapshots import Asked, Scope, company_of, list_scope, problem_of
from legato.planning.snapshots.arcs import arcs_of
from legato.planning.snapshots.reorganising import Company
from legato.web.checks import check_all

pytestmark = pytest.mark.django_db

SKILLS = {
    "kenji": [("language", "ja"), ("territory", "Kanto"), ("industry", "Steel")],
    "ivo": [("language", "en"), ("language", "ru"), ("product", "Gauge"), ("territory", "JP")],
}
POLICY = Policy(
    fit=FitWeights(tie=333),
    tier_values=(100, 1000),
    novice_cap=1,
    key_account_percent=20,
)


@pytest.fixture
def cast() -> Cast:
    """A small company in which every rule and every part of the fit has something to say."""
    cast = example.company()
    for name, skills in SKILLS.items():
        staff.change(person=getattr(cast, name), add_skills=skills, now=NOW, actor=None)
    novice = example.person(
        name="Nora New", manager=cast.mei, team="East", started_on=date(2026, 3, 1),
        skills=[("language", "en")],
    )  # fmt: skip
    away = example.person(name="Awa Diop", manager=cast.mei, team="East")
    staff.add_absence(
        person=away, first_day=NOW.date(), last_day=NOW.date() + timedelta(days=40), now=NOW,
        actor=None,
    )  # fmt: skip
    owners = [cast.olga, cast.kenji, cast.ivo, novice, away]
    languages, places = ["", "ja", "en", "RU"], ["", "kanto", "Nowhere"]
    with transaction.atomic():
        product = Product.objects.create(
            source="example", key="g", name="gauge", entry=example.entry()
        )
    parent = None
    for number in range(24):
        account = example.record(
            owner=owners[number % 5],
            language=languages[number % 4],
            territory=places[number % 3],
            country="JP" if number % 2 else "",
            industry=["", "steel"][number % 2],
            parent_id=parent if number % 6 == 1 else None,
            touched_at=NOW - timedelta(days=number * 9),
        )
        parent = account.pk
        _work_on(account, owners, number, product)
    example.record(owner=cast.olga, kind="lead", name="Alone")
    mine = Record.objects.filter(kind="account", owner=cast.kenji).first()
    assert mine is not None
    with transaction.atomic():
        Bar.objects.create(record=mine, person_id=cast.ivo, placed_by=example.entry())
    return cast


def _work_on(account: Record, owners: list[int], number: int, product: Product) -> None:
    """Deals of its owner and of a colleague, a step that is due, and now and then a product."""
    stage: dict[str, Any] = {"depth": "late", "touched_at": NOW - timedelta(days=number * 3)}
    deal: dict[str, Any] = {"kind": "opportunity", "account": account.pk}
    example.record(
        owner=owners[number % 5], value=Decimal(number * 50) + Decimal("0.5"),
        product=product if number % 4 == 0 else None, **deal, **stage,
    )  # fmt: skip
    if number % 3 == 0:
        example.record(owner=owners[(number + 1) % 5], **deal)
    if number % 7 == 0:
        example.record(
            owner=owners[number % 5], kind="activity", account=account.pk,
            due_at=NOW + timedelta(days=number),
        )  # fmt: skip


def gathered(cast: Cast, asked: Asked, *, again: bool = True) -> tuple[Problem, Company]:
    """The same scope in both forms: Olga leaves, everybody else's accounts are split again."""
    scope = listed(cast, again=again)
    problem, _capacity = problem_of(scope=scope, asked=asked, policy=POLICY, now=NOW)
    return problem, company_of(scope=scope, asked=asked, policy=POLICY, now=NOW)


def listed(cast: Cast, *, again: bool) -> Scope:
    if not again:
        return list_scope(books=(), holders={cast.olga})
    reps = set(Record.objects.values_list("owner_id", flat=True))
    return list_scope(books=(), holders={cast.olga}, reps=reps)


def test_the_arrays_have_the_same_arcs_and_points_as_the_domain(cast: Cast) -> None:
    problem, company = gathered(cast, Asked(excluded=frozenset({cast.kenji})))
    eligible = eligibility(problem)
    arcs = arcs_of(company)
    unit, person = company.units[arcs.unit], company.ids[arcs.person]
    found = dict(zip(zip(unit.tolist(), person.tolist(), strict=True), arcs.fit, strict=True))
    assert found == {pair: eligible.fit(*pair) for pair in eligible.arcs}
    assert len(found) > 20


@pytest.mark.parametrize("part", ["tie", "family", "stay", "language", "territory", "product"])
def test_each_part_of_the_fit_is_the_domains(cast: Cast, part: str) -> None:
    problem, company = gathered(cast, Asked(), again=part != "family")
    eligible = eligibility(problem)
    arcs = arcs_of(company)
    wanted = {pair: dict(points).get(part, 0) for pair, points in eligible.arcs.items()}
    keys = zip(company.units[arcs.unit].tolist(), company.ids[arcs.person].tolist(), strict=True)
    assert dict(zip(keys, arcs.parts[part].tolist(), strict=True)) == wanted
    assert any(wanted.values())


def test_units_are_the_same_in_both_forms(cast: Cast) -> None:
    problem, company = gathered(cast, Asked())
    told = [
        (unit.id, ["hot", "warm", "cold"].index(unit.heat), unit.value, unit.value_known,
         unit.weight, unit.tier, unit.group or 0)
        for unit in problem.units
    ]  # fmt: skip
    columns = (company.units, company.heat, company.value, company.is_known, company.weight,
               company.tier, company.group)  # fmt: skip
    assert list(zip(*(each.tolist() for each in columns), strict=True)) == told
    assert {each[1] for each in told} == {0, 1, 2}
    assert {each[5] for each in told} == {0, 1, 2}
    assert any(each[6] for each in told)


def planned(cast: Cast, *, actor: int = 0, one_by_one: int = 0, **options: Any) -> Proposed:
    """A plan for the whole company, as arrays unless said otherwise."""
    asked = Options(**{"scope": "company", **options})
    return operations.propose(
        books=[], chain=None, options=asked, actor=actor or cast.mei, now=NOW, reason="Again",
        one_by_one=one_by_one,
    )  # fmt: skip


def owners() -> dict[int, int]:
    return dict(Record.objects.order_by("pk").values_list("pk", "owner_id"))


def test_a_company_is_split_again_and_what_goes_along_goes_along(cast: Cast) -> None:
    before = owners()
    proposed = planned(cast)
    assert owners() == before
    assert proposed.violations == ()
    assert proposed.assignments == Record.objects.filter(kind="account").count()
    moves = Move.objects.filter(plan=proposed.plan)
    given = dict(moves.filter(record=F("unit")).values_list("unit_id", "new_owner_id"))
    assert all(given[unit] == owner for unit, owner in moves.values_list("unit_id", "new_owner_id"))
    assert proposed.moved == sum(before[move.record_id] != move.new_owner_id for move in moves)


def test_a_reorganisation_is_approved_carried_out_and_taken_back(cast: Cast) -> None:
    before = owners()
    proposed = planned(cast)
    operations.approve(plan_id=proposed.plan, approver=cast.ada, now=NOW, reason="")
    committed = operations.commit(
        plan_id=proposed.plan, digest=proposed.digest, actor=cast.mei, now=NOW, reason=""
    )
    assert committed.moved == proposed.moved > 0
    wanted = Move.objects.filter(plan=proposed.plan).values_list("record_id", "new_owner_id")
    assert owners() == before | dict(wanted)
    assert [each.count for each in check_all()] == [0] * len(check_all())
    operations.undo(entry_id=committed.commit, actor=cast.mei, now=NOW, reason="")
    assert owners() == before


@pytest.mark.parametrize("one_by_one", [0, 10**9])
def test_a_receiver_who_goes_on_hold_refuses_the_commit_of_a_reorganisation(
    cast: Cast, one_by_one: int
) -> None:
    proposed = planned(cast, one_by_one=one_by_one)
    operations.approve(plan_id=proposed.plan, approver=cast.ada, now=NOW, reason="")
    with transaction.atomic():
        staff.place_hold(person=cast.kenji, why="illness", entry=example.entry())
    with pytest.raises(operations.PlanBreaksRule):
        operations.commit(
            plan_id=proposed.plan, digest=proposed.digest, actor=cast.mei, now=NOW, reason=""
        )


def test_the_same_company_gives_the_same_digest(cast: Cast) -> None:
    assert planned(cast).digest == planned(cast).digest != planned(cast, seed=2).digest


def test_whose_books_go_is_taken_along_and_receives_nothing(cast: Cast) -> None:
    opened = departures.open_case(
        person_id=cast.olga,
        announced=Announcement(kind="resignation", last_day=date(2026, 4, 30)),
        actor=cast.mei,
        now=NOW,
        reason="",
    )
    proposed = departures.plan(
        cases=[], options=Options(scope="team", team="east"), actor=cast.mei, now=NOW, reason=""
    )
    view = queries.plan(plan_id=proposed.plan)
    assert (view.scope, view.holders) == ("team", (cast.olga,))
    given = set(
        Assignment.objects.filter(plan=proposed.plan, is_orphan=False).values_list(
            "person_id", flat=True
        )
    )
    assert cast.kenji in given
    assert not given & {cast.olga, cast.ivo}
    assert Move.objects.filter(plan=proposed.plan, expected_owner=cast.olga).exists()
    assert opened.case


def test_a_pin_is_kept_and_one_that_breaks_a_rule_is_refused(cast: Cast) -> None:
    mine = Record.objects.filter(kind="account", owner=cast.ivo, country="").first()
    assert mine is not None
    with pytest.raises(PinImpossible):
        planned(cast, pins=((f"#{mine.pk}", cast.kenji),), excluded=frozenset({cast.kenji}))
    barred = Bar.objects.get()
    with pytest.raises(PinImpossible) as refused:
        planned(cast, pins=((f"#{barred.record_id}", cast.ivo),))
    assert refused.value.facts["why"] == "conflict_of_interest"
    plain = example.record(owner=cast.kenji, country="JP")
    proposed = planned(cast, pins=((f"#{plain.pk}", cast.ivo),))
    assert Assignment.objects.get(plan=proposed.plan, unit=plain).person_id == cast.ivo


@pytest.mark.parametrize("accounts", [5, 40])
def test_a_reorganisation_takes_the_same_statements_for_any_company(
    cast: Cast, accounts: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for person in (cast.kenji, cast.ivo):
        staff.change(person=person, capacity=Decimal(1000), now=NOW, actor=None)
    example.records(how_many=accounts, owner=cast.kenji)
    with django_assert_max_num_queries(60):
        planned(cast)


def test_the_file_of_a_reorganisation_is_sound(cast: Cast) -> None:
    verdict = verified(queries.plan_file(plan_id=planned(cast).plan))
    assert verdict.objections == ()
    assert verdict.units > 10


def test_a_reorganisation_from_another_begins_at_its_prices(cast: Cast) -> None:
    first = planned(cast)
    prices = prices_of_plan(first.plan)
    assert prices is not None
    assert prices.persons.tolist() == sorted(prices.persons.tolist())
    assert planned(cast, origin=first.plan).violations == ()


def test_an_interrupted_run_keeps_its_last_prices(cast: Cast) -> None:
    run = departures.begin(
        cases=[], options=Options(scope="company"), actor=cast.mei, now=NOW, reason=""
    )
    prices = Prices(
        persons=np.array([cast.ivo]), measures=("hot", "value"), values=np.array([[1.5, 0.25]])
    )

    def interrupt(now: Seen) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        departures.carry_out(run_id=run, clock=lambda: NOW, watch=interrupt)
    assert Run.objects.get(pk=run).state == "cancelled"
    kept = prices_read(prices.written())
    assert (kept.measures, kept.values.tolist()) == (prices.measures, prices.values.tolist())
    fitted = start_from(kept, persons=np.array([1, cast.ivo]), measures=("value", "weight"))
    assert fitted is not None
    assert fitted.tolist() == [[0, 0], [0.25, 0]]


@pytest.mark.parametrize("one_by_one", [0, 10**9])
def test_the_load_before_a_reorganisation_is_what_everybody_holds(
    cast: Cast, one_by_one: int
) -> None:
    held = Counter(Record.objects.filter(kind="account").values_list("owner__name", flat=True))
    proposed = planned(cast, one_by_one=one_by_one)
    after = Counter(
        Assignment.objects.filter(plan=proposed.plan).values_list("person__name", flat=True)
    )
    told = queries.shares(plan_id=proposed.plan)
    assert {each.name: each.load_before for each in told} == {
        each.name: held[each.name] for each in told
    }
    assert {each.name: each.load_after for each in told} == {
        each.name: after[each.name] for each in told
    }
    assert sum(held.values()) > 0
