"""Addresses that need no log-in: the stylesheet, and whether the service is well."""

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from legato.domain.errors import NotFound
from legato.web.render import STYLE, STYLE_DIGEST

FOREVER = "public, max-age=31536000, immutable"


@require_safe
def style(request: HttpRequest, digest: str) -> HttpResponse:
    """The stylesheet; its address changes with its content, so it may be kept for ever."""
    if digest != STYLE_DIGEST:
        raise NotFound(what="stylesheet", name=digest)
    return HttpResponse(
        STYLE, content_type="text/css; charset=utf-8", headers={"Cache-Control": FOREVER}
    )


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """For whoever watches the service: 200 while the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return JsonResponse({"status": "unreachable"}, status=503)
    return JsonResponse({"status": "ok"})
