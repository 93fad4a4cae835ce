"""What the pages and commands show of plans and receipts. Values are plain.

What is called a page takes its viewer first; the rest is for commands and for other queries.
"""

from legato.planning.queries.absences import away_longer
from legato.planning.queries.assignments import AssignmentView, assignments
from legato.planning.queries.board import Board, board, compared
from legato.planning.queries.comparing import Comparison, comparison
from legato.planning.queries.files import plan_file
from legato.planning.queries.pages import PlanPage, plan_page, sees_plan
from legato.planning.queries.panel import Panel, may_decide, panel
from legato.planning.queries.plans import PlanView, latest_plan, latest_plans, plan, plans
from legato.planning.queries.receipts import (
    ReceiptRow,
    as_csv,
    as_json,
    chain_of,
    receipt,
    receipt_rows,
)
from legato.planning.queries.receiving import MinePage, mine_page
from legato.planning.queries.runs import RUN_LOCK, RunView, runs
from legato.planning.queries.shares import Share, held_of, shares
from legato.planning.queries.standing import approvers, changed_since
from legato.planning.queries.waiting import Approvals, Waiting, approvals, coming_to
from legato.planning.queries.why import Explained, PartPage, explained_page, part_page

__all__ = [
    "RUN_LOCK",
    "Approvals",
    "AssignmentView",
    "Board",
    "Comparison",
    "Explained",
    "MinePage",
    "Panel",
    "PartPage",
    "PlanPage",
    "PlanView",
    "ReceiptRow",
    "RunView",
    "Share",
    "Waiting",
    "approvals",
    "approvers",
    "as_csv",
    "as_json",
    "assignments",
    "away_longer",
    "board",
    "chain_of",
    "changed_since",
    "coming_to",
    "compared",
    "comparison",
    "explained_page",
    "held_of",
    "latest_plan",
    "latest_plans",
    "may_decide",
    "mine_page",
    "panel",
    "part_page",
    "plan",
    "plan_file",
    "plan_page",
    "plans",
    "receipt",
    "receipt_rows",
    "runs",
    "sees_plan",
    "shares",
]
