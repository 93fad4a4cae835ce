"""The main job on a real company's export, at the command line: a book changes hands and back."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from legato import cli
from legato.books.models import Record
from legato.postgres.addresses import Addresses

DATA = Path(os.environ.get("LEGATO_TEST_DATA", "../shared/data"), "maven_crm")
LEAVER = "Darcel Schlecht"
NOW = "2018-01-08T09:00+00:00"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no data at {DATA}")


class Job:
    """Commands run as a user would, with ``--json``, each at the same rehearsed instant."""

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
def job(fresh_database: Addresses, capsys: pytest.CaptureFixture[str]) -> Job:
    """A company whose export is read."""
    ready = Job(capsys)
    ready("import", str(DATA))
    return ready


def owners() -> dict[int, int]:
    return dict(Record.objects.order_by("pk").values_list("pk", "owner_id"))


def second_manager(job: Job, plan: int) -> str:
    """Somebody who may approve, as the refusal of the proposer names them."""
    refused = job("approve", str(plan), code=3)
    assert refused["refused"] == "may_not_approve"
    others: list[str] = refused["others"]
    return others[0]


def test_a_real_book_changes_hands_and_back_row_for_row(job: Job) -> None:
    before = owners()
    opened = job("depart", LEAVER, "--last-day", "2018-01-31", "--kind", "resignation")
    deals = opened["inventory"]["opportunity"]
    assert deals["count"] == 194
    assert opened["placed"]["opportunity"] == {
        "on_own_accounts": 32,
        "on_others_accounts": 28,
        "without_account": 134,
    }
    held = opened["inventory"]["account"]["count"]
    assert held > 0

    plan = job("plan", str(opened["case"]))
    assert plan["violations"] == []
    assert plan["assignments"] == held + 28 + 134
    assert owners() == before

    approver = second_manager(job, plan["plan"])
    job("approve", str(plan["plan"]), "--as", approver)
    commit = job("commit", str(plan["plan"]), "--digest", plan["digest"])
    assert commit["moved"] == plan["moved"] == 194 + held
    receipt = Path(commit["receipt"])
    assert receipt.is_file()
    assert len(json.loads(receipt.with_suffix(".json").read_text())["rows"]) == commit["moved"]
    after = owners()
    assert sum(after[record] != owner for record, owner in before.items()) == commit["moved"]
    held_invariants(job)

    undone = job("undo", str(commit["commit"]))
    assert (undone["restored"], undone["conflicts"]) == (commit["moved"], [])
    assert owners() == before
    held_invariants(job)


def held_invariants(job: Job) -> None:
    checked = job("check")
    names = ("I1", "I2", "I4", "I10", "I12", "ledger")
    assert {name: checked[name] for name in names} == dict.fromkeys(names, 0), checked["rows"]
