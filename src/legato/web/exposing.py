"""Words for what may be lost: the reasons of a chance, and the parts of its picture."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from legato.domain.exposure import BANDS, Reason


def why(reason: Reason) -> str:
    """One reason as a sentence without its points."""
    return SENTENCES[reason.code](reason) % {"days": reason.days, "count": reason.count}


def _late(reason: Reason) -> str:
    return ngettext(
        "a promise is %(days)s day overdue", "a promise is %(days)s days overdue", reason.days
    )


def _promised(reason: Reason) -> str:
    return ngettext("%(count)s promise is open", "%(count)s promises are open", reason.count)


def _silent(reason: Reason) -> str:
    return ngettext(
        "nobody was in touch for %(days)s day",
        "nobody was in touch for %(days)s days",
        reason.days,
    )


def _near(reason: Reason) -> str:
    return ngettext(
        "a decision is due in %(days)s day", "a decision is due in %(days)s days", reason.days
    )


# Each asks for its own sentence alone: a page says some hundreds of them.
SENTENCES: dict[str, Callable[[Reason], str]] = {
    "base": lambda reason: _("every change of person costs some customers"),
    "one_hand": lambda reason: _("everything open with the customer is in one hand"),
    "promise_overdue": _late,
    "promise_open": _promised,
    "never_touched": lambda reason: _("no touch is known"),
    "silent": _silent,
    "quiet": _silent,
    "hot": lambda reason: _("it is hot, and hot goes cold in days"),
    "decision_near": _near,
    "to_competitor": lambda reason: _("a competitor is where the departure leads"),
    "destination_unknown": lambda reason: _("nobody knows where the departure leads"),
}


def zone_name(zone: str) -> str:
    """The days that a part of the picture stands for."""
    words = {
        "overdue": _("overdue"),
        "next2": pgettext("days from now", "up to 2 days"),
        "next7": pgettext("days from now", "2 to 7 days"),
        "next30": pgettext("days from now", "7 to 30 days"),
        "next90": pgettext("days from now", "30 to 90 days"),
        "later": pgettext("days from now", "later than 90 days"),
        "none": _("no date"),
    }
    return words[zone]


def band_name(number: int) -> str:
    """The chances that a part of the picture stands for."""
    first, below = BANDS[number]
    if not number:
        return _("%(percent)s %% or more") % {"percent": first}
    if not first:
        return _("under %(percent)s %%") % {"percent": below}
    return _("%(first)s to %(last)s %%") % {"first": first, "last": below - 1}


def staying(why: str) -> str:
    """Why a record that somebody would give stays where it is."""
    words = {
        "closed": pgettext("of a record", "closed"),
        "in_departure": _("of a departure: planned there, so that nothing is given twice"),
        "not_yours": _("not yours to give by hand"),
        "has_it": _("is there already"),
        "barred": _("kept from the person by a conflict of interest"),
    }
    return words[why]
