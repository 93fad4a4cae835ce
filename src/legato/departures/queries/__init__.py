"""What the pages and commands show of departures. The viewer comes first; values are plain."""

from legato.departures.queries.cases import (
    CaseView,
    all_cases,
    case,
    case_for_command,
    cases_of,
    leaver_of_entry,
    still_undecided,
)
from legato.departures.queries.conserving import Amount, Conservation, Fate, conservation
from legato.departures.queries.pages import (
    CaseLine,
    CasePage,
    Happening,
    Overview,
    ReceiptPage,
    case_page,
    overview,
    receipt_page,
    whole_receipt,
)
from legato.departures.queries.rests import Pointing, Rest, Signed
from legato.departures.queries.standing import Standing, Unchanged, standing
from legato.departures.queries.undoing import UndoPage, undo_page

__all__ = [
    "Amount",
    "CaseLine",
    "CasePage",
    "CaseView",
    "Conservation",
    "Fate",
    "Happening",
    "Overview",
    "Pointing",
    "ReceiptPage",
    "Rest",
    "Signed",
    "Standing",
    "Unchanged",
    "UndoPage",
    "all_cases",
    "case",
    "case_for_command",
    "case_page",
    "cases_of",
    "conservation",
    "leaver_of_entry",
    "overview",
    "receipt_page",
    "standing",
    "still_undecided",
    "undo_page",
    "whole_receipt",
]
