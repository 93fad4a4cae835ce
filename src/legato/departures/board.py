"""Plans made from pages: the first one of a case, and another one from a plan one looks at."""

from dataclasses import asdict, replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from legato.books.queries import names_of
from legato.books.tongues import tongues
from legato.departures import operations
from legato.departures.forms import PlanForm
from legato.departures.queries.prospect import planned_again, prospect
from legato.domain.errors import Refused
from legato.people.queries import Someone, people
from legato.people.views import act
from legato.planning.forms import WhatIf, left_out_of, locks_of
from legato.planning.operations import Once, Options, again, inheriting, options_from
from legato.planning.queries.standing import is_dead
from legato.planning.views.board import shown as shown_board
from legato.web.acting import key_of
from legato.web.wording import Names, ids_in

UNREADABLE = 422


def _prospect(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    found = prospect(viewer, case_id=case_id, now=timezone.now())
    context = {
        "viewer": viewer,
        "shown": found,
        "form": PlanForm(request.POST if request.method == "POST" else None),
        "tongues": tongues(people={found.case.person}),
    }
    return render(request, "departures/plan.html", context)


@act(shows=_prospect)
def plan_case(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    """Proposes who takes what; moves nothing."""
    found = prospect(viewer, case_id=case_id, now=timezone.now())
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _unreadable(_prospect(request, viewer, case_id))
    earlier = found.latest
    options = Options() if earlier is None else options_from(earlier.options)
    until = form.until_instant
    returns = until is not None and found.case.kind == "leave"  # To who is away for a time only.
    options = replace(options, until=until, returns=returns)
    options = inheriting(options, from_plan=options)
    return _made(request, viewer, cases=[case_id], options=options)


def _unreadable(answer: HttpResponse) -> HttpResponse:
    answer.status_code = UNREADABLE
    return answer


@act(shows=shown_board)
def plan_again(request: HttpRequest, viewer: Someone, plan_id: int) -> HttpResponse:
    """Makes another plan from this one, with other weights and other locks. A plan is never
    changed."""
    earlier, cases = planned_again(viewer, plan_id=plan_id)
    form, locks = WhatIf(request.POST), locks_of(request.POST)
    if not form.is_valid():
        return _unreadable(shown_board(request, viewer, plan_id))
    before = options_from(earlier.options)
    options = again(
        before,
        weights=form.weights(),
        tolerance=form.thousandths(),
        looked_at=locks.looked_at,
        pins=locks.pins,
        excluded=left_out_of(request.POST),
        origin=plan_id if form.cleaned_data["keep"] else None,
    )
    if is_dead(plan_id=plan_id, state=earlier.state):
        options = inheriting(options, from_plan=before)
    return _made(request, viewer, cases=cases, options=options, parent=plan_id)


def _names(refused: Refused) -> Names:
    """What the record and the person of a refusal are called."""
    found = ids_in(refused.facts).values()
    known = people(ids={number for what, number in found if what == "person"})
    return Names(
        records=names_of(records={number for what, number in found if what == "record"}),
        people={each.id: each.name for each in known.values()},
    )


def _made(
    request: HttpRequest,
    viewer: Someone,
    *,
    cases: list[int],
    options: Options,
    parent: int | None = None,
) -> HttpResponse:
    """The board of the new plan."""
    asked = {"plan": cases, "options": asdict(options), "actor": viewer.id}
    try:
        made = operations.plan(
            cases=cases,
            options=options,
            actor=viewer.id,
            now=timezone.now(),
            reason=request.POST.get("reason", ""),
            parent=parent,
            once=Once(key=key_of(request), asked=asked),
        )
    except Refused as refused:
        request.names = _names(refused)  # type: ignore[attr-defined]
        raise
    answer = HttpResponseRedirect(reverse("plan", args=[made.plan]))
    answer.status_code = 303
    return answer
