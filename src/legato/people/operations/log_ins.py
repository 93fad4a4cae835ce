"""Ends sessions and resets how somebody logs in; what people change themselves becomes an entry."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction

from legato.domain.errors import Refused
from legato.ledger.models import Entry
from legato.ledger.operations import once
from legato.people.log_ins import session_name
from legato.people.models import Person, Session
from legato.people.operations.letting_in import usual_user
from legato.people.operations.shared import NotEmployed, person_row, record_change
from legato.people.queries import check_may_administer, is_kept_out

Answer = TypeVar("Answer")


class NoLogIn(Refused):
    """The person has no account. Facts: ``name``."""

    code = "no_log_in"


@transaction.atomic(durable=True)
@once
def end_sessions(
    *,
    person: int,
    only: str | None = None,
    spare: str | None = None,
    now: datetime,
    actor: int | None,
    reason: str = "",
    key: str | None = None,
) -> dict[str, int]:
    """Logs the person out: in all browsers, in the one named ``only``, or in all but ``spare``.

    Names are those of `log_ins.session_name`. Answers with the ``entry`` and how many ``ended``.
    Raises `NoLogIn`, `MayNotAdminister`, `NotFound`, `KeyAlreadyUsed`.
    """
    user = _user_of(person, actor=actor, own=True)
    ending = [
        pk
        for pk in Session.objects.filter(user=user).values_list("pk", flat=True)
        if only in (None, session_name(pk)) and session_name(pk) != spare
    ]
    entry = record_change(
        "sessions_ended", person=person, facts={"sessions": len(ending)}, at=now, actor=actor,
        reason=reason,
    )  # fmt: skip
    Session.objects.filter(pk__in=ending).delete()
    return {"entry": entry.pk, "ended": len(ending)}


@transaction.atomic(durable=True)
@once
def reset_factors(
    *, person: int, now: datetime, actor: int | None, reason: str = "", key: str | None = None
) -> dict[str, int]:
    """Takes away the person's passkeys, app and recovery codes, and logs them out everywhere.

    For whoever has lost them: the password alone then counts until new ones are added. Answers with
    the ``entry`` and how many were ``removed``. Raises what `end_sessions` does.
    """
    user = _user_of(person, actor=actor, own=False)
    kept = Authenticator.objects.filter(user=user)
    removed = kept.exclude(type=Authenticator.Type.RECOVERY_CODES).count()
    entry = record_change(
        "factors_reset", person=person, facts={"factors": removed}, at=now, actor=actor,
        reason=reason,
    )  # fmt: skip
    kept.delete()
    Session.objects.filter(user=user).delete()
    return {"entry": entry.pk, "removed": removed}


@transaction.atomic(durable=True)
def account_for_company(*, person: int, now: datetime) -> int:
    """The account by which the company's own log-in lets the person in, made at the first time.

    It has no password, and lets nobody in whose log-in is switched off. Raises `NotEmployed`,
    `NotFound`, `UserNameTaken`, `WrongUserName`.
    """
    found = person_row(person, lock=True)
    if not found.is_employed:
        raise NotEmployed(name=found.name)
    is_out = is_kept_out(person=person)
    if found.user is not None and (found.user.is_active or is_out):
        return int(found.user.pk)
    user = usual_user(found)
    user.set_unusable_password()
    user.is_active = not is_out
    entry = _own("log_in_given", person=person, facts={"by": "company"}, now=now)
    user.save()
    Person.objects.filter(pk=person).update(user=user, entry=entry)
    return int(user.pk)


@transaction.atomic
def changing_factors(*, person: int, now: datetime, change: Callable[[], Answer]) -> Answer:
    """Runs what adds or takes away factors of the own log-in, and records what it has changed."""
    before = _factors(person)
    answer = change()
    after = _factors(person)
    if before != after:
        facts = {"added": _kinds(after - before), "removed": _kinds(before - after)}
        _own("log_in_changed", person=person, facts=facts, now=now)
    return answer


@transaction.atomic
def choose_password(*, user: int, password: str, keep: str | None, now: datetime) -> None:
    """The account's own new password; it is logged out everywhere but in the session ``keep``."""
    account = User.objects.select_for_update().get(pk=user)
    account.set_password(password)
    account.save(update_fields=["password"])
    Session.objects.filter(user=user).exclude(pk=keep or "").delete()
    person = Person.objects.get(user=user).pk
    _own("log_in_changed", person=person, facts={"added": ["password"], "removed": []}, now=now)


def forget_old_sessions(*, now: datetime) -> None:
    """Away with sessions that have run out."""
    Session.objects.filter(expire_date__lt=now).delete()


def close_account(*, person: int) -> None:
    """Whoever has left is logged out, and no password of theirs opens anything. Needs the
    transaction in which they leave."""
    User.objects.filter(person__pk=person).update(is_active=False)
    Session.objects.filter(user__person__pk=person).delete()


def _own(kind: str, *, person: int, facts: dict[str, Any], now: datetime) -> Entry:
    return record_change(kind, person=person, facts=facts, at=now, actor=person, reason="")


def _factors(person: int) -> set[tuple[int, str]]:
    found = Authenticator.objects.filter(user__person__pk=person)
    return set(found.values_list("pk", "type"))


def _kinds(factors: set[tuple[int, str]]) -> list[str]:
    return sorted(kind for _pk, kind in factors)


def _user_of(person: int, *, actor: int | None, own: bool) -> int:
    """The person's account, locked with its person; refuses an actor who may not touch it."""
    found = person_row(person, lock=True)
    if not (own and actor == person):
        check_may_administer(actor=actor)
    if found.user_id is None:
        raise NoLogIn(name=found.name)
    return int(found.user_id)
