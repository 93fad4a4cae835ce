"""What those see who are to receive by a plan, before anything moves: their part, and a say."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from legato.books.tongues import tongues
from legato.people.queries import Someone
from legato.people.views import act, page
from legato.planning import operations, queries
from legato.planning.views.board import load_of
from legato.web.acting import Done, done, key_of
from legato.web.paging import asked_page


@page
def plans(request: HttpRequest, viewer: Someone) -> HttpResponse:
    found = queries.coming_to(viewer)
    named = {name for each in found for name in (*each.leavers, each.plan.proposer)}
    context = {"viewer": viewer, "shown": found, "tongues": tongues(people=named)}
    return render(request, "planning/plans.html", context)


@page
def mine(request: HttpRequest, viewer: Someone, plan_id: int) -> HttpResponse:
    return _mine(request, viewer, plan_id)


def _mine(request: HttpRequest, viewer: Someone, plan_id: int) -> HttpResponse:
    found = queries.mine_page(viewer, plan_id=plan_id, page=asked_page(request))
    context = {
        "viewer": viewer,
        "shown": found,
        "loads": [load_of(found.share)],
        "tongues": tongues(
            people={viewer.name, found.plan.proposer, *found.leavers},
            records={each.unit for each in found.assignments.rows},
        ),
    }
    return render(request, "planning/mine.html", context)


@act(shows=_mine)
def object_to(request: HttpRequest, viewer: Someone, plan_id: int) -> HttpResponse:
    """An objection, which stays on the plan for who proposed it and who approves it."""
    entry = operations.object_to(
        plan_id=plan_id, actor=viewer.id, now=timezone.now(),
        text=request.POST.get("text", ""), key=key_of(request),
    )  # fmt: skip
    to = reverse("plan_mine", args=[plan_id])
    return done(request, Done(kind="plan_objection", entry=entry), to=to)
