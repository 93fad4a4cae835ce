"""Every text a person may read, collected from the source, and the catalogues that translate it.

``python -m tests.house.texts`` brings the catalogues up to date: new texts are added untranslated,
texts that are gone are dropped.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

SOURCE = Path(__file__).parents[2] / "src" / "legato"
LANGUAGES = ("ja", "zh_Hans", "ru")
NAMES = ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext", "npgettext")

Message = tuple[str, str, str]
"""Context, text, plural; empty where there is none."""


def messages() -> set[Message]:
    """What is translatable in the Python files and templates."""
    found: set[Message] = set()
    for path in sorted(SOURCE.rglob("*.py")):
        found.update(_in_python(path.read_bytes()))
    for path in sorted([*SOURCE.rglob("*.html"), *SOURCE.rglob("templates/**/*.txt")]):
        found.update(_in_python(templatize(path.read_text(), origin=str(path)).encode()))
    return found


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"))


def key(entry: polib.POEntry) -> Message:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural


def forms(language: str) -> int:
    """How many plural forms Django's header gives the language."""
    return {"ja": 1, "zh_Hans": 1, "ru": 4}[language]


def update() -> None:
    wanted = messages()
    for language in LANGUAGES:
        entries = catalogue(language)
        for gone in [entry for entry in entries if key(entry) not in wanted]:
            entries.remove(gone)
        for context, text, plural in sorted(wanted - {key(entry) for entry in entries}):
            empty = dict.fromkeys(range(forms(language)), "") if plural else {}
            entries.append(
                polib.POEntry(
                    msgctxt=context or None, msgid=text, msgid_plural=plural, msgstr_plural=empty
                )
            )
        entries.save()


def _in_python(source: bytes) -> Iterator[Message]:
    calls = extract_python(BytesIO(source), dict.fromkeys(NAMES), [], {"encoding": "utf-8"})
    for _line, function, said, _comments in calls:
        parts = [str(each) for each in (said if isinstance(said, tuple) else (said,)) if each]
        if not parts:
            continue
        context = parts.pop(0) if function in ("pgettext", "npgettext") else ""
        plural = parts[1] if function in ("ngettext", "npgettext") and len(parts) > 1 else ""
        yield context, parts[0], plural


if __name__ == "__main__":
    update()
