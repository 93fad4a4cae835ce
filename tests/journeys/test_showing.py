"""What can be looked at again at the command line: a case, a plan, a receipt."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests import example
from tests.example import Cast

from legato import cli
from legato.books.models import Record
from legato.departures.models import Case
from legato.planning.models import Plan
from legato.postgres.addresses import Addresses

NOW = "2026-03-31T09:00+00:00"


class Legato:
    """Commands as a user types them, answered in JSON."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *words: str, code: int = 0) -> dict[str, Any]:
        self.capsys.readouterr()
        found = cli.run([*words, "--now", NOW, "--json"])
        printed = self.capsys.readouterr()
        assert found == code, printed.out + printed.err
        answer: dict[str, Any] = json.loads(printed.out)
        return answer


@pytest.fixture
def cast(fresh_database: Addresses) -> Cast:
    company = example.company()
    for _account in range(3):
        example.record(owner=company.olga)
    return company


@pytest.fixture
def legato(cast: Cast, capsys: pytest.CaptureFixture[str]) -> Legato:
    """Olga's departure with a plan that Ada has approved."""
    ready = Legato(capsys)
    ready("depart", "Olga Petrova", "--kind", "resignation", "--last-day", "2026-04-30")
    plan = ready("plan", str(Case.objects.get().pk))
    ready("approve", str(plan["plan"]), "--as", "Ada Okafor")
    return ready


def test_a_plan_can_be_read_again_with_every_reason(legato: Legato) -> None:
    plan = Plan.objects.get()
    shown = legato("show", str(plan.pk))
    assert (shown["digest"], shown["state"]) == (plan.digest, "approved")
    assert len(shown["decided"]) == 3
    assert all(each["reason"]["code"] for each in shown["decided"])


def test_a_case_shows_its_plans(legato: Legato) -> None:
    shown = legato("case", "show", str(Case.objects.get().pk))
    assert [each["state"] for each in shown["plans"]] == ["approved"]
    assert shown["undecided"]["account"]["count"] == 3


def test_a_receipt_can_be_written_again(legato: Legato, tmp_path: Path) -> None:
    plan = Plan.objects.get()
    committed = legato("commit", str(plan.pk), "--digest", plan.digest)
    again = legato("receipt", str(committed["commit"]), "--receipts", str(tmp_path / "new"))
    assert Path(again["receipt"]).read_bytes() == Path(committed["receipt"]).read_bytes()


def test_a_commit_whose_receipt_cannot_be_written_moves_nothing(
    legato: Legato, cast: Cast, tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file where a folder should be")
    plan = Plan.objects.get()
    digest = ("--digest", plan.digest)
    refused = legato("commit", str(plan.pk), *digest, "--receipts", str(taken / "below"), code=3)
    assert refused["refused"] == "receipts_not_writable"
    assert set(Record.objects.values_list("owner_id", flat=True)) == {cast.olga}


def test_only_a_team_is_asked_when_one_is_named(legato: Legato, cast: Cast) -> None:
    case = str(Case.objects.get().pk)
    plan = legato("plan", case, "--team", "west")
    decided = legato("show", str(plan["plan"]))["decided"]
    assert {each["person_id"] for each in decided} == {cast.ivo}
    assert legato("plan", case, "--team", "nowhere", code=4)["refused"] == "not_found"
