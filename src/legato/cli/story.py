"""The story of the demo: each step says what happens and what one would type, then really does it.

It calls the operations that the commands call, and shows their answers with the commands' own
tables.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console

from legato.books import importing
from legato.books.snapshots import Held
from legato.cli.departing import inventory_table
from legato.cli.frame import WIDE, table
from legato.cli.language import ours as _
from legato.cli.planning import show_plan, write_receipt
from legato.departures import operations as departures
from legato.departures.operations import Opened
from legato.domain.departure import Announcement
from legato.domain.errors import Refused
from legato.ledger import queries as ledger
from legato.planning import operations as planning
from legato.planning.operations import Options, Proposed
from legato.sample import Company, write
from legato.sample.completing import PASSWORD, complete, log_ins
from legato.web import words
from legato.web.checks import check_all

NOTICE = timedelta(days=14)
DAYS = ("iso", "day_first", "month_first", "year_first")
"""How the import reads a column of days."""


class ImportIncomplete(Refused):
    """Of the sample's files something was left out. Facts: ``folder``, ``rejected``: rows."""

    code = "demo_import_incomplete"


class StoryBroken(Refused):
    """An invariant does not hold where the demo says it does. Facts: ``broken``: their names."""

    code = "demo_check_failed"


@dataclass(slots=True, kw_only=True)
class Story:
    """Where the story goes, and what it measured; for machines the story goes to the side."""

    as_json: bool
    figures: dict[str, Any] = field(default_factory=lambda: {"steps": []})
    console: Console = field(init=False)

    def __post_init__(self) -> None:
        self.console = Console(stderr=self.as_json)
        if not self.console.is_terminal:
            self.console.width = WIDE

    @contextmanager
    def step(self, title: str, typed: str = "") -> Iterator[None]:
        """A numbered step, the command for it, and afterwards how long it took."""
        number = len(self.figures["steps"]) + 1
        self.console.print(f"\n{number}. {title}", style="bold", markup=False, highlight=False)
        if typed:
            self.typed(typed)
        began = perf_counter()
        try:
            yield
        except Refused:
            self.say(_("Step %(number)s failed, so the story ends here.") % {"number": number})
            raise
        seconds = round(perf_counter() - began, 2)
        self.figures["steps"].append({"step": title, "seconds": seconds})
        self.console.print(f"   {seconds:.2f} s", style="dim", highlight=False)

    def say(self, text: str) -> None:
        self.console.print(text, markup=False, highlight=False)

    def typed(self, line: str) -> None:
        """A line as one would type it, never wrapped."""
        self.console.print(
            f"   $ {line}", style="cyan", markup=False, highlight=False, soft_wrap=True
        )


def tell(story: Story, company: Company, *, folder: Path) -> None:
    """The whole story; raises what the operations raise, and `StoryBroken`."""
    _import(story, company, folder / "files")
    ids = _complete(story, company)
    case = _depart(story, company, ids)
    first = _plan(story, company, case, ids)
    _approve(story, company, first, ids)
    commit = _commit(story, company, first, ids, folder / "receipts")
    _check(story, _("Check that nothing was lost"))
    _undo(story, company, commit, ids)
    _check(story, _("Check again: everything is as it was"))
    _plan_again(story, company, case, ids)
    _let_in(story, company)


def introduce(story: Story, company: Company) -> None:
    """Who they are."""
    roles = [each.role for each in company.colleagues]
    facts = {
        "company": company.name,
        "reps": roles.count("rep"),
        "managers": roles.count("manager"),
        "accounts": len(company.of_kind("account")),
    }
    story.figures |= facts
    story.say(
        _(
            "%(company)s sells measuring instruments in Japan, China, Russia and Britain: "
            "%(reps)s reps, %(managers)s managers and a director, %(accounts)s accounts. "
            "Everybody and everything is invented; amounts are in euros."
        )
        % facts
    )


