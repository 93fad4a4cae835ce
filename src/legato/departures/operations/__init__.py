"""Opens, covers, plans, ends and withdraws departures: each one transaction, one ledger entry."""

from legato.departures.operations.announcing import note_told
from legato.departures.operations.changing import Changed, change_case
from legato.departures.operations.closing import (
    BooksDiffer,
    Closed,
    NothingToSign,
    ReasonNeeded,
    Signature,
    StillPoints,
    close_case,
    sign,
)
from legato.departures.operations.covering import CannotCover, Covered, CoverEndsPast, cover
from legato.departures.operations.ending import (
    Withdrawn,
    end_last_day,
    end_last_days,
    withdraw,
)
from legato.departures.operations.giving import (
    CannotReceive,
    Given,
    GivesToOneself,
    NothingToGive,
    SelectionChanged,
    give,
)
from legato.departures.operations.opened import Due, Opened
from legato.departures.operations.opening import CaseAlreadyOpen, InventoryDisagrees, open_case
from legato.departures.operations.proposing import NoCaseNamed, plan
from legato.departures.operations.protecting import Protected, protect
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
from legato.departures.operations.shared import CaseClosed, EmploymentOver
from legato.departures.operations.simulating import Simulated, simulate
from legato.departures.operations.telling import digest_new

__all__ = [
    "BooksDiffer",
    "CannotCover",
    "CannotReceive",
    "CaseAlreadyOpen",
    "CaseClosed",
    "Changed",
    "Closed",
    "CoverEndsPast",
    "Covered",
    "Due",
    "EmploymentOver",
    "Given",
    "GivesToOneself",
    "InventoryDisagrees",
    "NoCaseNamed",
    "NothingToGive",
    "NothingToSign",
    "Opened",
    "Protected",
    "ReasonNeeded",
    "RunCancelled",
    "RunNotCancelled",
    "RunOver",
    "SelectionChanged",
    "Signature",
    "Simulated",
    "StillPoints",
    "Withdrawn",
    "begin",
    "cancel",
    "carry_out",
    "change_case",
    "close_case",
    "cover",
    "digest_new",
    "end_interims",
    "end_last_day",
    "end_last_days",
    "give",
    "note_told",
    "open_case",
    "plan",
    "protect",
    "sign",
    "simulate",
    "take_up",
    "withdraw",
]
