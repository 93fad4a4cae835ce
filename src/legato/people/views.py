"""Logging in and out, and the one way a page learns who is looking."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from legato.domain.errors import NotFound, Refused
from legato.people.forms import LogInForm
from legato.people.queries import Someone, person_of_user
from legato.web.errors import say_refusal

P = ParamSpec("P")

log_in = LoginView.as_view(
    template_name="web/log_in.html",
    authentication_form=LogInForm,
    http_method_names=["get", "head", "post"],
)
log_out = LogoutView.as_view(http_method_names=["post"])


View = Callable[Concatenate[HttpRequest, Someone, P], HttpResponse]


def page(view: View[P]) -> Callable[..., HttpResponse]:
    """Makes a function of request, viewer and the address's parts a page to read.

    Who is not logged in is asked to; an account without an employed person behind it finds
    nothing. Times are shown in the viewer's zone. No copy stays in the browser.
    """
    return require_safe(login_required(_for_viewer(view)))


def act(*, shows: View[P]) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Makes a function that does something a page: GET shows what it would do, POST does it.

    ``shows`` is the page that says it. What is refused shows that page again with the sentence of
    the refusal, and in its form what was typed; whoever may not see it finds nothing.
    """

    def decorated(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def acted(
            request: HttpRequest, viewer: Someone, /, *args: P.args, **parts: P.kwargs
        ) -> HttpResponse:
            if request.method != "POST":
                return shows(request, viewer, *args, **parts)
            try:
                return view(request, viewer, *args, **parts)
            except NotFound:
                raise
            except Refused as refused:
                status = say_refusal(request, refused)
                response = shows(request, viewer, *args, **parts)
                response.status_code = status
                return response

        methods = require_http_methods(["GET", "HEAD", "POST"])
        return methods(login_required(_for_viewer(acted)))

    return decorated


def _for_viewer(view: View[P]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
        viewer = person_of_user(user_id=request.user.pk)
        with timezone.override(ZoneInfo(viewer.time_zone)):
            response = view(request, viewer, *args, **parts)
        response["Cache-Control"] = "private, no-store"
        return response

    return shown
