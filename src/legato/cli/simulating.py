"""``legato simulate``: what would become of the books of these people. Writes nothing."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import click
from rich.console import Console

from legato.cli.acting import acting
from legato.cli.frame import Frame, command, table
from legato.cli.language import ours as _
from legato.cli.plan_options import options, options_of
from legato.cli.plan_usage import twice
from legato.cli.proposing import load, show_fairness
from legato.departures.operations import Simulated, simulate
from legato.domain.plain import plain
from legato.people.queries import people, person
from legato.planning.queries import held_of
from legato.web.figures import figure
from legato.web.joining import listed

NOBODY = None


@command("simulate", about=_("Show who would take what if these people left. Writes nothing."))
@click.argument("names", metavar="PERSON…", nargs=-1, required=True)
@options
@click.option("--as", "actor", metavar="PERSON", help=_("Who asks."))
def simulating(frame: Frame, *, names: Sequence[str], actor: str | None, **said: Any) -> None:
    leavers = [person(name=name).id for name in names]
    again = twice(leavers)
    if again is not None:
        named = {"name": people(ids={again})[again].name}
        raise click.UsageError(_("%(name)s is named twice. Nothing was done.") % named)
    asking = person(name=actor) if actor else acting(frame, leaver=leavers[0])
    found = simulate(
        leavers=leavers,
        options=options_of(None, leaver=leavers[0], **said),
        actor=asking.id,
        now=frame.now,
    )
    lines = shares(found)
    frame.answer(
        {
            "leavers": list(found.leavers),
            "units": len(found.decided.decisions),
            "orphans": found.decided.certificate.orphans,
            "shares": lines,
            "certificate": plain(found.decided.certificate),
        },
        show=lambda console: show_simulated(console, found, lines),
    )


def shares(found: Simulated) -> list[dict[str, Any]]:
    """What everybody would get, who most first; loads and capacity in weighted accounts."""
    heats: dict[int | None, Counter[str]] = defaultdict(Counter)
    value: Counter[int | None] = Counter()
    for each in found.decided.decisions:
        heats[each.person][each.heat] += 1
        value[each.person] += each.value
    everybody = people(ids={who for who in heats if who is not None})
    proof = {each.person: each for each in found.decided.certificate.persons}
    held = held_of([each.unit for each in found.decided.decisions])
    lines = [
        {
            "person": everybody[who].name,
            "units": of.total(),
            **{heat: of[heat] for heat in ("hot", "warm", "cold")},
            "value": value[who],
            "load_before": (proof[who].load + held.get(who, 0)) / 1000,
            "load_after": (proof[who].load + proof[who].gained) / 1000,
            "capacity": proof[who].capacity / 1000,
        }
        for who, of in heats.items()
        if who is not NOBODY
    ]
    return sorted(lines, key=lambda line: (-line["units"], line["person"]))


def show_simulated(console: Console, found: Simulated, lines: list[dict[str, Any]]) -> None:
    names = listed(each.name for each in people(ids=set(found.leavers)).values())
    console.print(
        _("If these left: %(names)s. %(units)s units would go to others. Nothing was written.")
        % {"names": names, "units": figure(len(found.decided.decisions))}
    )
    headers = (_("Person"), _("Units"), _("Hot"), _("Warm"), _("Cold"), _("Value"), _("Load"),
               _("Capacity"))  # fmt: skip
    rows = [
        (line["person"], line["units"], line["hot"], line["warm"], line["cold"], line["value"],
         load(line["load_before"], line["load_after"]), line["capacity"])
        for line in lines
    ]  # fmt: skip
    console.print(table(headers, rows, title=_("Who would get what")))
    proof = found.decided.certificate
    show_fairness(console, proof)
    if proof.orphans:
        console.print(
            _("%(orphans)s units would fit nobody and fall to the manager.")
            % {"orphans": figure(proof.orphans)}
        )