def _import(story: Story, company: Company, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    title = _("Its exports, four languages and encodings, are read")
    with story.step(title, f"legato import {folder}"):
        write(company, folder)
        answer = importing.import_files(
            importing.Wanted(
                paths=[folder],
                now=company.now,
                actor=None,
                reason=_("The sample company"),
                rejected_to=folder.parent,
                word=_word,
                reason_header=_("reason"),
                progress=lambda rows: None,
            )
        )
        _show_imported(story, answer)
        if answer["rejected"]["count"] or answer["skipped_files"] or answer["orphans"]["count"]:
            raise ImportIncomplete(folder=str(folder), rejected=answer["rejected"]["count"])
    story.figures["import"] = {"import": answer["import"], "counts": answer["counts"]}


def _show_imported(story: Story, answer: dict[str, Any]) -> None:
    """How each branch writes, and what there is now."""
    headers = (_("Format"), _("Encoding"), _("Separator"), _("A day as written"), _("Files"))
    story.console.print(table(headers, _ways_of_writing(answer["mapping"])))
    counts = ((words.kind(kind), numbers["new"]) for kind, numbers in answer["counts"].items())
    story.console.print(table((_("Kind"), _("New")), counts))


def _ways_of_writing(parts: Sequence[dict[str, Any]]) -> list[Sequence[object]]:
    """Format, encoding and separator, one of their days, and how many files are written so."""
    files: Counter[tuple[str, str, str]] = Counter()
    days: dict[tuple[str, str, str], str] = {}
    for part in parts:
        way = (part["format"], part["encoding"] or "", part["separator"] or "")
        files[way] += 1
        for each in part["decided"]:
            if each["how"] in DAYS:
                days.setdefault(way, each["example"])
    return [(*way, days.get(way), count) for way, count in sorted(files.items())]


def _word(column: str | None, code: str) -> str:
    """The sample has nothing to reject, so its rows need no sentences."""
    return f"{column}: {code}" if column else code


def _complete(story: Story, company: Company) -> dict[str, int]:
    cast = company.cast
    with story.step(_("What files do not carry: skills, absences, a holiday, log-ins")):
        ids = complete(company, now=_now())
        opened = departures.open_case(
            person_id=ids[cast.undecided],
            announced=Announcement(kind="resignation", last_day=None),
            actor=ids[company.colleague(cast.undecided).manager],
            now=_now(),
            reason=_("Gave notice; the last day is being talked about"),
        )
        story.figures["undecided_case"] = opened.case
        story.say(
            _("%(name)s has given notice too, and nothing is decided about it: case %(case)s.")
            % {"name": cast.undecided, "case": opened.case}
        )
    return ids


def _depart(story: Story, company: Company, ids: dict[str, int]) -> int:
    cast = company.cast
    leaver = company.colleague(cast.leaver)
    today = _now().astimezone(ZoneInfo(leaver.time_zone)).date()
    last_day = today + NOTICE
    title = _("%(leaver)s resigns. %(manager)s opens the departure and sees what it holds")
    typed = (
        f'legato depart "{cast.leaver}" --last-day {last_day} --kind resignation --notice {today}'
    )
    with story.step(title % asdict(cast), typed):
        opened = departures.open_case(
            person_id=ids[cast.leaver],
            announced=Announcement(kind="resignation", last_day=last_day, notice_on=today),
            actor=ids[cast.manager],
            now=_now(),
            reason=_("Resigned"),
        )
        story.console.print(inventory_table(opened.inventory))
        _show_burning(story, company, opened)
        story.say(_("Until the plan is carried out, an interim owner could be named at once:"))
        story.typed(f'legato cover {opened.case} --by "{cast.manager}" --until {last_day}')
    story.figures["case"] = opened.case
    story.figures["inventory"] = {kind: asdict(line) for kind, line in opened.inventory.items()}
    story.figures["burning"] = len(opened.burning)
    return opened.case


def _show_burning(story: Story, company: Company, opened: Opened) -> None:
    """What is due soon, in the two places' times, and the holiday that shortens it."""
    here = company.colleague(company.cast.leaver)
    there = company.colleague(company.cast.successor)
    headers = (_city(here.time_zone), _city(there.time_zone), _("Kind"), _("What"), _("Account"))
    lines = [_burning_line(each, (here.time_zone, there.time_zone)) for each in opened.burning]
    story.console.print(table(headers, lines, title=_("Due within 48 hours")))
    for holiday in company.holidays:
        if holiday.country == there.country:
            said = {"day": holiday.day, "name": holiday.name, "who": there.name}
            story.say(
                _("%(day)s is a holiday where %(who)s works (%(name)s): nobody is in then.") % said
            )


def _burning_line(held: Held, zones: Sequence[str]) -> Sequence[object]:
    times = (held.due_at.astimezone(ZoneInfo(zone)) if held.due_at else None for zone in zones)
    return (*times, words.kind(held.kind), held.name, held.account_name)


def _city(zone: str) -> str:
    return zone.rpartition("/")[2]


def _plan(story: Story, company: Company, case: int, ids: dict[str, int]) -> Proposed:
    title = _("%(manager)s asks who should take what")
    with story.step(title % asdict(company.cast), f"legato plan {case}"):
        proposed = _proposed(case, ids[company.cast.manager])
        show_plan(story.console, proposed)
    story.figures["plan"] = _plan_figures(proposed)
    return proposed


def _plan_again(story: Story, company: Company, case: int, ids: dict[str, int]) -> None:
    """So that the pages have a departure waiting for a second person's yes."""
    title = _("A new plan is left waiting for a yes")
    with story.step(title, f"legato plan {case}"):
        proposed = _proposed(case, ids[company.cast.manager])
        said = {"plan": proposed.plan, "director": company.cast.director}
        story.say(_("Plan %(plan)s waits for %(director)s.") % said)
    story.figures["waiting_plan"] = _plan_figures(proposed)


def _proposed(case: int, manager: int) -> Proposed:
    return departures.plan(
        case_id=case, options=Options(), actor=manager, now=_now(), reason=_("To be approved")
    )


def _plan_figures(proposed: Proposed) -> dict[str, Any]:
    return {
        "plan": proposed.plan,
        "digest": proposed.digest,
        "assignments": proposed.assignments,
        "moved": proposed.moved,
        "orphans": proposed.orphans,
        "violations": len(proposed.violations),
    }


def _approve(story: Story, company: Company, proposed: Proposed, ids: dict[str, int]) -> None:
    director = company.cast.director
    typed = f'legato approve {proposed.plan} --as "{director}"'
    with story.step(
        _("%(director)s approves it, as a second person") % asdict(company.cast), typed
    ):
        planning.approve(
            plan_id=proposed.plan, approver=ids[director], now=_now(), reason=_("Fair")
        )
        story.say(_("Approved. Nothing has moved yet."))


def _commit(
    story: Story, company: Company, proposed: Proposed, ids: dict[str, int], receipts: Path
) -> int:
    typed = f"legato commit {proposed.plan} --digest {proposed.digest}"
    with story.step(_("The book changes hands, all of it in one transaction"), typed):
        committed = planning.commit(
            plan_id=proposed.plan,
            digest=proposed.digest,
            actor=ids[company.cast.manager],
            now=_now(),
            reason=_("Approved"),
        )
        receipt = write_receipt(committed.commit, folder=receipts)
        said = {"moved": committed.moved, "receipt": receipt}
        story.say(_("%(moved)s records have changed hands. Receipt: %(receipt)s") % said)
    story.figures["commit"] = {"commit": committed.commit, "moved": committed.moved}
    story.figures["commit"]["receipt"] = str(receipt)
    return committed.commit


def _undo(story: Story, company: Company, commit: int, ids: dict[str, int]) -> None:
    with story.step(_("Second thoughts: it is taken back"), f"legato undo {commit}"):
        undone = planning.undo(
            entry_id=commit, actor=ids[company.cast.manager], now=_now(), reason=_("To try it")
        )
        said = {"restored": undone.restored, "kept": len(undone.conflicts)}
        story.say(_("%(restored)s records are back; %(kept)s had to stay.") % said)
    story.figures["undo"] = {"restored": undone.restored, "conflicts": len(undone.conflicts)}


def _check(story: Story, title: str) -> None:
    with story.step(title, "legato check"):
        results = [*check_all(), ledger.verify()]
        counts = {each.invariant: each.count for each in results}
        story.console.print(table((_("Invariant"), _("Rows that break it")), counts.items()))
        broken = [name for name, count in counts.items() if count]
        if broken:
            raise StoryBroken(broken=", ".join(broken))
    story.figures.setdefault("checks", []).append(counts)


def _let_in(story: Story, company: Company) -> None:
    users = log_ins(company)
    title = _("Log-ins, each with the password %(password)s") % {"password": PASSWORD}
    lines = [
        (username, name, company.colleague(name).title, company.colleague(name).team)
        for username, name in users.items()
    ]
    story.console.print()
    story.console.print(table((_("User"), _("Name"), _("Who"), _("Team")), lines, title=title))
    story.figures["log_ins"] = {"users": users, "password": PASSWORD}


def _now() -> datetime:
    return datetime.now(UTC)
