"""Plans at the command line: several departures, changed, compared, simulated, checked anywhere."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests import example
from tests.example import NOW

from legato import cli
from legato.departures import operations as departures
from legato.domain.departure import Announcement
from legato.ledger.models import Entry
from legato.planning.models import Plan, Run
from legato.postgres.addresses import Addresses

TIME = ["--now", NOW.isoformat()]


@pytest.fixture
def cases(fresh_database: Addresses, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Olga and Kenji leave, with six accounts each."""
    monkeypatch.setenv("LEGATO_AS", "")
    cast = example.company()
    example.person(name="Juno Diaz", manager=cast.mei, team="East")
    opened = []
    for leaver in (cast.olga, cast.kenji):
        for _account in range(6):
            example.record(owner=leaver)
        announced = Announcement(kind="resignation", last_day=date(2026, 4, 30))
        case = departures.open_case(
            person_id=leaver, announced=announced, actor=cast.mei, now=NOW, reason=""
        )
        opened.append(str(case.case))
    return opened


def typed(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, Any]:
    found = cli.run([*words, "--json"])
    said = capsys.readouterr()
    assert found == code, said.out + said.err
    answer: dict[str, Any] = json.loads(said.out)
    return answer


def test_two_departures_are_planned_changed_and_compared(
    cases: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    first = typed(capsys, "plan", *cases, *TIME)
    assert (first["assignments"], first["orphans"]) == (12, 0)
    second = typed(capsys, "plan", "--from", str(first["plan"]), "--exclude", "Juno Diaz", *TIME)
    assert Plan.objects.get(pk=second["plan"]).parent_id == first["plan"]
    compared = typed(capsys, "plan", "compare", str(first["plan"]), str(second["plan"]))
    assert compared["differing"] > 0
    assert {each["name"]: each["units"][1] for each in compared["persons"]}["Juno Diaz"] == 0
    for words in (["plan", "compare", "1", "2"], ["plan", "runs"], ["show", "1"]):
        assert cli.run(words) == 0
        assert capsys.readouterr().out


def test_a_simulation_writes_nothing(cases: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    before = Entry.objects.count(), Plan.objects.count(), Run.objects.count()
    found = typed(capsys, "simulate", "Olga Petrova", "Ivo Novak", *TIME)
    assert {each["person"] for each in found["shares"]} == {"Juno Diaz"}
    assert (Entry.objects.count(), Plan.objects.count(), Run.objects.count()) == before
    assert cli.run(["simulate", "Olga Petrova", *TIME]) == 0
    assert "Nothing was written" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["plan.json", "plan.npz"])
def test_a_plan_is_checked_in_an_empty_directory_without_a_database(
    cases: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    made = typed(capsys, "plan", *cases, *TIME)
    file = tmp_path / name
    typed(capsys, "plan", "export", str(made["plan"]), str(file))
    there = {"PATH": "/usr/bin:/bin", "LEGATO_HOME": str(tmp_path / "none"), "DATABASE_URL": ""}
    verify = [sys.executable, "-m", "legato", "plan", "verify", name, "--json"]
    checked = subprocess.run(verify, cwd=tmp_path, env=there, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr.decode()
    assert json.loads(checked.stdout)["sound"]
    file.write_bytes(file.read_bytes().replace(b'"seed":1', b'"seed":2'))
    forged = typed(capsys, "plan", "verify", str(file), code=3)
    assert {each["code"] for each in forged["objections"]} == {"digest_untrue"}
    assert not (tmp_path / "none").exists()


def test_a_plan_left_to_the_background_waits_there_and_can_be_cancelled(
    cases: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run = typed(capsys, "plan", "--scope", "company", "--background", *TIME)["run"]
    assert Run.objects.get(pk=run).state == "waiting"
    typed(capsys, "plan", "cancel", str(run), "--as", "Ada Okafor")
    listed = typed(capsys, "plan", "runs")["runs"]
    assert [(each["id"], each["state"]) for each in listed] == [(run, "cancelled")]
    resumed = typed(capsys, "plan", "--resume", str(run), *TIME)
    assert Plan.objects.get(pk=resumed["plan"]).scope == "company"


def test_a_refusal_names_a_run_and_its_state_in_words(
    cases: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    unknown = typed(capsys, "plan", "--resume", "99", *TIME, code=4)
    assert unknown["message"].startswith("There is no run 99 here.")
    waiting = typed(capsys, "plan", "--scope", "company", "--background", *TIME)["run"]
    refused = typed(capsys, "plan", "--resume", str(waiting), *TIME, code=3)
    assert "is not cancelled but waiting" in refused["message"]


def test_a_plan_says_whose_records_it_decides_and_until_when(
    cases: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for words, said in (
        ([*cases, "--interim", "2026-06-30"], "departures (Kenji Sato, Olga Petrova). The new"),
        (["--scope", "team", "--team", "East"], "one team (East"),
        (["--scope", "company"], "the whole company (Kenji Sato, Olga Petrova)."),
    ):
        made = typed(capsys, "plan", *words, *TIME)
        assert cli.run(["show", str(made["plan"])]) == 0
        shown = capsys.readouterr().out
        assert f"Scope: {said}" in shown
        assert ("interim ones through 2026-06-30" in shown) == ("--interim" in words)


def test_a_conflict_of_interest_is_noted_and_taken_back(
    cases: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    typed(capsys, "person", "bar", "Juno Diaz", "#1", "--reason", "Her brother owns it", *TIME)
    refused = typed(capsys, "plan", *cases, "--pin", "#1=Juno Diaz", *TIME, code=3)
    assert refused["refused"] == "pin_impossible"
    barred = typed(capsys, "person", "show", "Juno Diaz", *TIME)["barred"]
    assert [each["record"] for each in barred] == [1]
    assert cli.run(["person", "show", "Juno Diaz", *TIME]) == 0
    assert f"Account {barred[0]['name']} (#1)" in capsys.readouterr().out
    typed(capsys, "person", "unbar", "Juno Diaz", "#1", *TIME)
    assert typed(capsys, "person", "show", "Juno Diaz", *TIME)["barred"] == []
    assert typed(capsys, "plan", *cases, "--pin", "#1=Juno Diaz", *TIME)["plan"]


def test_every_step_typed_twice_with_its_key_is_answered_the_same(
    cases: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    leaves = ["depart", "Ivo Novak", "--kind", "leave", "--last-day", "unknown", "--key", "d"]
    opened = typed(capsys, *leaves, *TIME)
    assert typed(capsys, *leaves, *TIME) == opened
    made = typed(capsys, "plan", *cases, "--key", "p", *TIME)
    assert typed(capsys, "plan", *cases, "--key", "p", *TIME) == made
    refused = typed(capsys, "plan", cases[0], "--key", "p", *TIME, code=3)
    assert refused["refused"] == "key_already_used"
    approve = ["approve", str(made["plan"]), "--as", "Ada Okafor", "--key", "a"]
    assert typed(capsys, *approve, *TIME) == typed(capsys, *approve, *TIME)
