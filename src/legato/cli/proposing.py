"""``legato plan CASE …``: makes a plan and shows it."""

from collections.abc import Sequence
from dataclasses import asdict

import click
from rich.console import Console

from legato.cli.acting import acting
from legato.cli.frame import Frame, command, table
from legato.cli.language import ours as _
from legato.departures import operations as departures
from legato.departures.queries import case_for_command
from legato.people.queries import outside, people, person
from legato.planning import queries
from legato.planning.operations import Options, Proposed
from legato.planning.stored import plain
from legato.web import words

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


@command("make", about=_("Propose who takes what, fairly."), writes=True)
@click.argument("cases", metavar="[CASE]…", type=int, nargs=-1)
@click.option("--seed", type=int, default=1, show_default=True, help=_("Breaks ties."))
@click.option("--pin", "pins", type=Pin(), multiple=True, help=_("This record to this person."))
@click.option(
    "--exclude", "excluded", multiple=True, metavar="PERSON", help=_("A person who gets nothing.")
)
@click.option("--team", "teams", multiple=True, metavar="TEAM", help=_("Only people of this team."))
@click.option(
    "--weight",
    "weights",
    type=Weight(),
    multiple=True,
    help=_("How much a part of the fit counts."),
)
def make(
    frame: Frame,
    *,
    cases: Sequence[int],
    seed: int,
    pins: Sequence[tuple[str, str]],
    excluded: Sequence[str],
    teams: Sequence[str],
    weights: Sequence[tuple[str, int]],
) -> None:
    leavers = [case_for_command(each).person_id for each in cases]
    options = Options(
        seed=seed,
        pins=tuple((record, person(name=name).id) for record, name in pins),
        excluded=frozenset(person(name=name).id for name in excluded) | outside(teams=teams),
        weights=dict(weights),
    )
    proposed = departures.plan(
        cases=cases,
        options=options,
        actor=acting(frame, leaver=leavers[0]).id,
        now=frame.now,
        reason=frame.reason,
    )
    facts = {
        "plan": proposed.plan,
        "digest": proposed.digest,
        "assignments": proposed.assignments,
        "moved": proposed.moved,
        "orphans": proposed.orphans,
        "violations": plain(proposed.violations),
        "capacity": asdict(proposed.capacity),
        "certificate": plain(proposed.certificate),
    }
    frame.answer(facts, show=lambda console: show_plan(console, proposed))


def show_plan(console: Console, proposed: Proposed) -> None:
    """Who gets what, how fair that is, three reasons, and what to type next."""
    said = {**asdict(proposed), "certificate": None, "capacity": None}
    console.print(
        _(
            "Plan %(plan)s decides %(assignments)s units; %(moved)s records would change hands. "
            "Nothing has moved yet."
        )
        % said
    )
    everybody = people(ids={each.person for each in proposed.certificate.persons})
    headers = (_("Person"), _("Units"), _("Hot"), _("Warm"), _("Cold"), _("Value"), _("Load"),
               _("Capacity"))  # fmt: skip
    lines = [
        (each.name, each.units, each.hot, each.warm, each.cold, each.value,
         f"{each.load_before:g} → {each.load_after:g}", f"{each.capacity:g}")
        for each in queries.shares(plan_id=proposed.plan)
    ]  # fmt: skip
    console.print(table(headers, lines, title=_("Who gets what")))
    show_capacity(console, proposed)
    if proposed.orphans:
        managers = [each.name for each in people(ids=set(proposed.managers)).values()]
        console.print(
            _("%(orphans)s units fit nobody. They go to %(manager)s, who must place them.")
            % {"orphans": proposed.orphans, "manager": ", ".join(sorted(managers))}
        )
    names = {each.id: each.name for each in everybody.values()}
    for shown in queries.assignments(plan_id=proposed.plan, limit=3):
        why = words.reason(shown.reason, names=names)
        console.print(f"  {shown.name} → {shown.person}: {why}", markup=False)
    for broken in proposed.violations:
        console.print(_("Breaks a rule: %(code)s, record %(unit)s.") % asdict(broken))
    console.print(
        _(
            "Every decision: legato show %(plan)s\n"
            "Next: legato approve %(plan)s --as PERSON, then\n"
            "  legato commit %(plan)s --digest %(d)s"
        )
        % {"plan": proposed.plan, "d": proposed.digest}
    )


def show_capacity(console: Console, proposed: Proposed) -> None:
    capacity = proposed.capacity
    console.print(
        _(
            "Where nobody set a capacity it is %(assumed)g accounts: "
            "the largest book of a colleague now (%(largest)g) and a margin."
        )
        % {"assumed": capacity.assumed / 1000, "largest": capacity.largest_book / 1000}
    )
