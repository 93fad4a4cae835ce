"""``legato explain``: why a plan is as it is, and what another choice would mean."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import click
from rich.console import Console

from legato.cli.frame import Frame, command, table
from legato.cli.language import ours as _
from legato.cli.language import pgettext
from legato.domain.errors import NotFound
from legato.domain.plain import plain
from legato.people.queries import people, person
from legato.planning import queries
from legato.planning.operations import RecordUnclear
from legato.planning.queries import AssignmentView, explaining
from legato.solver.asking import Instead
from legato.solver.infeasible import Shortage
from legato.solver.portions import Part
from legato.web import why, words

Names = Mapping[int, str]


@command("explain", about=_("Say why a plan is as it is, and what another choice would mean."))
@click.argument("plan_id", metavar="PLAN", type=int)
@click.argument("record", metavar="[RECORD]", required=False)
@click.option("--to", "name", metavar="PERSON", help=_("What if this person got it."))
@click.option("--exact", is_flag=True, help=_("With what would have to move for it."))
def explain(
    frame: Frame, *, plan_id: int, record: str | None, name: str | None, exact: bool
) -> None:
    if exact and (record is None or name is None):
        raise click.UsageError(
            _(
                "--exact looks for what would have to move if one person got one record. Nothing "
                "was done. Name both: legato explain PLAN RECORD --to PERSON --exact"
            )
        )
    found = queries.plan(plan_id=plan_id)
    known = people(ids={each["person"] for each in found.certificate["persons"]})
    names = {each.id: each.name for each in known.values()}
    if record is None and name is None:
        _lacking(frame, plan_id, names)
        return
    if record is None:
        _portion(frame, plan_id, person(name=name or "").id, names)
        return
    decided = _decision(plan_id, record)
    if name is None:
        _reason(frame, plan_id, decided, names)
        return
    told = explaining.alternative(
        plan_id=plan_id, unit=decided.unit, person=person(name=name).id, exact=exact
    )
    frame.answer(asdict(told), show=lambda console: _show_instead(console, plan_id, told, names))


def _decision(plan_id: int, record: str) -> AssignmentView:
    """The decision about a record, named by its number or its name. Raises `NotFound` and
    `RecordUnclear`."""
    number = record.removeprefix("#")
    rows = queries.assignments(plan_id=plan_id)
    found = [
        row for row in rows if str(row.unit) == number or row.name.casefold() == record.casefold()
    ]
    if not found:
        raise NotFound(what="record", name=record)
    if len(found) > 1:
        listed = [(row.unit, words.one(row.kind), row.name) for row in found]
        raise RecordUnclear(reference=record, found=listed)
    return found[0]


def _reason(frame: Frame, plan_id: int, decided: AssignmentView, names: Names) -> None:
    told = explaining.explained(plan_id=plan_id, unit=decided.unit)
    if told["code"] == "pinned":
        parts = explaining.portion(plan_id=plan_id, person=decided.person_id)
        worth = why.pinned(parts, person=decided.person)
    else:
        worth = why.prices(told)

    def show(console: Console) -> None:
        short = {**told, "facts": [fact for fact in told["facts"] if "alternative" not in fact[0]]}
        said = words.reason(short, names=names)
        console.print(f"{decided.name} → {decided.person}: {said}", markup=False)
        for line in [*worth, *words.alternatives(told, names=names)]:
            console.print(f"  {line}", markup=False)

    frame.answer({"plan": plan_id, "record": decided.unit, "reason": told}, show=show)


def _show_instead(console: Console, plan_id: int, told: Instead, names: Names) -> None:
    for line in why.instead(told, names=names):
        console.print(line, markup=False)
    if told.moves:
        named = {row.unit: row.name for row in queries.assignments(plan_id=plan_id)}
        for line in why.moves(told, names=names, blocks=named):
            console.print(f"  {line}", markup=False)


def _portion(frame: Frame, plan_id: int, who: int, names: Names) -> None:
    parts = explaining.portion(plan_id=plan_id, person=who)
    beside = explaining.beside(plan_id=plan_id, person=who)
    name = names.get(who, f"#{who}")

    def show(console: Console) -> None:
        console.print(_parts(parts, name))
        if beside.units:
            console.print(why.beside(beside.units, beside.value), markup=False)

    facts = {"plan": plan_id, "person": who, "parts": plain(parts), "beside": asdict(beside)}
    frame.answer(facts, show=show)


def _parts(parts: tuple[Part, ...], name: str) -> Any:
    headers = (_("Share of"), _("Got"), pgettext("part", "Fair"), _("By capacity"), _("Why"))
    lines = [
        (why.measure(each.of), why.amount(each.of, each.got), why.amount(each.of, each.target),
         why.amount(each.of, each.proportional), why.part(each, person=name))
        for each in parts
    ]  # fmt: skip
    return table(headers, lines, title=name)


def _lacking(frame: Frame, plan_id: int, names: Names) -> None:
    found = explaining.lacking(plan_id=plan_id)
    frame.answer(
        {"plan": plan_id, "lacking": plain(found)},
        show=lambda console: _show_lacking(console, plan_id, found, names),
    )


def _show_lacking(
    console: Console, plan_id: int, found: tuple[Shortage, ...], names: Names
) -> None:
    if not found:
        console.print(_("Everything has found somebody. About one: legato explain PLAN RECORD"))
    records = {row.unit: row.name for row in queries.assignments(plan_id=plan_id)} if found else {}
    for short in found:
        for line in why.shortage(short, names=names):
            console.print(line, markup=False)
        console.print(_("What would help:") if short.ways_out else _("No one change would help."))
        for way in short.ways_out:
            console.print(f"  {why.way_out(way, names=names, records=records)}", markup=False)
