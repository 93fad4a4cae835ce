"""Addresses that need no log-in: what pages load, and whether the service is well."""

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from legato.domain.errors import NotFound
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
