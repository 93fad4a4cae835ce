"""Protects a book on the day somebody says they leave: an interim owner, and limits for the leaver,
all of it one entry, so that one undo takes all of it back."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from legato.departures.operations.covering import give_cover
from legato.departures.operations.shared import locked_case
from legato.ledger.operations import answered, remember
from legato.people import operations as staff
from legato.people.queries import check_may_manage


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """``limits`` are those that were placed: others stood already."""

    cover: int
    records: int
    by: int
    until: datetime
    limits: tuple[str, ...]


@transaction.atomic(durable=True)
def protect(
    *,
    case_id: int,
    by: int,
    until: datetime,
    limits: tuple[str, ...],
    actor: int,
    now: datetime,
    reason: str,
    key: str | None = None,
) -> Protected:
    """Gives the case's book to an interim owner and limits who leaves, codes of `people.LIMITS`.

    Raises `NotFound`, `CaseClosed`, `MayNotManage`, `CannotCover`, `CoverEndsPast`.
    """
    asked = {"protect": case_id, "by": by, "until": until, "limits": sorted(limits), "actor": actor}
    if earlier := answered(key=key, asked=asked):
        ends = datetime.fromisoformat(earlier["until"])
        return Protected(**{**earlier, "until": ends, "limits": tuple(earlier["limits"])})
    case = locked_case(case_id)
    check_may_manage(actor=actor, leaver=case.person_id)
    staff.lock_people(ids={case.person_id, by})
    entry, moved = give_cover(
        case, by=by, until=until, actor=actor, now=now, reason=reason,
        facts={"limits": sorted(limits)},
    )  # fmt: skip
    placed = staff.place_limits(person=case.person_id, what=limits, entry=entry)
    answer = Protected(cover=entry.pk, records=moved, by=by, until=until, limits=placed)
    remember(key=key, asked=asked, entry=entry, answer={**asdict(answer), "until": str(until)})
    return answer
