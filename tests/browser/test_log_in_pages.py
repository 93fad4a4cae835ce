"""The pages around the log-in in four languages, on a phone and in the dark, as others see them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from tests.browser.company import World
from tests.browser.reading import LOCALES, PHONE, Reader, Sight
from tests.browser.texts import untranslated
from tests.pages import account

New = Callable[..., Reader]
PASSWORD = "a quiet passage"
OUTSIDE = {
    "log-in": "/session/",
    "forgotten": "/session/forgotten/",
    "letter-sent": "/session/forgotten/sent/",
    "link-too-old": "/session/forgotten/1-made-up/",
}
INSIDE = {
    "people": "/people/",
    "log-in-of": "/people/{mei}/log-in/",
    "confirm": "/my-log-in/confirm/?next=/my-log-in/app/",
    "password": "/my-log-in/password/",
}
CONFIRMED = {
    "app": "/my-log-in/app/",
    "passkey": "/my-log-in/passkeys/",
    "codes-new": "/my-log-in/codes/new/",
}
SIGHTS = [
    *((language, Sight(language=language)) for language in LOCALES),
    ("ru-phone", Sight(language="ru", size=PHONE)),
    ("ja-phone-dark", Sight(language="ja", size=PHONE, dark=True)),
    ("zh-hans-dark", Sight(language="zh-hans", dark=True)),
    ("ru-large", Sight(language="ru", zoom=2)),
]


def let_in(person: int) -> User:
    user = account(person)
    user.set_password(PASSWORD)
    user.save()
    return user


def looked_at(reader: Reader, pages: dict[str, str], to: Path, name: str) -> list[str]:
    """What is wrong with the pages; a picture of each."""
    wrong = []
    for page, path in pages.items():
        reader.open(path)
        wrong += [f"{page}: {each}" for each in (*reader.wrongs(), *reader.barriers())]
        if reader.sight.language != "en":
            found = untranslated(reader.texts(), language=reader.sight.language)
            wrong += [f"{page}: in English: {each}" for each in found]
        reader.picture(to / f"{page}-{name}.png")
    return wrong


@pytest.mark.parametrize(("name", "sight"), SIGHTS, ids=[name for name, _sight in SIGHTS])
def test_every_page_around_the_log_in_is_whole(
    name: str, sight: Sight, reader: New, company: World, pictures: Path
) -> None:
    let_in(company.cast.sam)
    account(company.cast.mei)
    wrong = looked_at(reader(None, sight), OUTSIDE, pictures, name)
    sam = reader(company.cast.sam, sight)
    inside = {page: path.format(mei=company.cast.mei) for page, path in INSIDE.items()}
    wrong += looked_at(sam, inside, pictures, name)
    sam.open(INSIDE["confirm"])
    sam.page.locator("[name=password]").fill(PASSWORD)
    sam.page.locator("form.fields button").click()
    wrong += looked_at(sam, CONFIRMED, pictures, name)
    assert wrong == []
