"""What somebody sees who is to receive by a plan: the own part, and how even the whole is."""

from dataclasses import dataclass

from legato.domain.errors import NotFound
from legato.people.queries import Someone, people
from legato.planning.models import Assignment
from legato.planning.queries.assignments import AssignmentView, Only, assignment_count, assignments
from legato.planning.queries.pages import Figures, figures_of
from legato.planning.queries.plans import PlanView, plan
from legato.planning.queries.remarks import RemarkView, remarks
from legato.planning.queries.shares import Share, shares
from legato.planning.queries.standing import may_be_seen_by_receivers
from legato.web.paging import SIZE, Page, offset


@dataclass(frozen=True, slots=True, kw_only=True)
class MinePage:
    """``least`` and ``most`` are the smallest and the largest load of anybody, in per cent of the
    capacity and without a name: enough to see whether one's own is fair."""

    plan: PlanView
    leavers: list[str]
    share: Share
    figures: Figures
    receivers: int
    least: float | None
    most: float | None
    said: list[RemarkView]
    """The viewer's own remarks, and the answers after them."""
    assignments: Page[AssignmentView]

    @property
    def may_object(self) -> bool:
        return self.plan.commit is None


def mine_page(viewer: Someone, *, plan_id: int, page: int) -> MinePage:
    """The viewer's part of a plan that was sent for approval. Raises `NotFound` for everybody who
    receives nothing in it, and before it was sent."""
    found = plan(plan_id=plan_id)
    only = Only(person=viewer.id)
    total = assignment_count(plan_id=plan_id, only=only)
    receives = Assignment.objects.filter(plan=plan_id, person=viewer.id, is_orphan=False).exists()
    is_seen = viewer.id not in found.holders and may_be_seen_by_receivers(plan_id=plan_id)
    if not receives or not is_seen:
        raise NotFound(what="plan", name=plan_id)
    rows = assignments(
        plan_id=plan_id, limit=SIZE, offset=offset(page=page, total=total), only=only
    )
    got = shares(plan_id=plan_id)
    full = [100 * each.load_after / each.capacity for each in got if each.capacity]
    names = people(ids=set(found.holders))
    return MinePage(
        plan=found,
        leavers=[names[each].name for each in found.holders],
        share=next(each for each in got if each.person == viewer.id),
        figures=figures_of(found.certificate),
        receivers=len(got),
        least=min(full, default=None),
        most=max(full, default=None),
        said=remarks(plan_id=plan_id, of=viewer.id),
        assignments=Page(rows=rows, number=page, total=total),
    )
