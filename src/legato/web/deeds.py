"""What an act has done, in a sentence, for the message that stays until its reader puts it away."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from legato.web.acting import Done
from legato.web.figures import figure


def deed(what: Done) -> str:
    """The sentence of what was done. A kind without one is a bug."""
    return DEEDS[what.kind](what)


def left(what: Done) -> str:
    """How many records stayed as they were, if any."""
    if not what.left:
        return ""
    text = ngettext(
        "%(n)s record stayed as it was: see which.",
        "%(n)s records stayed as they were: see which.",
        what.left,
    )
    return text % {"n": figure(what.left)}


def _covered(what: Done) -> str:
    return ngettext(
        "%(n)s record has an interim owner.", "%(n)s records have an interim owner.", what.moved
    ) % {"n": figure(what.moved)}


def _protected(what: Done) -> str:
    return ngettext(
        "Protected: %(name)s holds %(n)s record for now. Nothing was said to customers.",
        "Protected: %(name)s holds %(n)s records for now. Nothing was said to customers.",
        what.moved,
    ) % {"n": figure(what.moved), "name": what.facts["name"]}


def _given(what: Done) -> str:
    return ngettext(
        "%(n)s record has its new owner.", "%(n)s records have their new owners.", what.moved
    ) % {"n": figure(what.moved)}


def _taken_back(what: Done) -> str:
    return ngettext(
        "Taken back: %(n)s record is with whom it was before.",
        "Taken back: %(n)s records are with whom they were before.",
        what.moved,
    ) % {"n": figure(what.moved)}


def _ruled(what: Done) -> str:
    return _("Version %(version)s of the rules is in force.") % what.facts


def _import_taken_back(what: Done) -> str:
    return ngettext(
        "The import is taken back: %(n)s record is closed or as it was.",
        "The import is taken back: %(n)s records are closed or as they were.",
        what.moved,
    ) % {"n": figure(what.moved)}


def _opened(what: Done) -> str:
    return _("The departure of %(name)s is open. Nothing new goes to them.") % what.facts


def _changed(what: Done) -> str:
    return _("The departure of %(name)s is corrected.") % what.facts


def _withdrawn(what: Done) -> str:
    text = ngettext(
        "%(name)s stays. %(n)s record that was only covered is back.",
        "%(name)s stays. %(n)s records that were only covered are back.",
        what.moved,
    )
    return text % {"n": figure(what.moved), **what.facts}


def _closed(what: Done) -> str:
    return _("The departure of %(name)s is closed.") % what.facts


def _signed(what: Done) -> str:
    return ngettext("%(n)s rest signed for.", "%(n)s rests signed for.", what.moved) % {
        "n": figure(what.moved)
    }


def _told(what: Done) -> str:
    return _("Noted: the team knows that %(name)s leaves.") % what.facts


def _sessions_ended(what: Done) -> str:
    return ngettext("Logged out in %(n)s browser.", "Logged out in %(n)s browsers.", what.moved) % {
        "n": figure(what.moved)
    }


def _factors_reset(what: Done) -> str:
    return ngettext(
        "%(n)s passkey or app taken away; all sessions are over.",
        "%(n)s passkeys or apps taken away; all sessions are over.",
        what.moved,
    ) % {"n": figure(what.moved)}


def _plain(kind: str) -> Callable[[Done], str]:
    def said(_what: Done) -> str:
        words = {
            "plan_sent": _("Sent. Whoever may approve it finds it under Approvals."),
            "plan_question": _("Your question stays on the plan."),
            "plan_answer": _("Your answer stays on the plan."),
            "plan_objection": _(
                "Your objection stays on the plan. Who proposed it and who approves it see it."
            ),
            "plan_rejected": _("Rejected. Nothing has moved; the reason stays on the plan."),
            "approval": _("Approved. Nothing has moved yet; now it can be carried out."),
        }
        return words[kind]

    return said


SAID = ("plan_sent", "plan_question", "plan_answer", "plan_objection", "plan_rejected", "approval")

DEEDS: dict[str, Callable[[Done], str]] = {
    "cover": _covered,
    "protect": _protected,
    "case_opened": _opened,
    "case_changed": _changed,
    "case_withdrawn": _withdrawn,
    "case_closed": _closed,
    "rest_signed": _signed,
    "team_told": _told,
    "commit": _given,
    "given": _given,
    "undo": _taken_back,
    "import_undone": _import_taken_back,
    **{kind: _plain(kind) for kind in SAID},
    "sessions_ended": _sessions_ended,
    "factors_reset": _factors_reset,
    "policy": _ruled,
}
