"""``legato plan CASE …``: makes a plan and shows it."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from time import monotonic
from typing import Any

import click
from rich.console import Console

from legato.cli.acting import acting
from legato.cli.day import Day
from legato.cli.frame import Frame, command, table
from legato.cli.language import ngettext
from legato.cli.language import ours as _
from legato.cli.plan_options import options, options_of
from legato.cli.plan_usage import check_plan
from legato.departures import operations as departures
from legato.departures.queries import case_for_command, cases_of
from legato.domain.certificate import Certificate
from legato.domain.plain import plain
from legato.people.queries import people
from legato.planning import queries
from legato.planning.operations import Proposed, Seen
from legato.web import words
from legato.web.figures import Figure, figure
from legato.web.joining import listed

FAR_OFF = 100
"""From so many thousandths of a fair share on, it is said whose value is farthest from it."""
PATIENCE = 2.0
"""Seconds after which a plan in the making says how far it is."""


@command(
    "make",
    about=_(
        "Propose who takes what, fairly: of one departure, of several at once, or of a whole team "
        "or company."
    ),
    writes=True,
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
    check_plan(cases=cases, earlier=earlier, resume=resume, background=background, said=said)
    asked_cases = list(cases) or (cases_of(books=earlier.books) if earlier else [])
    found = [case_for_command(each) for each in asked_cases]
    leaver = found[0].person_id if found else None
    actor = acting(frame, leaver=leaver).id
    if resume is not None:
        run = departures.take_up(run_id=resume, actor=actor, now=frame.now, key=frame.key)
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
        line = Line(watched=frame.may_ask and sys.stderr.isatty())
        made = departures.carry_out(run_id=run, clock=lambda: frame.now, watch=line.seen)
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
    """How far a plan is, on standard error: where somebody watches, one line written over again;
    elsewhere a line a phase, once it has taken a while."""

    def __init__(self, *, watched: bool, clock: Callable[[], float] = monotonic) -> None:
        self.watched, self.clock = watched, clock
        self.began = clock()
        self.told: set[str] = set()

    def seen(self, now: Seen) -> None:
        step = f"{words.phase(now.phase)} {figure(now.step)}/{figure(now.steps)}"
        if self.watched:
            click.echo(f"\r\033[K{step}", nl=False, err=True)
            if now.step >= now.steps:
                click.echo("\r\033[K", nl=False, err=True)
        elif now.phase not in self.told and self.clock() - self.began >= PATIENCE:
            self.told.add(now.phase)
            click.echo(step, err=True)


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


def load(before: float, after: float) -> Figure:
    """What somebody has to do before a plan and after it, in weighted accounts."""
    return Figure(f"{figure(before)} → {figure(after)}")


def show_fairness(console: Console, proof: Certificate) -> None:
    """How far from fair shares the worst off are, and whether the fit is proven."""
    console.print(
        _("Nobody is more than %(count)s units or %(value)s %% of value from a fair share.")
        % {
            "count": figure(proof.worst_count / 1000, places=3),
            "value": figure(proof.worst_value / 10),
        }
    )
    if (farthest := proof.farthest_in_value()) and proof.worst_value > FAR_OFF:
        person, part = farthest
        console.print(
            _("Farthest from it is %(name)s, who gets %(got)s where %(target)s would be fair.")
            % {"name": people(ids={person})[person].name, "got": figure(part.got),
               "target": figure(part.target)}
        )  # fmt: skip
    if proof.said_gap == 0:
        console.print(_("Proved: no split within these shares fits better."))
    elif proof.said_gap is not None:
        console.print(
            _("Not proved: a split within these shares could fit up to %(gap)s %% better.")
            % {"gap": figure(proof.said_gap / 1000, places=3)}
        )


def show_plan(console: Console, proposed: Proposed) -> None:
    """Who gets what, how fair that is, three reasons, and what to type next."""
    said = {
        "plan": proposed.plan,
        "assignments": figure(proposed.assignments),
        "moved": figure(proposed.moved),
    }
    console.print(
        _(
            "Plan %(plan)s decides %(assignments)s units; %(moved)s records would change hands. "
            "Nothing has moved yet."
        )
        % said
    )
    everybody = people(ids={each.person for each in proposed.certificate.persons})
    shared = queries.shares(plan_id=proposed.plan)
    headers = (_("Person"), _("Units"), _("Hot"), _("Warm"), _("Cold"), _("Value"), _("Load"),
               _("Capacity"))  # fmt: skip
    lines = [
        (each.name, each.units, each.hot, each.warm, each.cold, each.value,
         load(each.load_before, each.load_after), each.capacity)
        for each in shared
    ]  # fmt: skip
    console.print(table(headers, lines, title=_("Who gets what")))
    show_beside(console, sum(each.beside for each in shared))
    show_fairness(console, proposed.certificate)
    show_capacity(console, proposed)
    if proposed.orphans:
        managers = [each.name for each in people(ids=set(proposed.managers)).values()]
        console.print(
            _("%(orphans)s units fit nobody. They go to %(manager)s, who must place them.")
            % {"orphans": figure(proposed.orphans), "manager": listed(sorted(managers))}
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


def show_beside(console: Console, count: int) -> None:
    """That some of the units in the table are in no share."""
    if count:
        said = ngettext(
            "%(count)s of these units follows its account's owner and is in no fair share.",
            "%(count)s of these units follow their accounts' owners and are in no fair share.",
            count,
        )
        console.print(said % {"count": figure(count)})


def show_capacity(console: Console, proposed: Proposed) -> None:
    capacity = proposed.capacity
    console.print(
        _(
            "Where nobody set a capacity it is %(assumed)s accounts: "
            "the largest book of a colleague now (%(largest)s) and a margin."
        )
        % {
            "assumed": figure(capacity.assumed / 1000, places=3),
            "largest": figure(capacity.largest_book / 1000, places=3),
        }
    )
