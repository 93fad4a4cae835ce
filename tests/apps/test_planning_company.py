"""Plans for a whole team or company: its facts as arrays, and what is decided from them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from tests import example
from tests.example import NOW, Cast

from legato.books.models import Bar, Product, Record
from legato.domain.plan import Problem, eligibility
from legato.domain.policy import Policy
from legato.domain.problem import FitWeights, Pin
from legato.people import operations as staff
from legato.planning.snapshots import Asked, Scope, company_of, list_scope, problem_of
from legato.planning.snapshots.arcs import arcs_of
from legato.planning.snapshots.reorganising import Company

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
    mine = Record.objects.filter(owner=cast.kenji).first()
    assert mine is not None
    with transaction.atomic():
        Bar.objects.create(record=mine, person_id=cast.ivo, placed_by=example.entry())
    return cast


def _work_on(account: Record, owners: list[int], number: int, product: Product) -> None:
    """Deals of its owner and of a colleague, a step that is due, and now and then a product."""
    stage = {"depth": "late", "touched_at": NOW - timedelta(days=number * 3)}
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
        (unit.id, "hot warm cold".split().index(unit.heat), unit.value, unit.value_known,
         unit.weight, unit.tier, unit.group or 0)
        for unit in problem.units
    ]  # fmt: skip
    columns = (company.units, company.heat, company.value, company.is_known, company.weight,
               company.tier, company.group)  # fmt: skip
    assert list(zip(*(each.tolist() for each in columns), strict=True)) == told
    assert {each[1] for each in told} == {0, 1, 2}
    assert {each[5] for each in told} == {0, 1, 2}
    assert any(each[6] for each in told)
