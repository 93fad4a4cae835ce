"""Sentences for what happened to a departure and what is to be decided, in all languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from legato.domain.matters import Matter
from legato.web.joining import listed


def matter(told: Matter) -> str:
    """What is so, and the command that decides it."""
    said, decides = sentence(told), command(told)
    if not decides:
        return said
    return _("%(said)s Command: %(command)s") % {"said": said, "command": decides}


def sentence(told: Matter) -> str:
    """One or two sentences: what is so."""
    facts = {name: _said(value) for name, value in told.facts}
    counted = next((value for name, value in told.facts if name in COUNTED), 0)
    return _sentence(told.code, int(counted or 0)) % facts  # type: ignore[arg-type]


def command(told: Matter) -> str:
    """What to type so that it is decided; empty where nothing is to be."""
    return COMMANDS.get(told.code, "") % dict(told.facts)


COMMANDS: Mapping[str, str] = {
    "last_day_unknown": "legato case change %(case)s --last-day DATE",
    "last_resort_leaves": "legato person last-resort NAME",
    "has_reports": "legato person set NAME --manager PERSON",
    "to_plan": "legato plan %(case)s",
    "receiver_leaves": "legato plan %(case)s",
    "receiver_left": "legato plan %(case)s",
    "plan_stale": "legato plan %(case)s",
    "to_approve": "legato approve %(plan)s --as PERSON",
    "to_commit": "legato commit %(plan)s --digest DIGEST",
    "nobody_approves": "legato person set NAME --role director",
    "coverer_leaves": "legato cover %(case)s --by PERSON --until DATE",
    "cover_over": "legato plan %(case)s",
    "kept_back": "legato case sign %(case)s kept_back --reason TEXT",
    "can_undo": "legato undo %(entry)s",
    "to_close": "legato case close %(case)s",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The page on which a matter is decided."""

    address: str
    label: str
    is_drawer: bool


def door(told: Matter) -> Door | None:
    """None where it is decided at the command line alone, or nothing is to be decided."""
    doors = {
        "last_day_unknown": ("change_case", "case", _("Correct")),
        "to_plan": ("plan_case", "case", _("Make a plan")),
        "receiver_leaves": ("plan_case", "case", _("Make a new plan")),
        "receiver_left": ("plan_case", "case", _("Make a new plan")),
        "plan_stale": ("plan_case", "case", _("Make a new plan")),
        "to_approve": ("plan", "plan", _("See the plan")),
        "to_commit": ("plan_commit", "plan", _("Carry it out")),
        "coverer_leaves": ("protect", "case", _("Change who covers")),
        "cover_over": ("plan_case", "case", _("Make a plan")),
        "kept_back": ("close_case", "case", _("Sign for it")),
        "can_undo": ("undo", "entry", _("Undo")),
        "to_close": ("close_case", "case", _("Close the departure")),
    }
    if told.code not in doors:
        return None
    page, of, label = doors[told.code]
    address = reverse(page, args=[dict(told.facts)[of]])
    return Door(address=address, label=label, is_drawer=page in DRAWN)


DRAWN = ("change_case", "plan_case", "protect", "undo")
"""Pages that open beside the present one."""


COUNTED = ("records", "people", "differences", "rests")


def _said(value: object) -> object:
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
    if isinstance(value, tuple):
        return listed(value)
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    return pgettext("of a day", "unknown") if value is None else value


def _sentence(code: str, many: int) -> str:
    for table in (_of_leaving, _of_plans, _of_others, _of_closing):
        sentences = table(many)
        if code in sentences:
            return sentences[code]
    return code


def _of_leaving(many: int) -> Mapping[str, str]:
    return {
        "last_day_unknown": _(
            "The last day is not known, so the employment does not end by itself."
        ),
        "last_resort_leaves": _(
            "%(name)s is the person of last resort and cannot leave before another is named."
        ),
        "has_reports": ngettext(
            "%(people)s person reports to %(name)s and needs another manager.",
            "%(people)s people report to %(name)s and need another manager.",
            many,
        ),
        "manager_leaves": _(
            "%(name)s, the manager, is leaving too or cannot take it: what falls to the manager "
            "falls to %(to)s."
        ),
        "covers_others": ngettext(
            "%(name)s covers %(records)s record for colleagues; it goes to whoever waits for it, "
            "or is planned with the rest.",
            "%(name)s covers %(records)s records for colleagues; they go to whoever waits for "
            "them, or are planned with the rest.",
            many,
        ),
        "came_back": _(
            "%(name)s is employed here again. The old book does not come back by that; what came "
            "after the return is not part of it."
        ),
    }


