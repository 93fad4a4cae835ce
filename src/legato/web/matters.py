"""Sentences for what happened to a departure and what is to be decided, in all languages."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from legato.domain.matters import Matter


def matter(told: Matter) -> str:
    """One or two sentences: what is so, and the command that decides it."""
    facts = {name: _said(value) for name, value in told.facts}
    counted = next((value for name, value in told.facts if name in COUNTED), 0)
    return _sentence(told.code, int(counted or 0)) % facts  # type: ignore[arg-type]


COUNTED = ("records", "people", "differences", "rests")


def _said(value: object) -> object:
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
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
            "The last day is not known, so the employment does not end by itself: "
            "legato case change %(case)s --last-day DATE"
        ),
        "last_resort_leaves": _(
            "%(name)s is the person of last resort and cannot leave before another is named: "
            "legato person last-resort NAME"
        ),
        "has_reports": ngettext(
            "%(people)s person reports to %(name)s and needs another manager: "
            "legato person set NAME --manager PERSON",
            "%(people)s people report to %(name)s and need another manager: "
            "legato person set NAME --manager PERSON",
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
            "%(records)s record has no new permanent owner: legato plan %(case)s",
            "%(records)s records have no new permanent owner: legato plan %(case)s",
            many,
        ),
        "receiver_leaves": ngettext(
            "Plan %(plan)s gives %(records)s record to %(name)s, who leaves as well (last day "
            "%(last_day)s). Plan again: legato plan %(case)s",
            "Plan %(plan)s gives %(records)s records to %(name)s, who leaves as well (last day "
            "%(last_day)s). Plan again: legato plan %(case)s",
            many,
        ),
        "receiver_left": ngettext(
            "Plan %(plan)s gives %(records)s record to %(name)s, who has left. Plan again: "
            "legato plan %(case)s",
            "Plan %(plan)s gives %(records)s records to %(name)s, who has left. Plan again: "
            "legato plan %(case)s",
            many,
        ),
        "plan_stale": ngettext(
            "%(differences)s thing that plan %(plan)s was made from has changed. Plan again: "
            "legato plan %(case)s",
            "%(differences)s things that plan %(plan)s was made from have changed. Plan again: "
            "legato plan %(case)s",
            many,
        ),
        "to_approve": _(
            "Plan %(plan)s waits for a second person: legato approve %(plan)s --as PERSON. These "
            "may: %(names)s"
        ),
        "to_commit": _("Plan %(plan)s is approved and waits to be carried out: legato commit"),
        "nobody_approves": _(
            "Nobody may approve plan %(plan)s: every manager and director proposed it, leaves, or "
            "receives in it. Name a director: legato person set NAME --role director"
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
            "Somebody else should: legato cover %(case)s --by PERSON --until DATE",
            "%(name)s covers %(records)s records and leaves as well (last day %(last_day)s). "
            "Somebody else should: legato cover %(case)s --by PERSON --until DATE",
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
            "follow. It stays there until it is planned: legato plan %(case)s",
            "The time for which %(name)s was to cover %(records)s records is over, and nobody is "
            "to follow. They stay there until they are planned: legato plan %(case)s",
            many,
        ),
        "kept_back": ngettext(
            "An undo left %(records)s record with %(name)s, because its earlier owner has left. If "
            "it is to stay there: legato case sign %(case)s kept_back --reason TEXT",
            "An undo left %(records)s records with %(name)s, because their earlier owner has left. "
            "If they are to stay there: legato case sign %(case)s kept_back --reason TEXT",
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
        "can_undo": _("It can be taken back until %(until)s: legato undo %(entry)s"),
        "still_points": ngettext(
            "%(rests)s thing still points to %(name)s, so the case cannot be closed.",
            "%(rests)s things still point to %(name)s, so the case cannot be closed.",
            many,
        ),
        "to_close": _("Nothing points to %(name)s any more: legato case close %(case)s"),
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
