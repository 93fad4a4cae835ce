"""What one does on the pages of a departure. GET says what an act would do, POST does it."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from legato.books.tongues import tongues
from legato.departures import operations, queries
from legato.departures.announcing import texts
from legato.departures.forms import (
    LONGEST,
    AnnouncementForm,
    OpenForm,
    ProtectForm,
    SignForm,
    given,
)
from legato.departures.operations.exporting import export
from legato.departures.protecting import defaults
from legato.domain.departure import Announcement
from legato.people.queries import Someone, policy
from legato.people.views import act
from legato.web.acting import Done, done, key_of
from legato.web.asked import number

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


def _opening_page(request: HttpRequest, viewer: Someone) -> HttpResponse:
    typed = given(request)
    found = queries.opening(viewer, person=_person_in(typed), now=timezone.now())
    form = _open_form(found, typed if request.method == "POST" else None)
    form.initial = typed
    shown = {
        "viewer": viewer,
        "shown": found,
        "form": form,
        "tongues": tongues(people={each.name for each in found.employees}),
    }
    return render(request, "departures/opening.html", shown)


def _open_form(found: queries.Opening, typed: dict[str, str] | None) -> OpenForm:
    """Whose departure is open already may be named again: the operation says what that means."""
    known = [*found.employees, *([found.chosen] if found.chosen else [])]
    names = [(each.id, each.name) for each in known]
    return OpenForm(typed, employees=names)


def _person_in(typed: dict[str, str]) -> int | None:
    return number(typed.get("person", ""))


@act(shows=_opening_page)
def open_case(request: HttpRequest, viewer: Someone) -> HttpResponse:
    """A departure begins; the page of today then waits for its book to be protected."""
    now = timezone.now()
    typed = request.POST.dict()
    found = queries.opening(viewer, person=_person_in(typed), now=now)
    form = _open_form(found, typed)
    if not form.is_valid() or found.chosen is None:
        return _wrong(_opening_page(request, viewer))
    opened = operations.open_case(
        person_id=form.cleaned_data["person"],
        announced=Announcement(**form.said),
        limits=form.limits,
        actor=viewer.id,
        now=now,
        reason=form.cleaned_data["reason"],
        key=key_of(request),
    )
    facts = {"name": found.chosen.name}
    what = Done(kind="case_opened", entry=opened.entry, facts=facts)
    return done(request, what, to=reverse("today"))


def _change_page(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    found = queries.open_one(viewer, case_id)
    form = AnnouncementForm(request.POST if request.method == "POST" else None)
    form.initial = asdict(found)
    shown = {
        "viewer": viewer,
        "case": found,
        "form": form,
        "tongues": tongues(people={found.person}),
    }
    return render(request, "departures/change.html", shown)


@act(shows=_change_page)
def change(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    """What is known of a departure is corrected, with all that hangs on it."""
    found, form = queries.open_one(viewer, case_id), AnnouncementForm(request.POST)
    if not form.is_valid():
        return _wrong(_change_page(request, viewer, case_id))
    changed = operations.change_case(
        case_id=case_id,
        said=form.said,
        actor=viewer.id,
        now=timezone.now(),
        reason=form.cleaned_data["reason"],
        key=key_of(request),
    )
    facts = {"name": found.person}
    what = Done(kind="case_changed", entry=changed.entry, moved=changed.covered or 0, facts=facts)
    return done(request, what, to=reverse("case", args=[case_id]))


def _withdrawal_page(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    found = queries.withdrawal(viewer, case_id=case_id)
    shown = {"viewer": viewer, "shown": found, "tongues": tongues(people={found.case.person})}
    return render(request, "departures/withdrawal.html", shown)


@act(shows=_withdrawal_page)
def withdraw(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    """The person stays."""
    found = queries.case(viewer, case_id)
    withdrawn = operations.withdraw(
        case_id=case_id,
        actor=viewer.id,
        now=timezone.now(),
        reason=reason_of(request),
        key=key_of(request),
    )
    facts = {"name": found.person}
    what = Done(kind="case_withdrawn", entry=withdrawn.entry, moved=withdrawn.returned, facts=facts)
    return done(request, what, to=reverse("case", args=[case_id]))


def _closing_page(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    found = queries.ending(viewer, case_id=case_id)
    shown = {"viewer": viewer, "shown": found, "tongues": tongues(people={found.case.person})}
    return render(request, "departures/closing.html", shown)


@act(shows=_closing_page)
def close(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    """Nothing live points to who left, or a person has signed for it."""
    found = queries.case(viewer, case_id)
    closed = operations.close_case(
        case_id=case_id,
        actor=viewer.id,
        now=timezone.now(),
        reason=reason_of(request),
        key=key_of(request),
    )
    what = Done(kind="case_closed", entry=closed.entry, facts={"name": found.person})
    return done(request, what, to=reverse("case", args=[case_id]))


@act(shows=_closing_page)
def sign(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    """Something that still points to who leaves may stand."""
    queries.open_one(viewer, case_id)
    form = SignForm(request.POST)
    form.is_valid()
    kind, one = form.named if "what" in form.cleaned_data else ("", None)
    signed = operations.sign(
        case_id=case_id,
        what=kind,
        number=one,
        actor=viewer.id,
        now=timezone.now(),
        reason=reason_of(request),
        key=key_of(request),
    )
    what = Done(kind="rest_signed", entry=signed.entry, moved=signed.count)
    return done(request, what, to=reverse("close_case", args=[case_id]))


def _file_page(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    found = queries.case(viewer, case_id)
    shown = {"viewer": viewer, "case": found, "tongues": tongues(people={found.person})}
    return render(request, "departures/file.html", shown)


@act(shows=_file_page)
def give_file(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    """The case's file; that it was given out is itself in it."""
    made, content = export(
        case_id=case_id,
        actor=viewer.id,
        now=timezone.now(),
        reason=reason_of(request),
        key=key_of(request),
    )
    name = f"case-{made.case}-{made.export}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/jsonl", headers=headers)


def _note_page(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    found = queries.note(viewer, case_id=case_id)
    shown = {
        "viewer": viewer,
        "shown": found,
        "texts": texts(found, sender=viewer.name),
        "tongues": tongues(people={found.case.person}),
    }
    return render(request, "departures/note.html", shown)


@act(shows=_note_page)
def tell_team(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    """The manager has told the team; that is noted, with when."""
    found = queries.note(viewer, case_id=case_id)
    entry = operations.note_told(
        case_id=case_id,
        actor=viewer.id,
        now=timezone.now(),
        reason=reason_of(request),
        key=key_of(request),
    )
    what = Done(kind="team_told", entry=entry, facts={"name": found.case.person})
    return done(request, what, to=back(request, case_id))


def reason_of(request: HttpRequest) -> str:
    return request.POST.get("reason", "")[:LONGEST]


def _wrong(response: HttpResponse) -> HttpResponse:
    response.status_code = WRONG
    return response


def back(request: HttpRequest, case_id: int) -> str:
    """Where the form was: on the case's page, or at the case on that of today."""
    if request.POST.get("back") == "case":
        return reverse("case", args=[case_id])
    return f"{reverse('today')}#case-{case_id}"
