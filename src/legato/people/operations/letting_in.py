"""Gives people accounts to read the pages with; of a password only Django's hash is kept."""

from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac

from legato.domain.errors import Refused
from legato.domain.names import fold
from legato.ledger.operations import answered, remember
from legato.people.models import Person
from legato.people.operations.shared import NotEmployed, person_row, record_change
from legato.people.queries import check_may_administer, is_kept_out

LONGEST = 150
"""Letters of a user name, as Django's own table has it."""


class UserNameTaken(Refused):
    """Another account has the user name, in whatever case. Facts: ``user_name``."""

    code = "user_name_taken"


class WrongUserName(Refused):
    """Not only letters, digits and ``@ . + - _``, none, or over 150. Facts: ``user_name``."""

    code = "user_name_wrong"


class NoPassword(Refused):
    """The password is empty. Facts: ``name``."""

    code = "password_empty"


@transaction.atomic(durable=True)
def give_log_in(
    *,
    person: int,
    user_name: str | None,
    password: str,
    now: datetime,
    actor: int | None,
    reason: str = "",
    key: str | None = None,
) -> str:
    """Makes the person's account, or resets the one there is; its user name.

    Without ``user_name`` it stays, or is the e-mail address, else the folded first name. A log-in
    that is switched off stays off. Raises `NotEmployed`, `UserNameTaken`, `WrongUserName`,
    `NoPassword`, `MayNotAdminister`, `KeyAlreadyUsed`.
    """
    check_may_administer(actor=actor)
    # Whoever reads the database must not be able to guess the password from what was asked.
    secret = salted_hmac("legato log-in", password, algorithm="sha256").hexdigest()
    asked = {"log_in": person, "user": user_name, "password": secret, "actor": actor}
    if earlier := answered(key=key, asked=asked):
        return str(earlier["user"])
    found = person_row(person, lock=True)
    if not found.is_employed:
        raise NotEmployed(name=found.name)
    if not password:
        raise NoPassword(name=found.name)
    user = usual_user(found, user_name=user_name)
    facts = {"user_name": sha256(user.username.encode()).hexdigest(), "is_new": user.pk is None}
    entry = record_change(
        "log_in_given", person=person, facts=facts, at=now, actor=actor, reason=reason
    )
    user.set_password(password)
    user.is_active = not is_kept_out(person=person)
    user.save()
    Person.objects.filter(pk=person).update(user=user, entry=entry)
    remember(key=key, asked=asked, answer={"user": user.username}, entry=entry)
    return user.username


def password_for(*, key: str | None) -> str:
    """A password nobody chose. With a key it is the same again: only our secret key tells it."""
    if key is None:
        return token_urlsafe(12)
    made = salted_hmac("legato password", key, algorithm="sha256").digest()
    return urlsafe_b64encode(made[:12]).decode()


def usual_user(person: Person, *, user_name: str | None = None) -> User:
    """The person's account, or a new one, with its name, not yet saved.

    Raises `UserNameTaken`, `WrongUserName`.
    """
    user = person.user or User()
    user.username = user_name or user.username or _usual_name(person)
    _refuse_user_name(user)
    return user


def _usual_name(person: Person) -> str:
    return person.email or fold(person.name.partition(" ")[0])


def _refuse_user_name(user: User) -> None:
    try:
        UnicodeUsernameValidator()(user.username)
    except ValidationError as error:
        raise WrongUserName(user_name=user.username) from error
    if len(user.username) > LONGEST:
        raise WrongUserName(user_name=user.username)
    if User.objects.filter(username__iexact=user.username).exclude(pk=user.pk).exists():
        raise UserNameTaken(user_name=user.username)
