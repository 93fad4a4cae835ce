"""Logging in and out, who can, and the one way a page learns who is looking.

Around passwords, passkeys and codes the pages are django-allauth's, in our words and looks; each is
named for what it is here, and takes no other methods than its form needs.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

import requests
from allauth.account import views as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount.providers.openid_connect import views as openid
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from legato.domain.errors import NotFound, Refused
from legato.domain.sight import needs_factor
from legato.ledger.operations import is_answered
from legato.people import log_ins as known
from legato.people import operations
from legato.people.letting_in import sends_mail, told
from legato.people.queries import Someone, person_of_user
from legato.web.acting import Done, done, key_of
from legato.web.errors import say_refusal
from legato.web.tongues import tag_of

P = ParamSpec("P")
FORM = ["GET", "HEAD", "POST"]
STRONG = ("mfa", "socialaccount")
"""Ways of logging in that are more than a password; a company's own log-in sees to it itself."""

View = Callable[Concatenate[HttpRequest, Someone, P], HttpResponse]


def page(view: View[P]) -> Callable[..., HttpResponse]:
    """Makes a function of request, viewer and the address's parts a page to read.

    Who is not logged in is asked to; an account without an employed person behind it finds
    nothing, and whose role asks for more than a password is led to where they add it. Times are
    shown in the viewer's zone. No copy stays in the browser.
    """
    return require_safe(login_required(_for_viewer(_strongly(view))))


def act(*, shows: View[P]) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Makes a function that does something a page: GET shows what it would do, POST does it.

    ``shows`` is the page that says it. What is refused shows that page again with the sentence of
    the refusal, and in its form what was typed. Whoever may not see that page finds nothing, and
    nothing is tried for them.
    """

    def decorated(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def acted(
            request: HttpRequest, viewer: Someone, /, *args: P.args, **parts: P.kwargs
        ) -> HttpResponse:
            if request.method != "POST":
                return shows(request, viewer, *args, **parts)
            # First of all, for the sentence of a refusal says something of what is there. What was
            # done is done, and its page may be gone: the same form again gets the same answer.
            if not is_answered(key=key_of(request)):
                shows(request, viewer, *args, **parts)
            try:
                return view(request, viewer, *args, **parts)
            except NotFound:
                raise
            except Refused as refused:
                status = say_refusal(request, refused)
                response = shows(request, viewer, *args, **parts)
                response.status_code = status
                return response

        methods = require_http_methods(FORM)
        return methods(login_required(_for_viewer(_strongly(acted))))

    return decorated


def own(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Makes one of allauth's pages one of the viewer's own log-in; what it changes is recorded."""

    def shown(request: HttpRequest, viewer: Someone, /, **parts: Any) -> HttpResponse:
        if request.method != "POST":
            return _rendered(view, request, viewer, **parts)
        answer: HttpResponse = operations.changing_factors(
            person=viewer.id,
            now=timezone.now(),
            change=lambda: _rendered(view, request, viewer, **parts),
        )
        return answer

    return require_http_methods(FORM)(login_required(_for_viewer(shown)))


