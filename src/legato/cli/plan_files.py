"""``legato plan export`` and ``legato plan verify``: a plan that anybody can check, anywhere."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from legato.cli.frame import REFUSED, Frame, command, table
from legato.cli.language import ours as _
from legato.cli.language import pgettext
from legato.domain.claims import Violation
from legato.domain.planfile import Verdict, verified
from legato.planning import queries
from legato.web import objections, words
from legato.web.figures import figure

NAMED_AT_MOST = 20
FOLLOWING = ("share_untrue", "certificate_untrue", "tolerance_untrue")
"""Objections that mostly follow from others, and are told after them."""


@command("export", about=_("Write a plan into a file that anybody can check without a database."))
@click.argument("plan_id", metavar="PLAN", type=int)
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def export(frame: Frame, *, plan_id: int, file: Path) -> None:
    content = queries.plan_file(plan_id=plan_id)
    file.write_bytes(content)
    said = {"plan": plan_id, "file": str(file), "bytes": len(content)}
    frame.answer(
        said,
        show=lambda console: console.print(
            _("Plan %(plan)s is in %(file)s. Check it: legato plan verify %(file)s") % said,
            soft_wrap=True,
        ),
    )


@command(
    "verify",
    about=_("Check a plan's file: rules, shares, fit and bound are computed anew."),
    database=False,
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(frame: Frame, *, file: Path) -> None:
    verdict = verified(file.read_bytes())
    facts = {
        "sound": verdict.is_sound,
        "sha256": verdict.sha256,
        "units": verdict.units,
        "persons": verdict.persons,
        "figures": dict(verdict.figures),
        "objections": [asdict(each) for each in verdict.objections],
    }
    frame.answer(facts, show=lambda console: show_verdict(console, verdict))
    if not verdict.is_sound:
        click.get_current_context().exit(REFUSED)


def show_verdict(console: Console, verdict: Verdict) -> None:
    """Whether all is so, the figures computed anew, and what is not so."""
    counts = (verdict.units, verdict.persons, len(verdict.objections))
    said = dict(zip(("units", "persons", "count"), map(figure, counts), strict=True))
    if verdict.is_sound:
        console.print(
            _("Sound: every rule holds and every claim is true (%(units)s units, %(persons)s "
              "people).") % said
        )  # fmt: skip
    else:
        console.print(_("Not sound: %(count)s objections.") % said)
    figures = dict(verdict.figures)
    if figures.get("fit_bound"):
        told = {
            "fit": figure(figures["fit"]),
            "bound": figure(figures["fit_bound"]),
            "gap": figure(figures["gap"] / 1000, places=3),
        }
        console.print(
            _("Fit %(fit)s of at most %(bound)s points: %(gap)s %% below the bound.") % told
        )
    console.print(_("SHA-256: %(digest)s") % {"digest": verdict.sha256}, highlight=False)
    if verdict.objections:
        first = sorted(verdict.objections, key=lambda each: each.code in FOLLOWING)
        lines = [_objection(each, names=verdict.names) for each in first[:NAMED_AT_MOST]]
        console.print(
            table((pgettext("objection", "What"), _("Record"), _("Person"), _("In detail")), lines)
        )
        show_rest(console, len(first) - len(lines))


def show_rest(console: Console, count: int) -> None:
    """That a table is not all of it, where it is not."""
    if count:
        console.print(_("And %(count)s more.") % {"count": figure(count)})


def _objection(each: Violation, *, names: Mapping[int, str]) -> tuple[object, ...]:
    what, who = objections.record(each, names=names), objections.person(each)
    return words.violation(each.code), what, who, objections.detail(each)
