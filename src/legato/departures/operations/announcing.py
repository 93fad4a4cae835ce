"""Notes that the team was told of a departure: who knows it since when is asked later."""

from datetime import datetime

from django.db import transaction

from legato.departures.operations.shared import locked_case
from legato.ledger.operations import once, record
from legato.people.queries import check_may_manage


@transaction.atomic(durable=True)
@once
def note_told(
    *, case_id: int, actor: int, now: datetime, reason: str, key: str | None = None
) -> int:
    """The entry. Raises `NotFound`, `CaseClosed`, `MayNotManage`, `KeyAlreadyUsed`."""
    case = locked_case(case_id)
    check_may_manage(actor=actor, leaver=case.person_id)
    entry = record(chain=f"case:{case_id}", kind="team_told", actor=actor, at=now, reason=reason)
    return int(entry.pk)
