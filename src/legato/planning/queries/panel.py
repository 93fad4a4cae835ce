"""The commit panel: what is checked, what gets worse, what cannot be taken back, who decides."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from legato.people.queries import Someone, people, policy
from legato.planning.queries.by_hand import ByHand, by_hand
from legato.planning.queries.pages import Figures, figures_of, seen_plan
from legato.planning.queries.plans import PlanView, latest_plan
from legato.planning.queries.remarks import RemarkView, remarks
from legato.planning.queries.shares import Share, shares
from legato.planning.queries.standing import Standing, differing, standing, who_may_approve

NAMED_AT_MOST = 20
FULL = 0.9
"""From this part of the capacity on somebody is said to be full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """An invariant: ``good`` of ``all`` rows keep it."""

    code: str
    good: int
    all: int

    @property
    def holds(self) -> bool:
        return self.good == self.all


@dataclass(frozen=True, slots=True, kw_only=True)
class Worse:
    """How many of how many units or people are worse off than before."""

    code: str
    count: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    plan: PlanView
    latest: int
    leavers: list[str]
    units: int
    moved: int
    figures: Figures
    shares: list[Share]
    checks: list[Check]
    worse: list[Worse]
    differences: list[dict[str, Any]]
    """The first records that are no longer what the plan was made from."""
    undo_window: timedelta
    remarks: list[RemarkView]
    approvers: dict[int, str]
    standing: Standing | None
    """Of a plan that nobody has carried out."""
    hand: ByHand

    @property
    def holds(self) -> bool:
        return all(each.holds for each in self.checks)


# What changes hands, and whether who gets it is there, is not kept from it, and does not leave.
CHECKED = """
SELECT count(*),
       count(DISTINCT m.record_id) FILTER (WHERE p.is_employed),
       count(*) FILTER (WHERE m.new_owner_id NOT IN (
           SELECT b.holder_id FROM planning_planbook l JOIN books_book b ON b.id = l.book_id
           WHERE l.plan_id = m.plan_id)),
       count(*) FILTER (WHERE a.is_orphan OR NOT EXISTS (
           SELECT FROM people_hold h WHERE h.person_id = p.id AND h.released_at IS NULL)),
       count(*) FILTER (WHERE m.new_owner_id <> m.expected_owner_id OR m.is_covered)
FROM planning_move m
JOIN people_person p ON p.id = m.new_owner_id
JOIN planning_assignment a ON a.plan_id = m.plan_id AND a.unit_id = m.unit_id
WHERE m.plan_id = %(plan)s
"""
WORSE = """
SELECT count(*), count(*) FILTER (WHERE a.heat = 'hot'),
       count(*) FILTER (WHERE a.heat = 'hot' AND NOT EXISTS (
           SELECT FROM jsonb_array_elements(a.reason -> 'facts') f WHERE f ->> 0 = 'fit.tie')),
       count(*) FILTER (WHERE NOT EXISTS (
           SELECT FROM jsonb_array_elements(a.reason -> 'facts') f WHERE f ->> 0 = 'fit.tie')),
       count(*) FILTER (WHERE a.is_orphan), count(*) FILTER (WHERE NOT a.value_known)
FROM planning_assignment a WHERE a.plan_id = %(plan)s
"""


def panel(viewer: Someone, *, plan_id: int) -> Panel:
    """Raises `NotFound` also where the plan may not be seen."""
    plan = seen_plan(viewer, plan_id=plan_id)
    differences = differing(plan_id=plan_id) if plan.commit is None else []
    everybody = people(ids=set(plan.holders))
    got = shares(plan_id=plan_id)
    total, employed, staying, free, moved = _row(CHECKED, plan_id)
    units, *worse = _row(WORSE, plan_id)
    return Panel(
        plan=plan,
        latest=latest_plan(books=plan.books) or plan_id,
        leavers=[everybody[each].name for each in plan.holders],
        units=units,
        moved=moved,
        figures=figures_of(plan.certificate),
        shares=got,
        checks=[
            Check(code="one_owner", good=employed, all=total),
            Check(code="not_to_leaver", good=staying, all=total),
            Check(code="not_held", good=free, all=total),
            Check(code="room", good=sum(map(_fits, got)), all=len(got)),
            Check(code="as_planned", good=max(0, total - len(differences)), all=total),
            Check(code="same_rules", good=int(plan.policy_version == policy().version), all=1),
        ],
        worse=_worse(units, worse, got),
        differences=differences[:NAMED_AT_MOST],
        undo_window=policy().undo_window,
        remarks=remarks(plan_id=plan_id),
        approvers=who_may_approve(plan_id=plan_id),
        standing=standing(plan_id=plan_id, state=plan.state),
        hand=by_hand(plan, rules=policy()),
    )


def _fits(share: Share) -> bool:
    return share.load_after <= max(share.capacity, share.load_before)


def _worse(units: int, counted: list[int], got: list[Share]) -> list[Worse]:
    hot, hot_strangers, strangers, orphans, unknown = counted
    full = [each for each in got if each.capacity and each.load_after > FULL * each.capacity]
    found = [
        Worse(code="hot_strangers", count=hot_strangers, of=hot),
        Worse(code="strangers", count=strangers, of=units),
        Worse(code="full", count=len(full), of=len(got)),
        Worse(code="orphans", count=orphans, of=units),
        Worse(code="unknown_value", count=unknown, of=units),
    ]
    return [each for each in found if each.count]


def _row(query: str, plan_id: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"plan": plan_id})
        return [int(each) for each in cursor.fetchone()]


def may_decide(viewer: Someone, found: Panel) -> bool:
    """Whether the viewer may say yes or no to the plan now."""
    is_dead = found.standing is not None and found.standing.is_dead
    is_open = found.plan.state in ("proposed", "sent") and not is_dead
    return is_open and viewer.id in found.approvers
