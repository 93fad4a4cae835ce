"""Words for what may be lost: the reasons of a chance, and the parts of its picture."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from legato.domain.exposure import BANDS, Reason


def why(reason: Reason) -> str:
    """One reason as a sentence without its points."""
    facts = {"days": reason.days, "count": reason.count}
    return _sentence(reason) % facts


def _sentence(reason: Reason) -> str:
    words = {
        "base": _("every change of person costs some customers"),
        "one_hand": _("everything open with the customer is in one hand"),
        "promise_overdue": ngettext(
            "a promise is %(days)s day overdue", "a promise is %(days)s days overdue", reason.days
        ),
        "promise_open": ngettext(
            "%(count)s promise is open", "%(count)s promises are open", reason.count
        ),
        "never_touched": _("no touch is known"),
        "silent": ngettext(
            "nobody was in touch for %(days)s day",
            "nobody was in touch for %(days)s days",
            reason.days,
        ),
        "quiet": ngettext(
            "nobody was in touch for %(days)s day",
            "nobody was in touch for %(days)s days",
            reason.days,
        ),
        "hot": _("it is hot, and hot goes cold in days"),
        "decision_near": ngettext(
            "a decision is due in %(days)s day",
            "a decision is due in %(days)s days",
            reason.days,
        ),
        "to_competitor": _("a competitor is where the departure leads"),
        "destination_unknown": _("nobody knows where the departure leads"),
    }
    return words[reason.code]


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
        "closed": _("closed"),
        "in_departure": _("of a departure: planned there, so that nothing is given twice"),
        "not_yours": _("of somebody who does not report to you"),
        "has_it": _("is there already"),
        "barred": _("kept from the person by a conflict of interest"),
    }
    return words[why]
