"""The allocation board: a plan with all that people weigh, change and say before it is decided."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from legato.books.operations import KeptBack, first_kept_back
from legato.domain.policy import Policy
from legato.people.queries import Someone, people, policy
from legato.planning.queries.assignments import ALL, Only
from legato.planning.queries.by_hand import ByHand, by_hand
from legato.planning.queries.comparing import Comparison, comparison
from legato.planning.queries.pages import PlanPage, of_own_book, plan_page, seen_plan
from legato.planning.queries.plans import PlanView, versions
from legato.planning.queries.receivers import receivers
from legato.planning.queries.remarks import RemarkView, remarks
from legato.planning.queries.standing import Standing, standing, who_may_approve
from legato.planning.queries.why import Lacking, lacking_of
from legato.web.asked import number
from legato.web.paging import SIZE

FIRST_CHANGES = 8
"""How many units that go elsewhere than by the parent are named; the comparison has more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the plan was asked for. ``tolerance`` is in per cent of a share, None for that of the
    rules; ``pinned`` says which persons units are locked to."""

    weights: dict[str, int]
    tolerance: float | None
    keeps_choices: bool
    pinned: dict[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What an undo of an entry would leave as it is: the first of so many, with the names of people
    by id."""

    kept: list[KeptBack]
    count: int
    names: dict[int, str]

    @property
    def more(self) -> int:
        return self.count - len(self.kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    page: PlanPage
    asked: Asked
    remarks: list[RemarkView]
    approvers: dict[int, str]
    """Who may approve it, by id; of a plan that is decided nobody."""
    versions: list[PlanView]
    """All plans for the same books, the latest first; without a parent that may not be seen."""
    against: Comparison | None
    """The plan it was made from, at the left, and this one."""
    since: Since | None
    """Of a plan that is carried out."""
    lacking: Lacking | None
    """Where somebody is missing for some of it."""
    excluded: dict[int, str]
    """Who was left out of it, by id."""
    standing: Standing | None
    """Of a plan that nobody has carried out."""
    later: PlanView | None
    """The latest plan for the same books and no others, if that is another one."""
    hand: ByHand
    receivers: dict[int, str]
    """Who could receive something of it, by id."""


def board(viewer: Someone, *, plan_id: int, page: int, only: Only = ALL) -> Board:
    """Raises `NotFound` also where the plan may not be seen."""
    shown = plan_page(viewer, plan_id=plan_id, page=page, only=only)
    plan = shown.plan
    is_open = plan.state in ("proposed", "sent")
    rules = policy()
    found = _made(viewer, versions(books=plan.books) if plan.books else [plan])
    parent = next(each.parent for each in found if each.id == plan_id)
    return Board(
        page=shown,
        asked=asked_of(plan, rules=rules),
        remarks=remarks(plan_id=plan_id),
        approvers=who_may_approve(plan_id=plan_id) if is_open else {},
        versions=found,
        against=comparison(plans=(parent, plan_id), limit=FIRST_CHANGES) if parent else None,
        lacking=lacking_of(plan),
        excluded={
            each.id: each.name for each in people(ids=set(plan.options["excluded"])).values()
        },
        standing=standing(plan_id=plan_id, state=plan.state),
        later=next((each for each in found if each.id == shown.latest != plan_id), None),
        hand=by_hand(plan, rules=rules),
        receivers=receivers(plan_id=plan_id),
        since=since(plan.commit) if plan.commit and plan.state == "committed" else None,
    )


def _made(viewer: Someone, plans: Sequence[PlanView]) -> list[PlanView]:
    """Those for the same books may be seen as the plan itself; only others are asked about."""
    others = {each.parent for each in plans if each.parent} - {each.id for each in plans}
    hidden = of_own_book(viewer, plans=others)
    return [replace(each, parent=None) if each.parent in hidden else each for each in plans]


def asked_of(plan: PlanView, *, rules: Policy) -> Asked:
    said = plan.options
    tolerance = said.get("tolerance")
    return Asked(
        weights={**asdict(rules.fit), **said["weights"]},
        tolerance=None if tolerance is None else tolerance / 10,
        keeps_choices=said.get("origin") is not None,
        pinned=_pinned(said["pins"]),
    )


def _pinned(pins: list[Any]) -> dict[int, int]:
    """Units locked by their number, as pages do; what commands pinned by name says so itself."""
    return {
        unit: who
        for name, who in pins
        if name.startswith("#") and (unit := number(name[1:])) is not None
    }


def since(entry: int) -> Since:
    kept, count = first_kept_back(undone=entry, limit=SIZE)
    ids = {each.owner for each in kept} | {each.by for each in kept if each.by is not None}
    return Since(
        kept=kept, count=count, names={each.id: each.name for each in people(ids=ids).values()}
    )


def compared(viewer: Someone, *, plans: tuple[int, int], page: int) -> Comparison:
    """Two plans that may both be seen, side by side. Raises `NotFound`."""
    for each in plans:
        seen_plan(viewer, plan_id=each)
    return comparison(plans=plans, limit=SIZE, page=page)
