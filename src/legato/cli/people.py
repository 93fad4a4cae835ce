"""``legato person`` and ``legato policy``: who there is, what is known of them, and the rules."""

import json
import secrets
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

import click
from rich.table import Table
from rich.text import Text

from legato.books import barring
from legato.books.queries import barred_from
from legato.cli.day import Day
from legato.cli.frame import Frame, command, table
from legato.cli.language import ours as _
from legato.domain.policy import policy_values
from legato.people import operations, queries
from legato.people.models import ROLES
from legato.people.operations import SKILLS, Details
from legato.planning.operations import record_called
from legato.web import words


class Skill(click.ParamType[tuple[str, str]]):
    """A kind of skill and its value, such as ``language=ja``."""

    name = "KIND=VALUE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        kind, equals, what = str(value).partition("=")
        if not (equals and what and kind in SKILLS):
            kinds = ", ".join(SKILLS)
            self.fail(_("%(value)s is no skill. Kinds: %(kinds)s.") % locals(), param, ctx)
        return kind, what


class Amount(click.ParamType[Decimal]):
    name = "NUMBER"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite():
            self.fail(_("%(value)s is no number.") % locals(), param, ctx)
        return amount


class Rule(click.ParamType[tuple[str, Any]]):
    """A rule and its value in JSON, such as ``undo_hours=48`` or ``heat.next_step_within=7``."""

    name = "NAME=VALUE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Any]:
        name, _equals, text = str(value).partition("=")
        try:
            return name, json.loads(text)
        except ValueError:
            self.fail(
                _("%(value)s is no rule. Write it like undo_hours=48.") % locals(), param, ctx
            )


def described(function: Any) -> Any:
    """The options that say something of a person."""
    options = [
        click.option("--email", help=_("E-mail address.")),
        click.option("--manager", metavar="PERSON", help=_("Whom they report to.")),
        click.option("--team", help=_("Team, made where it is new.")),
        click.option("--role", type=click.Choice(ROLES), help=_("What they may do.")),
        click.option("--language", help=_("Their own language, such as ja.")),
        click.option("--country", help=_("Country code, such as JP.")),
        click.option("--time-zone", help=_("Time zone, such as Asia/Tokyo.")),
        click.option("--capacity", type=Amount(), help=_("How many weighted accounts.")),
        click.option(
            "--skill", "skills", type=Skill(), multiple=True, help=_("What they can serve.")
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


@command("add", about=_("Add a person who is employed."), writes=True, keyed=True)
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
        actor=_actor(frame),
        reason=frame.reason,
        key=frame.key,
        **_details({"name": name, **said}),
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
            None if each.capacity is None else _short(each.capacity),
            each.open_records,
        )
        for each in people
    ]
    headers = ("#", _("Name"), _("Role"), _("Manager"), _("Team"), _("State"), _("Capacity"))
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
    kept = ", ".join(f"{words.one(kind)} {name} (#{pk})" for pk, kind, name in barred)
    lines = [*_described(someone), (_("Conflicts of interest"), kept)]
    frame.answer(facts, show=lambda to: to.print(_labelled(lines)))


def _described(someone: queries.Someone) -> list[tuple[str, str]]:
    """What is known of a person, each thing with its label."""
    manager = someone.manager_id
    skills = queries.skills_of(person=someone.id)
    absences = queries.absences_of(person=someone.id)
    return [
        ("#", f"{someone.id}"),
        (_("Name"), someone.name),
        (_("E-mail"), someone.email),
        (_("Role"), words.role(someone.role)),
        (_("Manager"), queries.people(ids={manager})[manager].name if manager else ""),
        (_("Team"), queries.team_of(person=someone.id) or ""),
        (_("Language"), someone.language),
        (_("Country"), someone.country),
        (_("Time zone"), someone.time_zone),
        (_("Employed"), _("yes") if someone.is_employed else _("no")),
        (_("Last day"), str(someone.ends_on or "")),
        (_("Skills"), ", ".join(f"{words.skill(kind)}: {value}" for kind, value in skills)),
        (_("Absences"), ", ".join(f"{first} – {last}" for first, last in absences)),
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
    person = queries.person(name=name).id
    operations.change(
        person=person,
        add_skills=skills,
        drop_skills=dropped,
        now=frame.now,
        actor=_actor(frame),
        reason=frame.reason,
        **_details({"name": rename, **said}),
    )
    frame.answer({"person": person})
    frame.say(_("%(name)s was changed.") % {"name": name})


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
        actor=_actor(frame),
        reason=frame.reason,
    )
    frame.answer({"absence": absence, "first_day": first, "last_day": last})
    days: dict[str, str | date] = {"name": name, "first": first, "last": last}
    frame.say(_("%(name)s is away from %(first)s through %(last)s.") % days)


