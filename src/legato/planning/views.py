"""The page of a plan."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from legato.books.tongues import tongues
from legato.people.queries import Someone
from legato.people.views import page
from legato.planning.queries import PlanPage, Share, plan_page
from legato.planning.queries.flows import flows
from legato.web.charts.bars import Load
from legato.web.paging import asked_page


@page
def plan(request: HttpRequest, viewer: Someone, plan_id: int) -> HttpResponse:
    found = plan_page(viewer, plan_id=plan_id, page=asked_page(request))
    kind, _colon, number = found.plan.chain.partition(":")
    shown = {
        "viewer": viewer,
        "shown": found,
        "case_id": number if kind == "case" else "",
        "flows": flows(plan_id=plan_id),
        "loads": [_load(each) for each in found.shares],
        "tongues": _tongues(found),
    }
    return render(request, "planning/plan.html", shown)


def _load(share: Share) -> Load:
    return Load(
        name=share.name, before=share.load_before, after=share.load_after, capacity=share.capacity
    )


def _tongues(found: PlanPage) -> dict[str, str]:
    rows = found.assignments.rows
    named = {found.plan.proposer, found.plan.approver or "", *found.leavers, *found.names.values()}
    people = named | {each.name for each in found.shares} | {each.person for each in rows}
    return tongues(people=people, records={each.unit for each in rows})
