"""What pages that do something share: the key by which a form counts once, and what was done.

What was done waits in the session until its reader puts it away, so that a reload or another page
does not lose the way back.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

LONGEST_KEY = 200
MOST = 3
"""Messages kept for a reader; older ones are in the history."""
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
    said = asdict(what) | {"until": what.until.isoformat() if what.until else None}
    earlier = [each for each in request.session.get(DONE, []) if each["entry"] != what.entry]
    request.session[DONE] = [*earlier, said][-MOST:]
    answer = HttpResponseRedirect(to)
    answer.status_code = 303
    return answer


def said(request: HttpRequest) -> list[tuple[Done, bool]]:
    """What was done and not put away, the latest first; whether it can still be taken back."""
    now, found = timezone.now(), []
    for each in reversed(request.session.get(DONE, [])):
        until = datetime.fromisoformat(each["until"]) if each["until"] else None
        found.append((Done(**{**each, "until": until}), until is not None and until > now))
    return found


def put_away(request: HttpRequest, *, entry: int) -> None:
    """The reader has seen it."""
    left = [each for each in request.session.get(DONE, []) if each["entry"] != entry]
    request.session[DONE] = left
