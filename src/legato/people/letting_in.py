"""What django-allauth asks the house: who may log in, what is said, which changes are recorded.

Settings name these classes. Accounts are never made at a page: people are, by commands.
"""

import base64
import hashlib
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from legato.people import log_ins, operations
from legato.people.sessions import AGENT, LONGEST_AGENT

PROBLEM = "problem"
"""Where the session keeps what the next log-in page must say."""
NOT_HERE = _("Nobody who works here has this log-in. Ask whoever runs Legato.")
SWITCHED_OFF = _("This log-in is switched off for now. Your manager can tell you more.")
WRONG_CODE = _("This code is not right, or no longer. Wait for the next one and type that.")
TOO_OFTEN = _("Tried too often. Wait five minutes, then try again.")


class Employed(AuthenticationBackend):
    """An account counts for as long as its person is employed, asked anew at each request."""

    def get_user(self, user_id: Any) -> User | None:
        works = User.objects.filter(pk=user_id, is_active=True, person__employment__isnull=False)
        return works.first()


def why_not(user: User) -> str | None:
    """Why who proved to be this user is not let in, if so."""
    if log_ins.works_here(user_id=user.pk):
        return None
    return str(SWITCHED_OFF if log_ins.is_employed(user_id=user.pk) else NOT_HERE)


class Accounts(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("User name and password do not belong together."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_OFTEN,
        "rate_limited": TOO_OFTEN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse | None:
        if why := why_not(user):
            return told(request, why)
        answer: HttpResponse | None = super().pre_login(request, user, **how)
        return answer

    def login(self, request: HttpRequest, user: User) -> None:
        operations.forget_old_sessions(now=timezone.now())
        super().login(request, user)
        request.session[AGENT] = request.META.get("HTTP_USER_AGENT", "")[:LONGEST_AGENT]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def set_password(self, user: User, password: str) -> None:
        operations.choose_password(
            user=user.pk,
            password=password,
            keep=self.request.session.session_key,
            now=timezone.now(),
        )
        user.refresh_from_db()

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return told(request, why_not(user) or NOT_HERE)

    def add_message(
        self, request: HttpRequest, level: int, *rest: Any, message: str | None = None, **how: Any
    ) -> None:
        if message:
            request.session[PROBLEM] = str(message)


class Factors(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        many = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(number)s") % {"number": many + 1}

    def encrypt(self, text: str) -> str:
        return _lock().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What another installation's key has locked becomes a secret that nobody knows."""
        try:
            return _lock().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()


class Companies(DefaultSocialAccountAdapter):
    """The company's own log-in opens the account of a person who is known; it makes nobody."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        verified = [each.email for each in sociallogin.email_addresses if each.verified]
        person = log_ins.person_with_email(email=verified[0]) if verified else None
        if person is None:
            said = _("Your company's log-in knows you, but nobody here has its e-mail address.")
            raise ImmediateHttpResponse(told(request, said))
        user = operations.account_for_company(person=person, now=timezone.now())
        sociallogin.connect(request, User.objects.get(pk=user))

    def on_authentication_error(self, request: HttpRequest, *rest: Any, **how: Any) -> None:
        said = _("Your company's log-in did not let you through. Try again, or use a password.")
        raise ImmediateHttpResponse(told(request, said))


def sends_mail() -> bool:
    """Whether a mail server is configured."""
    return bool(getattr(settings, "MAIL_IS_ON", False))


def told(request: HttpRequest, said: Any) -> HttpResponse:
    """Back to the log-in page, which says it."""
    request.session[PROBLEM] = str(said)
    return redirect("account_login")


def _lock() -> Fernet:
    key = hashlib.sha256(b"legato second factors " + str(settings.SECRET_KEY).encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