def confirming(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The like for a page that asks once more who it is, then does what was asked for before."""

    def shown(request: HttpRequest, viewer: Someone, /, **parts: Any) -> HttpResponse:
        return _rendered(view, request, viewer, **parts)

    return require_http_methods(FORM)(login_required(_for_viewer(shown)))


def _rendered(
    view: Callable[..., Any], request: HttpRequest, viewer: Someone, **parts: Any
) -> HttpResponse:
    """Rendered at once, while times are the viewer's."""
    request.viewer = viewer  # type: ignore[attr-defined]
    answer = view(request, **parts)
    rendered: HttpResponse = answer.render() if hasattr(answer, "render") else answer
    return rendered


def _for_viewer(view: View[P]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
        viewer = person_of_user(user_id=request.user.pk)
        with timezone.override(ZoneInfo(viewer.time_zone)):
            response = view(request, viewer, *args, **parts)
        response["Cache-Control"] = "private, no-store"
        return response

    return shown


def _strongly(view: View[P]) -> View[P]:
    @wraps(view)
    def shown(
        request: HttpRequest, viewer: Someone, /, *args: P.args, **parts: P.kwargs
    ) -> HttpResponse:
        if _is_too_weak(request, viewer):
            return redirect("mfa_index")
        return view(request, viewer, *args, **parts)

    return shown


def _is_too_weak(request: HttpRequest, viewer: Someone) -> bool:
    """Whether the viewer's role asks for more than the password they logged in with."""
    if not needs_factor(role=viewer.role, required_of=settings.MFA_REQUIRED_OF):
        return False
    ways = {each.get("method") for each in get_authentication_records(request, request.user)}
    return ways.isdisjoint(STRONG) and not known.has_factor(user_id=request.user.pk)


log_in = require_http_methods(FORM)(account.login)
log_out = require_POST(account.logout)
log_in_by_passkey = require_http_methods(FORM)(webauthn.login_webauthn)
second_step = require_http_methods(FORM)(mfa.authenticate)
letter_sent = require_safe(account.password_reset_done)
password_anew = require_http_methods(FORM)(account.password_reset_from_key)
password_is_new = require_safe(account.password_reset_from_key_done)

confirm_by_password = confirming(account.reauthenticate)
confirm_by_code = confirming(mfa.reauthenticate)
confirm_by_passkey = confirming(webauthn.reauthenticate_webauthn)
change_password = own(account.password_change)
set_password = own(account.password_set)
add_app = own(totp.activate_totp)
remove_app = own(totp.deactivate_totp)
add_passkey = own(webauthn.add_webauthn)
remove_passkey = own(webauthn.remove_webauthn)
recovery_codes = own(codes.view_recovery_codes)
new_recovery_codes = own(codes.generate_recovery_codes)


@require_http_methods(FORM)
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Where no mail is sent, nothing is asked for: the page says whom to turn to."""
    if request.method == "POST" and not sends_mail():
        return redirect("account_reset_password")
    answer: HttpResponse = account.password_reset(request)
    return answer


@require_safe
def by_company(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leads to the company's own log-in; nothing else can be asked of it."""
    if request.GET.get("process"):
        raise Http404
    try:
        answer: HttpResponse = openid.login(request, provider_id)
    except requests.RequestException:
        return told(request, _("Your company's log-in does not answer. Try again later."))
    return answer


by_company_back = require_safe(openid.callback)


def _my_log_in(request: HttpRequest, viewer: Someone) -> HttpResponse:
    found = known.own_log_in(viewer, session=request.session.session_key, now=timezone.now())
    shown = {
        "viewer": viewer,
        "shown": found,
        "is_needed": _is_too_weak(request, viewer),
        "tongues": _tongues(viewer),
    }
    return render(request, "people/my_log_in.html", shown)


my_log_in = require_safe(login_required(_for_viewer(_my_log_in)))


@act(shows=_my_log_in)
def end_sessions(request: HttpRequest, viewer: Someone) -> HttpResponse:
    """Logs the viewer out elsewhere: in one browser, or in all but this one."""
    ended = operations.end_sessions(
        person=viewer.id,
        only=request.POST.get("only"),
        spare=known.session_name(request.session.session_key or ""),
        actor=viewer.id,
        now=timezone.now(),
        key=key_of(request),
    )
    what = Done(kind="sessions_ended", entry=ended["entry"], moved=ended["ended"])
    return done(request, what, to=reverse("mfa_index"))


@page
def log_ins(request: HttpRequest, viewer: Someone) -> HttpResponse:
    found = known.log_ins(viewer, now=timezone.now())
    shown = {"viewer": viewer, "shown": found, "tongues": _tongues(viewer, *found)}
    return render(request, "people/log_ins.html", shown)


def _log_in_of(request: HttpRequest, viewer: Someone, person_id: int) -> HttpResponse:
    person, found = known.log_in_of(viewer, person=person_id, now=timezone.now())
    shown = {
        "viewer": viewer,
        "person": person,
        "shown": found,
        "tongues": _tongues(viewer, person),
    }
    return render(request, "people/log_in_of.html", shown)


@act(shows=_log_in_of)
def log_in_of(request: HttpRequest, viewer: Someone, person_id: int) -> HttpResponse:
    """Ends somebody's sessions, or takes away the factors they have lost."""
    asked: dict[str, Any] = {
        "person": person_id,
        "actor": viewer.id,
        "now": timezone.now(),
        "reason": request.POST.get("reason", ""),
        "key": key_of(request),
    }
    if request.POST.get("act") == "reset":
        answer = operations.reset_factors(**asked)
        what = Done(kind="factors_reset", entry=answer["entry"], moved=answer["removed"])
    else:
        answer = operations.end_sessions(**asked)
        what = Done(kind="sessions_ended", entry=answer["entry"], moved=answer["ended"])
    return done(request, what, to=reverse("log_in_of", args=[person_id]))


def _tongues(*named: Someone | known.Listed) -> dict[str, str]:
    return {each.name: tag_of(each.name, known=(each.language, each.country)) for each in named}
