"""What an act has done, in a sentence, for the message that stays until its reader puts it away."""

from collections.abc import Callable

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


DEEDS: dict[str, Callable[[Done], str]] = {
    "cover": _covered,
    "commit": _given,
    "undo": _taken_back,
    "sessions_ended": _sessions_ended,
    "factors_reset": _factors_reset,
}
