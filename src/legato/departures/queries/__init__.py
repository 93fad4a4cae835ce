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
from legato.departures.queries.ending import Ending, Withdrawal, ending, open_one, withdrawal
from legato.departures.queries.opening import Opening, opening
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
from legato.departures.queries.protecting import Caretaker, Protection, caretakers, protection
from legato.departures.queries.rests import Pointing, Rest, Signed
from legato.departures.queries.standing import Standing, Unchanged, standing
from legato.departures.queries.telling import Note, note
from legato.departures.queries.undoing import UndoPage, undo_page

__all__ = [
    "Amount",
    "Caretaker",
    "CaseLine",
    "CasePage",
    "CaseView",
    "Conservation",
    "Ending",
    "Fate",
    "Happening",
    "Note",
    "Opening",
    "Overview",
    "Pointing",
    "Protection",
    "ReceiptPage",
    "Rest",
    "Signed",
    "Standing",
    "Unchanged",
    "UndoPage",
    "Withdrawal",
    "all_cases",
    "caretakers",
    "case",
    "case_for_command",
    "case_page",
    "cases_of",
    "conservation",
    "ending",
    "leaver_of_entry",
    "note",
    "open_one",
    "opening",
    "overview",
    "protection",
    "receipt_page",
    "standing",
    "still_undecided",
    "undo_page",
    "whole_receipt",
    "withdrawal",
]
