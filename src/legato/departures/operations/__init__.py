"""Opens, covers, plans, ends and withdraws departures: each one transaction, one ledger entry."""

from legato.departures.operations.covering import CannotCover, Covered, CoverEndsPast, cover
from legato.departures.operations.ending import end_last_day, end_last_days, withdraw
from legato.departures.operations.opening import (
    CaseAlreadyOpen,
    InventoryDisagrees,
    Opened,
    open_case,
)
from legato.departures.operations.proposing import plan
from legato.departures.operations.shared import CaseClosed

__all__ = [
    "CannotCover",
    "CaseAlreadyOpen",
    "CaseClosed",
    "CoverEndsPast",
    "Covered",
    "InventoryDisagrees",
    "Opened",
    "cover",
    "end_last_day",
    "end_last_days",
    "open_case",
    "plan",
    "withdraw",
]
