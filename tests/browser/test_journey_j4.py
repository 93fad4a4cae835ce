"""J4, take it back: the undo of a commit on the next day, after seven customers changed hands.

In full once per language: by keys alone, on a phone, in the dark, in letters twice as large.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from tests import example
from tests.browser.departing import (
    ACCOUNTS,
    LEAVERS,
    SIGHTS,
    Departing,
    carried_out,
    departing,
)
from tests.browser.hand import Hand
from tests.browser.reading import LOCALES, Reader, languages

from legato.books.models import Record
from legato.planning.models import Move, Undo
from legato.postgres.addresses import Addresses

New = Callable[..., Reader]
CHANGED, CLICKS, SECONDS = 7, 2, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDay:
    found: Departing
    names: dict[str, list[str]]
    """What was given to Ivo since, by language."""


@pytest.fixture(scope="module")
def company(browser: Browser, module_database: Addresses) -> NextDay:
    """Each plan was carried out yesterday; this morning Ivo got seven customers of each."""
    now = datetime.now(UTC)
    found = departing(now=now - timedelta(days=2), deals=False)
    names = {}
    for language in LOCALES:
        carried_out(found, language=language, at=now - timedelta(days=1))
        plan = found.plans[language].plan
        moved = Move.objects.filter(plan=plan).select_related("record").order_by("record_id")
        for each in moved[:CHANGED]:
            example.give(record=each.record_id, to=found.cast.ivo, at=now - timedelta(hours=2))
        names[language] = [each.record.name for each in moved[:CHANGED]]
    return NextDay(found=found, names=names)


@pytest.mark.parametrize(
    "language", languages((each for each in LOCALES if each != "en"), else_only="zh-hans")
)
def test_taken_back_by_hand(language: str, reader: New, company: NextDay) -> None:
    page = opened(reader, company, language)
    hand = Hand(page=page)
    hand.think()
    hand.click('a.button[data-drawer][href$="/undo/"]')
    says(page, company.names[language])
    hand.click("#drawer form.act button")
    taken_back(page, company, language)
    assert hand.clicks <= CLICKS
    assert hand.seconds <= SECONDS


def test_taken_back_by_keys_alone_and_brought_back_by_its_own_undo(
    reader: New, company: NextDay
) -> None:
    page = opened(reader, company, "en")
    hand = Hand(page=page)
    hand.tab_to('a.button[data-drawer][href$="/undo/"]')
    hand.press("Enter")
    says(page, company.names["en"])
    hand.tab_to("#drawer form.act button")
    hand.press("Enter")
    taken_back(page, company, "en")
    hand.press("u")
    hand.tab_to("#drawer form.act button")
    hand.press("Enter")
    expect(page.locator(".done").first).to_contain_text(str(ACCOUNTS - CHANGED))
    assert held(company, "en") == 0
    assert hand.clicks == 0


def opened(reader: New, company: NextDay, language: str) -> Page:
    plan = company.found.plans[language].plan
    page = reader(company.found.cast.mei, SIGHTS[language]).open(f"/plans/{plan}/")
    expect(page.locator(".next .lines li")).to_have_count(CHANGED)
    expect(page.locator(".next .undoable.yes")).to_contain_text("47")
    return page


def says(page: Page, names: list[str]) -> None:
    """The drawer counts what goes back and lists what stays, with who and when."""
    act = page.locator("#drawer #act")
    expect(act.locator(".lead")).to_contain_text(str(ACCOUNTS - CHANGED))
    for row, name in enumerate(sorted(names, key=lambda each: int(each.split()[-1]))):
        line = act.locator(".lines li").nth(row)
        expect(line).to_contain_text(name)
        expect(line).to_contain_text("Ivo Novak")
        expect(line.locator("time")).to_be_visible()


def taken_back(page: Page, company: NextDay, language: str) -> None:
    expect(page.locator(".done").first).to_contain_text(str(ACCOUNTS - CHANGED))
    assert held(company, language) == ACCOUNTS - CHANGED
    assert Undo.objects.latest("pk").restored == ACCOUNTS - CHANGED


def held(company: NextDay, language: str) -> int:
    """How many the leaver holds."""
    return Record.objects.filter(owner__name=LEAVERS[language]).count()
