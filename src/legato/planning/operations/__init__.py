"""Proposes, approves, commits and takes back: each a verb, one transaction, one ledger entry."""

from legato.planning.operations.approving import (
    AlreadyApproved,
    MayNotApprove,
    NobodyMayApprove,
    approve,
)
from legato.planning.operations.committing import (
    AlreadyCommitted,
    Committed,
    DigestDiffers,
    NotApproved,
    PlanBreaksRule,
    PlanStale,
    commit,
)
from legato.planning.operations.proposing import (
    NothingToPlan,
    Options,
    Proposed,
    RecordUnclear,
    propose,
)
from legato.planning.operations.undoing import (
    AlreadyUndone,
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
    "AlreadyUndone",
    "Committed",
    "DigestDiffers",
    "LaterChangeFirst",
    "MayNotApprove",
    "MayNotUndo",
    "NobodyMayApprove",
    "NotApproved",
    "NothingToPlan",
    "NothingToUndo",
    "Options",
    "PlanBreaksRule",
    "PlanStale",
    "Proposed",
    "RecordUnclear",
    "UndoTooLate",
    "Undone",
    "approve",
    "commit",
    "propose",
    "undo",
]
