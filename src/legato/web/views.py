"""What pages load, what their reader puts away, and whether the service is well."""

from django.contrib.auth.decorators import login_required
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from legato.domain.errors import NotFound
from legato.web import acting
from legato.web.assets import ASSETS

FOREVER = "public, max-age=31536000, immutable"


@require_safe
def asset(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """A stylesheet or script; its address changes with its content, so it is kept for ever."""
    found = ASSETS.get(name)
    if found is None or digest != found.digest:
        raise NotFound(what="asset", name=name)
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(found.content, content_type=found.kind, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return HttpResponse(found.packed, content_type=found.kind, headers=headers)


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """For whoever watches the service: 200 while the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return JsonResponse({"status": "unreachable"}, status=503)
    return JsonResponse({"status": "ok"})


@require_POST
@login_required
def put_away(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Takes the message of what was done off the reader's pages."""
    acting.put_away(request, entry=entry_id)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse()
    back = request.POST.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if is_ours else "/")
