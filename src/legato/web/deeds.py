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
    text = ngettext("%(n)s did not, see which.", "%(n)s did not, see which.", what.left)
    return text % {"n": figure(what.left)}


def _covered(what: Done) -> str:
    return ngettext(
        "%(n)s record has an interim owner.", "%(n)s records have an interim owner.", what.moved
    ) % {"n": figure(what.moved)}


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
    "commit": _given,
    "undo": _taken_back,
    **{kind: _plain(kind) for kind in SAID},
}
