"""Where the database is, from the environment alone."""

from pathlib import Path

import pytest

from legato.postgres.addresses import (
    NotPostgreSQL,
    addresses,
    database_of,
    only_postgresql,
    with_database,
    without_password,
)
from legato.postgres.home import home_path


def test_without_an_address_the_database_is_in_the_home(tmp_path: Path) -> None:
    ours = addresses(env={"LEGATO_HOME": str(tmp_path)})
    assert ours.home == tmp_path
    assert ours.app.startswith("postgresql://legato_app@/legato?host=")
    assert ours.owner.startswith("postgresql://legato_owner@/legato?host=")
    assert not ours.single_role


def test_an_address_given_is_used_and_nothing_is_started() -> None:
    app, owner = "postgresql://app@db/legato", "postgresql://boss@db/legato"
    ours = addresses(env={"DATABASE_URL": app, "LEGATO_MIGRATE_URL": owner})
    assert (ours.app, ours.owner, ours.home) == (app, owner, None)
    assert not ours.single_role


@pytest.mark.parametrize("owner", [{}, {"LEGATO_MIGRATE_URL": "postgresql://app@db/legato"}])
def test_one_role_for_both_is_told(owner: dict[str, str]) -> None:
    assert addresses(env={"DATABASE_URL": "postgresql://app@db/legato", **owner}).single_role


@pytest.mark.parametrize("url", ["mysql://app@db/legato", "sqlite:///legato.db", "nonsense"])
def test_no_other_kind_of_database_is_taken(url: str) -> None:
    with pytest.raises(NotPostgreSQL) as refused:
        only_postgresql(addresses(env={"DATABASE_URL": url}))
    assert refused.value.facts["setting"] == "DATABASE_URL"


def test_the_same_server_has_other_databases() -> None:
    url = "postgresql://app:p%40ss@db:5433/legato?sslmode=require"
    other = with_database(url, "other")
    assert other == "postgresql://app:p%40ss@db:5433/other?sslmode=require"
    assert database_of(other) == "other"


def test_an_address_without_a_database_means_that_of_the_role() -> None:
    assert database_of("postgresql://app@db") == "app"


def test_a_password_is_not_shown() -> None:
    shown = without_password("postgresql://app:p%40ss@db:5433/legato")
    assert shown == "postgresql://app@db:5433/legato"


def test_a_home_may_be_written_with_a_tilde() -> None:
    assert home_path(env={"LEGATO_HOME": "~/legato"}) == Path.home() / "legato"
