"""Makes the database ready for a command: the server answers, the schema is this version's.

The usual case costs one query. Migrations run as the owner; everything else as the application.
"""

import os
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connections

from legato.domain.errors import Refused
from legato.postgres.addresses import Addresses, addresses, only_postgresql
from legato.postgres.databases import connection, ensure_database, give_exceptions, give_rights
from legato.postgres.home import home_at
from legato.postgres.programs import find_programs
from legato.postgres.server import start

MIGRATION_LOCK = 7_236_532

Migration = tuple[str, str]


class NewerDatabase(Refused):
    """A later version of Legato has changed the schema. Facts: ``migrations``."""

    code = "database_is_newer"


def ensure_ready() -> None:
    """Starts the server, creates the database and migrates it, each only where needed.

    Raises `NewerDatabase` and the refusals of `legato.postgres`.
    """
    only_postgresql(addresses())
    wanted = shipped_migrations()
    applied = applied_migrations()
    if applied is None or wanted - applied:
        migrate_to_this_version()
        return
    unknown = {name for name in applied - wanted if name[0] in _own_labels()}
    if unknown:
        raise NewerDatabase(migrations=sorted(".".join(name) for name in unknown))


def migrate_to_this_version() -> set[Migration]:
    """Whatever there was before, the database is ready afterwards; says what was applied."""
    ours = addresses()
    only_postgresql(ours)
    start_server(ours)
    ensure_database(ours)
    before = applied_migrations() or set()
    migrate(ours, rehearsal=os.environ.get("LEGATO_REHEARSAL") == "1")
    with connection(ours.app):  # What the owner can do says nothing of the application.
        return (applied_migrations() or set()) - before


def start_server(ours: Addresses, *, fast: bool = False) -> None:
    """Starts the embedded server; does nothing where the server is somebody else's."""
    if ours.home is not None:
        start(home_at(ours.home), programs=find_programs(), fast=fast)


def migrate(ours: Addresses, *, rehearsal: bool) -> None:
    """Applies what is missing, one process at a time, as the owner.

    ``rehearsal`` counts only for a database that was never migrated: ``legato.rehearsal`` is then
    ``on`` in the migrations' session, and the ledger's migration keeps it in a table.
    """
    with connection(ours.owner) as lock:
        lock.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        row = lock.execute("SELECT to_regclass('django_migrations') IS NULL").fetchone()
        if row == (True,):
            give_rights(ours)
            with connections["owner"].cursor() as cursor:
                flag = "on" if rehearsal else "off"
                cursor.execute("SELECT set_config('legato.rehearsal', %s, false)", [flag])
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        give_exceptions(ours)
    connections["owner"].close()


def shipped_migrations() -> set[Migration]:
    """The migrations among the installed files, by app and name, without importing them."""
    return {
        (app.label, file.stem)
        for app in apps.get_app_configs()
        for file in _migration_files(app.path)
    }


def _migration_files(folder: str) -> list[Path]:
    return [file for file in Path(folder, "migrations").glob("*.py") if file.stem != "__init__"]


def applied_migrations() -> set[Migration] | None:
    """The migrations the database knows; None where there is no server, database or table."""
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            return {(app, name) for app, name in cursor.fetchall()}
    except DatabaseError:
        connections["default"].close()
        return None


def _own_labels() -> set[str]:
    return {app.label for app in apps.get_app_configs() if app.name.startswith("legato.")}
