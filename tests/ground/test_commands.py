"""The command line as people and machines meet it: languages, exit codes, what goes where."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest

from legato.cli import COMMANDS, summaries
from legato.cli.frame import parse_moment
from legato.cli.language import chosen_language
from legato.postgres.addresses import Addresses
from legato.postgres.home import home_at
from legato.postgres.programs import find_programs
from legato.postgres.server import is_running, remove


def legato(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs the command as another process, in English unless told otherwise."""
    return subprocess.run(
        [sys.executable, "-m", "legato", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "LEGATO_LANG": "en", **env},
        check=False,
    )


@pytest.mark.parametrize(
    ("language", "usage"),
    [
        ("en", "Usage:"),
        ("ja", "使い方:"),
        ("zh-hans", "用法:"),
        ("ru", "Использование:"),
    ],
)
def test_help_speaks_four_languages(language: str, usage: str) -> None:
    assert legato("--help", LEGATO_LANG=language).stdout.startswith(usage)


@pytest.mark.parametrize(
    ("env", "language"),
    [
        ({"LEGATO_LANG": "ja", "LC_ALL": "ru_RU.UTF-8"}, "ja"),
        ({"LC_ALL": "ru_RU.UTF-8", "LC_MESSAGES": "ja_JP", "LANG": "en_GB"}, "ru"),
        ({"LC_MESSAGES": "ja_JP.eucJP", "LANG": "en_GB"}, "ja"),
        ({"LANG": "zh_CN.GB18030"}, "zh-hans"),
        ({"LEGATO_LANG": "zh-Hans"}, "zh-hans"),
        ({"LEGATO_LANG": "", "LANG": "ru"}, "ru"),
        ({"LC_ALL": "C", "LANG": "ja_JP"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_the_first_that_is_set(env: dict[str, str], language: str) -> None:
    assert chosen_language(env=env) == language


def test_every_command_has_a_line_of_help() -> None:
    assert set(summaries()) == set(COMMANDS)


def test_help_needs_neither_a_database_nor_django() -> None:
    program = "import sys, legato.cli as cli; cli.run(['--help']); print('django' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == "False"


def test_done_is_0_and_the_answer_is_alone_on_standard_output(fresh_database: Addresses) -> None:
    ran = legato("db", "url", "--json")
    assert (ran.returncode, json.loads(ran.stdout), ran.stderr) == (
        0,
        {"url": fresh_database.app},
        "",
    )


def test_the_owners_address_is_another(fresh_database: Addresses) -> None:
    assert legato("db", "url", "--owner").stdout == f"{fresh_database.owner}\n"


@pytest.mark.parametrize("arguments", [("nothing",), ("db", "url", "--never"), ("db", "restore")])
def test_wrong_usage_is_2(fresh_database: Addresses, arguments: tuple[str, ...]) -> None:
    ran = legato(*arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Error: " in ran.stderr


def test_refused_is_3_and_machines_get_the_facts(fresh_database: Addresses) -> None:
    ran = legato("db", "stop", "--json")
    assert ran.returncode == 3
    assert json.loads(ran.stdout)["refused"] == "not_our_server"


def test_refused_is_a_sentence_for_people(fresh_database: Addresses, tmp_path: Path) -> None:
    ran = legato("db", "restore", str(tmp_path / "none"))
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "is no backup" in ran.stderr


def test_the_outside_world_failing_is_5() -> None:
    ran = legato("db", "url", "--json", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert ran.returncode == 5
    assert json.loads(ran.stdout)["refused"] == "database_unreachable"


def test_another_kind_of_database_is_refused_in_words() -> None:
    ran = legato("db", "url", DATABASE_URL="mysql://somebody@db/legato")
    assert ran.returncode == 3
    assert "PostgreSQL 15 or later" in ran.stderr


def test_time_is_not_chosen_where_work_is_real(
    fresh_database: Addresses, owner_connection: psycopg.Connection
) -> None:
    owner_connection.execute("DROP TABLE IF EXISTS ledger_rehearsal CASCADE")
    ran = legato("db", "url", "--json", "--now", "2017-10-01")
    assert ran.returncode == 3
    assert json.loads(ran.stdout)["refused"] == "not_a_rehearsal"


def test_time_is_chosen_to_rehearse(fresh_database: Addresses) -> None:
    assert legato("db", "url", "--now", "2017-10-01").returncode == 0


def test_a_time_that_is_none_is_wrong_usage(fresh_database: Addresses) -> None:
    assert legato("db", "url", "--now", "tomorrow").returncode == 2


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2017-10-01", datetime(2017, 10, 1, 9, tzinfo=UTC)),
        ("2017-10-01Z", datetime(2017, 10, 1, 9, tzinfo=UTC)),
        ("2017-10-01+09:00", datetime(2017, 10, 1, 9, tzinfo=timezone(timedelta(hours=9)))),
        ("2017-10-01 Asia/Tokyo", datetime(2017, 10, 1, 9, tzinfo=ZoneInfo("Asia/Tokyo"))),
        ("2017-10-01T14:30", datetime(2017, 10, 1, 14, 30, tzinfo=UTC)),
        ("2017-10-01T14:30Z", datetime(2017, 10, 1, 14, 30, tzinfo=UTC)),
        ("2017-10-01T14:30 Europe/Moscow", datetime(2017, 10, 1, 11, 30, tzinfo=UTC)),
        ("2017-10-01 14:30", datetime(2017, 10, 1, 14, 30, tzinfo=UTC)),
    ],
)
def test_a_date_alone_is_nine_in_the_morning(text: str, moment: datetime) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize("text", ["", "tomorrow", "2017-02-30", "2017-10-01T14:30Z Asia/Tokyo"])
def test_what_is_no_time_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_moment(text)


def test_a_fresh_home_is_ready_with_the_first_command(tmp_path: Path) -> None:
    home = home_at(tmp_path / "home")
    outside = {"LEGATO_HOME": str(home.path), "DATABASE_URL": "", "LEGATO_MIGRATE_URL": ""}
    try:
        url = legato("db", "url", **outside).stdout.strip()
        with psycopg.connect(url) as opened:
            row = opened.execute("SELECT current_user, count(*) > 0 FROM django_migrations")
            assert row.fetchone() == ("legato_app", True)
        assert legato("db", "stop", **outside).returncode == 0
        assert not is_running(home)
    finally:
        remove(home, programs=find_programs())


@pytest.mark.parametrize("language", ["ja", "zh-hans", "ru"])
def test_a_refusal_is_said_in_the_readers_language(
    fresh_database: Addresses, language: str
) -> None:
    said = legato("db", "stop", LEGATO_LANG=language).stderr
    assert "DATABASE_URL" in said
    assert "Nothing" not in said
    assert said != legato("db", "stop").stderr


def test_the_help_of_plan_shows_the_options_of_its_everyday_form() -> None:
    told = legato("plan", "--help").stdout
    assert told.startswith("Usage: legato plan [CASE]… [OPTIONS]\n       legato plan COMMAND")
    for option in ("--pin RECORD=PERSON", "--exclude", "--from", "--interim", "--as", "--json"):
        assert option in told
    assert "verify " in told
    assert "make" not in told.partition("Commands:")[2].split()
    assert "9223372036854775807" not in told
