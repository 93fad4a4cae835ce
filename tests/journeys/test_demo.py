"""The demo from its first word to its last, as a newcomer runs it, on the tests' server."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection as django_connection
from django.test.utils import CaptureQueriesContext

from legato.cli.demo import demo_addresses, renew
from legato.cli.story import Story
from legato.cli.telling import tell
from legato.departures.models import Case
from legato.ledger.models import Rehearsal
from legato.postgres.addresses import Addresses, database_of, with_database
from legato.postgres.databases import connection, drop_database
from legato.sample import company


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    ours: Addresses
    """The demo's database."""
    code: int
    figures: dict[str, Any]
    told: str


@pytest.fixture(scope="module")
def run(server_addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    name = f"legato_story_{os.getpid()}"
    beside = replace(
        server_addresses,
        app=with_database(server_addresses.app, name),
        owner=with_database(server_addresses.owner, name),
    )
    done = play(beside, home=tmp_path_factory.mktemp("home"))
    ours = demo_of(beside)
    yield Run(
        ours=ours,
        code=done.returncode,
        figures=json.loads(done.stdout) if done.returncode == 0 else {},
        told=done.stderr,
    )
    drop_database(ours.owner)


def play(beside: Addresses, *, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "DATABASE_URL": beside.app,
        "LEGATO_MIGRATE_URL": beside.owner,
        "LEGATO_HOME": str(home),
        "LEGATO_LANG": "en",
        "LEGATO_SECRET_KEY": "for the tests",
    }
    return subprocess.run(
        [sys.executable, "-m", "legato", "demo", "--no-serve", "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def demo_of(beside: Addresses) -> Addresses:
    return demo_addresses(env={"DATABASE_URL": beside.app, "LEGATO_MIGRATE_URL": beside.owner})


def test_the_demo_ends_well(run: Run) -> None:
    assert run.code == 0, run.told


def test_the_company_is_imported_whole(run: Run) -> None:
    counts = run.figures["import"]["counts"]
    assert counts["account"]["new"] == 2000
    assert counts["person"]["new"] == 33
    assert all(numbers["rejected"] == 0 for numbers in counts.values())


def test_the_inventory_is_as_promised(run: Run) -> None:
    accounts = run.figures["inventory"]["account"]
    assert accounts["count"] == 420
    assert min(accounts["hot"], accounts["warm"], accounts["cold"]) > 60
    assert run.figures["burning"] == 5


def test_the_plan_breaks_no_rule_and_names_what_nobody_can_take(run: Run) -> None:
    plan = run.figures["plan"]
    assert plan["violations"] == 0
    assert plan["orphans"] == 3
    assert plan["assignments"] >= 420


def test_what_was_planned_is_moved_and_what_was_moved_comes_back(run: Run) -> None:
    plan, commit, undo = (run.figures[name] for name in ("plan", "commit", "undo"))
    assert plan["moved"] == commit["moved"] == undo["restored"] > 1000
    assert undo["conflicts"] == 0


def test_every_invariant_holds_after_the_commit_and_after_the_undo(run: Run) -> None:
    after_commit, after_undo = run.figures["checks"]
    assert {"I1", "I2", "I4", "I10", "I12", "ledger"} <= after_commit.keys()
    assert not any(after_commit.values())
    assert not any(after_undo.values())


def test_the_receipt_has_a_row_for_every_record(run: Run) -> None:
    with Path(run.figures["commit"]["receipt"]).open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == run.figures["commit"]["moved"]


def test_the_owners_are_what_they_were_row_for_row(run: Run) -> None:
    with connection(run.ours.app) as reader:
        same = reader.execute(
            "SELECT count(*) FROM books_span s JOIN books_record r ON r.id = s.record_id"
            " WHERE s.ended_by_id = %s AND r.owner_id = s.owner_id",
            [run.figures["commit"]["commit"]],
        ).fetchone()
        accounts = reader.execute(
            "SELECT count(*) FROM books_record r JOIN people_person p ON p.id = r.owner_id"
            " WHERE r.kind = 'account' AND p.name = 'Olga Petrova'"
        ).fetchone()
    assert same == (run.figures["commit"]["moved"],)
    assert accounts == (420,)


def test_two_departures_are_open_and_one_has_a_plan_waiting(run: Run) -> None:
    assert run.figures["waiting_plan"]["plan"] > run.figures["plan"]["plan"]
    with connection(run.ours.app) as reader:
        cases = reader.execute("SELECT count(*) FROM departures_case WHERE closed_at IS NULL")
        assert cases.fetchone() == (2,)
        waiting = reader.execute(
            "SELECT count(*) FROM planning_approval WHERE plan_id = %s",
            [run.figures["waiting_plan"]["plan"]],
        )
        assert waiting.fetchone() == (0,)


def test_each_step_says_what_to_type_and_how_long_it_took(run: Run) -> None:
    for command in (
        "import",
        'depart "Olga Petrova"',
        "plan",
        "approve",
        "commit",
        "check",
        "undo",
    ):
        assert f"$ legato {command}" in run.told
    assert len(run.figures["steps"]) == 11
    assert all(step["seconds"] >= 0 for step in run.figures["steps"])


def test_the_log_ins_are_told(run: Run) -> None:
    assert set(run.figures["log_ins"]["users"]) == {"mei", "ada", "sam", "ivo", "olga"}
    assert run.figures["log_ins"]["password"] in run.told


@pytest.mark.breaks_invariants
def test_another_run_begins_with_a_fresh_rehearsal(fresh_database: Addresses) -> None:
    ours = demo_addresses()
    renew(ours)
    with connection(ours.owner) as owner:
        owner.execute("CREATE TABLE left_over ()")
    renew(ours)
    with connection(ours.owner) as owner:
        assert owner.execute("SELECT to_regclass('left_over')").fetchone() == (None,)
    assert Rehearsal.objects.exists()
    assert not Case.objects.exists()
    drop_database(ours.owner)


def test_a_database_that_is_not_the_demos_is_never_dropped(
    fresh_database: Addresses, tmp_path: Path
) -> None:
    ours = demo_of(fresh_database)
    with connection(with_database(ours.owner, "postgres")) as maintenance:
        maintenance.execute(f"CREATE DATABASE {database_of(ours.owner)}")
    with connection(ours.owner) as owner:
        owner.execute("CREATE TABLE somebodys_work ()")
    done = play(fresh_database, home=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["refused"]) == (3, "not_the_demos_database")
    with connection(ours.owner) as owner:
        assert owner.execute("SELECT to_regclass('somebodys_work')").fetchone() != (None,)
    drop_database(ours.owner)


def test_a_role_that_may_not_create_databases_is_told_so(
    fresh_database: Addresses, tmp_path: Path
) -> None:
    done = play(replace(fresh_database, owner=fresh_database.app), home=tmp_path)
    refused = json.loads(done.stdout)
    assert (done.returncode, refused["refused"]) == (3, "cannot_create_demo_database")
    assert "legato_app" in refused["message"]


def test_the_story_asks_the_database_per_step_and_not_per_record(
    fresh_database: Addresses, tmp_path: Path
) -> None:
    told = company(now=datetime.now(UTC), seed=2)
    with CaptureQueriesContext(django_connection) as asked:
        tell(Story(as_json=True), told, folder=tmp_path)
    assert len(told.records) > 14_000
    assert len(asked) < 2_000
