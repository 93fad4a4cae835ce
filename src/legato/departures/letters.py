"""A message as a mail: in its person's language and zone, as plain text and as HTML."""

from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from legato.departures.queries.inbox import Letter, Told, letter
from legato.people.mailing import address_of
from legato.web.news import headline, story
from legato.web.render import tag

LANGUAGES = {"zh": "zh-hans", "zh-cn": "zh-hans", "zh-sg": "zh-hans"}


def write(message_id: int) -> EmailMultiAlternatives:
    """The mail of a message. Raises `NotFound`, `Unaddressable`."""
    found = letter(message_id=message_id)
    with (
        translation.override(language_of(found.to.language)),
        timezone.override(ZoneInfo(found.to.time_zone)),
    ):
        return _written(found)


def language_of(written: str) -> str:
    """The page's language for a person's, as some CRM wrote it; English where there is none."""
    code = written.strip().lower().replace("_", "-")
    code = LANGUAGES.get(code, code)
    known = [each for each, _name in settings.LANGUAGES]
    return code if code in known else next((each for each in known if each == code[:2]), "en")


def _written(found: Letter) -> EmailMultiAlternatives:
    told = found.message
    subject = headline(told.kind, told.facts)
    shown = {
        "subject": subject,
        "story": story(told.kind, told.facts, actor=told.actor, until=told.interim_until),
        "came": [row for row in found.rows if row.came],
        "went": [row for row in found.rows if row.went],
        "others": [row for row in found.rows if not (row.came or row.went)],
        "more": found.total - len(found.rows),
        "lists": found.total > 0,
        "links": _links(told),
        "html_lang": tag(translation.get_language() or "en"),
    }
    mail = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("departures/mail.txt", shown),
        to=[address_of(name=found.to.name, email=found.to.email)],
        headers={"Message-ID": message_id_of(told), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("departures/mail.html", shown), "text/html")
    return mail


def message_id_of(told: Told) -> str:
    """The same however often it is handed over, so that a mailbox can tell twins."""
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    domain = sender.rpartition("@")[2] or "localhost"
    return f"<legato-{told.entry}-{told.person}@{domain}>"


def _links(told: Told) -> dict[str, str]:
    """Where the pages are, if the installation says where it is itself."""
    if not settings.ADDRESS:
        return {}
    parts = {
        "page": reverse("message", args=[told.id]),
        "csv": reverse("message_csv", args=[told.id]),
        "settings": reverse("settings"),
    }
    return {name: settings.ADDRESS + address for name, address in parts.items()}
