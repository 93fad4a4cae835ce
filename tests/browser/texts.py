"""English that must not be seen on a page in another language."""

import re
from collections.abc import Iterable

from tests.house.texts import catalogue

PLACE = re.compile(r"%\\?\((\w+)\\?\)s")
LANGUAGES = {"ja": "ja", "zh-hans": "zh_Hans", "ru": "ru"}
LETTERS = re.compile(r"[A-Za-z]{3}")


def untranslated(texts: Iterable[str], *, language: str) -> list[str]:
    """The texts that are an English source text as it stands, its blanks filled in."""
    english = _sources(LANGUAGES[language])
    return [text for text in texts if LETTERS.search(text) and english.fullmatch(text)]


def _sources(language: str) -> re.Pattern[str]:
    """Source texts that the language says otherwise."""
    sources = set()
    for entry in catalogue(language):
        said = [entry.msgstr, *entry.msgstr_plural.values()]
        for text in (entry.msgid, entry.msgid_plural):
            if LETTERS.search(PLACE.sub("", text)) and text not in said:
                sources.add(" ".join(text.split()))
    filled = [PLACE.sub(".+", re.escape(each)) for each in sorted(sources)]
    return re.compile("|".join(filled))
