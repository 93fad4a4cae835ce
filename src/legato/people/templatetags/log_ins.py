"""What the pages around the log-in need to know of the installation and the browser."""

from ipaddress import ip_address

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from legato.people.letting_in import PROBLEM

register = template.Library()
BROWSERS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("YaBrowser/", "Yandex"), ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
"""What stands in a browser's own description, and who that is; the first that fits."""
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


@register.filter
def device(agent: str) -> str:
    """A browser and its system, as people call them."""
    tables = (BROWSERS, SYSTEMS)
    found = [next((said for mark, said in each if mark in agent), "") for each in tables]
    return ", ".join(filter(None, found)) or _("Unknown browser")


@register.simple_tag(takes_context=True)
def passkeys_work(context: Context) -> bool:
    """Whether browsers offer passkeys here: only over TLS or on this machine, and by name."""
    request: HttpRequest = context["request"]
    host = request.get_host().rpartition(":")[0] or request.get_host()
    if host == "localhost":
        return True
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return request.is_secure()
    return False


@register.simple_tag(takes_context=True)
def problem_of(context: Context) -> str:
    """What went wrong on the way here; said once."""
    said: str = context["request"].session.pop(PROBLEM, "")
    return said


@register.simple_tag
def companies() -> list[tuple[str, str]]:
    """Name and address of the company's own log-in, where there is one."""
    return [
        (app["name"], reverse("openid_connect_login", args=[app["provider_id"]]))
        for app in settings.COMPANIES
    ]


@register.simple_tag
def can_mail() -> bool:
    """Whether Legato can send e-mail."""
    return bool(getattr(settings, "EMAIL_URL", ""))