@command(
    "bar", about=_("Note a conflict of interest: never this record to this person."), writes=True
)
@click.argument("name", metavar="PERSON")
@click.argument("reference", metavar="RECORD")
def bar(frame: Frame, *, name: str, reference: str) -> None:
    person, record = queries.person(name=name), record_called(reference)
    barring.bar(
        person=person.id, record_id=record, now=frame.now, actor=_actor(frame), reason=frame.reason
    )
    frame.answer({"person": person.id, "record": record})
    said = {"name": person.name, "record": record}
    frame.say(_("%(name)s is not given record #%(record)s.") % said)


@command("unbar", about=_("Take a conflict of interest back."), writes=True)
@click.argument("name", metavar="PERSON")
@click.argument("reference", metavar="RECORD")
def unbar(frame: Frame, *, name: str, reference: str) -> None:
    person, record = queries.person(name=name), record_called(reference)
    barring.unbar(
        person=person.id, record_id=record, now=frame.now, actor=_actor(frame), reason=frame.reason
    )
    frame.answer({"person": person.id, "record": record})
    said = {"name": person.name, "record": record}
    frame.say(_("%(name)s may be given record #%(record)s again.") % said)


@command("rehire", about=_("Employ somebody again who had left."), writes=True, keyed=True)
@click.argument("name")
@click.option("--started", type=Day(), help=_("First day of employment."))
def rehire(frame: Frame, *, name: str, started: date | None) -> None:
    person = queries.person(name=name).id
    operations.rehire(
        person=person,
        started_on=started,
        now=frame.now,
        actor=_actor(frame),
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
    password = secrets.token_urlsafe(12) if typed is None else typed
    user_name = operations.give_log_in(
        person=person.id,
        user_name=user,
        password=password,
        now=frame.now,
        actor=_actor(frame),
        reason=frame.reason,
    )
    made = {"password": password} if typed is None else {}
    facts = {"person": person.id, "user": user_name, **made}
    lines = [(_("Name"), person.name), (_("User"), user_name)]
    lines += [(_("Password, shown only now"), each) for each in made.values()]
    frame.answer(facts, show=lambda to: to.print(_labelled(lines)))


@command("last-resort", about=_("Name the person to whom all falls that has nobody."), writes=True)
@click.argument("name")
def last_resort(frame: Frame, *, name: str) -> None:
    person = queries.person(name=name).id
    operations.name_last_resort(
        person=person, now=frame.now, actor=_actor(frame), reason=frame.reason
    )
    frame.answer({"last_resort": person})
    frame.say(_("What has nobody else falls to %(name)s.") % {"name": name})


@command("show", about=_("Show the rules in force."))
def show_policy(frame: Frame) -> None:
    values = policy_values(queries.policy())
    lines = [(name, json.dumps(value)) for name, value in _flat(values)]
    frame.answer(values, show=lambda to: to.print(table((_("Rule"), _("Value")), lines)))


@command("set", about=_("Change rules; plans made before keep theirs."), writes=True)
@click.argument("rules", type=Rule(), nargs=-1, required=True)
def set_policy(frame: Frame, *, rules: Sequence[tuple[str, Any]]) -> None:
    version = operations.set_policy(
        values=_nested(rules), now=frame.now, actor=_actor(frame), reason=frame.reason
    )
    frame.answer({"version": version})
    frame.say(_("Version %(version)s of the rules is in force.") % {"version": version})


def _actor(frame: Frame) -> int | None:
    return queries.person(name=frame.actor).id if frame.actor else None


def _details(said: dict[str, Any]) -> Details:
    """What was said on the command line; the manager by id."""
    details = {name: value for name, value in said.items() if value is not None}
    if "manager" in details:
        details["manager"] = queries.person(name=details["manager"]).id
    return cast(Details, details)


def _state(each: queries.Listed) -> str:
    if not each.is_employed:
        return _("left")
    return _("held") if each.is_held else _("employed")


def _short(amount: Decimal) -> Decimal:
    """Without the zeros that only fill the column's places."""
    whole = amount.to_integral_value()
    return whole if amount == whole else amount.normalize()


def _labelled(lines: Sequence[tuple[str, str]]) -> Table:
    """A line for each thing that is known: what it is, and what is known."""
    made = Table(show_header=False)
    for label, value in lines:
        made.add_row(Text(label), Text(value))
    return made


def _flat(values: dict[str, Any]) -> list[tuple[str, Any]]:
    """Groups as dotted names."""
    return [
        (f"{name}.{part}" if part else name, inner)
        for name, value in values.items()
        for part, inner in (value.items() if isinstance(value, dict) else [("", value)])
    ]


def _nested(rules: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Dotted names as groups."""
    values: dict[str, Any] = {}
    for name, value in rules:
        group, dot, part = name.partition(".")
        if dot:
            values.setdefault(group, {})[part] = value
        else:
            values[name] = value
    return values


person = click.Group(
    "person",
    help=_("Add people and change what is known of them."),
    commands=[add, everybody, show, change, absent, bar, unbar, rehire, log_in, last_resort],
)
policy = click.Group(
    "policy", help=_("Show and change the rules."), commands=[show_policy, set_policy]
)
