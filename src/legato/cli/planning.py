"""``legato plan`` and what it has below it, ``approve``, ``commit`` and ``undo``."""

from dataclasses import asdict, replace
from gettext import gettext
from pathlib import Path

import click
from rich.cells import cell_len
from rich.console import Console

from legato.books.operations import KeptBack
from legato.cli.acting import acting
from legato.cli.frame import Frame, command, table
from legato.cli.language import ours as _
from legato.cli.plan_files import export, verify
from legato.cli.plan_runs import cancel, compare, runs
from legato.cli.proposing import make
from legato.cli.showing import RECEIPTS, receipts_folder, write_receipt
from legato.departures.queries import leaver_of_entry
from legato.people.queries import people
from legato.planning import operations, queries
from legato.web import words
from legato.web.figures import figure


class Plans(click.Group):
    """A group whose first command needs no name: ``legato plan 1`` makes a plan for case 1."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in {*self.commands, "--help"}:
            args.insert(0, MAKE)
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Both forms, the everyday one first."""
        usage = gettext("Usage:") + " "
        formatter.write_usage(ctx.command_path, "[CASE]… [OPTIONS]", prefix=usage)
        indent = " " * cell_len(usage)
        formatter.write_usage(ctx.command_path, "COMMAND [ARGS]…", prefix=indent)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Those of the first command, which needs no name, and the names of the others."""
        click.Command.format_options(self.commands[MAKE], ctx, formatter)
        others = {name: each for name, each in self.commands.items() if name != MAKE}
        with formatter.section(gettext("Commands")):
            formatter.write_dl([(name, each.help or "") for name, each in others.items()])


MAKE = "make"
plan = Plans(
    "plan",
    help=make.help,
    commands={
        MAKE: make,
        "export": export,
        "verify": verify,
        "compare": compare,
        "runs": runs,
        "cancel": cancel,
    },
)


@command("approve", about=_("Approve a plan as a second person."), writes=True)
@click.argument("plan_id", metavar="PLAN", type=int)
def approve(frame: Frame, *, plan_id: int) -> None:
    found = queries.plan(plan_id=plan_id)
    approver = acting(frame, leaver=found.first_leaver)
    entry = operations.approve(
        plan_id=plan_id,
        approver=approver.id,
        now=frame.now,
        reason=frame.reason,
        key=frame.key,
    )
    frame.answer(
        {"plan": plan_id, "approved_by": approver.name, "entry": entry.pk},
        show=lambda console: console.print(
            _("%(name)s has approved plan %(plan)s.") % {"name": approver.name, "plan": plan_id}
        ),
    )


@command("commit", about=_("Carry out an approved plan, wholly or not at all."), writes=True)
@click.argument("plan_id", metavar="PLAN", type=int)
@click.option("--digest", required=True, help=_("The digest the plan was shown with."))
@RECEIPTS
def commit(frame: Frame, *, plan_id: int, digest: str, receipts: Path | None) -> None:
    found = queries.plan(plan_id=plan_id)
    folder = receipts_folder(receipts)
    committed = operations.commit(
        plan_id=plan_id,
        digest=digest,
        actor=acting(frame, leaver=found.first_leaver).id,
        now=frame.now,
        reason=frame.reason,
        key=frame.key,
    )
    path = write_receipt(committed.commit, folder=folder)
    everybody = people(ids={person for person, _before, _after in committed.loads_changed})
    loads = [
        {"person": everybody[who].name, "load_then": before, "load_now": after}
        for who, before, after in committed.loads_changed
    ]
    said = {"moved": figure(committed.moved), "receipt": path, "id": committed.commit,
            "rest": committed.rest_sha256}  # fmt: skip
    frame.answer(
        {"commit": committed.commit, "plan": plan_id, "moved": committed.moved,
         "receipt": str(path), "loads_changed": loads, "rest_sha256": committed.rest_sha256},
        show=lambda console: console.print(
            _(
                "%(moved)s records have changed hands. Receipt: %(receipt)s\n"
                "Nothing else changed: SHA-256 %(rest)s\n"
                "To take it back: legato undo %(id)s"
            )
            % said,
            soft_wrap=True,
        ),
    )  # fmt: skip


@command("undo", about=_("Take a commit back, sparing what was touched since."), writes=True)
@click.argument("entry_id", metavar="COMMIT", type=int)
def undo(frame: Frame, *, entry_id: int) -> None:
    leaver = leaver_of_entry(queries.chain_of(entry_id=entry_id))
    undone = operations.undo(
        entry_id=entry_id,
        actor=acting(frame, leaver=leaver).id,
        now=frame.now,
        reason=frame.reason,
        key=frame.key,
    )
    everybody = people(
        ids={each.owner for each in undone.conflicts}
        | {each.by for each in undone.conflicts if each.by}
    )
    conflicts = [
        {**asdict(each), "owner": everybody[each.owner].name,
         "by": everybody[each.by].name if each.by else None}
        for each in undone.conflicts
    ]  # fmt: skip
    frame.answer(
        {
            "undo": undone.undo,
            "restored": undone.restored,
            "conflicts": conflicts,
            "rest_sha256": undone.rest_sha256,
        },
        show=lambda console: show_undone(
            console, undone.restored, [replace(each) for each in undone.conflicts], conflicts
        ),
    )


def show_undone(
    console: Console, restored: int, kept: list[KeptBack], conflicts: list[dict[str, object]]
) -> None:
    """What came back, and what stays as it is with who changed it when."""
    console.print(
        _("%(restored)s records are back with their owners.") % {"restored": figure(restored)}
    )
    if not kept:
        return
    headers = (_("Record"), _("Name"), _("Owner"), _("Why it stays"), _("Changed"), _("By"))
    lines = [
        (f"#{each['record']}", each["name"], each["owner"], words.kept(str(each["why"])),
         each["at"], each["by"])
        for each in conflicts
    ]  # fmt: skip
    console.print(table(headers, lines, title=_("Left as it is")))
