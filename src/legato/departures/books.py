"""The pages of books: what is in a departure's, and what one has oneself."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import push_url

from legato.books.tongues import tongues
from legato.departures import operations
from legato.departures.queries.books import BookPage, case_book, own_book, selected
from legato.departures.queries.giving import GIVERS, check_gives, give_page
from legato.people.queries import Someone
from legato.people.views import act, page
from legato.web.acting import Done, done, key_of
from legato.web.asked import number
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
    people = (
        {row.owner for row in rows}
        | {by for *_rest, by in found.kept if by}
        | ({found.case.person} if found.case else set())
    )
    return {
        "viewer": viewer,
        "shown": found,
        "rows": [(row, found.groups.get(row.record)) for row in rows],
        "columns": 1 + (viewer.role in GIVERS) + len(found.shape.columns) - len(found.state.hidden),
        "spots": [
            Spot(
                days=each.days, chance=each.chance, heat=each.heat, count=each.count,
                value=float(each.value), name=each.name if each.count == 1 else "",
            )
            for each in found.spots or ()
        ],
        "list_first": bool({"due", "next"} & found.state.chosen.keys()),
        "state": parse_qsl(query_of(found.state, found.shape).removeprefix("?")),
        "hidden": found.state.hidden,
        "gives": viewer.role in GIVERS,
        "tools": tools(found.state, found.shape, kept=found.kept),
        "tongues": tongues(people=people, records={row.record for row in rows}),
    }  # fmt: skip


def _give_page(request: HttpRequest, viewer: Someone) -> HttpResponse:
    check_gives(viewer)
    asked = request.POST or request.GET
    chosen = selected(viewer, query=dict(asked.lists()), now=timezone.now())
    found = give_page(
        viewer, records=chosen, to=_person(asked), along=bool(asked.get("along")),
        now=timezone.now(),
    )  # fmt: skip
    owners = found.owners
    shown = {
        "viewer": viewer,
        "shown": found,
        "along": asked.get("along"),
        "to": _person(asked),
        "first": [(each, owners[each.owner]) for each in found.first],
        "kept": [(name, value) for name, values in asked.lists() for value in values
                 if name not in OWN_FIELDS],
        "tongues": tongues(
            people=set(owners.values()), records={each.record for each in found.first}
        ),
    }  # fmt: skip
    return render(request, "departures/give.html", shown)


OWN_FIELDS = ("csrfmiddlewaretoken", "key", "to", "along", "seen", "reason", "page", "picture")
"""What the form of giving writes itself; all else is the selection and stays with it."""


@act(shows=_give_page)
def give(request: HttpRequest, viewer: Someone) -> HttpResponse:
    """Gives what was chosen; back at the list it is said how many changed hands."""
    check_gives(viewer)
    asked, now = request.POST, timezone.now()
    given = operations.give(
        records=selected(viewer, query=dict(asked.lists()), now=now),
        to=_person(asked) or 0,
        along=bool(asked.get("along")),
        seen=number(asked.get("seen", "")) or 0,
        actor=viewer.id,
        now=now,
        reason=asked.get("reason", ""),
        key=key_of(request),
    )
    what = Done(
        kind="given", entry=given.entry, moved=given.moved, left=given.stayed, until=given.until
    )
    return done(request, what, to=_list_of(asked))


def _person(asked: QueryDict) -> int | None:
    return number(asked.get("to", ""))


def _list_of(asked: QueryDict) -> str:
    """The list that the selection was made in; everything of it, for what was chosen has gone."""
    case_id = number(asked.get("case", ""))
    if case_id is not None:
        return reverse("case_book", args=[case_id])
    return reverse("book") + ("?of=team" if asked.get("of") == "team" else "")
