"""What a message tells its reader, in a line and in a few sentences."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from legato.web.figures import figure


def headline(kind: str, facts: Mapping[str, Any]) -> str:
    """One line: what came and what went, else what the message is about."""
    if kind in OTHERS:
        return OTHERS[kind][0]() % facts
    came, went = facts.get("came", 0), facts.get("went", 0)
    if came and went:
        return _("%(came)s came to you, %(went)s went from you") % {
            "came": _records(came),
            "went": _records(went),
        }
    if came:
        text = ngettext("%(n)s record came to you", "%(n)s records came to you", came)
        return text % {"n": figure(came)}
    if went:
        text = ngettext("%(n)s record went from you", "%(n)s records went from you", went)
        return text % {"n": figure(went)}
    moved = facts.get("moved", 0)
    text = ngettext("%(n)s record changed hands", "%(n)s records changed hands", moved)
    return text % {"n": figure(moved)}


def _records(count: int) -> str:
    return ngettext("%(n)s record", "%(n)s records", count) % {"n": figure(count)}


def story(
    kind: str, facts: Mapping[str, Any], *, actor: str | None, until: datetime | None
) -> list[str]:
    """Why it happened and what it means, sentence by sentence."""
    if kind in OTHERS:
        by = [_("By %(who)s.") % {"who": actor}] if actor else []
        return [*by, OTHERS[kind][1](facts)]
    told = [CAUSES[kind]() % {"who": actor or _("Legato")}]
    if facts.get("manages"):
        moved = facts.get("moved", 0)
        text = ngettext(
            "In all %(n)s record changed hands.", "In all %(n)s records changed hands.", moved
        )
        told.append(text % {"n": figure(moved)})
    if until is not None and facts.get("came"):
        day = date_format(timezone.localtime(until), "DATE_FORMAT")
        told.append(_("What came to you is yours for a time, until %(day)s.") % {"day": day})
    return told


CAUSES = {
    "commit": lambda: _("%(who)s carried out a plan."),
    "cover": lambda: _("%(who)s named an interim owner."),
    "given": lambda: _("%(who)s gave records to somebody else by hand."),
    "undo": lambda: _("%(who)s took an earlier change back."),
    "employment_ended": lambda: _("Somebody's last day is over; what was left is covered."),
    "interim_ended": lambda: _(
        "An interim is over: records with a planned owner have gone to that owner."
    ),
}


def _asked(facts: Mapping[str, Any]) -> str:
    text = ngettext(
        "It gives %(n)s record a new owner. Nothing changes before you say yes.",
        "It gives %(n)s records new owners. Nothing changes before you say yes.",
        facts["moved"],
    )
    return text % {"n": figure(facts["moved"])}


OTHERS: Mapping[str, tuple[Callable[[], str], Callable[[Mapping[str, Any]], str]]] = {
    "plan_sent": (lambda: _("Your approval is asked: plan %(plan)s"), _asked),
    "approval": (
        lambda: _("Plan %(plan)s is approved"),
        lambda _facts: _("It can be carried out now. Nothing has changed hands yet."),
    ),
    "plan_rejected": (
        lambda: _("Plan %(plan)s is rejected"),
        lambda _facts: _("The reason stands on the plan. Change it and send it again."),
    ),
    "plan_question": (
        lambda: _("A question about plan %(plan)s"),
        lambda _facts: _("It stands on the plan; so does your answer."),
    ),
    "plan_objection": (
        lambda: _("An objection to plan %(plan)s"),
        lambda _facts: _("It comes from somebody who is to receive in it, and stays on the plan."),
    ),
    "plan_answer": (
        lambda: _("An answer about plan %(plan)s"),
        lambda _facts: _("It stands on the plan."),
    ),
}
"""Kinds that are about no change of owners but about a plan: the line, and what it means."""


def mail_state(code: str) -> str:
    """What became of the mail of a message."""
    words = {
        "off": _("in Legato alone"),
        "queued": _("waits to be mailed"),
        "sending": _("is being mailed"),
        "sent": _("mailed"),
        "failed": _("could not be mailed"),
        "uncertain": _("perhaps mailed"),
    }
    return words.get(code, code)
