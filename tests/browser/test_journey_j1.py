"""J1, protect now: on the day somebody says they leave, one click gives their whole book an interim
owner and limits what they take along; two more take all of it back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from playwright.sync_api import Browser, Locator, Page, expect
from tests import example
from tests.browser.company import World, world
from tests.browser.hand import Hand
from tests.browser.reading import LOCALES, PHONE, Reader, Sight, languages
from tests.browser.texts import untranslated
from tests.example import Cast
from tests.pages import account
from tests.pages import reader as logged_in

from legato.books.models import Record
from legato.departures import operations as departures
from legato.domain.departure import Announcement
from legato.people.models import Person
from legato.postgres.addresses import Addresses

New = Callable[..., Reader]
ACCOUNTS = 420
PASSWORD = "a quiet passage"
CLICKS, SECONDS = 8, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """``leaver`` manages people too, so that there are rows that they could take out."""

    cast: Cast
    world: World
    leaver: int
    case: int


@pytest.fixture(scope="module")
def company(browser: Browser, module_database: Addresses) -> Day:
    now = datetime.now(UTC)
    made = world(now=now)
    leaver = example.person(
        name="田中 美咲", role="manager", country="JP", language="ja", manager=made.cast.mei,
        team="East", time_zone="Asia/Tokyo",
    )  # fmt: skip
    example.records(how_many=ACCOUNTS, owner=leaver)
    opened = departures.open_case(
        person_id=leaver,
        announced=Announcement(
            kind="resignation", last_day=date.today() + timedelta(days=14), to_competitor="yes"
        ),
        actor=made.cast.mei,
        now=now,
        reason="Resigned",
    )
    user = account(made.cast.mei)
    user.set_password(PASSWORD)
    user.save()
    return Day(cast=made.cast, world=made, leaver=leaver, case=opened.case)


def holding(person: int) -> int:
    return Record.objects.filter(owner=person, is_open=True).count()


def takes_rows_out(day: Day) -> int:
    """The status with which the leaver is answered who asks for rows."""
    receipt = day.world.addresses["receipt"].rstrip("/")
    return logged_in(day.leaver).get(f"{receipt}.csv").status_code


def log_in(hand: Hand, day: Day) -> None:
    page = hand.page
    page.goto("/session/?next=/")
    hand.think()
    hand.click("input[name=username], input[name=login]")
    hand.type(account(day.cast.mei).username)
    hand.press("Tab")
    hand.type(PASSWORD)
    hand.press("Enter")
    expect(page.locator(".leaving").first).to_be_visible()


def form(page: Page, day: Day) -> Locator:
    return page.locator(f"#protect-{day.case}")


def told(page: Page) -> Locator:
    return page.locator(".toast.done").first


def protected(day: Day) -> None:
    assert holding(day.leaver) == 0
    assert Person.objects.get(pk=day.leaver).limits.filter(lifted_at=None).count() == 1
    assert takes_rows_out(day) == 409


def as_before(day: Day) -> None:
    assert holding(day.leaver) == ACCOUNTS
    assert not Person.objects.get(pk=day.leaver).limits.filter(lifted_at=None).exists()
    assert takes_rows_out(day) == 200


@pytest.mark.parametrize("language", languages(LOCALES, else_only="ja"))
def test_a_book_is_protected_and_all_of_it_taken_back_in_every_language(
    language: str, reader: New, company: Day
) -> None:
    sight = reader(None, Sight(language=language))
    page, hand = sight.page, Hand(page=sight.page)
    before = holding(company.cast.mei)
    log_in(hand, company)
    hand.think()
    hand.click(form(page, company).locator("button.main"))
    expect(told(page)).to_contain_text("420")
    assert hand.clicks <= CLICKS
    assert hand.seconds <= SECONDS
    protected(company)
    assert holding(company.cast.mei) == before + ACCOUNTS
    if language != "en":
        assert untranslated(sight.texts(), language=language) == []

    undo = Hand(page=page)
    undo.click(told(page).locator("[data-undo]"))
    undo.click(page.locator("#drawer form.act button.main"))
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_url("**/receipts/*/")
    assert undo.clicks == 2
    as_before(company)
    assert holding(company.cast.mei) == before
    assert sight.wrongs() == []
    assert len(mail.outbox) == 0


def test_the_diff_follows_who_is_chosen_and_the_switches(reader: New, company: Day) -> None:
    page: Page = reader(company.cast.mei).open("/")
    hand = Hand(page=page)
    kenji = str(company.cast.kenji)
    hand.choose(form(page, company).locator("select"), kenji)
    hand.click(form(page, company).locator("[name=export]"))
    hand.click(form(page, company).locator("[data-drawer]"))
    drawer = page.locator("#drawer")
    expect(drawer.locator("#diff")).to_contain_text("420 records go to Kenji Sato until")
    expect(drawer.locator("[name=export]")).not_to_be_checked()
    hand.choose(drawer.locator("select"), str(company.cast.mei))
    expect(drawer.locator("#diff")).to_contain_text("420 records go to Mei Lin until")
    hand.choose(drawer.locator("select"), kenji)
    expect(drawer.locator("#diff")).to_contain_text("420 records go to Kenji Sato until")
    hand.click(drawer.locator("button.main"))
    expect(told(page)).to_contain_text("Kenji Sato holds 420 records for now")
    assert takes_rows_out(company) == 200
    told(page).locator("[data-undo]").click()
    page.locator("#drawer form.act button.main").click()
    page.wait_for_url("**/receipts/*/")
    as_before(company)


def test_keys_alone_do_it(reader: New, company: Day) -> None:
    sight = reader(company.cast.mei, Sight(language="ja"))
    page: Page = sight.open("/")
    hand = Hand(page=page)
    hand.tab_to(form(page, company).locator("button.main"))
    hand.press("Enter")
    expect(told(page)).to_contain_text("420")
    protected(company)
    hand.press("u")
    expect(page.locator("#drawer")).to_be_visible()
    hand.tab_to(page.locator("#drawer form.act button.main"))
    hand.press("Enter")
    page.wait_for_url("**/receipts/*/")
    as_before(company)
    assert hand.clicks == 0


@pytest.mark.parametrize(
    "sight",
    [
        Sight(language="ru", size=PHONE),
        Sight(language="zh-hans", dark=True),
        Sight(language="en", zoom=2),
        Sight(language="ru", scripts=False),
    ],
)
def test_it_works_on_a_phone_in_the_dark_in_large_letters_and_without_scripts(
    sight: Sight, reader: New, company: Day
) -> None:
    window = reader(company.cast.mei, sight)
    page: Page = window.open("/")
    form(page, company).locator("button.main").click()
    expect(told(page)).to_contain_text("420")
    if sight.scripts:
        assert window.wrongs() == []
        assert window.barriers() == []
    protected(company)
    told(page).locator("[data-undo]").click()
    page.locator("form.act button.main").click()
    page.wait_for_url("**/receipts/*/")
    as_before(company)
