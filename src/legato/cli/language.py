"""The language of the command line, known before anything else is loaded.

The standard library's gettext serves here, because help must be quick and Django is not; click
asks it for its own words too, so the catalogue ``click`` translates those.
"""

import gettext
import os
from collections.abc import Mapping
from pathlib import Path

LOCALE = Path(__file__).parents[1] / "locale"
OURS, CLICKS = "django", "click"
# The variables people already set, ours first; the first that is set decides.
VARIABLES = ("LEGATO_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
LANGUAGES = {"en": "en", "ja": "ja", "zh": "zh-hans", "ru": "ru"}


def chosen_language(*, env: Mapping[str, str] = os.environ) -> str:
    """One of ``en ja zh-hans ru``, Django's names; English for everything else."""
    named = next((env[name] for name in VARIABLES if env.get(name)), "")
    return LANGUAGES.get(named.replace("-", "_").partition("_")[0].partition(".")[0].lower(), "en")


def speak(language: str) -> None:
    """Sets the language of this process and of those it starts."""
    os.environ["LANGUAGE"] = language.replace("zh-hans", "zh_Hans")
    for domain in (OURS, CLICKS):
        gettext.bindtextdomain(domain, LOCALE)
    gettext.textdomain(CLICKS)


def ours(text: str) -> str:
    """A sentence of Legato's in the language set by `speak`."""
    return gettext.dgettext(OURS, text)


def pgettext(context: str, text: str) -> str:
    """The same of a word that means one thing here and another elsewhere."""
    return gettext.dpgettext(OURS, context, text)


def ngettext(one: str, many: str, count: int) -> str:
    """The same of a sentence that depends on how many there are."""
    return gettext.dngettext(OURS, one, many, count)
