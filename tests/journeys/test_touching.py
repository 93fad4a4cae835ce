"""A successor who leaves too, at the command line: what both cases say, until both are closed."""

import json
from typing import Any

import pytest
from tests import example
from tests.example import Cast
from tests.touching import accounts, owners

from legato import cli
from legato.postgres.addresses import Addresses

NOW = "2026-03-31T09:00+00:00"
LATER = "2026-06-01T09:00+00:00"


class Say:
    """Commands with ``--json``, each at a rehearsed instant."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *words: str, code: int = 0, at: str = NOW) -> dict[str, Any]:
        self.capsys.readouterr()
        found = cli.run([*words, "--now", at, "--json"])
        printed = self.capsys.readouterr()
        assert found == code, printed.out + printed.err
        answer: dict[str, Any] = json.loads(printed.out)
        return answer

    def text(self, *words: str, at: str = NOW) -> str:
        self.capsys.readouterr()
        assert cli.run([*words, "--now", at]) == 0
        return self.capsys.readouterr().out

    def codes(self, case: int, *, at: str = NOW) -> dict[str, dict[str, Any]]:
        shown = self("case", "show", str(case), at=at)
        return {each["code"]: each for each in shown["matters"]}


@pytest.fixture
def cast(fresh_database: Addresses) -> Cast:
    company = example.company()
    accounts(company.olga, how_many=2)
    return company


@pytest.fixture
def say(cast: Cast, capsys: pytest.CaptureFixture[str]) -> Say:
    return Say(capsys)


def hand_over(say: Say, case: int, *, at: str = NOW, without: str) -> dict[str, Any]:
    plan = say("plan", str(case), "--exclude", without, at=at)
    say("approve", str(plan["plan"]), "--as", "Ada Okafor", at=at)
    return say("commit", str(plan["plan"]), "--digest", plan["digest"], at=at)


def test_two_departures_that_touch_are_corrected_planned_and_closed(say: Say, cast: Cast) -> None:
    said = ("--kind", "resignation", "--last-day")
    olgas = say("depart", "Olga Petrova", *said, "unknown")["case"]
    assert "last_day_unknown" in say.codes(olgas)
    changed = say("case", "change", str(olgas), "--last-day", "2026-04-30", "--key", "known")
    assert (
        say("case", "change", str(olgas), "--last-day", "2026-04-30", "--key", "known") == changed
    )
    commit = hand_over(say, olgas, without="Ivo Novak")
    assert (commit["moved"], len(commit["rest_sha256"])) == (4, 64)

    kenjis = say("depart", "Kenji Sato", *said, "2026-05-15")["case"]
    told = say.codes(olgas)["successor_leaves"]
    assert (told["case"], told["records"]) == (kenjis, 4)
    assert "Kenji Sato" in say.text("case", "show", str(olgas))
    hand_over(say, kenjis, without="Olga Petrova")
    assert "successor_leaves" not in say.codes(olgas)

    refused = say("case", "close", str(olgas), code=3)
    assert [each["what"] for each in refused["rests"]] == ["still_employed"]
    say("person", "set", "Sam Carter", "--manager", "Kenji Sato")
    assert say("case", "change", str(olgas), "--last-day", "2026-03-30", "--already-gone")["case"]
    closed = say("case", "close", str(olgas), "--key", "end")
    assert say("case", "close", str(olgas), "--key", "end") == closed
    assert (closed["listed"], closed["moved"], closed["signed"]) == (4, 4, 0)

    gone = say("case", "change", str(kenjis), "--last-day", "2026-03-30", "--already-gone")
    assert gone["covered"] == 0
    refused = say("case", "close", str(kenjis), code=3)
    assert [each["what"] for each in refused["rests"]] == ["reports"]
    assert "has_reports" in say.codes(kenjis)
    assert say("case", "sign", str(kenjis), "reports", code=3)["refused"] == "reason_needed"
    signed = say("case", "sign", str(kenjis), "reports", "--reason", "Sam goes next week")
    assert signed["count"] == 1
    assert say("case", "close", str(kenjis))["signed"] == 1
    shown = say("case", "show", str(kenjis), at=LATER)
    assert shown["conservation"]["agrees"]
    assert [each["signer"] for each in shown["signed"]]
    assert set(owners().values()) == {cast.ivo}
    checked = say("check", at=LATER)
    assert not checked["rows"]


def test_one_record_is_signed_by_its_name(say: Say, cast: Cast) -> None:
    case = say("depart", "Olga Petrova", "--kind", "transfer", "--last-day", "2026-04-30")["case"]
    name = say("case", "show", str(case))["rests"][0]["listed"][0]["name"]
    assert say("case", "sign", str(case), name, "--reason", "She keeps it")["count"] == 1
    assert say("case", "sign", str(case), "still_owned", "--reason", "Those too")["count"] == 3
    assert say("case", "close", str(case))["kept"] == 4


def test_a_withdrawal_says_what_is_back(say: Say, cast: Cast) -> None:
    case = say("depart", "Olga Petrova", "--kind", "transfer", "--last-day", "2026-04-30")["case"]
    say("cover", str(case), "--by", "Mei Lin", "--until", "2026-05-30")
    assert say("case", "withdraw", str(case), "--key", "w")["returned"] == 4
    assert say("case", "withdraw", str(case), "--key", "w")["returned"] == 4


def test_hired_again_by_a_key_is_hired_once(say: Say, cast: Cast) -> None:
    say("depart", "Olga Petrova", "--kind", "dismissal", "--last-day", "2026-03-30",
        "--already-gone")  # fmt: skip
    again = ("person", "rehire", "Olga Petrova", "--started", "2026-03-31", "--key", "back")
    assert say(*again) == say(*again)
