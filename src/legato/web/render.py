"""What every page needs around its content: what it loads, where one can go, the language."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from legato.domain.sight import lets_in, sees_cases
from legato.web.assets import ASSETS

TAGS = {"zh-hans": "zh-Hans"}
"""Languages that HTML writes in another way than Django does."""


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Context of every template. Asks the database nothing, for error pages need it too."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "assets": {
            each.name.partition(".")[0]: reverse("asset", args=[each.digest, each.name])
            for each in ASSETS.values()
        },
        "viewer": getattr(request, "viewer", None),
        "language": language,
        "html_lang": tag(language),
        "refusal": getattr(request, "refusal", ""),
        "languages": [(code, name, tag(code)) for code, name in settings.LANGUAGES],
    }


def tag(language: str) -> str:
    """The language as HTML's ``lang`` has it: fonts are chosen by it."""
    return TAGS.get(language, language)


DECIDING = re.compile(r"^/plans/\d+/(approval|rejection|question|commit)/$")
"""Pages on which somebody decides about a plan: there one is among the approvals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somewhere to go from every page."""

    name: str
    address: str
    is_here: bool


def places(*, role: str, path: str) -> list[Place]:
    """Where somebody of that role can go, of what there is; ``path`` is where they are."""
    plans, receipts = reverse("plans"), "/receipts/"
    is_deciding = DECIDING.search(path) is not None
    letting_in = lets_in(role=role, is_employed=True)
    if not sees_cases(role=role, is_employed=True):
        return [
            _place(_("Today"), "today", path),
            _place(_("My book"), "book", path),
            _place(_("Coming to you"), "plans", path),
        ]
    return [
        _place(_("Today"), "today", path),
        _place(_("Departures"), "cases", "" if is_deciding else path, plans, receipts),
        _place(_("Book"), "book", path),
        _place(_("Approvals"), "approvals", reverse("approvals") if is_deciding else path),
        _place(_("History"), "audit", path),
        _place(_("Settings"), "settings", path),
        *([_place(_("Who can log in"), "log_ins", path)] if letting_in else []),
        _place(_("Imports"), "imports", path),
    ]


def _place(name: str, address: str, path: str, *more: str) -> Place:
    """The beginning of the site is only itself; other places have what is below them, and more."""
    there = reverse(address)
    is_here = path == there if there == "/" else path.startswith((there, *more))
    return Place(name=name, address=there, is_here=is_here)
