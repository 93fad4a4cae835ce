"""The pages of the history: what happened, as far as one may see it, and whether it holds."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _
from django_htmx.http import push_url

from legato.books.tongues import tongues
from legato.connectors.files import guarded
from legato.departures.queries import auditing as queries
from legato.departures.queries.auditing import Choices, Line
from legato.ledger.operations import ask_verification
from legato.ledger.queries import Verified
from legato.people.queries import Someone
from legato.people.views import act, page
from legato.web import history
from legato.web.lists import Asked, Choice, Filter, Shape, View, asked, query_of, tools
from legato.web.paging import asked_page
from legato.web.progress import Progress

COLUMNS = ("entry", "at", "recorded_at", "by", "kind", "what", "why", "about", "sha256")


def shape_of(found: Choices) -> Shape:
    """What the list can be narrowed to, in words."""
    people = [
        Choice(value=str(number), label=name, chip=_("by %(who)s") % {"who": name})
        for number, name in found.people
    ]
    cases = [
        Choice(value=str(number), label=name, chip=_("departure of %(who)s") % {"who": name})
        for number, name in found.cases
    ]
    groups = [Choice(value=g, label=history.group(g), chip=history.group(g)) for g in found.groups]
    return Shape(
        filters=(
            Filter(name="what", label=pgettext("a filter", "What"), choices=tuple(groups)),
            Filter(name="by", label=_("By whom"), choices=tuple(people)),
            Filter(name="case", label=_("Departure of"), choices=tuple(cases)),
            Filter(name="from", label=_("From day"), is_day=True, chip=_("from %(day)s")),
            Filter(name="to", label=_("To day"), is_day=True, chip=_("to %(day)s")),
        ),
        orders=(Choice(value="latest", label=_("Latest first")),),
        columns=(),
        views=(
            View(label=_("Everything"), chosen={}),
            View(label=history.group("owners"), chosen={"what": "owners"}),
        ),
        can_search=False,
    )


def asked_of(state: Asked) -> queries.Asked:
    """The list's state as the query has it; days are the reader's own."""
    chosen = state.chosen
    until = _midnight(chosen.get("to"))
    return queries.Asked(
        actor=int(chosen["by"]) if "by" in chosen else None,
        case=int(chosen["case"]) if "case" in chosen else None,
        group=chosen.get("what"),
        since=_midnight(chosen.get("from")),
        until=until + timedelta(days=1) if until else None,
    )


def _midnight(day: str | None) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(date.fromisoformat(day), time(), timezone.get_current_timezone())


@page
def audit(request: HttpRequest, viewer: Someone) -> HttpResponse:
    now, shape = timezone.now(), shape_of(queries.choices(viewer))
    state = asked(dict(request.GET.lists()), shape)
    found = queries.audit(viewer, asked=asked_of(state), page=asked_page(request), now=now)
    query = query_of(state, shape)
    shown = {
        "viewer": viewer,
        "shown": found,
        "progress": _progress(found.chain.verifying, now),
        "tools": tools(state, shape),
        "query": query,
        "tongues": tongues(people=_names(found.lines.rows)),
    }
    answer = render(request, "departures/audit.html", shown)
    if found.lines.number == 1:  # Scripts ask for it with every field of the form.
        push_url(answer, f"{request.path}{query}")
    return answer


def _names(rows: Sequence[Line]) -> set[str]:
    found: set[str] = set()
    for row in rows:
        deed = row.deed
        found |= {*deed.givers, *deed.receivers, *deed.leavers}
        found |= {name for name in (deed.actor, deed.person, deed.approver) if name}
    return found


def _progress(open_one: Verified | None, now: datetime) -> Progress | None:
    """How many steps it takes is not known before it is done: PostgreSQL does it in one go."""
    if open_one is None:
        return None
    return Progress(
        what=_("Verifying the whole history"),
        done=0,
        total=None,
        started_at=open_one.began_at,
        seen_at=now,
        note=_("About ten seconds for a million entries."),
    )


@page
def audit_csv(request: HttpRequest, viewer: Someone) -> HttpResponse:
    shape = shape_of(queries.choices(viewer))
    state = asked(dict(request.GET.lists()), shape)
    rows = queries.whole_audit(viewer, asked=asked_of(state), now=timezone.now())
    headers = {"Content-Disposition": 'attachment; filename="history.csv"'}
    return StreamingHttpResponse(  # type: ignore[return-value]
        _lines(rows, language=get_language() or "en"),
        content_type="text/csv; charset=utf-8",
        headers=headers,
    )


def _lines(rows: Iterator[Line], *, language: str) -> Iterator[bytes]:
    """As spreadsheets read it: with the mark of UTF-8 before it, and nothing that they calculate.

    It is written after the request is over, when the thread may speak another language.
    """
    yield b"\xef\xbb\xbf" + _csv(COLUMNS)
    for row in rows:
        with override(language):
            yield _csv(_cells(row))


def _cells(row: Line) -> tuple[str, ...]:
    entry = row.entry
    return (
        str(entry.id), entry.at.isoformat(), entry.recorded_at.isoformat(),
        row.deed.actor or "", entry.kind, history.told(row.deed), entry.reason,
        f"{entry.chain} {entry.number}", entry.sha256,
    )  # fmt: skip


def _csv(cells: tuple[str, ...]) -> bytes:
    quoted = ['"' + guarded(cell).replace('"', '""') + '"' for cell in cells]
    return (",".join(quoted) + "\r\n").encode()


def _verification_page(request: HttpRequest, viewer: Someone) -> HttpResponse:
    found = queries.chain_of(viewer)
    shown = {
        "viewer": viewer,
        "chain": found,
        "progress": _progress(found.verifying, timezone.now()),
    }
    return render(request, "departures/verification.html", shown)


@act(shows=_verification_page)
def verify(request: HttpRequest, viewer: Someone) -> HttpResponse:
    """Has everything computed anew in the background."""
    queries.check_sees_history(viewer)
    ask_verification(actor=viewer.id, now=timezone.now())
    answer = HttpResponseRedirect(reverse("verification"))
    answer.status_code = 303
    return answer
