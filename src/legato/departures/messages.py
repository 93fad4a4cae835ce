"""The pages of what people are told, and of how they want to be told."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from legato.books.tongues import tongues
from legato.connectors.files import table_bytes
from legato.departures.operations.taking import take_message
from legato.departures.queries import inbox as queries
from legato.departures.queries.inbox import Moved
from legato.domain.sight import sees_cases
from legato.people import operations as people
from legato.people.mailing import is_on
from legato.people.queries import Someone
from legato.people.views import act, page
from legato.web.acting import key_of
from legato.web.asked import number
from legato.web.news import headline, story
from legato.web.paging import asked_page

HEADERS = ("record", "kind", "name", "account", "owner_before", "owner_after")


def _messages_page(request: HttpRequest, viewer: Someone) -> HttpResponse:
    found = queries.inbox(viewer, page=asked_page(request))
    rows = [{"told": each, "headline": headline(each.kind, each.facts)}
            for each in found.messages.rows]  # fmt: skip
    actors = {each.actor for each in found.messages.rows if each.actor}
    shown = {"viewer": viewer, "shown": found, "rows": rows, "tongues": tongues(people=actors)}
    return render(request, "departures/messages.html", shown)


@page
def message(request: HttpRequest, viewer: Someone, message_id: int) -> HttpResponse:
    """One message; who has it before them has read it."""
    told, rows = queries.message(viewer, message_id=message_id, page=asked_page(request))
    if told.is_new:
        people.mark_read(message=told.id, reader=viewer.id, now=timezone.now())
    named = {name for row in rows.rows for name in (row.before, row.after)}
    sees_all = sees_cases(role=viewer.role, is_employed=viewer.is_employed)
    shown = {
        "viewer": viewer,
        "told": told,
        "rows": rows,
        "headline": headline(told.kind, told.facts),
        "story": story(told.kind, told.facts, actor=told.actor, until=told.interim_until),
        "plan_page": "plan" if sees_all else "plan_mine",
        "tongues": tongues(people=named, records={row.record for row in rows.rows}),
    }
    return render(request, "departures/message.html", shown)


@page
def message_csv(request: HttpRequest, viewer: Someone, message_id: int) -> HttpResponse:
    content = table_bytes(headers=HEADERS, rows=_taken(request, viewer, message_id))
    headers = {"Content-Disposition": f'attachment; filename="message-{message_id}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _taken(request: HttpRequest, viewer: Someone, message_id: int) -> list[list[str]]:
    """The rows, taken out with this; who asks for the headers alone takes none."""
    if request.method == "HEAD":
        queries.own_message(viewer, message_id=message_id)
        return []
    rows = take_message(viewer, message_id=message_id, now=timezone.now())
    return [_cells(row) for row in rows]


def _cells(row: Moved) -> list[str]:
    return [str(row.record), row.kind, row.name, row.account, row.before, row.after]


@act(shows=_messages_page)
def messages(request: HttpRequest, viewer: Someone) -> HttpResponse:
    """All have been read that were there when the page was asked for."""
    newest = number(request.POST.get("newest", "")) or 0
    people.mark_all_read(newest=newest, reader=viewer.id, now=timezone.now())
    answer = HttpResponseRedirect(reverse("messages"))
    answer.status_code = 303
    return answer


def _mail_again_page(request: HttpRequest, viewer: Someone, message_id: int) -> HttpResponse:
    told = queries.mail_of(viewer, message_id=message_id)
    shown = {"viewer": viewer, "told": told, "headline": headline(told.kind, told.facts)}
    return render(request, "departures/mail_again.html", shown)


@act(shows=_mail_again_page)
def mail_again(request: HttpRequest, viewer: Someone, message_id: int) -> HttpResponse:
    told = queries.mail_of(viewer, message_id=message_id)
    people.send_again(message=message_id, actor=viewer.id, now=timezone.now(), key=key_of(request))
    own = told.person == viewer.id
    return HttpResponseRedirect(reverse("message", args=[told.id]) if own else reverse("mails"))


def _settings_page(request: HttpRequest, viewer: Someone) -> HttpResponse:
    shown = {
        "viewer": viewer,
        "is_muted": queries.is_muted(viewer),
        "by_mail": queries.mailed(viewer),
        "is_on": is_on(),
        "sees_cases": sees_cases(role=viewer.role, is_employed=viewer.is_employed),
    }
    return render(request, "departures/settings.html", shown)


@act(shows=_settings_page)
def settings(request: HttpRequest, viewer: Someone) -> HttpResponse:
    """Whether the viewer wants mail."""
    wanted = request.POST.get("mail") == "yes"
    people.set_mail(wanted=wanted, actor=viewer.id, now=timezone.now())
    return HttpResponseRedirect(reverse("settings"))


@page
def mails(request: HttpRequest, viewer: Someone) -> HttpResponse:
    """What became of everybody's mail."""
    found = queries.mails(viewer, page=asked_page(request))
    rows = [(told, headline(told.kind, told.facts), to) for told, to in found.open.rows]
    names = {to.name for _told, _headline, to in rows}
    shown = {
        "viewer": viewer,
        "shown": found,
        "counts": sorted(found.counts.items()),
        "rows": rows,
        "tongues": tongues(people=names),
    }
    return render(request, "departures/mails.html", shown)
