"""The pages on which somebody keeps a way of looking at a list, changes it, or lets it go."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from legato.books import looks
from legato.books.looks import LONGEST_NAME, LONGEST_QUERY, own_look
from legato.people.queries import Someone
from legato.people.views import act
from legato.web.acting import key_of


def _new_page(request: HttpRequest, viewer: Someone) -> HttpResponse:
    asked = request.GET.copy()
    asked.pop("back", None)
    query = request.POST.get("query") or asked.urlencode()
    return _form(request, viewer, query=query[:LONGEST_QUERY], look=None)


def _look_page(request: HttpRequest, viewer: Someone, look_id: int) -> HttpResponse:
    return _form(request, viewer, look=own_look(viewer=viewer.id, look=look_id))


def _form(
    request: HttpRequest, viewer: Someone, *, look: looks.Kept | None, query: str = ""
) -> HttpResponse:
    typed = request.POST if request.method == "POST" else None
    shown = {
        "viewer": viewer,
        "look": look,
        "query": query,
        "back": request.POST.get("back") or request.GET.get("back", ""),
        "name": typed.get("name", "") if typed is not None else look.name if look else "",
        "is_shared": "shared" in typed if typed is not None else look and look.is_shared,
        "is_pinned": "pinned" in typed if typed is not None else look is None or look.is_pinned,
        "longest": LONGEST_NAME,
    }
    return render(request, "departures/look.html", shown)


@act(shows=_new_page)
def new_look(request: HttpRequest, viewer: Someone) -> HttpResponse:
    query = request.POST.get("query", "")
    _keep(request, viewer, look=None, query=query)
    return _back(request, query)


@act(shows=_look_page)
def look(request: HttpRequest, viewer: Someone, look_id: int) -> HttpResponse:
    """Changes it, or with the button of that name keeps it no longer."""
    kept = own_look(viewer=viewer.id, look=look_id)
    if "remove" in request.POST:
        looks.remove(
            look=look_id, actor=viewer.id, now=timezone.now(), reason="", key=key_of(request)
        )
        return _back(request, "")
    _keep(request, viewer, look=look_id, query=kept.query)
    return _back(request, kept.query)


def _keep(request: HttpRequest, viewer: Someone, *, look: int | None, query: str) -> None:
    looks.keep(
        look=look,
        name=request.POST.get("name", ""),
        query=query,
        is_shared="shared" in request.POST,
        is_pinned="pinned" in request.POST,
        actor=viewer.id,
        now=timezone.now(),
        reason="",
        key=key_of(request),
    )


def _back(request: HttpRequest, query: str) -> HttpResponse:
    """The list that the viewer came from, else their own, looked at in that way."""
    path = request.POST.get("back", "")
    if not path.startswith("/") or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        path = reverse("book")
    answer = HttpResponseRedirect(f"{path}?{query}" if query else path)
    answer.status_code = 303
    return answer
