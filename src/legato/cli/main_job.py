"""The main job, as the demo tells it: a departure, its plan, the commit, and all of it taken back.

It calls the operations that the commands call, and shows their answers with the commands' tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from legato.cli.departing import inventory_table
from legato.cli.frame import table
from legato.cli.language import ours as _
from legato.cli.language import pgettext
from legato.cli.proposing import show_plan
from legato.cli.showing import receipts_folder, write_receipt
from legato.cli.story import Story, clock
from legato.departures import operations as departures
from legato.departures.operations import Due, Opened
from legato.domain.departure import Announcement
from legato.domain.errors import Refused
from legato.ledger import queries as ledger
from legato.planning import operations as planning
from legato.planning.operations import Options, Proposed
from legato.planning.queries import AssignmentView, assignments
from legato.sample import Company
from legato.web import words
from legato.web.checks import check_all

NOTICE = timedelta(days=14)
EXAMPLES = 3


class StoryBroken(Refused):
    """An invariant does not hold where the demo says it does. Facts: ``broken``: their names."""

    code = "demo_check_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MainJob:
    story: Story
    company: Company
    ids: Mapping[str, int]
    """The people by name."""

    def depart(self) -> int:
        """The case."""
        cast, leaver = self.company.cast, self.company.colleague(self.company.cast.leaver)
        today = clock().astimezone(ZoneInfo(leaver.time_zone)).date()
        last_day = today + NOTICE
        title = _("%(leaver)s resigns. %(manager)s opens the departure and sees what it holds")
        days = f"--last-day {last_day} --notice {today}"
        typed = f'legato depart "{cast.leaver}" {days} --kind resignation'
        with self.story.step(title % asdict(cast), typed):
            opened = departures.open_case(
                person_id=self.ids[cast.leaver],
                announced=Announcement(kind="resignation", last_day=last_day, notice_on=today),
                actor=self.ids[cast.manager],
                now=clock(),
                reason=_("Resigned"),
            )
            self.story.console.print(inventory_table(opened.inventory))
            self._show_burning(opened)
            self.story.say(_("Until the plan is carried out, somebody could cover all of it:"))
            self.story.typed(f'legato cover {opened.case} --by "{cast.manager}" --until {last_day}')
        inventory = {kind: asdict(line) for kind, line in opened.inventory.items()}
        self.story.figures |= {
            "case": opened.case,
            "inventory": inventory,
            "burning": len(opened.burning),
        }
        return opened.case

    def plan(self, case: int) -> Proposed:
        """The plan, shown as the command shows it."""
        title = _("%(manager)s asks who should take what")
        with self.story.step(title % asdict(self.company.cast), f"legato plan {case}"):
            proposed = self._proposed(case)
            show_plan(self.story.console, proposed)
            self._show_reasons(proposed)
        self.story.figures["plan"] = _plan_figures(proposed)
        return proposed

    def plan_again(self, case: int) -> None:
        """So that the pages have a departure waiting for a second person's yes."""
        with self.story.step(_("A new plan is left waiting for a yes"), f"legato plan {case}"):
            proposed = self._proposed(case)
            planning.send(plan_id=proposed.plan, actor=self._manager, now=clock(), reason="")
            said = {"plan": proposed.plan, **asdict(self.company.cast)}
            self.story.say(
                _(
                    "Plan %(plan)s waits for %(director)s. To %(outsider)s, of another team, "
                    "none of this is shown."
                )
                % said
            )
        self.story.figures["waiting_plan"] = _plan_figures(proposed)

    def approve(self, proposed: Proposed) -> None:
        director = self.company.cast.director
        title = _("%(director)s approves it, as a second person") % {"director": director}
        typed = f'legato approve {proposed.plan} --as "{director}"'
        with self.story.step(title, typed):
            planning.approve(
                plan_id=proposed.plan,
                approver=self.ids[director],
                now=clock(),
                reason=_("Fair"),
            )
            self.story.say(_("Approved. Nothing has moved yet."))

    def commit(self, proposed: Proposed, *, receipts: Path) -> int:
        """The commit, its receipt written into the folder."""
        typed = f"legato commit {proposed.plan} --digest {proposed.digest}"
        with self.story.step(_("The book changes hands, all of it in one transaction"), typed):
            committed = planning.commit(
                plan_id=proposed.plan,
                digest=proposed.digest,
                actor=self._manager,
                now=clock(),
                reason=pgettext("a reason", "Approved"),
            )
            receipt = write_receipt(committed.commit, folder=receipts_folder(receipts))
            said = {"moved": committed.moved, "receipt": receipt}
            self.story.say(_("%(moved)s records have changed hands. Receipt: %(receipt)s") % said)
        self.story.figures["commit"] = {"commit": committed.commit, **said}
        return committed.commit

    def undo(self, commit: int) -> None:
        with self.story.step(_("Second thoughts: it is taken back"), f"legato undo {commit}"):
            undone = planning.undo(
                entry_id=commit, actor=self._manager, now=clock(), reason=_("To try it")
            )
            said = {"restored": undone.restored, "conflicts": len(undone.conflicts)}
            self.story.say(_("%(restored)s records are back; %(conflicts)s had to stay.") % said)
        self.story.figures["undo"] = said

    def check(self, title: str) -> None:
        """Raises `StoryBroken`."""
        with self.story.step(title, "legato check"):
            counts = {each.invariant: each.count for each in [*check_all(), ledger.checked()]}
            headers = (_("Invariant"), _("Rows that break it"))
            self.story.console.print(table(headers, counts.items()))
            if broken := [name for name, count in counts.items() if count]:
                raise StoryBroken(broken=", ".join(broken))
        self.story.figures.setdefault("checks", []).append(counts)

    @property
    def _manager(self) -> int:
        return self.ids[self.company.cast.manager]

    def _proposed(self, case: int) -> Proposed:
        return departures.plan(
            cases=[case],
            options=Options(),
            actor=self._manager,
            now=clock(),
            reason=_("To be approved"),
        )

    def _show_reasons(self, proposed: Proposed) -> None:
        """One account for each kind of reason, the hottest and most valuable."""
        names = {number: name for name, number in self.ids.items()}
        examples: dict[str, AssignmentView] = {}
        for each in assignments(plan_id=proposed.plan):
            if each.kind == "account" and not each.is_orphan:
                examples.setdefault(str(each.reason["code"]), each)
        self.story.say(_("Three of the accounts, and why they go where they go:"))
        for each in list(examples.values())[:EXAMPLES]:
            why = words.reason(each.reason, names=names)
            self.story.say(f"  {each.name} ({words.one_heat(each.heat)}) → {each.person}: {why}")

    def _show_burning(self, opened: Opened) -> None:
        """What is due soon, in the two places' times, and the holiday that shortens it."""
        here = self.company.colleague(self.company.cast.leaver)
        there = self.company.colleague(self.company.cast.successor)
        zones = (here.time_zone, there.time_zone)
        headers = (*map(_city, zones), _("Kind"), pgettext("due", "What"), _("Account"))
        lines = [_burning_line(each, zones) for each in opened.burning]
        self.story.console.print(table(headers, lines, title=_("Due within 48 hours")))
        for holiday in self.company.holidays:
            if holiday.country == there.country:
                said = {"day": holiday.day, "name": holiday.name, "who": there.name}
                self.story.say(
                    _("%(day)s is a holiday where %(who)s works (%(name)s): nobody is in then.")
                    % said
                )


def _burning_line(each: Due, zones: Sequence[str]) -> Sequence[object]:
    times = (each.due_at.astimezone(ZoneInfo(zone)) for zone in zones)
    return (*times, words.kind(each.kind), each.name, each.account_name)


def _city(zone: str) -> str:
    return zone.rpartition("/")[2]


def _plan_figures(proposed: Proposed) -> dict[str, Any]:
    return {
        "plan": proposed.plan,
        "digest": proposed.digest,
        "assignments": proposed.assignments,
        "moved": proposed.moved,
        "orphans": proposed.orphans,
        "violations": len(proposed.violations),
    }
