"""What is known of accounts: whose they are, how they log in, in which browsers they are now."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import connection

from legato.domain.errors import NotFound
from legato.domain.sight import lets_in
from legato.people.models import Person, Session
from legato.people.queries import Someone, people


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A browser that is logged in. ``name`` tells sessions apart and opens none."""

    name: str
    agent: str
    since: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    id: int
    name: str
    added: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """How somebody logs in; ``codes_left`` is None where there are no recovery codes."""

    user_name: str
    has_password: bool
    has_app: bool
    passkeys: tuple[Passkey, ...]
    codes_left: int | None
    visits: tuple[Visit, ...]

    @property
    def has_factor(self) -> bool:
        return self.has_app or bool(self.passkeys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A line of the list of who can log in. ``factors`` counts passkeys and apps."""

    id: int
    name: str
    language: str
    country: str
    role: str
    user_name: str | None
    factors: int
    visits: int
    seen_at: datetime | None


LISTED = """
SELECT p.id, p.name, p.language, p.country, p.role, u.username,
       (SELECT count(*) FROM mfa_authenticator a
        WHERE a.user_id = p.user_id AND a.type <> 'recovery_codes'),
       (SELECT count(*) FROM people_session s
        WHERE s.user_id = p.user_id AND s.expire_date > %(now)s),
       (SELECT max(s.seen_at) FROM people_session s WHERE s.user_id = p.user_id)
FROM people_person p LEFT JOIN auth_user u ON u.id = p.user_id AND u.is_active
WHERE p.is_employed
ORDER BY u.username IS NULL, p.name, p.id
"""
COLUMNS = (
    "id", "name", "language", "country", "role", "user_name", "factors", "visits", "seen_at",
)  # fmt: skip


def works_here(*, user_id: int) -> bool:
    """Whether the account is on, and that of an employed person: all others open nothing."""
    works = Person.objects.filter(user=user_id, user__is_active=True, is_employed=True)
    return works.exists()


def is_employed(*, user_id: int) -> bool:
    """Whether the account, on or off, is that of an employed person."""
    return Person.objects.filter(user=user_id, is_employed=True).exists()


def person_with_email(*, email: str) -> int | None:
    """The one employed person of that address; None where there is none, or several."""
    found = Person.objects.filter(email__iexact=email, is_employed=True)
    ids = list(found.values_list("pk", flat=True)[:2]) if email else []
    return ids[0] if len(ids) == 1 else None


def accounts_with_email(*, email: str) -> list[User]:
    """The account of the one employed person of that address, where it has a password."""
    person = person_with_email(email=email)
    found = User.objects.filter(person__pk=person, is_active=True) if person else ()
    return [each for each in found if each.has_usable_password()]


def has_factor(*, user_id: int | None) -> bool:
    """Whether the account has a passkey or an app besides its password."""
    factors = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user_id, type__in=factors).exists())


def own_log_in(viewer: Someone, *, session: str | None, now: datetime) -> LogIn:
    """How the viewer logs in; ``session`` is the key of the session that asks."""
    user = User.objects.get(person__pk=viewer.id)
    return _log_in(user, session=session, now=now)


def log_in_of(viewer: Someone, *, person: int, now: datetime) -> tuple[Someone, LogIn]:
    """How somebody employed logs in, for whoever may let people in. Raises `NotFound`."""
    check_lets_in(viewer)
    found = people(ids={person}).get(person)
    user = User.objects.filter(person__pk=person, person__is_employed=True).first()
    if found is None or user is None:
        raise NotFound(what="person", name=f"#{person}")
    return found, _log_in(user, session=None, now=now)


def log_ins(viewer: Someone, *, now: datetime) -> list[Listed]:
    """Everybody employed, whoever can log in first. Raises `NotFound` for whoever may not know."""
    check_lets_in(viewer)
    with connection.cursor() as cursor:
        cursor.execute(LISTED, {"now": now})
        return [Listed(**dict(zip(COLUMNS, row, strict=True))) for row in cursor.fetchall()]


def check_lets_in(viewer: Someone) -> None:
    """Raises `NotFound` for whoever lets nobody in."""
    if not lets_in(role=viewer.role, is_employed=viewer.is_employed):
        raise NotFound(what="role", name=viewer.role)


def session_name(key: str) -> str:
    """What a session is called where its key must not be seen."""
    return sha256(key.encode()).hexdigest()[:20]


def _log_in(user: User, *, session: str | None, now: datetime) -> LogIn:
    kept = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    of = {kind: [each for each in kept if each.type == kind] for kind in Authenticator.Type}
    codes = of[Authenticator.Type.RECOVERY_CODES]
    return LogIn(
        user_name=user.username,
        has_password=user.has_usable_password(),
        has_app=bool(of[Authenticator.Type.TOTP]),
        passkeys=tuple(
            Passkey(
                id=each.pk, name=each.wrap().name, added=each.created_at, used=each.last_used_at
            )
            for each in of[Authenticator.Type.WEBAUTHN]
        ),
        codes_left=len(codes[0].wrap().get_unused_codes()) if codes else None,
        visits=_visits(user, session=session, now=now),
    )


def _visits(user: User, *, session: str | None, now: datetime) -> tuple[Visit, ...]:
    found = Session.objects.filter(user=user, expire_date__gt=now)
    return tuple(
        Visit(
            name=session_name(each.pk),
            agent=each.agent,
            since=each.since,
            seen_at=each.seen_at,
            is_this=each.pk == session,
        )
        for each in found.order_by("-seen_at", "-since")
    )
