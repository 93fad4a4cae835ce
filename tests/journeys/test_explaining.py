"""A plan asked why at the command line: about a record, another person, a share, an orphan."""

import json
from typing import Any

import pytest
from tests import example
from tests.example import Cast

from legato import cli
from legato.departures.models import Case
from legato.planning.models import Arrays, Assignment, Plan
from legato.planning.operations import Options, propose
from legato.postgres.addresses import Addresses

NOW = "2026-03-31T09:00+00:00"


class Legato:
    """Commands as a user types them."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *words: str, code: int = 0) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.told(*words, "--json", code=code))
        return answer

    def told(self, *words: str, code: int = 0) -> str:
        self.capsys.readouterr()
        found = cli.run([*words, "--now", NOW])
        printed = self.capsys.readouterr()
        assert found == code, printed.out + printed.err
        return printed.out


@pytest.fixture
def cast(fresh_database: Addresses) -> Cast:
    company = example.company()
    for _account in range(6):
        example.record(owner=company.olga)
    return company


@pytest.fixture
def legato(cast: Cast, capsys: pytest.CaptureFixture[str]) -> Legato:
    """Olga's departure with a plan."""
    ready = Legato(capsys)
    ready("depart", "Olga Petrova", "--kind", "resignation", "--last-day", "2026-04-30")
    ready("plan", str(Case.objects.get().pk))
    return ready


@pytest.fixture
def plan(legato: Legato) -> str:
    return str(Plan.objects.get().pk)


def test_a_decision_is_explained_as_when_it_was_made(legato: Legato, plan: str) -> None:
    for decided in Assignment.objects.filter(plan=int(plan), is_orphan=False):
        told = legato("explain", plan, f"#{decided.unit_id}")
        assert told["reason"] == decided.reason


def test_another_person_is_weighed_at_once_and_exactly(
    cast: Cast, legato: Legato, plan: str
) -> None:
    decided = Assignment.objects.filter(plan=int(plan), is_orphan=False).select_related("person")[0]
    (other,) = {cast.kenji, cast.ivo} - {decided.person_id}
    record = f"#{decided.unit_id}"
    quick = legato("explain", plan, record, "--to", f"#{other}")
    assert (quick["holder"], quick["person"], quick["cost"]) == (decided.person_id, other, None)
    exact = legato("explain", plan, record, "--to", f"#{other}", "--exact")
    assert exact["cost"] >= quick["at_least"]
    assert exact["moves"][0] == [decided.unit_id, decided.person_id, other]


def test_answers_are_sentences_for_people(legato: Legato, plan: str) -> None:
    decided = Assignment.objects.filter(plan=int(plan), is_orphan=False).select_related("person")[0]
    assert decided.person.name in legato.told("explain", plan, f"#{decided.unit_id}")
    assert "in proportion" in legato.told("explain", plan, "--to", decided.person.name)
    assert "found somebody" in legato.told("explain", plan)


def test_a_share_is_told_with_its_reason(legato: Legato, plan: str) -> None:
    person = Assignment.objects.filter(plan=int(plan), is_orphan=False)[0].person_id
    parts = legato("explain", plan, "--to", f"#{person}")["parts"]
    assert [part["of"] for part in parts] == ["hot", "warm", "cold", "total", "value", "weight"]
    assert all(part["why"] for part in parts)


