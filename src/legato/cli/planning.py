"""``legato plan``, ``approve``, ``commit`` and ``undo``."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click
from rich.console import Console

from legato.books.operations import KeptBack
from legato.cli.acting import acting
from legato.cli.frame import Frame, command, table
from legato.cli.language import ours as _
from legato.cli.showing import RECEIPTS, receipts_folder, write_receipt
from legato.departures import operations as departures
from legato.departures.queries import case_for_command, leaver_of_entry
from legato.people.queries import outside, people, person
from legato.planning import operations, queries
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


@command("plan", about=_("Propose who takes what, fairly."), writes=True)
@click.argument("case_id", metavar="CASE", type=int)
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
def plan(
    frame: Frame,
    *,
    case_id: int,
    seed: int,
    pins: Sequence[tuple[str, str]],
    excluded: Sequence[str],
    teams: Sequence[str],
    weights: Sequence[tuple[str, int]],
) -> None:
    case = case_for_command(case_id)
    options = Options(
        seed=seed,
        pins=tuple((record, person(name=name).id) for record, name in pins),
        excluded=frozenset(person(name=name).id for name in excluded) | outside(teams=teams),
        weights=dict(weights),
    )
    proposed = departures.plan(
        case_id=case_id,
        options=options,
        actor=acting(frame, leaver=case.person_id).id,
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
        manager = people(ids={proposed.manager})[proposed.manager].name
        console.print(
            _("%(orphans)s units fit nobody. They go to %(manager)s, who must place them.")
            % {"orphans": proposed.orphans, "manager": manager}
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


@command("approve", about=_("Approve a plan as a second person."), writes=True)
@click.argument("plan_id", metavar="PLAN", type=int)
def approve(frame: Frame, *, plan_id: int) -> None:
    found = queries.plan(plan_id=plan_id)
    approver = acting(frame, leaver=found.holder_id)
    entry = operations.approve(
        plan_id=plan_id, approver=approver.id, now=frame.now, reason=frame.reason
    )
    frame.answer(
        {"plan": plan_id, "approved_by": approver.name, "entry": entry.pk},
        show=lambda console: console.print(
            _("%(name)s has approved plan %(plan)s.") % {"name": approver.name, "plan": plan_id}
        ),
    )


@command(
    "commit", about=_("Carry out an approved plan, wholly or not at all."), writes=True, keyed=True
)
@click.argument("plan_id", metavar="PLAN", type=int)
@click.option("--digest", required=True, help=_("The digest the plan was shown with."))
@RECEIPTS
def commit(frame: Frame, *, plan_id: int, digest: str, receipts: Path | None) -> None:
    found = queries.plan(plan_id=plan_id)
    folder = receipts_folder(receipts)
    committed = operations.commit(
        plan_id=plan_id,
        digest=digest,
        actor=acting(frame, leaver=found.holder_id).id,
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
    said = {"moved": committed.moved, "receipt": path, "id": committed.commit}
    frame.answer(
        {"commit": committed.commit, "plan": plan_id, "moved": committed.moved,
         "receipt": str(path), "loads_changed": loads},
        show=lambda console: console.print(
            _(
                "%(moved)s records have changed hands. Receipt: %(receipt)s\n"
                "To take it back: legato undo %(id)s"
            )
            % said,
            soft_wrap=True,
        ),
    )  # fmt: skip


@command(
    "undo", about=_("Take a commit back, sparing what was touched since."), writes=True, keyed=True
)
@click.argument("entry_id", metavar="COMMIT", type=int)
def undo(frame: Frame, *, entry_id: int) -> None:
    leaver = leaver_of_entry(queries.chain_of(entry_id=entry_id))
    undone = operations.undo(
        entry_id=entry_id,
        actor=acting(frame, leaver=leaver).id if leaver else person(name=frame.actor or "").id,
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
        {"undo": undone.undo, "restored": undone.restored, "conflicts": conflicts},
        show=lambda console: show_undone(
            console, undone.restored, [replace(each) for each in undone.conflicts], conflicts
        ),
    )


def show_undone(
    console: Console, restored: int, kept: list[KeptBack], conflicts: list[dict[str, object]]
) -> None:
    """What came back, and what stays as it is with who changed it when."""
    console.print(_("%(restored)s records are back with their owners.") % {"restored": restored})
    if not kept:
        return
    headers = (_("Record"), _("Name"), _("Owner"), _("Why it stays"), _("Changed"), _("By"))
    lines = [
        (f"#{each['record']}", each["name"], each["owner"], words.kept(str(each["why"])),
         each["at"], each["by"])
        for each in conflicts
    ]  # fmt: skip
    console.print(table(headers, lines, title=_("Left as it is")))
