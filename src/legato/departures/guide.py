"""Short pages of the manual inside the product, in the reader's language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from legato.domain.errors import NotFound
from legato.people.queries import Someone
from legato.people.views import page

TOPICS = ("protect", "undo", "departure", "export")


@page
def guide(request: HttpRequest, viewer: Someone) -> HttpResponse:
    """What there is to read."""
    return render(request, "departures/guide.html", {"viewer": viewer, "topics": TOPICS})


@page
def guide_page(request: HttpRequest, viewer: Someone, topic: str) -> HttpResponse:
    if topic not in TOPICS:
        raise NotFound(what="page", name=topic)
    shown = {"viewer": viewer, "topic": topic, "topics": TOPICS}
    return render(request, f"departures/guide_{topic}.html", shown)
