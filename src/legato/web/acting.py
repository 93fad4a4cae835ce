"""What pages that do something share: the key by which a form counts once, and what was done.

What was done last waits in the session until its reader puts it away, so that a reload or another
page does not lose the way back. What was done before that is in the history: beside a later act it
might no longer be true.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

LONGEST_KEY = 200
DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What an act has done: its kind, its entry in the ledger, how many records changed hands and
    how many did not. ``until`` is when it can no longer be taken back, None where it never can."""

    kind: str
    entry: int
    moved: int = 0
    left: int = 0
    until: datetime | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def key_of(request: HttpRequest) -> str:
    """The key the form carried, by which sending it again does nothing again."""
    return request.POST.get("key", "")[:LONGEST_KEY] or new_key()


def new_key() -> str:
    return uuid4().hex


def done(request: HttpRequest, what: Done, *, to: str) -> HttpResponse:
    """Leads to the page where the reader sees what has become of it, and says there what was."""
    request.session[DONE] = asdict(what) | {"until": what.until.isoformat() if what.until else None}
    answer = HttpResponseRedirect(to)
    answer.status_code = 303
    return answer


def said(request: HttpRequest) -> tuple[Done, bool] | None:
    """What was done last and not put away; whether it can still be taken back."""
    kept = request.session.get(DONE)
    if not kept:
        return None
    until = datetime.fromisoformat(kept["until"]) if kept["until"] else None
    return Done(**{**kept, "until": until}), until is not None and until > timezone.now()


def put_away(request: HttpRequest, *, entry: int) -> None:
    """The reader has seen it."""
    if request.session.get(DONE, {}).get("entry") == entry:
        del request.session[DONE]
