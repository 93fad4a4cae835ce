"""The decision about a plan: sent for approval, a second person's yes, no or question, carried
out. Each page shows the same panel, and each form does one thing.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from legato.books.tongues import tongues
from legato.people.queries import Someone, policy
from legato.people.views import act, page
from legato.planning import operations, queries
from legato.planning.views.board import load_of, names_in, ranges, shown, units_in
from legato.web.acting import Done, done, key_of


@page
def approvals(request: HttpRequest, viewer: Someone) -> HttpResponse:
    found = queries.approvals(viewer)
    listed = [*found.yours, *found.ready]
    named = {name for each in listed for name in (*each.leavers, each.plan.proposer)}
    named |= {each.plan.approver for each in listed if each.plan.approver}
    context = {"viewer": viewer, "shown": found, "tongues": tongues(people=named)}
    return render(request, "planning/approvals.html", context)


def _panel(request: HttpRequest, viewer: Someone, plan_id: int) -> HttpResponse:
    found = queries.panel(viewer, plan_id=plan_id)
    named = {found.plan.proposer, found.plan.approver or "", *found.leavers}
    named |= {each.name for each in found.shares} | {each.person for each in found.remarks}
    named |= names_in(found.hand)
    context = {
        "viewer": viewer,
        "shown": found,
        "standing": found.standing,
        "may_decide": queries.may_decide(viewer, found),
        "loads": [load_of(each) for each in found.shares],
        "ranges": ranges(found.shares),
        "hours": found.undo_window.total_seconds() / 3600,
        "tongues": tongues(
            people=named | set(found.approvers.values()),
            records={each["record"] for each in found.differences} | units_in(found.hand),
        ),
    }
    return render(request, "planning/panel.html", context)


@act(shows=shown)
def send(request: HttpRequest, viewer: Someone, plan_id: int) -> HttpResponse:
    """Sends the plan for approval, with a note."""
    entry = operations.send(
        plan_id=plan_id, actor=viewer.id, now=timezone.now(), reason=_said(request),
        key=key_of(request),
    )  # fmt: skip
    return _told(request, "plan_sent", entry, plan_id)


@act(shows=_panel)
def approve(request: HttpRequest, viewer: Someone, plan_id: int) -> HttpResponse:
    """A second person's yes."""
    entry = operations.approve(
        plan_id=plan_id, approver=viewer.id, now=timezone.now(), reason=_said(request),
        key=key_of(request),
    )  # fmt: skip
    return _told(request, "approval", entry.pk, plan_id)


@act(shows=_panel)
def reject(request: HttpRequest, viewer: Someone, plan_id: int) -> HttpResponse:
    """A second person's no, with the reason."""
    entry = operations.reject(
        plan_id=plan_id, actor=viewer.id, now=timezone.now(), reason=_said(request),
        key=key_of(request),
    )  # fmt: skip
    return _told(request, "plan_rejected", entry, plan_id)


@act(shows=_panel)
def ask(request: HttpRequest, viewer: Someone, plan_id: int) -> HttpResponse:
    """A question that stays on the plan."""
    entry = operations.ask(
        plan_id=plan_id, actor=viewer.id, now=timezone.now(), text=_said(request),
        key=key_of(request),
    )  # fmt: skip
    return _told(request, "plan_question", entry, plan_id)


@act(shows=shown)
def answer(request: HttpRequest, viewer: Someone, plan_id: int) -> HttpResponse:
    """An answer to what was asked or objected."""
    entry = operations.reply(
        plan_id=plan_id, actor=viewer.id, now=timezone.now(), text=_said(request),
        key=key_of(request),
    )  # fmt: skip
    return _told(request, "plan_answer", entry, plan_id)


@act(shows=_panel)
def commit(request: HttpRequest, viewer: Someone, plan_id: int) -> HttpResponse:
    """Carries the plan out, quoting the digest that was on the page."""
    now = timezone.now()
    made = operations.commit(
        plan_id=plan_id, digest=request.POST.get("digest", ""), actor=viewer.id, now=now,
        reason=_said(request), key=key_of(request),
    )  # fmt: skip
    what = Done(
        kind="commit", entry=made.commit, moved=made.moved, until=now + policy().undo_window
    )
    return done(request, what, to=reverse("plan", args=[plan_id]))


def _said(request: HttpRequest) -> str:
    return request.POST.get("text", "").strip()


def _told(request: HttpRequest, kind: str, entry: int, plan_id: int) -> HttpResponse:
    return done(request, Done(kind=kind, entry=entry), to=reverse("plan", args=[plan_id]))
