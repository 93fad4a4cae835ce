"""What if these people left? The same facts, solver and judges as a plan; nothing is written."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from legato.departures.models import Case
from legato.people.queries import check_may_plan
from legato.planning.operations import Options
from legato.planning.operations.decided import Decided
from legato.planning.operations.deciding import decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    leavers: tuple[int, ...]
    decided: Decided


def simulate(*, leavers: Collection[int], options: Options, actor: int, now: datetime) -> Simulated:
    """Decides what would become of everything these people hold, and of their books in open cases.

    Raises `MayNotManage`, and what `planning` raises when it decides.
    """
    check_may_plan(actor=actor, leavers=leavers)
    open_cases = Case.objects.filter(person__in=leavers, closed_at=None)
    books = list(open_cases.order_by("pk").values_list("book_id", flat=True))
    decided = decide(books=books, holders=leavers, options=options, now=now)
    return Simulated(leavers=tuple(sorted(leavers)), decided=decided)
