"""Proposes, approves, commits and takes back: each a verb, one transaction, one ledger entry."""

from legato.planning.operations.approving import (
    AlreadyApproved,
    AlreadyRejected,
    MayNotApprove,
    NobodyMayApprove,
    PlanHasConflicts,
    approve,
)
from legato.planning.operations.committing import (
    AlreadyCommitted,
    Committed,
    DigestDiffers,
    NotApproved,
    PlanBreaksRule,
    commit,
)
from legato.planning.operations.comparing import PlanStale
from legato.planning.operations.deciding import InterimEndsPast, NothingToPlan
from legato.planning.operations.options import (
    Options,
    RecordUnclear,
    again,
    inheriting,
    options_from,
    record_called,
)
from legato.planning.operations.proposing import Once, Proposed, made_before, propose
from legato.planning.operations.remarking import (
    WordsNeeded,
    ask,
    object_to,
    reject,
    reply,
    send,
)
from legato.planning.operations.seen import Seen, Watch
from legato.planning.operations.shared import DepartureOver, close_book, lock_book
from legato.planning.operations.undoing import (
    AlreadyUndone,
    GivenOnSince,
    LaterChangeFirst,
    MayNotUndo,
    NothingToUndo,
    Undone,
    UndoTooLate,
    undo,
)

__all__ = [
    "AlreadyApproved",
    "AlreadyCommitted",
    "AlreadyRejected",
    "AlreadyUndone",
    "Committed",
    "DepartureOver",
    "DigestDiffers",
    "GivenOnSince",
    "InterimEndsPast",
    "LaterChangeFirst",
    "MayNotApprove",
    "MayNotUndo",
    "NobodyMayApprove",
    "NotApproved",
    "NothingToPlan",
    "NothingToUndo",
    "Once",
    "Options",
    "PlanBreaksRule",
    "PlanHasConflicts",
    "PlanStale",
    "Proposed",
    "RecordUnclear",
    "Seen",
    "UndoTooLate",
    "Undone",
    "Watch",
    "WordsNeeded",
    "again",
    "approve",
    "ask",
    "close_book",
    "commit",
    "inheriting",
    "lock_book",
    "made_before",
    "object_to",
    "options_from",
    "propose",
    "record_called",
    "reject",
    "reply",
    "send",
    "undo",
]
