"""The pages of departures: the list, one case, and the receipts of what was done in it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from legato.books.tongues import tongues
from legato.departures import queries
from legato.departures.operations.taking import take_receipt
from legato.departures.pictures import Course, course
from legato.departures.protecting import defaults
from legato.departures.today import Leaving, Today
from legato.departures.today import today as of_today
from legato.people.queries import Someone, policy
from legato.people.views import act, page
from legato.planning import operations as planning
from legato.planning.operations.undoing import UNDOABLE
from legato.planning.queries import ReceiptRow, as_csv, as_json
from legato.web.acting import Done, done, key_of
from legato.web.paging import asked_page


@page
def today(request: HttpRequest, viewer: Someone) -> HttpResponse:
    now = timezone.now()
    found = of_today(viewer, now=now)
    leaving = [
        (each, course(each.case, plans=each.plans, now=now), _protecting(each, found))
        for each in found.leaving
    ]
    shown = {
        "viewer": viewer,
        "shown": found,
        "leaving": leaving,
        "tongues": _today_tongues(found),
    }
    return render(request, "departures/today.html", shown)


def _protecting(each: Leaving, found: Today) -> dict[str, str]:
    return defaults(each.case, by=None, days=found.cover_days)


def _today_tongues(found: Today) -> dict[str, str]:
    burning = [row for each in found.leaving for row in each.watch.first]
    covering = {cover.name for each in found.leaving for cover in each.watch.covering}
    could = {one.name for each in found.leaving for one in each.caretakers}
    named = {each.case.person for each in found.leaving}
    people = named | could | covering | {row.owner for row in burning}
    return tongues(people=people, records={row.record for row in burning})


@page
def cases(request: HttpRequest, viewer: Someone) -> HttpResponse:
    found = queries.overview(viewer)
    names = {line.case.person for line in found.lines}
    shown = {"viewer": viewer, "shown": found, "tongues": tongues(people=names)}
    return render(request, "departures/cases.html", shown)


@page
def case(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    now = timezone.now()
    found = queries.case_page(viewer, case_id=case_id, now=now)
    shown = {
        "viewer": viewer,
        "shown": found,
        "course": _course(found, now),
        "until": now,
        "tongues": _case_tongues(found),
    }
    return render(request, "departures/case.html", shown)


def _course(found: queries.CasePage, now: datetime) -> Course:
    done = [each.at for each in found.happened]
    return course(found.case, plans=found.plans, done=done, now=now)


def _case_tongues(found: queries.CasePage) -> dict[str, str]:
    rows = found.burning.rows
    acted = {each.actor for each in found.happened if each.actor}
    planned = {name for each in found.plans for name in (each.proposer, each.approver) if name}
    people = {found.case.person, found.case.opened_by} | acted | planned
    owners = {each.owner for each in rows}
    return tongues(people=people | owners, records={each.record for each in rows})


@page
def receipt(request: HttpRequest, viewer: Someone, entry_id: int) -> HttpResponse:
    found = queries.receipt_page(viewer, entry_id=entry_id, page=asked_page(request))
    rows = found.rows.rows
    owners = {name for row in rows for name in (row.owner_before, row.owner_after)}
    people = owners | {name for name in (found.happening.actor, _leaver(found)) if name}
    shown = {
        "viewer": viewer,
        "shown": found,
        "undo_until": _undo_until(found),
        "tongues": tongues(people=people, records={row.record for row in rows}),
    }
    return render(request, "departures/receipt.html", shown)


def _undo_until(found: queries.ReceiptPage) -> datetime | None:
    """Until when it can be taken back; None where it cannot, or no longer."""
    until = found.happening.at + policy().undo_window
    is_undoable = found.happening.kind in UNDOABLE and timezone.now() < until
    return until if is_undoable else None


def _leaver(found: queries.ReceiptPage) -> str:
    return found.case.person if found.case else ""


def _undo_page(request: HttpRequest, viewer: Someone, entry_id: int) -> HttpResponse:
    found = queries.undo_page(viewer, entry_id=entry_id)
    kept = found.kept
    shown = {
        "viewer": viewer,
        "shown": found,
        "hours_left": max(0, int((found.until - timezone.now()).total_seconds() // 3600)),
        "tongues": tongues(
            people=set(kept.names.values()), records={row.record for row in kept.kept}
        ),
    }
    return render(request, "departures/undo.html", shown)


@act(shows=_undo_page)
def undo(request: HttpRequest, viewer: Someone, entry_id: int) -> HttpResponse:
    """Takes the entry back; the page of the receipt then says what became of it."""
    undone = planning.undo(
        entry_id=entry_id,
        actor=viewer.id,
        now=timezone.now(),
        reason=request.POST.get("reason", ""),
        key=key_of(request),
    )
    what = Done(
        kind="undo",
        entry=undone.undo,
        moved=undone.restored,
        left=len(undone.conflicts),
        until=timezone.now() + policy().undo_window,
    )
    return done(request, what, to=reverse("receipt", args=[undone.undo]))


@page
def receipt_csv(request: HttpRequest, viewer: Someone, entry_id: int) -> HttpResponse:
    rows = _taken(request, viewer, entry_id)
    return _download(as_csv(rows), name=f"receipt-{entry_id}.csv", kind="text/csv")


@page
def receipt_json(request: HttpRequest, viewer: Someone, entry_id: int) -> HttpResponse:
    rows = _taken(request, viewer, entry_id)
    text = as_json(rows, entry_id=entry_id)
    return _download(text.encode(), name=f"receipt-{entry_id}.json", kind="application/json")


def _taken(request: HttpRequest, viewer: Someone, entry_id: int) -> list[ReceiptRow]:
    """The rows, taken out with this; who asks for the headers alone takes none."""
    if request.method == "HEAD":
        queries.receipt_page(viewer, entry_id=entry_id, page=1)
        return []
    return take_receipt(viewer, entry_id=entry_id, now=timezone.now())


def _download(content: bytes, *, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8", headers=headers)
