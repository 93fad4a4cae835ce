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

__all__ = [
    "CaseLine",
    "CasePage",
    "CaseView",
    "Happening",
    "Overview",
    "ReceiptPage",
    "all_cases",
    "case",
    "case_for_command",
    "case_page",
    "cases_of",
    "leaver_of_entry",
    "overview",
    "receipt_page",
    "still_undecided",
    "whole_receipt",
]
