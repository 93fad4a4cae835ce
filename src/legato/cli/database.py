"""``legato db``: start, stop, migrate, back up and restore the database, and say where it is."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from legato.cli.frame import Frame, Show, command, table
from legato.cli.language import ours as _
from legato.cli.ready import ensure_ready, migrate_to_this_version, start_server
from legato.domain.errors import Refused
from legato.postgres.addresses import Addresses, addresses, without_password
from legato.postgres.backup import back_up, restore
from legato.postgres.home import Home, home_at
from legato.postgres.programs import find_programs
from legato.postgres.server import is_running
from legato.postgres.server import stop as stop_server

FILE = click.Path(dir_okay=False, path_type=Path)


class NotOurServer(Refused):
    """The server is not the embedded one, so it is not started or stopped here. No facts."""

    code = "not_our_server"


@command("url", about=_("Print the address of the database."))
@click.option("--owner", is_flag=True, help=_("The address of the role that migrates."))
def url(frame: Frame, *, owner: bool) -> None:
    ours = addresses()
    chosen = ours.owner if owner else ours.app
    frame.answer({"url": chosen}, show=_line(chosen))


@command("start", about=_("Start the embedded server."), database=False)
def start(frame: Frame) -> None:
    home = _embedded(addresses())
    start_server(addresses())
    said = _("The server answers at %(place)s.") % {"place": home.sockets}
    frame.answer({"running": True, "sockets": home.sockets}, show=_line(said))


@command("stop", about=_("Stop the embedded server."), database=False)
def stop(frame: Frame) -> None:
    stop_server(_embedded(addresses()), programs=find_programs())
    frame.answer({"running": False}, show=_line(_("The server is stopped.")))


@command("status", about=_("Show where the database is and whether it answers."), database=False)
def status(frame: Frame) -> None:
    facts = _status(addresses())
    frame.answer(facts, show=lambda to: to.print(_status_table(facts)))


@command("migrate", about=_("Bring the database to this version of Legato."), database=False)
def migrate(frame: Frame) -> None:
    applied = sorted(".".join(name) for name in migrate_to_this_version())
    said = _("Migrations applied: %(count)s.") % {"count": len(applied)}
    frame.answer({"applied": applied}, show=_line(said))


@command("backup", about=_("Write the whole database into FILE."))
@click.argument("file", type=FILE)
def backup(frame: Frame, *, file: Path) -> None:
    size = back_up(addresses(), file=file)
    said = _("%(file)s holds the whole database (%(size)s bytes). Keep it safe.")
    frame.answer({"file": file, "bytes": size}, show=_line(said % {"file": file, "size": size}))


@command("restore", about=_("Make the database what FILE holds."), database=False)
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help=_("Even where the database is not empty."))
def restore_file(frame: Frame, *, file: Path, replace: bool) -> None:
    start_server(addresses())
    restore(addresses(), file=file, replace=replace)
    ensure_ready()
    said = _("The database is what %(file)s held.") % {"file": file}
    frame.answer({"restored": file}, show=_line(said))


def _status(ours: Addresses) -> dict[str, object]:
    facts: dict[str, object] = {
        "app": without_password(ours.app),
        "owner": without_password(ours.owner),
        "single_role": ours.single_role,
    }
    if ours.home is None:
        return facts
    home = home_at(ours.home)
    return {"running": is_running(home), "home": ours.home, "files": home.files} | facts


def _status_table(facts: dict[str, object]) -> Table:
    labels = {
        "running": _("Answers"),
        "home": _("Home"),
        "files": _("Files of the server"),
        "app": _("Address of the application"),
        "owner": _("Address of the owner"),
        "single_role": _("One role for both"),
    }
    answers = {True: _("yes"), False: _("no")}
    rows = [
        (labels[key], answers[fact] if isinstance(fact, bool) else fact)
        for key, fact in facts.items()
    ]
    return table((_("Database"), ""), rows)


def _embedded(ours: Addresses) -> Home:
    if ours.home is None:
        raise NotOurServer()
    return home_at(ours.home)


def _line(text: str) -> Show:
    def show(console: Console) -> None:
        # An address is copied from here, so it is never wrapped.
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    return show


db = click.Group(
    "db",
    help=_("Start, stop, migrate, back up and restore the database."),
    commands=[url, start, stop, status, migrate, backup, restore_file],
)
