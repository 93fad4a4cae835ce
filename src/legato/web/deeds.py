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


def _import_taken_back(what: Done) -> str:
    return ngettext(
        "The import is taken back: %(n)s record is closed or as it was.",
        "The import is taken back: %(n)s records are closed or as they were.",
        what.moved,
    ) % {"n": figure(what.moved)}


DEEDS: dict[str, Callable[[Done], str]] = {
    "cover": _covered,
    "commit": _given,
    "undo": _taken_back,
    "import_undone": _import_taken_back,
}
