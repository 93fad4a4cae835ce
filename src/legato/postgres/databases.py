"""Creates, copies and drops databases, and gives the application's role its rights in them.

The application reads, adds and changes; it never deletes or truncates unless a table is named in
`DELETABLE`, and it owns nothing. Needs the owner's address.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from legato.domain.errors import Refused
from legato.postgres.addresses import Addresses, database_of, with_database

OLDEST = 15
FUTURE = "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
DEFAULT_RIGHTS = (
    "GRANT USAGE ON SCHEMA public TO {}",
    f"{FUTURE} GRANT SELECT, INSERT, UPDATE ON TABLES TO {{}}",
    f"{FUTURE} GRANT USAGE, SELECT ON SEQUENCES TO {{}}",
)
# Working tables: of the libraries, and where files are staged. Skills are taken back, the ledger
# telling so. Nothing else is ever deleted.
DELETABLE = (
    "account_emailaddress",
    "account_emailconfirmation",
    "auth_group_permissions",
    "auth_user_groups",
    "auth_user_user_permissions",
    "books_staged",
    "django_session",
    "mfa_authenticator",
    "people_attempt",
    "people_session",
    "people_skill",
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
    "socialaccount_socialaccount",
    "socialaccount_socialtoken",
)
READ_ONLY = ("django_migrations", "ledger_rehearsal", "ledger_identity", "books_span")
ADD_ONLY = (
    "ledger_entry",
    "ledger_seal",
    "ledger_answer",
    "people_policy",
    "books_book",
    "books_item",
    "books_change",
    "books_drift",
    "planning_plan",
    "planning_planbook",
    "planning_arrays",
    "planning_assignment",
    "planning_move",
    "planning_approval",
    "planning_remark",
    "planning_commit",
    "planning_undo",
    "departures_digest",
)
CREATION_LOCK = 7_236_531  # any number, the same for all who create databases or roles


class TooOld(Refused):
    """The server is older than Legato supports. Facts: ``found``, ``needed``."""

    code = "postgres_too_old"


class Unreachable(Refused):
    """No connection to the server, or it has no such database. Facts: ``database``, ``why``."""

    code = "database_unreachable"


@contextmanager
def connection(url: str, *, autocommit: bool = True) -> Iterator[psycopg.Connection]:
    """A connection that is closed afterwards. Raises `Unreachable`, `TooOld`."""
    try:
        opened = psycopg.connect(url, autocommit=autocommit, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise Unreachable(database=database_of(url), why=str(error).strip()) from error
    with opened as ours:
        if ours.info.server_version < OLDEST * 10_000:
            raise TooOld(found=ours.info.server_version // 10_000, needed=OLDEST)
        yield ours


def ensure_database(addresses: Addresses) -> bool:
    """Creates the application's role and the database where missing; True when it created one.

    Safe to call by several processes at once. Raises `Unreachable`, `TooOld`.
    """
    if _exists(addresses.owner) and (addresses.single_role or _exists(addresses.app)):
        return False
    name = database_of(addresses.owner)
    with connection(with_database(addresses.owner, "postgres")) as maintenance:
        maintenance.execute("SELECT pg_advisory_lock(%s)", [CREATION_LOCK])
        known = maintenance.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known is None:
            maintenance.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        _create_role(maintenance, addresses)
    return known is None


def give_rights(addresses: Addresses) -> None:
    """What the application may do with tables that migrations are still to create.

    Must run before the first migration: default rights are copied when a table is created.
    """
    if addresses.single_role:
        return
    app = sql.Identifier(_role(addresses.app))
    with connection(addresses.owner) as owner:
        for right in DEFAULT_RIGHTS:
            owner.execute(sql.SQL(right).format(app))


def give_exceptions(addresses: Addresses) -> None:
    """The few rights that differ from the default, for the tables that exist by now."""
    if addresses.single_role:
        return
    app = sql.Identifier(_role(addresses.app))
    with connection(addresses.owner) as owner:
        rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {name for (name,) in rows}
        for table in tables.intersection(DELETABLE):
            owner.execute(sql.SQL("GRANT DELETE ON {} TO {}").format(sql.Identifier(table), app))
        for right, limited in {"INSERT, UPDATE": READ_ONLY, "UPDATE": ADD_ONLY}.items():
            for table in tables.intersection(limited):
                taken = sql.SQL(f"REVOKE {right} ON {{}} FROM {{}}")
                owner.execute(taken.format(sql.Identifier(table), app))


def copy_database(url: str, *, name: str) -> str:
    """A copy under another name, rights included; the original must have no connections."""
    with connection(with_database(url, "postgres")) as maintenance:
        copied = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        maintenance.execute(copied.format(sql.Identifier(name), sql.Identifier(database_of(url))))
    return with_database(url, name)


def drop_database(url: str) -> None:
    """Drops a database, disconnecting whoever uses it; nothing happens when there is none."""
    with connection(with_database(url, "postgres")) as maintenance:
        dropped = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        maintenance.execute(dropped.format(sql.Identifier(database_of(url))))


def _exists(url: str) -> bool:
    try:
        with connection(url):
            return True
    except Unreachable:
        # Either no such database, or no server; the next connection tells which.
        return False


def _create_role(maintenance: psycopg.Connection, addresses: Addresses) -> None:
    """The application's role, with the password its address carries. Roles belong to the server."""
    name = _role(addresses.app)
    known = maintenance.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    if known is not None:  # an empty row is there, though it counts as false
        return
    limits = "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE"
    maintenance.execute(sql.SQL(limits).format(sql.Identifier(name)))
    if password := urlsplit(addresses.app).password:
        change = sql.SQL("ALTER ROLE {} PASSWORD {}")
        maintenance.execute(change.format(sql.Identifier(name), sql.Literal(unquote(password))))


def _role(url: str) -> str:
    return unquote(urlsplit(url).username or "")
