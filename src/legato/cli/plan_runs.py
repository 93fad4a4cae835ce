"""``legato plan runs``, ``cancel`` and ``compare``: plans in the making, and two compared."""

from dataclasses import asdict

import click
from rich.console import Console

from legato.cli.acting import acting
from legato.cli.frame import Frame, command, table
from legato.cli.language import ours as _
from legato.cli.language import pgettext
from legato.cli.plan_files import show_rest
from legato.departures import operations
from legato.planning import queries
from legato.planning.queries import Comparison, RunView
from legato.web import words
from legato.web.figures import figure


@command("runs", about=_("List the plans in the making, and those that were cancelled."))
def runs(frame: Frame) -> None:
    found = queries.runs()
    headers = (
        _("Run"),
        _("State"),
        _("Scope"),
        _("By"),
        _("Began"),
        pgettext("of a run", "At"),
        _("Plan"),
    )
    lines = [
        (f"{each.id}", words.run_state(each.state), words.scope(each.scope), each.actor,
         each.began_at, _reached(each), each.plan)
        for each in found
    ]  # fmt: skip
    frame.answer(
        {"runs": [asdict(each) for each in found]},
        show=lambda console: console.print(table(headers, lines)),
    )


def _reached(run: RunView) -> str:
    """How far a run is that has no plan yet."""
    if not run.phase or run.plan is not None:
        return ""
    return f"{words.phase(run.phase)} {figure(run.step)}/{figure(run.steps)}"


@command("cancel", about=_("Stop a plan in the making; it can be taken up again."), writes=True)
@click.argument("run", metavar="RUN", type=int)
def cancel(frame: Frame, *, run: int) -> None:
    operations.cancel(
        run_id=run,
        actor=acting(frame, leaver=None).id,
        now=frame.now,
        reason=frame.reason,
        key=frame.key,
    )
    frame.answer(
        {"run": run},
        show=lambda console: console.print(
            _("Run %(run)s stops at its next step. Go on later: legato plan --resume %(run)s")
            % {"run": run}
        ),
    )


@command("compare", about=_("Show what two plans do differently."))
@click.argument("first", metavar="PLAN", type=int)
@click.argument("second", metavar="PLAN", type=int)
def compare(frame: Frame, *, first: int, second: int) -> None:
    if first == second:
        raise click.UsageError(_("A plan is compared with another one. Name two plans."))
    found = queries.comparison(plans=(first, second))
    facts = {
        "plans": [
            {"plan": side.plan.id, "moved": side.moved, "fit": side.fit,
             "worst_value": side.worst_value, "orphans": side.orphans}
            for side in found.sides
        ],
        "persons": [asdict(each) for each in found.persons],
        "differing": found.differing,
        "shown": [asdict(each) for each in found.shown],
    }  # fmt: skip
    frame.answer(facts, show=lambda console: show_comparison(console, found))


def show_comparison(console: Console, found: Comparison) -> None:
    """The sums of both, what everybody gets by either, and the units that differ."""
    headers = [
        _("Plan"),
        pgettext("by a plan", "Records moved"),
        _("Fit"),
        _("Worst value, %"),
        _("Orphans"),
    ]
    lines: list[tuple[object, ...]] = [
        (f"{side.plan.id}", side.moved, side.fit, side.worst_value, side.orphans)
        for side in found.sides
    ]
    console.print(table(headers, lines))
    headers = [_("Person"), _("Units"), _("Units, second"), _("Value"), _("Value, second")]
    lines = [(each.name, *each.units, *each.value) for each in found.persons]
    console.print(table(headers, lines, title=_("Who gets what")))
    headers = [_("Record"), _("Name"), _("First plan"), _("Second plan")]
    lines = [(f"#{each.unit}", each.name, *each.persons) for each in found.shown]
    said = {"count": figure(found.differing)}
    console.print(table(headers, lines, title=_("%(count)s units go elsewhere") % said))
    show_rest(console, found.differing - len(lines))
