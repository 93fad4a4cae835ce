"""The command line: one table of commands, each loaded when it is asked for.

So help is quick, and a command costs only what it uses.
"""

import importlib
import os
import sys
from collections.abc import Sequence
from gettext import gettext
from importlib.util import find_spec

import click

from legato import __version__
from legato.cli.language import chosen_language, speak
from legato.cli.language import ours as _

# Where each command stands, in the order help shows them.
COMMANDS = {
    "import": "legato.cli.importing:import_files",
    "person": "legato.cli.people:person",
    "policy": "legato.cli.policies:policy",
    "depart": "legato.cli.departing:depart",
    "cover": "legato.cli.departing:cover",
    "case": "legato.cli.cases:case",
    "plan": "legato.cli.planning:plan",
    "simulate": "legato.cli.simulating:simulating",
    "show": "legato.cli.showing:show",
    "explain": "legato.cli.explaining:explain",
    "approve": "legato.cli.planning:approve",
    "commit": "legato.cli.planning:commit",
    "undo": "legato.cli.planning:undo",
    "receipt": "legato.cli.showing:receipt",
    "check": "legato.cli.checking:check",
    "ledger": "legato.cli.ledger:ledger",
    "demo": "legato.cli.demo:demo",
    "serve": "legato.cli.serving:serve",
    "work": "legato.cli.serving:work",
    "db": "legato.cli.database:db",
}


def summaries() -> dict[str, str]:
    """One line on each command, for the list of all."""
    return {
        "import": _("Read people and records from files of a CRM or a spreadsheet."),
        "person": _("Add people and change what is known of them."),
        "policy": _("Show and change the rules."),
        "depart": _("Open the departure of a person and count what they hold."),
        "cover": _("Give a departing person's book to an interim owner."),
        "case": _("Look at departures, correct, withdraw and close them."),
        "plan": _("Propose who takes what, fairly."),
        "simulate": _("Show who would take what if these people left. Writes nothing."),
        "show": _("Show a plan: every decision with its reason."),
        "explain": _("Say why a plan is as it is, and what another choice would mean."),
        "approve": _("Approve a plan as a second person."),
        "commit": _("Carry out an approved plan, wholly or not at all."),
        "undo": _("Take a commit back, sparing what was touched since."),
        "receipt": _("Write the receipt of a commit, cover or undo again."),
        "check": _("Look for rows that break an invariant."),
        "ledger": _("Verify that the history is unchanged, and anchor it outside."),
        "demo": _("Play the main job on the sample company, in a database of its own."),
        "serve": _("Serve the pages and do background work."),
        "work": _("Do background work only."),
        "db": _("Start, stop, migrate, back up and restore the database."),
    }


class Commands(click.Group):
    """The commands of the table whose modules are installed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, place in COMMANDS.items() if find_spec(place.partition(":")[0])]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        _set_up_django()
        module, _colon, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(importlib.import_module(module), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        lines = summaries()
        with formatter.section(gettext("Commands")):
            formatter.write_dl([(name, lines.get(name, "")) for name in self.list_commands(ctx)])


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and ends the process with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Runs one command: 0 done, 2 wrong usage, 3 refused, 4 not found, 5 outside world failed."""
    from legato.domain.errors import Refused

    speak(chosen_language())
    program = Commands("legato", help=_("Hands a departing salesperson's book over, whole."))
    program = click.version_option(__version__, prog_name="legato")(program)
    try:
        return int(program.main(list(arguments), prog_name="legato", standalone_mode=False) or 0)
    except Refused as refused:
        from legato.cli.frame import report

        return report(refused, as_json="--json" in arguments)
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except click.Abort:
        click.echo(gettext("Aborted!"), err=True)
        return 130


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "legato.settings")
    import django
    from django.utils import translation

    django.setup()
    translation.activate(chosen_language())