def test_what_nobody_can_take_is_told_with_ways_out(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    legato = Legato(capsys)
    legato("depart", "Olga Petrova", "--kind", "resignation", "--last-day", "2026-04-30")
    excluded = ("--exclude", "Kenji Sato", "--exclude", "Ivo Novak")
    made = legato("plan", str(Case.objects.get().pk), *excluded)
    assert made["orphans"] == 6
    (first,) = legato("explain", str(made["plan"]))["lacking"]
    assert (first["code"], len(first["units"])) == ("nobody_may", 6)
    assert {way["code"] for way in first["ways_out"]} == {"allow_person"}
    told = legato.told("explain", str(made["plan"]))
    assert "Let Kenji Sato receive all the same, who is left out now: was excluded." in told


def test_a_pin_is_told_as_what_it_makes_of_the_shares(cast: Cast, legato: Legato) -> None:
    case = str(Case.objects.get().pk)
    units = sorted(Assignment.objects.values_list("unit_id", flat=True))
    pins = [word for unit in units[:4] for word in ("--pin", f"#{unit}=Kenji Sato")]
    made = legato("plan", case, *pins)
    told = legato.told("explain", str(made["plan"]), f"#{units[0]}")
    assert "locked by hand" in told
    assert "All: Kenji Sato gets 4 by this plan; by free capacity it would be 3" in told
    assert "fills a share" not in told


def test_what_follows_its_accounts_owner_is_told_beside_the_share(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    kenjis = example.record(owner=cast.kenji)
    example.record(owner=cast.olga, kind="opportunity", account=kenjis.pk)
    legato = Legato(capsys)
    legato("depart", "Olga Petrova", "--kind", "resignation", "--last-day", "2026-04-30")
    case = str(Case.objects.get().pk)
    assert "1 of these units follows its account's owner" in legato.told("plan", case)
    plan = str(Plan.objects.get().pk)
    told = legato.told("explain", plan, "--to", "Kenji Sato")
    assert "1 unit more, worth 0, follows its account's owner and is in no share." in told
    assert legato("explain", plan, "--to", "Kenji Sato")["beside"]["units"] == 1
    assert legato("explain", plan, "--to", "Ivo Novak")["beside"]["units"] == 0


@pytest.fixture
def company_plan(cast: Cast, legato: Legato) -> str:
    """Everybody's accounts split again, with Olga's; kept as arrays, not account by account."""
    for owner in (cast.kenji, cast.ivo):
        for _account in range(4):
            example.record(owner=owner)
    case = Case.objects.get()
    made = propose(
        books=[case.book_id], chain=None, options=Options(scope="company"), actor=cast.mei,
        now=example.NOW, reason="", one_by_one=0,
    )  # fmt: skip
    assert Arrays.objects.filter(plan=made.plan).exists()
    return str(made.plan)


def test_a_decision_of_a_companys_plan_is_explained_from_its_arrays(
    legato: Legato, company_plan: str
) -> None:
    decided = Assignment.objects.filter(plan=int(company_plan), is_orphan=False)
    assert decided.count() == 14
    for each in decided.select_related("person"):
        told = legato("explain", company_plan, f"#{each.unit_id}")["reason"]
        assert told["code"] == each.reason["code"]
        assert {tuple(fact) for fact in each.reason["facts"]} <= {
            tuple(fact) for fact in told["facts"]
        }
        said = legato.told("explain", company_plan, f"#{each.unit_id}")
        assert f"{each.unit.name} → {each.person.name}: " in said


def test_another_person_in_a_companys_plan_costs_what_the_exchanges_do(
    cast: Cast, legato: Legato, company_plan: str
) -> None:
    kept = Assignment.objects.filter(plan=int(company_plan), person=cast.kenji)[0].unit_id
    asked = ("explain", company_plan, f"#{kept}", "--to", "Ivo Novak")
    quick = legato(*asked)
    assert (quick["holder"], quick["person"], quick["cost"]) == (cast.kenji, cast.ivo, None)
    exact = legato(*asked, "--exact")
    assert exact["cost"] >= quick["at_least"]
    assert exact["moves"][0][1:] == [cast.kenji, cast.ivo]
    assert "Ivo Novak" in legato.told(*asked, "--exact")


def test_shares_of_a_companys_plan_add_up_to_what_was_given(
    cast: Cast, legato: Legato, company_plan: str
) -> None:
    total = 0
    for person in (cast.kenji, cast.ivo):
        parts = legato("explain", company_plan, "--to", f"#{person}")["parts"]
        total += sum(part["got"] for part in parts if part["of"] == "total")
    assert total == 14_000
    assert legato("explain", company_plan, "--to", "Mei Lin", code=3)["refused"] == "not_in_plan"


def test_what_the_plan_does_not_know_is_not_found(legato: Legato, plan: str) -> None:
    assert legato("explain", plan, "#987654", code=4)["refused"] == "not_found"
    assert legato("explain", "987654", code=4)["refused"] == "not_found"


def test_a_name_of_several_records_is_not_guessed(legato: Legato, plan: str) -> None:
    name = Assignment.objects.filter(plan=int(plan))[0].unit.name
    if Assignment.objects.filter(plan=int(plan), unit__name=name).count() > 1:
        assert legato("explain", plan, name, code=3)["refused"] == "record_unclear"
    else:
        assert legato("explain", plan, name)["reason"]["code"]
