"""``legato person`` and ``legato policy``: each command works, refuses, and is safe to repeat."""

import json
from decimal import Decimal
from io import BytesIO, TextIOWrapper
from typing import Any

import pytest
from django.contrib.auth import authenticate
from tests import example

from legato.cli import run
from legato.postgres.addresses import Addresses


@pytest.fixture(autouse=True)
def _real_database(fresh_database: Addresses) -> None:
    """Commands commit, so each test has a database of its own."""


@pytest.fixture
def legato(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command in JSON: its exit code and its answer."""

    def command(*arguments: str) -> tuple[int, dict[str, Any]]:
        code = run([*arguments, "--json"])
        said = capsys.readouterr().out
        return code, json.loads(said) if said else {}

    return command


def test_a_person_is_added_and_listed(legato: Any) -> None:
    described = ["--role", "manager", "--team", "East", "--capacity", "12.5"]
    code, added = legato("person", "add", "Mei Lin", *described, "--skill", "language=zh")
    assert code == 0
    listed = legato("person", "list")[1]["people"]
    assert [(each["id"], each["role"], each["team"], each["capacity"]) for each in listed] == [
        (added["person"], "manager", "East", 12.5)
    ]
    assert legato("person", "show", "Mei Lin")[1]["skills"] == ["language=zh"]


def test_adding_a_person_again_with_the_same_key_adds_nobody(legato: Any) -> None:
    once = legato("person", "add", "Mei Lin", "--key", "k1")
    assert legato("person", "add", "Mei Lin", "--key", "k1") == once
    assert len(legato("person", "list")[1]["people"]) == 1


def test_a_person_is_changed(legato: Any) -> None:
    example.company()
    code, _answer = legato(
        "person", "set", "Kenji Sato", "--manager", "Ada Okafor", "--skill", "language=ja"
    )
    shown = legato("person", "show", "Kenji Sato")[1]
    assert (code, shown["skills"]) == (0, ["language=ja"])
    assert shown["manager_id"] == legato("person", "show", "Ada Okafor")[1]["id"]


def test_days_away_are_noted_once(legato: Any) -> None:
    example.company()
    days = ["--from", "2026-04-01", "--to", "2026-04-03"]
    assert legato("person", "absent", "Kenji Sato", *days) == legato(
        "person", "absent", "Kenji Sato", *days
    )
    assert legato("person", "show", "Kenji Sato")[1]["absences"] == ["2026-04-01/2026-04-03"]


def test_another_person_becomes_the_last_resort(legato: Any) -> None:
    cast = example.company()
    assert legato("person", "last-resort", "Mei Lin") == (0, {"last_resort": cast.mei})


def test_somebody_unknown_is_not_found(legato: Any) -> None:
    assert legato("person", "show", "Nobody")[0] == 4


@pytest.mark.parametrize("wrong", [["--skill", "zh"], ["--capacity", "many"], ["--role", "king"]])
def test_what_makes_no_sense_is_wrong_usage(legato: Any, wrong: list[str]) -> None:
    assert legato("person", "add", "Mei Lin", *wrong) == (2, {})


@pytest.mark.parametrize(
    "change",
    [
        ["policy", "set", "undo_hours=1"],
        ["person", "set", "Olga Petrova", "--role", "director"],
        ["import", "people.csv"],
        ["import", "--undo", "1"],
    ],
)
def test_a_rep_may_not_administer(legato: Any, change: list[str]) -> None:
    example.company()
    code, said = legato(*change, "--as", "Olga Petrova")
    assert (code, said["refused"]) == (3, "may_not_administer")


def test_rules_are_changed_by_version(legato: Any) -> None:
    assert legato("policy", "set", "undo_hours=48") == (0, {"version": 1})
    assert legato("policy", "set", "heat.next_step_within=7") == (0, {"version": 2})
    shown = legato("policy", "show")[1]
    assert (shown["version"], shown["undo_hours"]) == (2, 48)
    assert (shown["heat"]["next_step_within"], shown["heat"]["warm_touched_within"]) == (7, 90)


def test_people_see_tables(capsys: pytest.CaptureFixture[str]) -> None:
    example.company()
    assert run(["person", "list"]) == run(["person", "show", "Mei Lin"]) == run(["policy", "show"])
    shown = capsys.readouterr().out
    assert "Olga Petrova" in shown
    assert "undo_hours" in shown


def test_a_password_is_made_and_shown_once(legato: Any) -> None:
    cast = example.company()
    code, made = legato("person", "log-in", "Mei Lin", "--user", "mei")
    assert (code, made["person"], made["user"]) == (0, cast.mei, "mei")
    assert authenticate(username="mei", password=made["password"]) is not None


def test_a_password_is_read_from_standard_input_and_not_shown(
    legato: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = example.company()
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b"Oak 7 stone\n")))
    answer = legato("person", "log-in", "Mei Lin", "--user", "mei", "--password-stdin")
    assert answer == (0, {"person": cast.mei, "user": "mei"})
    assert authenticate(username="mei", password="Oak 7 stone") is not None


WRONG_DAYS = ["2026-13-10", "2026-02-30", "0001-01-01", "1989-12-31", "9999-12-31", "soon"]


@pytest.mark.parametrize("wrong", WRONG_DAYS)
def test_a_day_that_cannot_be_meant_is_wrong_usage(
    wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (
        ["person", "absent", "Mei Lin", "--from", wrong, "--to", "2026-04-03"],
        ["person", "rehire", "Mei Lin", "--started", wrong],
        ["cover", "1", "--by", "Mei Lin", "--until", wrong],
        ["depart", "Mei Lin", "--kind", "leave", "--last-day", wrong],
    ):
        assert run(command) == 2
        assert f"{wrong} is no day. Write it like 2026-03-31." in capsys.readouterr().err


@pytest.mark.parametrize("port", ["-1", "65536", "80000"])
def test_a_port_that_cannot_be_is_wrong_usage(port: str) -> None:
    assert run(["serve", "--port", port]) == 2


def test_a_capacity_is_listed_without_needless_zeros(capsys: pytest.CaptureFixture[str]) -> None:
    example.person(name="Mei Lin", capacity=Decimal(110))
    example.person(name="Kenji Sato", capacity=Decimal("12.5"))
    assert run(["person", "list"]) == 0
    shown = capsys.readouterr().out
    assert "110 " in shown
    assert "12.5 " in shown
    assert ".0" not in shown


def test_a_person_is_shown_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    cast = example.company()
    example.person(name="Yuki Ito", manager=cast.mei, team="East", skills=[("language", "ja")])
    assert run(["person", "absent", "Yuki Ito", "--from", "2026-04-01", "--to", "2026-04-03"]) == 0
    assert run(["person", "show", "Yuki Ito"]) == 0
    shown = capsys.readouterr().out
    for said in ("Sales rep", "Mei Lin", "East", "Language: ja", "2026-04-01 – 2026-04-03", "yes"):
        assert said in shown
    for raw in ("manager_id", "is_employed", "True", "None", "language=ja"):
        assert raw not in shown
