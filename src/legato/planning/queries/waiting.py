"""Plans that wait for somebody: for a yes or a no, to be carried out, or to be read."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from legato.domain.errors import NotFound
from legato.domain.sight import sees_cases
from legato.people.queries import Someone, people
from legato.planning.models import Approval, Assignment, BookClosed, Commit, Plan, PlanBook, Remark
from legato.planning.queries.plans import PlanView, views_of
from legato.planning.queries.standing import Standing, standings


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A plan with whose departure it is for, and how many units it decides, or gives the viewer."""

    plan: PlanView
    leavers: list[str]
    units: int
    objections: int
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    yours: list[Waiting]
    """Sent for approval, and the viewer may say yes or no."""
    ready: list[Waiting]
    """Approved, to be carried out."""


def approvals(viewer: Someone) -> Approvals:
    """Raises `NotFound` for who does not see departures."""
    if not sees_cases(role=viewer.role, is_employed=viewer.is_employed):
        raise NotFound(what="page", name="approvals")
    seen = _open().exclude(Exists(_given_by(viewer)))
    approved = Exists(Approval.objects.filter(plan=OuterRef("pk")))
    yours = seen.filter(_has("request"), ~_has("rejection"), ~approved)
    if viewer.role in ("manager", "director"):
        yours = yours.exclude(proposer=viewer.id).exclude(Exists(_given_to(viewer)))
    else:
        yours = yours.none()
    return Approvals(yours=_waiting(yours), ready=_waiting(seen.filter(approved)))


def coming_to(viewer: Someone) -> list[Waiting]:
    """Plans that would give the viewer something, once they may see it, until they are carried
    out."""
    approved = Exists(Approval.objects.filter(plan=OuterRef("pk")))
    found = _open().filter(Exists(_given_to(viewer).filter(is_orphan=False)))
    shown = found.filter(~_has("rejection")).filter(_has("request") | approved)
    return _waiting(shown.exclude(Exists(_given_by(viewer))), to=viewer.id)


def _open() -> QuerySet[Plan]:
    """Not carried out, and nobody's departure in it is over; the latest first."""
    done = Exists(Commit.objects.filter(plan=OuterRef("pk")))
    closed = BookClosed.objects.filter(book__plans__plan=OuterRef("pk"))
    return Plan.objects.exclude(done).exclude(Exists(closed)).order_by("-pk")


def _has(kind: str) -> Exists:
    return Exists(Remark.objects.filter(plan=OuterRef("pk"), kind=kind))


def _given_by(viewer: Someone) -> QuerySet[PlanBook]:
    return PlanBook.objects.filter(plan=OuterRef("pk"), book__holder=viewer.id)


def _given_to(viewer: Someone) -> QuerySet[Assignment]:
    return Assignment.objects.filter(plan=OuterRef("pk"), person=viewer.id)


def _waiting(plans: QuerySet[Plan], *, to: int | None = None) -> list[Waiting]:
    """Eight statements, however many plans."""
    found = views_of(plans[:MOST])
    ids = [each.id for each in found]
    decided = Assignment.objects.filter(plan__in=ids)
    if to is not None:
        decided = decided.filter(person=to, is_orphan=False)
    units = _counted(decided)
    said = Remark.objects.filter(plan__in=ids, kind="objection")
    objections = _counted(said)
    stand = standings(plans=ids)
    names = people(ids={holder for each in found for holder in each.holders})
    return [
        Waiting(
            plan=each,
            leavers=[names[holder].name for holder in each.holders],
            units=units.get(each.id, 0),
            objections=objections.get(each.id, 0),
            standing=stand[each.id],
        )
        for each in found
    ]


MOST = 50
"""Plans of a list."""


def _counted(rows: "QuerySet[Assignment] | QuerySet[Remark]") -> dict[int, int]:
    """How many rows each plan has."""
    counted = rows.order_by().values("plan_id").annotate(many=Count("*"))
    return {each["plan_id"]: each["many"] for each in counted}
