"""The pages of departures: the list, one case, and the receipts of what was done in it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from legato.departures import queries
from legato.people.queries import Someone
from legato.people.views import page
from legato.planning.queries import as_csv, as_json
from legato.web.paging import asked_page


@page
def cases(request: HttpRequest, viewer: Someone) -> HttpResponse:
    shown = {"viewer": viewer, "shown": queries.overview(viewer)}
    return render(request, "departures/cases.html", shown)


@page
def case(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    number = asked_page(request)
    found = queries.case_page(viewer, case_id=case_id, page=number, now=timezone.now())
    return render(request, "departures/case.html", {"viewer": viewer, "shown": found})


@page
def receipt(request: HttpRequest, viewer: Someone, entry_id: int) -> HttpResponse:
    found = queries.receipt_page(viewer, entry_id=entry_id, page=asked_page(request))
    return render(request, "departures/receipt.html", {"viewer": viewer, "shown": found})


@page
def receipt_csv(request: HttpRequest, viewer: Someone, entry_id: int) -> HttpResponse:
    rows = queries.whole_receipt(viewer, entry_id=entry_id)
    return _download(as_csv(rows), name=f"receipt-{entry_id}.csv", kind="text/csv")


@page
def receipt_json(request: HttpRequest, viewer: Someone, entry_id: int) -> HttpResponse:
    rows = queries.whole_receipt(viewer, entry_id=entry_id)
    text = as_json(rows, entry_id=entry_id)
    return _download(text.encode(), name=f"receipt-{entry_id}.json", kind="application/json")


def _download(content: bytes, *, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8", headers=headers)
