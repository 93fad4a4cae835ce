"""``legato person``: who there is, and what is known of them."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from legato.books.queries import barred_from
from legato.cli.acting import named
from legato.cli.conflicts import bar, unbar
from legato.cli.day import Day
from legato.cli.frame import Frame, command, table
from legato.cli.language import ours as _
from legato.cli.language import pgettext
from legato.cli.person_options import Skill, described, details_of
from legato.domain.errors import NotFound
from legato.ledger.operations import is_answered
from legato.people import operations, queries
from legato.web import words
from legato.web.joining import labelled, listed


@command("add", about=_("Add a person who is employed."), writes=True)
@click.argument("name")
@described
@click.option("--started", type=Day(), help=_("First day of employment."))
def add(
    frame: Frame,
    *,
    name: str,
    skills: Sequence[tuple[str, str]],
    started: date | None,
    **said: Any,
) -> None:
    pk = operations.hire(
        skills=skills,
        started_on=started,
        now=frame.now,
        actor=named(frame),
        reason=frame.reason,
        key=frame.key,
        **details_of({"name": name, **said}),
    )
    frame.answer({"person": pk, "name": name})
    frame.say(_("%(name)s is person #%(person)s.") % {"name": name, "person": pk})


@command("list", about=_("Show everybody: role, manager, team, capacity, open records."))
def everybody(frame: Frame) -> None:
    people = queries.roster()
    lines = [
        (
            f"#{each.id}",
            each.name,
            words.role(each.role),
            each.manager,
            each.team,
            _state(each),
            each.capacity,
            each.open_records,
        )
        for each in people
    ]
    headers = (
        "#",
        pgettext("person", "Name"),
        _("Role"),
        _("Manager"),
        _("Team"),
        _("State"),
        _("Capacity"),
    )
    shown = table((*headers, _("Open records")), lines)
    frame.answer({"people": [asdict(each) for each in people]}, show=lambda to: to.print(shown))


@command("show", about=_("Show one person."))
@click.argument("name")
def show(frame: Frame, *, name: str) -> None:
    someone = queries.person(name=name)
    barred = barred_from(person=someone.id)
    facts = asdict(someone) | {
        "skills": [f"{kind}={value}" for kind, value in queries.skills_of(person=someone.id)],
        "absences": [f"{first}/{last}" for first, last in queries.absences_of(person=someone.id)],
        "barred": [{"record": pk, "kind": kind, "name": name} for pk, kind, name in barred],
    }
    kept = listed(f"{words.one(kind)} {name} (#{pk})" for pk, kind, name in barred)
    lines = [*_described(someone), (_("Conflicts of interest"), kept)]
    frame.answer(facts, show=lambda to: to.print(_labelled(lines)))


def _described(someone: queries.Someone) -> list[tuple[str, str]]:
    """What is known of a person, each thing with its label."""
    manager = someone.manager_id
    skills = queries.skills_of(person=someone.id)
    absences = queries.absences_of(person=someone.id)
    return [
        ("#", f"{someone.id}"),
        (pgettext("person", "Name"), someone.name),
        (_("E-mail"), someone.email),
        (_("Role"), words.role(someone.role)),
        (_("Manager"), queries.people(ids={manager})[manager].name if manager else ""),
        (_("Team"), queries.team_of(person=someone.id) or ""),
        (_("Language"), someone.language),
        (_("Country"), someone.country),
        (_("Time zone"), someone.time_zone),
        (_("Employed"), _("yes") if someone.is_employed else _("no")),
        (_("Last day"), str(someone.ends_on or "")),
        (_("Skills"), listed(labelled(words.skill(kind), value) for kind, value in skills)),
        (_("Absences"), listed(f"{first} – {last}" for first, last in absences)),
    ]


@command("set", about=_("Change what is known of a person."), writes=True)
@click.argument("name")
@click.option("--rename", metavar="NAME", help=_("Another name."))
@described
@click.option(
    "--drop-skill", "dropped", type=Skill(), multiple=True, help=_("What they no longer serve.")
)
def change(
    frame: Frame,
    *,
    name: str,
    rename: str | None,
    skills: Sequence[tuple[str, str]],
    dropped: Sequence[tuple[str, str]],
    **said: Any,
) -> None:
    if not (rename or skills or dropped or any(each is not None for each in said.values())):
        raise click.UsageError(
            _("Nothing says what is to change. Nothing was done. See legato person set --help")
        )
    person = _before_its_renaming(frame, name, rename)
    operations.change(
        person=person,
        add_skills=skills,
        drop_skills=dropped,
        now=frame.now,
        actor=named(frame),
        reason=frame.reason,
        key=frame.key,
        **details_of({"name": rename, **said}),
    )
    frame.answer({"person": person})
    frame.say(_("%(name)s was changed.") % {"name": name})


def _before_its_renaming(frame: Frame, name: str, rename: str | None) -> int:
    """Who is meant; where the command was done already with its key, the name is the new one."""
    try:
        return queries.person(name=name).id
    except NotFound:
        if rename is None or not is_answered(key=frame.key):
            raise
        return queries.person(name=rename).id


@command("absent", about=_("Note days on which a person is away."), writes=True)
@click.argument("name")
@click.option("--from", "first", type=Day(), required=True, help=_("First day away."))
@click.option("--to", "last", type=Day(), required=True, help=_("Last day away."))
def absent(frame: Frame, *, name: str, first: date, last: date) -> None:
    absence = operations.add_absence(
        person=queries.person(name=name).id,
        first_day=first,
        last_day=last,
        now=frame.now,
        actor=named(frame),
        reason=frame.reason,
        key=frame.key,
    )
    frame.answer({"absence": absence, "first_day": first, "last_day": last})
    days: dict[str, str | date] = {"name": name, "first": first, "last": last}
    frame.say(_("%(name)s is away from %(first)s through %(last)s.") % days)


@command("rehire", about=_("Employ somebody again who had left."), writes=True)
@click.argument("name")
@click.option("--started", type=Day(), help=_("First day of employment."))
def rehire(frame: Frame, *, name: str, started: date | None) -> None:
    person = queries.person(name=name).id
    operations.rehire(
        person=person,
        started_on=started,
        now=frame.now,
        actor=named(frame),
        reason=frame.reason,
        key=frame.key,
    )
    frame.answer({"person": person})
    frame.say(_("%(name)s is employed again.") % {"name": name})


@command("log-in", about=_("Let a person log in, or set another password."), writes=True)
@click.argument("name")
@click.option("--user", metavar="USER", help=_("User name; by default the e-mail address."))
@click.option(
    "--password-stdin",
    is_flag=True,
    help=_("Read the password from standard input; else one is made."),
)
def log_in(frame: Frame, *, name: str, user: str | None, password_stdin: bool) -> None:
    person = queries.person(name=name)
    typed = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    password = operations.password_for(key=frame.key) if typed is None else typed
    user_name = operations.give_log_in(
        person=person.id,
        user_name=user,
        password=password,
        now=frame.now,
        actor=named(frame),
        reason=frame.reason,
        key=frame.key,
    )
    made = {"password": password} if typed is None else {}
    facts = {"person": person.id, "user": user_name, **made}
    lines = [(pgettext("person", "Name"), person.name), (_("User"), user_name)]
    lines += [(_("Password, shown only now"), each) for each in made.values()]
    frame.answer(facts, show=lambda to: to.print(_labelled(lines)))


@command("log-out", about=_("End all sessions of a person, at once."), writes=True)
@click.argument("name")
def log_out(frame: Frame, *, name: str) -> None:
    person = queries.person(name=name)
    ended = operations.end_sessions(
        person=person.id, now=frame.now, actor=named(frame), reason=frame.reason, key=frame.key
    )
    frame.answer({"person": person.id, "ended": ended["ended"]})
    said = {"name": person.name, "count": ended["ended"]}
    frame.say(_("%(name)s is logged out. Sessions ended: %(count)s.") % said)


@command(
    "reset-factors",
    about=_("Take a person's passkeys, app and recovery codes away, for they are lost."),
    writes=True,
)
@click.argument("name")
def reset_factors(frame: Frame, *, name: str) -> None:
    person = queries.person(name=name)
    reset = operations.reset_factors(
        person=person.id, now=frame.now, actor=named(frame), reason=frame.reason, key=frame.key
    )
    frame.answer({"person": person.id, "removed": reset["removed"]})
    said = {"name": person.name, "count": reset["removed"]}
    frame.say(
        _(
            "Passkeys and apps taken away from %(name)s: %(count)s. The password alone counts "
            "until new ones are added; all sessions are over."
        )
        % said
    )


@command("last-resort", about=_("Name the person to whom all falls that has nobody."), writes=True)
@click.argument("name")
def last_resort(frame: Frame, *, name: str) -> None:
    person = queries.person(name=name).id
    operations.name_last_resort(
        person=person, now=frame.now, actor=named(frame), reason=frame.reason, key=frame.key
    )
    frame.answer({"last_resort": person})
    frame.say(
        _("Records whose owner is not known go to %(name)s, the person of last resort.")
        % {"name": name}
    )


def _state(each: queries.Listed) -> str:
    if not each.is_employed:
        return _("left")
    return _("held") if each.is_held else _("employed")


def _labelled(lines: Sequence[tuple[str, str]]) -> Table:
    """A line for each thing that is known: what it is, and what is known."""
    made = Table(show_header=False)
    for label, value in lines:
        made.add_row(Text(label), Text(value))
    return made


person = click.Group(
    "person",
    help=_("Add people and change what is known of them."),
    commands=[
        add,
        everybody,
        show,
        change,
        absent,
        bar,
        unbar,
        rehire,
        log_in,
        log_out,
        reset_factors,
        last_resort,
    ],
)
