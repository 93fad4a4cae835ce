"""Journey J2, what burns: from Today to the whole list of what is due within 48 hours.

Kenji's book in Tokyo holds what London and a holiday make hard: promises on both sides of the 48
hours, one overdue, one on a holiday, and what looks like one but is not.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from tests import example
from tests.browser.company import World
from tests.browser.hand import Hand
from tests.browser.reading import PHONE, WIDE, Reader, Sight

from legato.departures import operations as departures
from legato.domain.departure import Announcement
from legato.people import operations as people

New = Callable[..., Reader]
BURNING = (
    "Contract to Osaka",
    "Sample to Leeds",
    "Answer to Kobe",
    "Price to York",
    "Visit to Nara",
)
OTHERS = ("Later by an hour", "Already done", "Of somebody else")
CLICKS, SECONDS = 2, 6
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(scope="module")
def leaver(company: World) -> int:
    """Who leaves, with the five that burn and three that do not; the case."""
    now = datetime.now(UTC)
    person = example.person(
        name="高橋 美咲",
        country="JP",
        language="ja",
        time_zone="Asia/Tokyo",
        manager=company.cast.mei,
    )
    holiday = (now + timedelta(hours=30)).astimezone(TOKYO).date()
    people.add_holiday(
        country="JP", day=holiday, name="文化の日", actor=company.cast.mei, now=now, reason="Known"
    )
    hours = (-3, 4, 30, 46, 47.5)
    for name, offset in zip(BURNING, hours, strict=True):
        _promise(person, name, now + timedelta(hours=offset))
    _promise(person, OTHERS[0], now + timedelta(hours=49))
    _promise(person, OTHERS[1], now + timedelta(hours=5), is_open=False)
    _promise(company.cast.kenji, OTHERS[2], now + timedelta(hours=5))
    return departures.open_case(
        person_id=person,
        announced=Announcement(kind="resignation", last_day=now.date() + timedelta(days=1)),
        actor=company.cast.mei, now=now, reason="Moves to another town",
    ).case  # fmt: skip


def _promise(owner: int, name: str, due: datetime, *, is_open: bool = True) -> None:
    example.record(
        owner=owner, kind="commitment", name=name, due_at=due, is_open=is_open,
        phone="+81 6-1234-5678",
    )  # fmt: skip


def burning(page: Page) -> list[str]:
    """The names in the list, which says itself that it is whole."""
    expect(page.locator("#records-rows")).to_be_visible()
    expect(page.locator(".total")).to_contain_text("5")
    names = page.locator("#records-rows tr > th")
    found = names.evaluate_all("all => all.map(e => e.firstChild.textContent.trim())")
    return [str(name) for name in found]


def whole_list(page: Page, case: int) -> str:
    return f"a[href^='/cases/{case}/book/?due=soon']"


@pytest.mark.parametrize(
    "sight",
    [
        Sight(language="en", size=WIDE),
        Sight(language="ru", size=PHONE),
        Sight(language="ja", dark=True),
        Sight(language="zh-hans", zoom=2),
    ],
    ids=["en", "ru-phone", "ja-dark", "zh-hans-large"],
)
def test_what_burns_is_found_whole_in_two_clicks(
    sight: Sight, reader: New, company: World, leaver: int
) -> None:
    person = reader(company.cast.mei, sight)
    hand = Hand(page=person.open("/"))
    hand.think()
    hand.click(whole_list(hand.page, leaver))
    hand.page.wait_for_load_state()
    assert tuple(burning(hand.page)) == BURNING
    assert (hand.clicks, hand.seconds) <= (CLICKS, SECONDS)
    assert hand.seconds <= SECONDS
    assert person.wrongs() == []
    assert person.barriers() == []


def test_what_burns_is_found_by_keys_alone(reader: New, company: World, leaver: int) -> None:
    hand = Hand(page=reader(company.cast.mei, Sight(language="ru")).open("/"))
    hand.tab_to(whole_list(hand.page, leaver))
    hand.press("Enter")
    hand.page.wait_for_url("**/book/**")
    assert tuple(burning(hand.page)) == BURNING
    hand.press("j")
    focused = hand.page.evaluate(
        "document.activeElement.querySelector('th').firstChild.textContent"
    )
    assert focused.strip() == BURNING[0]
    assert hand.clicks == 0


def test_on_the_phone_one_tap_calls(reader: New, company: World, leaver: int) -> None:
    page = reader(company.cast.mei, Sight(language="ja", size=PHONE)).open(
        f"/cases/{leaver}/book/?due=soon&order=due"
    )
    call = page.locator("#records-rows a[href^='tel:']").first
    expect(call).to_be_visible()
    assert call.get_attribute("href") == "tel:+816-1234-5678"
    box = call.bounding_box()
    assert box is not None
    assert box["height"] >= 24


def test_each_zone_and_the_holiday_are_said(reader: New, company: World, leaver: int) -> None:
    page = reader(company.cast.mei).open(f"/cases/{leaver}/book/?due=soon&order=due")
    row = page.locator("#records-rows tr", has_text=BURNING[2])
    expect(row).to_contain_text("Asia/Tokyo")
    expect(row).to_contain_text("a day off there")
