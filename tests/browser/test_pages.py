"""Every page in four languages, as browsers show it: nothing cut, moved, barred or untranslated."""

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


def walk(reader: Reader, company: World, pictures: Path, *, name: str) -> list[str]:
    """Opens every page; what is wrong with any, and a picture of each."""
    wrong = []
    for page, path in company.addresses.items():
        reader.open(path)
        wrong += [f"{page}: {each}" for each in (*reader.wrongs(), *reader.barriers())]
        if reader.sight.language != "en":
            found = untranslated(reader.texts(), language=reader.sight.language)
            wrong += [f"{page}: in English: {each}" for each in found]
        reader.picture(pictures / f"{page}-{name}.png")
    return wrong


@LANGUAGES
def test_every_page_is_whole_in_every_language(
    language: str, reader: New, company: World, pictures: Path
) -> None:
    person = reader(company.cast.mei, Sight(language=language))
    assert walk(person, company, pictures, name=language) == []


@pytest.mark.parametrize(
    ("name", "sight"),
    [
        ("ru-phone", Sight(language="ru", size=PHONE)),
        ("ja-phone-dark", Sight(language="ja", size=PHONE, dark=True)),
        ("zh-hans-dark", Sight(language="zh-hans", dark=True)),
        ("ru-large", Sight(language="ru", size=WIDE, zoom=2)),
        ("en-narrowest", Sight(language="en", size=NARROWEST)),
    ],
)
def test_every_page_is_whole_on_a_phone_in_the_dark_and_in_large_letters(
    name: str, sight: Sight, reader: New, company: World, pictures: Path
) -> None:
    person = reader(company.cast.mei, sight)
    assert walk(person, company, pictures, name=name) == []
