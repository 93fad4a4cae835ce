"""What one does on the pages of a departure. GET says what an act would do, POST does it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from legato.books.tongues import tongues
from legato.departures import operations, queries
from legato.departures.forms import ProtectForm, given
from legato.departures.protecting import defaults
from legato.people.queries import Someone, policy
from legato.people.views import act
from legato.web.acting import Done, done, key_of

WRONG = 422
"""What was typed cannot be read; the page says which part."""


def _protection_page(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    found = queries.protection(viewer, case_id=case_id, now=timezone.now())
    could = [each.person for each in found.caretakers]
    typed = given(request)
    form = ProtectForm(
        typed
        if "by" in typed
        else defaults(found.case, by=next(iter(could), None), days=found.cover_days),
        could=could,
    )
    form.is_valid()
    by = form.cleaned_data.get("by") or next(iter(could), 0)
    shown = {
        "viewer": viewer,
        "shown": found,
        "form": form,
        "chosen": next((each for each in found.caretakers if each.person == by), None),
        "moves": found.moves.get(by, 0),
        "kept": found.kept.get(by, []),
        "tongues": tongues(people={found.case.person} | {each.name for each in found.caretakers}),
    }
    return render(request, "departures/protection.html", shown)


@act(shows=_protection_page)
def protect(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    """An interim owner and the leaver's limits, in one step."""
    now = timezone.now()
    found = queries.protection(viewer, case_id=case_id, now=now)
    form = ProtectForm(request.POST, could=[each.person for each in found.caretakers])
    if not form.is_valid():
        return _wrong(_protection_page(request, viewer, case_id))
    protected = operations.protect(
        case_id=case_id,
        by=form.cleaned_data["by"],
        until=form.until_instant,
        limits=form.limits,
        actor=viewer.id,
        now=now,
        reason=form.cleaned_data["reason"],
        key=key_of(request),
    )
    what = Done(
        kind="protect",
        entry=protected.cover,
        moved=protected.records,
        until=now + policy().undo_window,
        facts={"name": _name_of(found.caretakers, protected.by)},
    )
    return done(request, what, to=back(request, case_id))


def _name_of(could: list[queries.Caretaker], person: int) -> str:
    return next(each.name for each in could if each.person == person)


def _wrong(response: HttpResponse) -> HttpResponse:
    response.status_code = WRONG
    return response


def back(request: HttpRequest, case_id: int) -> str:
    """Where the form was: on the case's page, or on that of today."""
    if request.POST.get("back") == "case":
        return reverse("case", args=[case_id])
    return reverse("today")
