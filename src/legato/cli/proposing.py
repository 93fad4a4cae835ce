"""``legato plan CASE …``: makes a plan and shows it."""

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

import click
from rich.console import Console

from legato.cli.acting import acting
from legato.cli.day import Day
from legato.cli.frame import Frame, command, table
from legato.cli.language import ours as _
from legato.departures import operations as departures
from legato.departures.queries import CaseView, case_for_command, cases_of
from legato.domain.plain import plain
from legato.people.queries import outside, people, person, team_of
from legato.planning import queries
from legato.planning.operations import Options, Proposed, Seen, options_from
from legato.planning.operations.options import Width
from legato.planning.queries import PlanView
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


def options(function: Any) -> Any:
    """What a plan, and a simulation, can be asked for."""
    asked = [
        click.option("--seed", type=int, help=_("Breaks ties.")),
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
        click.option("--tolerance", type=click.FloatRange(0, 100), metavar="PERCENT",
                     help=_("How far value and workload may be from a fair share.")),
        click.option("--exact", is_flag=True, help=_("Prove the split by an exact search.")),
    ]  # fmt: skip
    for option in reversed(asked):
        function = option(function)
    return function


@command(
    "make",
    about=_(
        "Propose who takes what, fairly: of one departure, of several at once, or of a whole team "
        "or company. Also: legato plan verify, export, compare, runs, cancel."
    ),
    writes=True,
    keyed=True,
)
@click.argument("cases", metavar="[CASE]…", type=int, nargs=-1)
@options
@click.option(
    "--from",
    "origin",
    type=int,
    metavar="PLAN",
    help=_("Change this plan: its options and choices stay where nothing else is asked."),
)
@click.option(
    "--unpin", "unpinned", multiple=True, metavar="RECORD", help=_("A pin of that plan to drop.")
)
@click.option(
    "--interim", type=Day(), metavar="DATE", help=_("The new owners are interim ones until then.")
)
@click.option("--resume", type=int, metavar="RUN", help=_("Take a cancelled run up again."))
@click.option("--background", is_flag=True, help=_("Leave the work to legato work."))
def make(
    frame: Frame,
    *,
    cases: Sequence[int],
    origin: int | None,
    resume: int | None,
    background: bool,
    **said: Any,
) -> None:
    earlier = queries.plan(plan_id=origin) if origin is not None else None
    asked_cases = list(cases) or (cases_of(books=earlier.books) if earlier else [])
    found = [case_for_command(each) for each in asked_cases]
    leaver = found[0].person_id if found else None
    actor = acting(frame, leaver=leaver).id
    if resume is not None:
        run = departures.take_up(run_id=resume, actor=actor, now=frame.now)
    else:
        wanted = options_of(earlier, leaver=leaver, cases=found, **said)
        run = departures.begin(
            cases=asked_cases, options=wanted, actor=actor, now=frame.now, reason=frame.reason,
            later=_deferred if background else None, key=frame.key,
        )  # fmt: skip
    if background:
        frame.answer({"run": run}, show=lambda console: console.print(
            _("Run %(run)s waits for legato work. See it: legato plan runs") % {"run": run}
        ))  # fmt: skip
        return
    made = _carried_out(frame, run)
    frame.answer(_facts(made), show=lambda console: show_plan(console, made))


def _carried_out(frame: Frame, run: int) -> Proposed:
    """Makes the plan; interrupted, it says what was not done and how to go on."""
    try:
        made = departures.carry_out(run_id=run, clock=lambda: frame.now, watch=Line(frame).seen)
    except KeyboardInterrupt:
        frame.say(
            _("Cancelled. No plan was made, nothing has moved. Go on: legato plan --resume %(run)s")
            % {"run": run}
        )
        raise click.Abort from None
    if made is None:
        raise departures.RunCancelled(run=run)
    return made


def _deferred(run: int) -> None:
    from legato.departures.jobs import make_plan

    make_plan.defer(run=run)


class Line:
    """One line of progress, written over again; nothing where nobody watches."""

    def __init__(self, frame: Frame) -> None:
        self.shown = frame.may_ask and sys.stderr.isatty()

    def seen(self, now: Seen) -> None:
        if self.shown:
            phase = words.phase(now.phase)
            click.echo(f"\r\033[K{phase} {now.step}/{now.steps}", nl=False, err=True)
            if now.step >= now.steps:
                click.echo("\r\033[K", nl=False, err=True)


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
    new_pins = {record: person(name=name).id for record, name in pins}
    kept = {record: who for record, who in before.pins if record not in unpinned}
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


def _facts(proposed: Proposed) -> dict[str, object]:
    return {
        "plan": proposed.plan,
        "digest": proposed.digest,
        "assignments": proposed.assignments,
        "moved": proposed.moved,
        "orphans": proposed.orphans,
        "violations": plain(proposed.violations),
        "capacity": asdict(proposed.capacity),
        "certificate": plain(proposed.certificate),
    }


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
