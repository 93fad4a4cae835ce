"""What the application's role may do in a migrated database, and what it may not."""

from dataclasses import replace
from urllib.parse import urlsplit

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import connection as django_connection
from psycopg import errors, sql

from legato.postgres.addresses import Addresses, database_of, with_database
from legato.postgres.databases import connection, drop_database, ensure_database


@pytest.mark.django_db
def test_pages_and_commands_speak_as_the_application(database: Addresses) -> None:
    with django_connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (urlsplit(database.app).username,)


def test_the_application_has_no_power_over_the_server(app_connection: psycopg.Connection) -> None:
    row = app_connection.execute(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication"
        " FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    assert row == (False,) * 5


def test_the_application_owns_nothing(app_connection: psycopg.Connection) -> None:
    owned = "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
    assert app_connection.execute(owned).fetchone() == (0,)


def test_a_new_table_can_be_read_and_written_but_never_emptied(
    owner_connection: psycopg.Connection, app_connection: psycopg.Connection
) -> None:
    owner_connection.execute("CREATE TABLE kept (id bigserial PRIMARY KEY, word text)")
    try:
        app_connection.execute("INSERT INTO kept (word) VALUES ('first')")
        app_connection.execute("UPDATE kept SET word = 'second'")
        for attack in ("DELETE FROM kept", "TRUNCATE kept", "DROP TABLE kept"):
            with pytest.raises(errors.InsufficientPrivilege):
                app_connection.execute(attack)
        assert app_connection.execute("SELECT word FROM kept").fetchone() == ("second",)
    finally:
        owner_connection.execute("DROP TABLE kept")


@pytest.mark.parametrize(
    "attack",
    [
        "CREATE TABLE public.mine (id int)",
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())",
        "ALTER TABLE django_session DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_cannot_change_the_rules(
    app_connection: psycopg.Connection, attack: str
) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        app_connection.execute(attack)


def test_the_application_cannot_become_the_owner(
    database: Addresses, app_connection: psycopg.Connection
) -> None:
    owner = sql.Identifier(urlsplit(database.owner).username or "")
    with pytest.raises(errors.InsufficientPrivilege):
        app_connection.execute(sql.SQL("SET ROLE {}").format(owner))


def test_a_second_database_of_the_server_shares_the_role(database: Addresses) -> None:
    name = f"{database_of(database.app)}_second"
    second = replace(
        database, app=with_database(database.app, name), owner=with_database(database.owner, name)
    )
    try:
        assert [ensure_database(second), ensure_database(second)] == [True, False]
        with connection(second.app) as app:
            assert app.info.dbname == name
    finally:
        drop_database(second.owner)


@pytest.mark.usefixtures("fresh_database")
def test_sessions_and_jobs_may_be_deleted(app_connection: psycopg.Connection) -> None:
    Session.objects.create(session_key="a", session_data="", expire_date="2030-01-01T00:00:00Z")
    assert Session.objects.all().delete()[0] == 1
    app_connection.execute("DELETE FROM procrastinate_jobs")


def test_a_fresh_database_is_the_one_django_speaks_to(fresh_database: Addresses) -> None:
    with django_connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (database_of(fresh_database.app),)
