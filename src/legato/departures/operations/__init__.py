"""Opens, covers, plans, ends and withdraws departures: each one transaction, one ledger entry."""

from legato.departures.operations.covering import CannotCover, Covered, CoverEndsPast, cover
from legato.departures.operations.ending import end_last_day, end_last_days, withdraw
from legato.departures.operations.opened import Due, Opened
from legato.departures.operations.opening import CaseAlreadyOpen, InventoryDisagrees, open_case
from legato.departures.operations.proposing import NoCaseNamed, plan
from legato.departures.operations.returning import end_interims
from legato.departures.operations.running import (
    RunCancelled,
    RunNotCancelled,
    RunOver,
    begin,
    cancel,
    carry_out,
    take_up,
)
from legato.departures.operations.shared import CaseClosed
from legato.departures.operations.simulating import Simulated, simulate

__all__ = [
    "CannotCover",
    "CaseAlreadyOpen",
    "CaseClosed",
    "CoverEndsPast",
    "Covered",
    "Due",
    "InventoryDisagrees",
    "NoCaseNamed",
    "Opened",
    "RunCancelled",
    "RunNotCancelled",
    "RunOver",
    "Simulated",
    "begin",
    "cancel",
    "carry_out",
    "cover",
    "end_interims",
    "end_last_day",
    "end_last_days",
    "open_case",
    "plan",
    "simulate",
    "take_up",
    "withdraw",
]
