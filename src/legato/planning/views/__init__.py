"""The pages of plans: the board, the decision about one, and what those see who receive in it."""

from legato.planning.views.board import compare, part, plan, unit
from legato.planning.views.deciding import (
    answer,
    approvals,
    approve,
    ask,
    commit,
    reject,
    send,
)
from legato.planning.views.receiving import mine, object_to, plans

__all__ = [
    "answer",
    "approvals",
    "approve",
    "ask",
    "commit",
    "compare",
    "mine",
    "object_to",
    "part",
    "plan",
    "plans",
    "reject",
    "send",
    "unit",
]
