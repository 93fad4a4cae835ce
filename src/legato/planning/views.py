"""The page of a plan."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from legato.people.queries import Someone
from legato.people.views import page
from legato.planning.queries import plan_page
from legato.web.paging import asked_page


@page
def plan(request: HttpRequest, viewer: Someone, plan_id: int) -> HttpResponse:
    found = plan_page(viewer, plan_id=plan_id, page=asked_page(request))
    kind, _colon, number = found.plan.chain.partition(":")
    shown = {"viewer": viewer, "shown": found, "case_id": number if kind == "case" else ""}
    return render(request, "planning/plan.html", shown)
