"""One mail handed over to the server, and what is known of it afterwards.

A server that is silent after it was given the whole mail may have taken it: that is neither sent
nor failed, and nobody sends it again by themselves.
"""

import smtplib
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Any, Literal

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

PATIENCE = 30
"""Seconds that a server may be silent."""
LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``said`` are the server's words, or the system's. ``later``: it can be tried again."""

    state: Literal["sent", "later", "failed", "uncertain"]
    said: str


class _Watched:
    """Remembers whether the text of a mail was begun to be handed over."""

    handed = False

    def data(self, msg: Any) -> Any:
        self.handed = True
        return super().data(msg)  # type: ignore[misc]


class _Plain(_Watched, smtplib.SMTP):
    pass


class _Sealed(_Watched, smtplib.SMTP_SSL):
    pass


class _Backend(EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _Sealed if self.use_ssl else _Plain


class Unaddressable(Exception):
    """What stands as somebody's address is none that a mail can be sent to."""


UNADDRESSABLE = Outcome(state="failed", said="unaddressable")
"""Legato's own word, where no server was asked."""


def address_of(*, name: str, email: str) -> str:
    """The address with the name beside it, where the name can stand in a header.

    Raises `Unaddressable`, also for letters before the @ that not every server takes.
    """
    clean = " ".join(name.split())
    try:
        plain = Address(addr_spec=email)
        plain.username.encode("ascii")
        domain = plain.domain.encode("idna").decode()
        if not (plain.username and domain):
            raise Unaddressable
        return str(Address(display_name=clean, username=plain.username, domain=domain))
    except (ValueError, IndexError, HeaderParseError) as error:
        raise Unaddressable from error


def is_on() -> bool:
    """Whether a server is named: without one people are told in Legato alone."""
    return bool(settings.MAIL_IS_ON)


def hand_over(mail: EmailMessage) -> Outcome:
    """Gives the mail to the server of the settings, and says what is known of it."""
    backend = _Backend(timeout=PATIENCE)
    try:
        backend.open()
        backend.send_messages([mail])
    except OSError as error:  # As are all of smtplib's.
        handed = isinstance(backend.connection, _Watched) and backend.connection.handed
        return _known(error, handed=handed)
    finally:
        backend.close()
    return Outcome(state="sent", said="")


def _known(error: OSError, *, handed: bool) -> Outcome:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _answered(code, said)
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Outcome(state="failed", said=_words(error))
    return Outcome(state="uncertain" if handed else "later", said=_words(error))


def _answered(code: int, said: bytes | str) -> Outcome:
    """An answer of 500 and above is for good; one below it, or none at all, passes."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    state: Literal["failed", "later"] = "failed" if code >= 500 else "later"
    return Outcome(state=state, said=f"{code} {text}"[:LONGEST])


def _words(error: OSError) -> str:
    return (str(error) or type(error).__name__)[:LONGEST]
