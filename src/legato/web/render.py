"""What every page needs around its content: our stylesheet, the reader's language."""

from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

STYLE = Path(__file__).with_name("style.css").read_bytes()
STYLE_DIGEST = sha256(STYLE).hexdigest()[:16]
TAGS = {"zh-hans": "zh-Hans"}
"""Languages that HTML writes in another way than Django does."""


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Context of every template. Asks the database nothing, for error pages need it too."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "style_digest": STYLE_DIGEST,
        "language": language,
        "html_lang": tag(language),
        "languages": [(code, name, tag(code)) for code, name in settings.LANGUAGES],
    }


def tag(language: str) -> str:
    """The language as HTML's ``lang`` has it: fonts are chosen by it."""
    return TAGS.get(language, language)
