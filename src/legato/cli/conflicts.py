"""``legato person bar`` and ``unbar``: who is never given which record."""

import click

from legato.books import barring
from legato.books.queries import names_of
from legato.cli.acting import named
from legato.cli.frame import Frame, command
from legato.cli.language import ours as _
from legato.people import queries
from legato.planning.operations import record_called


@command(
    "bar", about=_("Note a conflict of interest: never this record to this person."), writes=True
)
@click.argument("name", metavar="PERSON")
@click.argument("reference", metavar="RECORD")
def bar(frame: Frame, *, name: str, reference: str) -> None:
    person, record = queries.person(name=name), record_called(reference)
    barring.bar(
        person=person.id,
        record_id=record,
        now=frame.now,
        actor=named(frame),
        reason=frame.reason,
        key=frame.key,
    )
    frame.answer({"person": person.id, "record": record})
    said = {"name": person.name, "record": f"{names_of(records=[record])[record]} (#{record})"}
    frame.say(_("%(name)s is not given %(record)s.") % said)


@command("unbar", about=_("Take a conflict of interest back."), writes=True)
@click.argument("name", metavar="PERSON")
@click.argument("reference", metavar="RECORD")
def unbar(frame: Frame, *, name: str, reference: str) -> None:
    person, record = queries.person(name=name), record_called(reference)
    barring.unbar(
        person=person.id,
        record_id=record,
        now=frame.now,
        actor=named(frame),
        reason=frame.reason,
        key=frame.key,
    )
    frame.answer({"person": person.id, "record": record})
    said = {"name": person.name, "record": f"{names_of(records=[record])[record]} (#{record})"}
    frame.say(_("%(name)s may be given %(record)s again.") % said)
