"""``legato demo``: the main job on the sample company, in a database of its own, told as a story.

Each run begins with a fresh copy: the demo's database is dropped and made again, and nothing else
is ever dropped.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from shutil import rmtree

import click
import dj_database_url
from django.db import connections
from psycopg import errors

from legato.cli import ready
from legato.cli.frame import Frame, command
from legato.cli.language import ours as _
from legato.cli.serving import check_free, serve
from legato.cli.story import Story
from legato.cli.telling import introduce, tell
from legato.domain.errors import Refused
from legato.postgres.addresses import (
    Addresses,
    addresses,
    database_of,
    only_postgresql,
    with_database,
)
from legato.postgres.databases import Unreachable, connection, drop_database, ensure_database
from legato.postgres.home import home_path
from legato.sample import company
from legato.sample.company import Cast
from legato.sample.completing import PASSWORD

HOST = "127.0.0.1"
SEED = 1
ENDING = "_demo"


class NotTheDemos(Refused):
    """A database of the demo's name holds something else. Facts: ``database``."""

    code = "not_the_demos_database"


class CannotCreate(Refused):
    """The role may not create databases on that server. Facts: ``database``, ``role``."""

    code = "cannot_create_demo_database"


@command(
    "demo",
    about=_("Play the main job on the sample company, in a database of its own."),
    database=False,
)
@click.option("--no-serve", is_flag=True, help=_("End after the story."))
@click.option(
    "--remove", is_flag=True, help=_("Drop the demo's database and its files, and do nothing else.")
)
@click.option("--port", default=8000, show_default=True, help=_("Port to listen on."))
def demo(frame: Frame, *, no_serve: bool, remove: bool, port: int) -> None:
    if remove:
        _remove(frame, demo_addresses())
        return
    if not no_serve:
        check_free(HOST, port)
    ours = demo_addresses()
    sample = company(now=frame.now, seed=SEED)
    story = Story(as_json=frame.as_json)
    introduce(story, sample)
    title = _("A fresh database in place of any earlier demo's: %(name)s")
    with story.step(title % {"name": database_of(ours.app)}):
        renew(ours)
    folder = home_path() / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    tell(story, sample, folder=folder)
    _say_how_to_go_on(story, ours)
    if not no_serve:
        _say_what_to_do_first(story, sample.cast, port=port)
    frame.answer(story.figures)
    if not no_serve:
        click.get_current_context().invoke(serve, host=HOST, port=port)


def demo_addresses(*, env: Mapping[str, str] = os.environ) -> Addresses:
    """Beside the database that is in use, on the same server, with the same roles."""
    ours = addresses(env=env)
    name = database_of(ours.app)
    name = name if name.endswith(ENDING) else f"{name}{ENDING}"
    return replace(ours, app=with_database(ours.app, name), owner=with_database(ours.owner, name))


def renew(ours: Addresses) -> None:
    """Drops the demo's database, makes it anew as a rehearsal, and speaks to it from now on.

    Raises `NotTheDemos`, `CannotCreate`, and the refusals of `legato.postgres`.
    """
    only_postgresql(ours)
    ready.start_server(ours)
    _refuse_foreign(ours)
    _turn_to(ours)
    try:
        drop_database(ours.owner)
        ensure_database(ours)
    except errors.InsufficientPrivilege as error:
        name = database_of(ours.owner)
        raise CannotCreate(
            database=name, role=connections["owner"].settings_dict["USER"]
        ) from error
    ready.migrate(ours, rehearsal=True)


def _remove(frame: Frame, ours: Addresses) -> None:
    """Everything that the demo brought: its database, and the files it wrote.

    Raises `NotTheDemos`.
    """
    only_postgresql(ours)
    ready.start_server(ours)
    _refuse_foreign(ours)
    drop_database(ours.owner)
    rmtree(home_path() / "demo", ignore_errors=True)
    name = database_of(ours.owner)
    said = _("The demo's database %(name)s and its files are gone. Nothing else was touched.")
    frame.answer(
        {"removed": name}, show=lambda console: console.print(said % {"name": name}, soft_wrap=True)
    )


def _refuse_foreign(ours: Addresses) -> None:
    """What is dropped must be a rehearsal's database, or empty."""
    try:
        with connection(ours.owner) as owner:
            tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            if owner.execute(tables).fetchone() == (0,):
                return
            known = owner.execute("SELECT to_regclass('ledger_rehearsal') IS NOT NULL").fetchone()
            if known == (True,) and owner.execute("SELECT id FROM ledger_rehearsal").fetchone():
                return
    except Unreachable:
        return
    raise NotTheDemos(database=database_of(ours.owner))


def _turn_to(ours: Addresses) -> None:
    """This process, and those it starts, speak to that database."""
    os.environ["DATABASE_URL"] = ours.app
    os.environ["LEGATO_MIGRATE_URL"] = ours.owner
    connections.close_all()
    for alias, url in {"default": ours.app, "owner": ours.owner}.items():
        connections.settings[alias].update(dj_database_url.parse(url))


def _say_what_to_do_first(story: Story, cast: Cast, *, port: int) -> None:
    story.say("")
    said = {"url": f"http://{HOST}:{port}/", "user": _user_name(cast.manager),
            "second": _user_name(cast.director), "password": PASSWORD,
            "leaver": cast.leaver}  # fmt: skip
    story.say(
        _(
            "Now open %(url)s and log in as %(user)s with the password %(password)s. On the page "
            "of today %(leaver)s stands first, and nobody holds the book for the time after: "
            "press Protect now, and take it back if you like. The second person, who may approve "
            "plans, is %(second)s with the same password."
        )
        % said
    )
    story.say(_("To be rid of all of it: make demo ARGS=--remove, or legato demo --remove"))


def _user_name(person: str) -> str:
    return person.partition(" ")[0].lower()


def _say_how_to_go_on(story: Story, ours: Addresses) -> None:
    story.say("")
    story.say(_("To go on by hand on the demo's database, first type:"))
    story.typed(f"export DATABASE_URL='{ours.app}'")
    story.typed(f"export LEGATO_MIGRATE_URL='{ours.owner}'")
