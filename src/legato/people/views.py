"""Logging in and out, and the one way a page learns who is looking."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from legato.people.forms import LogInForm
from legato.people.queries import Someone, person_of_user

P = ParamSpec("P")

log_in = LoginView.as_view(
    template_name="web/log_in.html",
    authentication_form=LogInForm,
    http_method_names=["get", "head", "post"],
)
log_out = LogoutView.as_view(http_method_names=["post"])


def page(
    view: Callable[Concatenate[HttpRequest, Someone, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Makes a function of request, viewer and the address's parts a page to read.

    Who is not logged in is asked to; an account without an employed person behind it finds
    nothing. Times are shown in the viewer's zone. No copy stays in the browser.
    """

    @require_safe
    @login_required
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
        viewer = person_of_user(user_id=request.user.pk)
        with timezone.override(ZoneInfo(viewer.time_zone)):
            response = view(request, viewer, *args, **parts)
        response["Cache-Control"] = "private, no-store"
        return response

    return shown
