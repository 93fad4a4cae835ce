"""Every page in four languages, as browsers show it: nothing cut, moved, barred or untranslated."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.browser.company import World
from tests.browser.reading import (
    LOCALES,
    NARROWEST,
    PHONE,
    WHOLE,
    WIDE,
    Reader,
    Sight,
)
from tests.browser.texts import untranslated

New = Callable[..., Reader]
LANGUAGES = pytest.mark.parametrize("language", LOCALES)


def walk(reader: Reader, company: World, pictures: Path, *, name: str, turn: int) -> list[str]:
    """Opens every page; what is wrong with any, and a picture of each. Unless all of it is wanted,
    only the pages whose ``turn`` it is, so that each is seen in one language and in one more sight.
    """
    wrong = []
    for number, (page, path) in enumerate(company.addresses.items()):
        if not WHOLE and number % len(LOCALES) != turn:
            continue
        reader.open(path)
        wrong += [f"{page}: {each}" for each in (*reader.wrongs(), *reader.barriers())]
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
        (1, "ru-phone", Sight(language="ru", size=PHONE)),
        (0, "ja-phone-dark", Sight(language="ja", size=PHONE, dark=True)),
        (3, "zh-hans-dark", Sight(language="zh-hans", dark=True)),
        (2, "ru-large", Sight(language="ru", size=WIDE, zoom=2)),
        (3, "en-narrowest", Sight(language="en", size=NARROWEST)),
    ],
)
def test_every_page_is_whole_on_a_phone_in_the_dark_and_in_large_letters(
    turn: int, name: str, sight: Sight, reader: New, company: World, pictures: Path
) -> None:
    person = reader(company.cast.mei, sight)
    assert walk(person, company, pictures, name=name, turn=turn) == []
