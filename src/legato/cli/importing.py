"""``legato import``: reads files of a CRM or a spreadsheet, and takes an import back."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from legato.books import importing
from legato.books.importing import Question, Wanted
from legato.cli.frame import Frame, command, table
from legato.cli.import_words import problem, question
from legato.cli.language import ours as _
from legato.cli.language import pgettext
from legato.domain.columns import read_map
from legato.people import queries
from legato.web import words
from legato.web.figures import figure
from legato.web.joining import listed

Answer = dict[str, Any]
MANY = 10
"""Longer lists end here for people, and say so; --json has more of them."""
DRIFTS = 20


@command(
    "import",
    about=_("Read people and records from files of a CRM or a spreadsheet."),
    writes=True,
)
@click.argument("paths", nargs=-1, metavar="PATH…", type=click.Path(path_type=Path))
@click.option("--source", default="file", show_default=True, help=_("The name of the CRM."))
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("A file that says what columns mean."),
)
@click.option("--dry-run", is_flag=True, help=_("Say what would change, and change nothing."))
@click.option(
    "--last-resort", metavar="PERSON", help=_("To whom everything falls that has nobody.")
)
@click.option(
    "--rejected",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help=_("The folder for rejected rows; the present one by default."),
)
@click.option("--undo", type=int, metavar="ID", help=_("Take back the import of this number."))
def import_files(
    frame: Frame,
    *,
    paths: tuple[Path, ...],
    source: str,
    map_file: Path | None,
    dry_run: bool,
    last_resort: str | None,
    rejected: Path,
    undo: int | None,
) -> None:
    if bool(paths) == (undo is not None):
        raise click.UsageError(_("Give files to import, or --undo with the number of an import."))
    if undo is not None:
        _undo(frame, undo)
        return
    wanted = Wanted(
        paths=paths,
        source=source,
        given=read_map(map_file) if map_file else (),
        now=frame.now,
        actor=_actor(frame),
        reason=frame.reason,
        key=frame.key,
        last_resort=last_resort,
        is_dry_run=dry_run,
        rejected_to=rejected,
        word=problem,
        reason_header=_("Reason"),
        ask=_ask if frame.may_ask else None,
        progress=lambda rows: frame.say(_("%(rows)s rows read") % {"rows": figure(rows)}),
    )
    answer = importing.import_files(wanted)
    for each in answer["skipped_files"]:
        each["said"] = words.unread(each["why"])
    frame.answer(answer, show=lambda console: _show(console, answer))


def _actor(frame: Frame) -> int | None:
    """Nobody is known before the first import."""
    if frame.actor is None or not queries.roster():
        return None
    actor = queries.person(name=frame.actor).id
    queries.check_may_administer(actor=actor)
    return actor


def _undo(frame: Frame, number: int) -> None:
    answer = importing.undo(
        importing=number, now=frame.now, actor=_actor(frame), reason=frame.reason, key=frame.key
    )
    frame.answer(answer, show=lambda console: _show_undo(console, answer))


def _ask(asked: Question) -> int | None:
    click.echo(question(asked), err=True)
    for place, choice in enumerate(asked.choices, start=1):
        click.echo(f"  {place}. {choice}", err=True)
    numbers = click.IntRange(0, len(asked.choices))
    answer = click.prompt(_("Number (0: none of them)"), type=numbers, default=0, err=True)
    return int(answer) - 1 if answer else None


def _show(console: Console, answer: Answer) -> None:
    title = _("This would change; nothing was written.") if answer["dry_run"] else ""
    headers = (_("Kind"), _("New"), pgettext("of rows", "Changed"), _("Same"),
               pgettext("of rows", "Rejected"))  # fmt: skip
    rows = [
        (words.kind(kind), n["new"], n["changed"], n["same"], n["rejected"])
        for kind, n in answer["counts"].items()
        if any(n.values())
    ]
    console.print(table(headers, rows, title=title))
    _show_mapping(console, answer)
    _show_lists(console, answer)
    _say(console, _last_words(answer))


def _show_mapping(console: Console, answer: Answer) -> None:
    headers = (_("File"), _("Contains"), _("Read as"), _("Columns"))
    rows = [
        (
            " ".join(filter(None, (part["file"], part["sheet"]))),
            words.kind(part["kind"]),
            " ".join(filter(None, (part["format"], part["encoding"], part["separator"]))),
            "\n".join(_columns(part)),
        )
        for part in answer["mapping"]
    ]
    console.print(table(headers, rows))


def _columns(part: Answer) -> Iterator[str]:
    """What each column means, how its dates and numbers are read, and which are only kept."""
    decided = {each["column"]: each for each in part["decided"]}
    for header, field in part["columns"].items():
        how = decided.get(header, {})
        yield f"{header} → {field}" + (f" ({how['how']}: {how['example']})" if how else "")
    if part["kept_as_own"]:
        yield _("kept as they are: %(headers)s") % {"headers": listed(part["kept_as_own"])}


def _show_lists(console: Console, answer: Answer) -> None:
    for each in answer["skipped_files"]:
        _say(console, _("Skipped %(file)s: %(said)s") % each)
    _print(console, _joined(answer), of=len(answer["joined"]))
    _print(console, _stages(answer), of=len(answer["stages"]))
    _print(console, _orphans(answer), of=answer["orphans"]["count"])
    _print(console, _drifts(answer), of=answer["drift"])
    _print(console, _rejected(answer), of=answer["rejected"]["faults"])


def _print(console: Console, shown: Table, *, of: int) -> None:
    """A table that has rows, and how many of them are left out."""
    if not shown.row_count:
        return
    console.print(shown)
    if more := of - shown.row_count:
        _say(console, _("… and %(more)s more") % {"more": figure(more)})


def _counted(found: Mapping[str, int]) -> dict[str, str]:
    """How many of something were found, as a sentence carries it."""
    return {"count": figure(found["count"])}


def _joined(answer: Answer) -> Table:
    headers = (_("Column"), _("As written"), _("Joined to"), _("Rows"))
    rows = [(j["column"], j["from"], j["to"], j["rows"]) for j in answer["joined"][:MANY]]
    return table(headers, rows, title=_("Joined to another spelling"))


def _stages(answer: Answer) -> Table:
    return table((_("Stage"), _("Opportunities")), answer["stages"].items())


def _orphans(answer: Answer) -> Table:
    headers = (_("Kind"), _("Name"), _("Owner in the file"), _("Why"), _("Given to"))
    rows = [
        (words.kind(o["kind"]), o["name"], o["named"], problem(None, o["why"]), o["given_to"])
        for o in answer["orphans"]["listed"][:MANY]
    ]
    title = _("%(count)s records were given to somebody else") % _counted(answer["orphans"])
    return table(headers, rows, title=title)


def _drifts(answer: Answer) -> Table:
    headers = (_("Kind"), _("Name"), _("Owner in the file"), _("Owner in Legato"))
    rows = [
        (words.kind(d["kind"]), d["name"], d["named"], d["owner"])
        for d in answer.get("drifts", ())[:DRIFTS]
    ]
    title = _("%(drift)s records have another owner in the file; Legato's owner stays.") % {
        "drift": figure(answer["drift"])
    }
    return table(headers, rows, title=title)


def _rejected(answer: Answer) -> Table:
    rows = [
        (r["file"], str(r["line"]), problem(r["column"], r["why"]))
        for r in answer["rejected"]["listed"][:MANY]
    ]
    title = _("%(count)s rows were rejected") % _counted(answer["rejected"])
    return table((_("File"), _("Line"), _("Reason")), rows, title=title)


def _last_words(answer: Answer) -> str:
    said = []
    if answer["derived_owners"]["count"]:
        said.append(
            _("%(count)s accounts had no owner; each got who has most open opportunities there.")
            % _counted(answer["derived_owners"])
        )
    if len(answer.get("rejected_files", ())) > 1:
        names = listed(Path(each).name for each in answer["rejected_files"])
        said.append(
            _("The rejected rows are in the folder %(folder)s (%(files)s); mend and import it.")
            % {"folder": answer["rejected_file"], "files": names}
        )
    elif answer["rejected_file"]:
        said.append(_("The rejected rows are in %(rejected_file)s; mend and import it.") % answer)
    said.append(
        _("Records whose owner is not known go to %(name)s, the person of last resort.")
        % answer["last_resort"]
    )
    if answer["entry"] is None:
        return "\n".join(said)
    said.append(_("Import %(import)s. Take it back with: legato import --undo %(import)s") % answer)
    return "\n".join(said)


def _show_undo(console: Console, answer: Answer) -> None:
    said = {name: figure(answer[name]) for name in ("closed", "restored")}
    _say(console, _("%(closed)s records were closed, %(restored)s are as before.") % said)
    if answer["conflicts"]:
        headers = (_("Record"), _("Kind"), _("Name"), _("Why"), _("When"), _("By"))
        rows = [tuple(conflict.values()) for conflict in answer["conflicts"][:MANY]]
        title = _("%(count)s stay as they are") % {"count": figure(len(answer["conflicts"]))}
        _print(console, table(headers, rows, title=title), of=len(answer["conflicts"]))


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
