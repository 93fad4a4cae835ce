"""What a plan, and a simulation, can be asked for at the command line."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from math import isnan
from typing import Any, cast

import click

from legato.cli.language import ours as _
from legato.cli.plan_usage import check_options
from legato.departures.queries import CaseView
from legato.people.queries import outside, person, team_of
from legato.planning.operations import Options, options_from, record_called
from legato.planning.operations.options import Width
from legato.planning.queries import PlanView

FIT_PARTS = ("tie", "territory", "language", "industry", "product", "family")


class Pin(click.ParamType[tuple[str, str]]):
    """A record and the person who is to get it."""

    name = "RECORD=PERSON"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        reference, equals, name = str(value).rpartition("=")
        if not (equals and reference and name):
            self.fail(_("%(value)s is no pin. Write RECORD=PERSON.") % locals(), param, ctx)
        return reference, name


class Weight(click.ParamType[tuple[str, int]]):
    """A part of the fit and the most points it may give."""

    name = "PART=POINTS"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        part, _equals, points = str(value).partition("=")
        if part not in FIT_PARTS or not points.isdigit():
            parts = ", ".join(FIT_PARTS)
            self.fail(_("%(value)s is no weight. Parts: %(parts)s.") % locals(), param, ctx)
        return part, int(points)


class Seed(click.ParamType[int]):
    """Any whole number that the database holds; nobody need read which."""

    name = "NUMBER"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        return int(click.IntRange(-(2**63), 2**63 - 1).convert(value, param, ctx))


class Percent(click.FloatRange):
    """A number of percent; nan is within no range, and click lets it through."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        percent = float(super().convert(value, param, ctx))
        if isnan(percent):
            self.fail(_("%(value)s is no percentage.") % locals(), param, ctx)
        return percent


def options(function: Any) -> Any:
    """What a plan, and a simulation, can be asked for."""
    asked = [
        click.option("--seed", type=Seed(), help=_("Decides between equals.")),
        click.option("--pin", "pins", type=Pin(), multiple=True,
                     help=_("This record to this person.")),
        click.option("--exclude", "excluded", multiple=True, metavar="PERSON",
                     help=_("A person who gets nothing.")),
        click.option("--team", "teams", multiple=True, metavar="TEAM",
                     help=_("Only people of this team; with --scope team, the team.")),
        click.option("--weight", "weights", type=Weight(), multiple=True,
                     help=_("How much a part of the fit counts.")),
        click.option("--scope", type=click.Choice(["case", "team", "company"]),
                     help=_("Whose accounts: of the cases, or all of a team or company.")),
        click.option("--tolerance", type=Percent(0, 100), metavar="PERCENT",
                     help=_("How far value and workload may be from a fair share.")),
        click.option("--exact", is_flag=True, help=_("Prove the split by an exact search.")),
    ]  # fmt: skip
    for option in reversed(asked):
        function = option(function)
    return function


def options_of(
    earlier: PlanView | None,
    *,
    leaver: int | None,
    cases: Sequence[CaseView] = (),
    seed: int | None,
    pins: Sequence[tuple[str, str]],
    excluded: Sequence[str],
    teams: Sequence[str],
    weights: Sequence[tuple[str, int]],
    scope: str | None,
    tolerance: float | None,
    exact: bool,
    unpinned: Sequence[str] = (),
    interim: date | None = None,
) -> Options:
    """What was asked for, over what the earlier plan was asked for."""
    before = options_from(earlier.options) if earlier else Options()
    width = scope or before.scope
    check_options(scope=width, said={"pins": pins, "teams": teams, "weights": weights})
    new_pins = {record: person(name=name).id for record, name in pins}
    decided = {record_called(record) for record in (*unpinned, *new_pins)}
    kept = {record: who for record, who in before.pins if record_called(record) not in decided}
    team = next(iter(teams), None) or before.team
    if width == "team" and team is None and leaver is not None:
        team = team_of(person=leaver)
    others = outside(teams=teams) if width == "case" else frozenset()
    until = datetime.combine(interim, time(), UTC) + timedelta(days=1) if interim else before.until
    return replace(
        before,
        seed=before.seed if seed is None else seed,
        pins=tuple((kept | new_pins).items()),
        excluded=before.excluded | {person(name=name).id for name in excluded} | others,
        weights={**before.weights, **dict(weights)},
        scope=cast(Width, width),
        team=team if width == "team" else None,
        until=until,
        returns=until is not None and bool(cases) and all(each.kind == "leave" for each in cases),
        tolerance=before.tolerance if tolerance is None else round(tolerance * 10),
        exact=exact,
        origin=earlier.id if earlier else None,
    )
