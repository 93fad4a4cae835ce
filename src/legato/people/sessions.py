"""Sessions in a table of their own, each with the account it belongs to, so that they can be shown
and ended. Django's setting ``SESSION_ENGINE`` names this module."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as Stored
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from legato.people.models import Session

AGENT = "agent"
LONGEST_AGENT = 300
SEEN_EVERY = timedelta(minutes=5)


class SessionStore(Stored):
    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        found: Session | None = super()._get_session_from_db()  # type: ignore[misc]
        self.seen_at = found.seen_at if found else None
        return found

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        made = super().create_model_instance(data)
        assert isinstance(made, Session)
        made.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        made.agent = data.get(AGENT, "")
        return made


def seen(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: notes that a session was used, at most once in five minutes."""

    def with_note(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        last = getattr(request.session, "seen_at", None)
        now = timezone.now()
        if last and last < now - SEEN_EVERY:
            Session.objects.filter(pk=request.session.session_key).update(seen_at=now)
        return response

    return with_note
