"""What a plan would have to decide, before anybody asks for one."""

from dataclasses import dataclass
from datetime import datetime

from legato.books.queries import Line
from legato.departures.queries.cases import CaseView, case, cases_of, still_undecided
from legato.people.queries import Someone
from legato.planning.queries import PlanView, latest_plan
from legato.planning.queries import plan as one_plan
from legato.planning.queries.pages import seen_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    case: CaseView
    undecided: dict[str, Line]
    """What has no new owner for good yet, by kind."""
    latest: PlanView | None
    """The latest plan for this book and no other."""

    @property
    def records(self) -> int:
        return sum(each.count for each in self.undecided.values())


def prospect(viewer: Someone, *, case_id: int, now: datetime) -> Prospect:
    """Raises `NotFound` also where the case may not be seen."""
    found = case(viewer, case_id)
    latest = latest_plan(books=[found.book])
    return Prospect(
        case=found,
        undecided=still_undecided(found, now=now),
        latest=one_plan(plan_id=latest) if latest is not None else None,
    )


def planned_again(viewer: Someone, *, plan_id: int) -> tuple[PlanView, list[int]]:
    """A plan and the cases it is for. Raises `NotFound` also where it may not be seen."""
    found = seen_plan(viewer, plan_id=plan_id)
    return found, cases_of(books=found.books)
