"""What is told around the main job: the company, its import, what files do not carry, log-ins."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from legato.books import importing
from legato.cli.frame import table
from legato.cli.language import ours as _
from legato.cli.language import pgettext
from legato.cli.main_job import MainJob
from legato.cli.story import Story, clock
from legato.departures import operations as departures
from legato.domain.departure import Announcement
from legato.domain.errors import Refused
from legato.sample import Company, write
from legato.sample.completing import PASSWORD, complete, log_ins
from legato.web import words

DAYS = ("iso", "day_first", "month_first", "year_first")
"""How the import reads a column of days."""


class ImportIncomplete(Refused):
    """Of the sample's files something was left out. Facts: ``folder``, ``rejected``: rows."""

    code = "demo_import_incomplete"


def tell(story: Story, company: Company, *, folder: Path) -> None:
    """The whole story; raises what the operations raise, and the demo's own refusals."""
    _import(story, company, folder / "files")
    ids = _complete(story, company)
    job = MainJob(story=story, company=company, ids=ids)
    case = job.depart()
    plan = job.plan(case)
    job.approve(plan)
    commit = job.commit(plan, receipts=folder / "receipts")
    job.check(_("Check that nothing was lost"))
    job.undo(commit)
    job.check(_("Check again: everything is as it was"))
    job.plan_again(case)
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
        ids = complete(company, now=clock())
        opened = departures.open_case(
            person_id=ids[cast.undecided],
            announced=Announcement(kind="resignation", last_day=None),
            actor=ids[company.colleague(cast.undecided).manager],
            now=clock(),
            reason=_("Gave notice; the last day is being talked about"),
        )
        story.figures["undecided_case"] = opened.case
        story.say(
            _("%(name)s has given notice too, and nothing is decided about it: case %(case)s.")
            % {"name": cast.undecided, "case": opened.case}
        )
    return ids


def _let_in(story: Story, company: Company) -> None:
    users = log_ins(company)
    title = _("Log-ins, each with the password %(password)s") % {"password": PASSWORD}
    lines = [
        (username, name, company.colleague(name).title, company.colleague(name).team)
        for username, name in users.items()
    ]
    story.console.print()
    story.console.print(
        table((_("User"), pgettext("person", "Name"), _("Who"), _("Team")), lines, title=title)
    )
    story.figures["log_ins"] = {"users": users, "password": PASSWORD}
