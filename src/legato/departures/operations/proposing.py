"""Asks planning who should take what of a departure."""

from datetime import datetime

from django.db import transaction

from legato.departures.operations.shared import locked_case
from legato.people.queries import (
    check_may_manage,
)
from legato.planning.operations import Options, Proposed, propose
from legato.planning.queries import latest_plan


def plan(*, case_id: int, options: Options, actor: int, now: datetime, reason: str) -> Proposed:
    """Proposes who takes what of the case's book; the plan follows the latest one of the case.

    Raises `NotFound`, `CaseClosed`, `MayNotManage`, and what `planning.operations.propose` does.
    """
    with transaction.atomic():
        case = locked_case(case_id)
        check_may_manage(actor=actor, leaver=case.person_id)
    return propose(
        book_id=case.book_id,
        chain=f"case:{case_id}",
        options=options,
        actor=actor,
        now=now,
        reason=reason,
        parent=latest_plan(book=case.book_id),
    )
