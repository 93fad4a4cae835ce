"""What every page needs around its content: what it loads, where one can go, the language."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from legato.domain.sight import sees_cases
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
        "language": language,
        "html_lang": tag(language),
        "refusal": getattr(request, "refusal", ""),
        "languages": [(code, name, tag(code)) for code, name in settings.LANGUAGES],
    }


def tag(language: str) -> str:
    """The language as HTML's ``lang`` has it: fonts are chosen by it."""
    return TAGS.get(language, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somewhere to go from every page."""

    name: str
    address: str
    is_here: bool


def places(*, role: str, path: str) -> list[Place]:
    """Where somebody of that role can go, of what there is; ``path`` is where they are."""
    today, cases, book = reverse("today"), reverse("cases"), reverse("book")
    own = Place(name=_("My book"), address=book, is_here=path.startswith(book))
    if not sees_cases(role=role, is_employed=True):
        return [own]
    imports = reverse("imports")
    below = (cases, "/plans/", "/receipts/")
    return [
        Place(name=_("Today"), address=today, is_here=path == today),
        Place(name=_("Departures"), address=cases, is_here=path.startswith(below)),
        Place(name=_("Book"), address=book, is_here=path.startswith(book)),
        Place(name=_("Imports"), address=imports, is_here=path.startswith(imports)),
    ]