def _of_plans(many: int) -> Mapping[str, str]:
    return {
        "to_plan": ngettext(
            "%(records)s record has no new permanent owner.",
            "%(records)s records have no new permanent owner.",
            many,
        ),
        "receiver_leaves": ngettext(
            "Plan %(plan)s gives %(records)s record to %(name)s, who leaves as well (last day "
            "%(last_day)s). Plan again.",
            "Plan %(plan)s gives %(records)s records to %(name)s, who leaves as well (last day "
            "%(last_day)s). Plan again.",
            many,
        ),
        "receiver_left": ngettext(
            "Plan %(plan)s gives %(records)s record to %(name)s, who has left. Plan again.",
            "Plan %(plan)s gives %(records)s records to %(name)s, who has left. Plan again.",
            many,
        ),
        "plan_stale": ngettext(
            "%(differences)s thing that plan %(plan)s was made from has changed. Plan again.",
            "%(differences)s things that plan %(plan)s was made from have changed. Plan again.",
            many,
        ),
        "to_approve": _(
            "Plan %(plan)s waits for a second person. These may approve it: %(names)s."
        ),
        "to_commit": _("Plan %(plan)s is approved and waits to be carried out."),
        "nobody_approves": _(
            "Nobody may approve plan %(plan)s: every manager and director proposed it, leaves, or "
            "receives in it. Name a director."
        ),
    }


def _of_others(many: int) -> Mapping[str, str]:
    return {
        "successor_leaves": ngettext(
            "%(name)s, who took over %(records)s record, leaves as well (last day %(last_day)s). "
            "It is part of case %(case)s now and is planned there.",
            "%(name)s, who took over %(records)s records, leaves as well (last day %(last_day)s). "
            "They are part of case %(case)s now and are planned there.",
            many,
        ),
        "coverer_leaves": ngettext(
            "%(name)s covers %(records)s record and leaves as well (last day %(last_day)s). "
            "Somebody else should.",
            "%(name)s covers %(records)s records and leaves as well (last day %(last_day)s). "
            "Somebody else should.",
            many,
        ),
        "follower_leaves": ngettext(
            "%(records)s covered record was to go to %(name)s, who leaves: it stays with whoever "
            "covers it until it is planned.",
            "%(records)s covered records were to go to %(name)s, who leaves: they stay with "
            "whoever covers them until they are planned.",
            many,
        ),
        "follower_left": ngettext(
            "%(records)s covered record was to go to %(name)s, who has left: it stays with whoever "
            "covers it until it is planned.",
            "%(records)s covered records were to go to %(name)s, who has left: they stay with "
            "whoever covers them until they are planned.",
            many,
        ),
        "cover_over": ngettext(
            "The time for which %(name)s was to cover %(records)s record is over, and nobody is to "
            "follow. It stays there until it is planned.",
            "The time for which %(name)s was to cover %(records)s records is over, and nobody is "
            "to follow. They stay there until they are planned.",
            many,
        ),
        "kept_back": ngettext(
            "An undo left %(records)s record with %(name)s, because its earlier owner has left. If "
            "it is to stay there, sign for it.",
            "An undo left %(records)s records with %(name)s, because their earlier owner has left. "
            "If they are to stay there, sign for them.",
            many,
        ),
    }


def _of_closing(many: int) -> Mapping[str, str]:
    return {
        "listed_later": ngettext(
            "%(records)s record came after the book was taken, and is listed.",
            "%(records)s records came after the book was taken, and are listed.",
            many,
        ),
        "given_away": ngettext(
            "%(records)s record of %(name)s was given to somebody else; it stays there.",
            "%(records)s records of %(name)s were given to others; they stay there.",
            many,
        ),
        "can_undo": _("Entry %(entry)s can be taken back until %(until)s."),
        "still_points": ngettext(
            "%(rests)s thing still points to %(name)s, so the case cannot be closed.",
            "%(rests)s things still point to %(name)s, so the case cannot be closed.",
            many,
        ),
        "to_close": _("Nothing points to %(name)s any more: the departure can be closed."),
    }


def rest(code: str) -> str:
    """What of a kind still points to who leaves."""
    words = {
        "still_owned": _("owns it"),
        "covered": _("it is covered, and nobody is to follow"),
        "next_of": _("is to get it when its cover ends"),
        "kept_back": _("an undo left it with the person it was given to"),
        "reports": _("reports to the person"),
        "leads_team": _("is a team the person leads"),
        "last_resort": _("is the person of last resort"),
        "plan_waits": _("a plan for the book waits"),
        "plan_proposed": _("a plan that the person proposed waits"),
        "plan_approved": _("a plan that the person approved waits"),
        "plan_gives": _("a plan that gives the person something waits"),
        "run_waits": _("a plan is being made"),
        "still_employed": _("is employed still"),
        "still_held": _("another hold stands"),
    }
    return words.get(code, code)


def outcome(code: str) -> str:
    """Why a record is closed, as the CRM says it."""
    words = {
        "won": _("won"),
        "lost": _("lost"),
        "done": pgettext("an outcome", "done"),
        "": _("closed"),
    }
    return words.get(code, code)
