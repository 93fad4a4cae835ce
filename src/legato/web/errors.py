"""The one table from a refusal to an answer over HTTP. Anything that is not in it is a bug.

Pages of errors ask the database nothing, so that they also appear when it is the database.
"""

from collections.abc import Callable, Iterator
from logging import getLogger
from secrets import token_hex

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from legato.domain.errors import NotFound, Refused
from legato.postgres.databases import Unreachable
from legato.postgres.server import ServerFailed
from legato.web.days import in_words
from legato.web.wording import NAMELESS, sentence

LOG = getLogger("legato.pages")
NUL = "\0"
STATUS: tuple[tuple[type[Refused], int], ...] = (
    (NotFound, 404),
    (Unreachable, 503),
    (ServerFailed, 503),
    (Refused, 409),
)


def status_of(refused: Refused) -> int:
    """The HTTP status of a refusal."""
    return next(status for kind, status in STATUS if isinstance(refused, kind))


class Refusals:
    """Middleware: a refusal becomes a page with its sentence."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if is_silent(exception):
            return _page(request, 503)
        if not isinstance(exception, Refused):
            return None
        status = status_of(exception)
        return _page(request, status, sentence(exception, when=in_words) if status == 409 else "")


class Unwritable:
    """Middleware: what the database cannot keep, a NUL in any text, is a request not understood.

    It asks after the check of forms, which alone decides who may send one.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        return _page(request, 400) if any(NUL in text for text in _texts(request)) else None


def _texts(request: HttpRequest) -> Iterator[str]:
    """Every text of the request that a view may look up or keep."""
    yield request.path
    for sent in (request.GET, request.POST):
        for name, values in sent.lists():
            yield name
            yield from (value for value in values if isinstance(value, str))


def say_refusal(request: HttpRequest, refused: Refused) -> int:
    """Has the page that is shown next say the refusal above its content; the status it then has."""
    names = getattr(request, "names", NAMELESS)  # What a view knows of the ids it was sent.
    request.refusal = sentence(refused, names=names, when=in_words)  # type: ignore[attr-defined]
    return status_of(refused)


def is_silent(exception: Exception) -> bool:
    """Whether the database gave no answer at all; a statement it refused has a code of its own."""
    cause = exception.__cause__
    code = getattr(cause, "sqlstate", None)
    return isinstance(exception, OperationalError) and (code is None or code.startswith("57P"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for an address that leads nowhere, like that for what must not be seen."""
    return _page(request, 404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400)


def forbidden(
    request: HttpRequest, exception: Exception | None = None, reason: str = ""
) -> HttpResponse:
    """The page for a form that did not come from one of our pages, or is too old."""
    return _page(request, 403)


def broken(request: HttpRequest) -> HttpResponse:
    """The page for a bug: no details, they are in the log."""
    return _page(request, 500)


def _page(request: HttpRequest, status: int, said: str = "") -> HttpResponse:
    """``said`` is for refusals; facts of other errors are not for readers, or would tell them that
    there is something they may not see."""
    words = {
        400: (_("Not understood"), _("This request cannot be read. Nothing was done.")),
        403: (
            _("Not accepted"),
            _("This form is too old or came from elsewhere. Nothing was done. Go back and reload."),
        ),
        404: (
            _("Not found"),
            _("There is no such page, or it is not for you. Check the address, or begin anew."),
        ),
        409: (_("Refused"), said),
        500: (
            _("Something went wrong"),
            _("This is a fault in Legato, not yours. Tell whoever runs it what you did, and when."),
        ),
        503: (
            _("Not available"),
            _("The database does not answer. Nothing was done. Try again in a minute."),
        ),
    }
    title, text = words[status]
    shown = {"title": title, "sentence": text, "number": _reported(request, status)}
    return render(request, "web/error.html", shown, status=status)


def _reported(request: HttpRequest, status: int) -> str:
    """The number of a failure, which the log has too; what is not there has none: nothing is to be
    looked up, and two such pages do not differ."""
    if status == 404:
        return ""
    number = token_hex(4)
    LOG.warning("%s: %s %s answered %s", number, request.method, request.path, status)
    return number
