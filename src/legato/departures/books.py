"""The pages of books: what is in a departure's, and what one has oneself."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django_htmx.http import push_url

from legato.books.tongues import tongues
from legato.departures.queries.books import BookPage, case_book, own_book
from legato.people.queries import Someone
from legato.people.views import page
from legato.web.charts.scatter import Spot
from legato.web.lists import query_of, tools
from legato.web.paging import asked_page


@page
def of_case(request: HttpRequest, viewer: Someone, case_id: int) -> HttpResponse:
    found = case_book(
        viewer,
        case_id=case_id,
        query=dict(request.GET.lists()),
        page=asked_page(request),
        now=timezone.now(),
    )
    return _answer(request, viewer, found)


@page
def own(request: HttpRequest, viewer: Someone) -> HttpResponse:
    found = own_book(
        viewer, query=dict(request.GET.lists()), page=asked_page(request), now=timezone.now()
    )
    return _answer(request, viewer, found)


def _answer(request: HttpRequest, viewer: Someone, found: BookPage) -> HttpResponse:
    answer = render(request, "departures/book.html", _shown(viewer, found))
    if found.records.number == 1 and not request.GET.get("picture"):
        push_url(answer, f"{request.path}{query_of(found.state, found.shape)}")
    return answer


def _shown(viewer: Someone, found: BookPage) -> Mapping[str, Any]:
    rows = found.records.rows
    people = {row.owner for row in rows} | ({found.case.person} if found.case else set())
    return {
        "viewer": viewer,
        "shown": found,
        "rows": [(row, found.groups.get(row.record)) for row in rows],
        "columns": 1 + len(found.shape.columns) - len(found.state.hidden),
        "spots": [
            Spot(
                days=each.days, chance=each.chance, heat=each.heat, count=each.count,
                value=float(each.value), name=each.name if each.count == 1 else "",
            )
            for each in found.spots or ()
        ],
        "list_first": bool({"due", "next"} & found.state.chosen.keys()),
        "tools": tools(found.state, found.shape),
        "tongues": tongues(people=people, records={row.record for row in rows}),
    }  # fmt: skip
