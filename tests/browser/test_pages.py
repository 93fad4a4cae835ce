"""Every page in four languages, as browsers show it: nothing cut, moved, barred or untranslated."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.browser.company import World
from tests.browser.reading import (
    LOCALES,
    NARROWEST,
    PHONE,
    WIDE,
    Reader,
    Sight,
)
from tests.browser.texts import untranslated

New = Callable[..., Reader]
LANGUAGES = pytest.mark.parametrize("language", LOCALES)


WHOLE = os.environ.get("LEGATO_WALK") == "whole"
"""Every page in every sight for barriers, too, and a picture of each, which takes a quarter of an
hour; else a page's barriers are looked for in one language, and on one small or dark screen."""


def walk(reader: Reader, company: World, pictures: Path, *, name: str, turn: int) -> list[str]:
    """Opens every page; what is wrong with any. ``turn``: the pages whose barriers are looked for,
    as a remainder."""
    wrong = []
    for number, (page, path) in enumerate(company.addresses.items()):
        is_theirs = number % len(LOCALES) == turn
        if not (WHOLE or is_theirs or name in LOCALES):
            continue
        reader.open(path)
        wrong += [f"{page}: {each}" for each in reader.wrongs()]
        if WHOLE or is_theirs:
            wrong += [f"{page}: {each}" for each in reader.barriers()]
        if reader.sight.language != "en":
            found = untranslated(reader.texts(), language=reader.sight.language)
            wrong += [f"{page}: in English: {each}" for each in found]
        if WHOLE:
            reader.picture(pictures / f"{page}-{name}.png")
    return wrong


@LANGUAGES
def test_every_page_is_whole_in_every_language(
    language: str, reader: New, company: World, pictures: Path
) -> None:
    person = reader(company.cast.mei, Sight(language=language))
    turn = list(LOCALES).index(language)
    assert walk(person, company, pictures, name=language, turn=turn) == []


@pytest.mark.parametrize(
    ("turn", "name", "sight"),
    [
        (0, "ru-phone", Sight(language="ru", size=PHONE)),
        (1, "ja-phone-dark", Sight(language="ja", size=PHONE, dark=True)),
        (2, "zh-hans-dark", Sight(language="zh-hans", dark=True)),
        (3, "ru-large", Sight(language="ru", size=WIDE, zoom=2)),
        (0, "en-narrowest", Sight(language="en", size=NARROWEST)),
    ],
)
def test_every_page_is_whole_on_a_phone_in_the_dark_and_in_large_letters(
    turn: int, name: str, sight: Sight, reader: New, company: World, pictures: Path
) -> None:
    person = reader(company.cast.mei, sight)
    assert walk(person, company, pictures, name=name, turn=turn) == []
