"""The list of a book under the fingers: chosen by keys, given by the drawer, drawn, and looked at
in ways of one's own."""

import re
from collections.abc import Callable

from playwright.sync_api import expect
from tests import example
from tests.browser.company import World
from tests.browser.hand import Hand
from tests.browser.reading import PHONE, Reader, Sight

New = Callable[..., Reader]


def test_two_records_are_given_by_keys_alone_and_taken_back(reader: New, company: World) -> None:
    for name in ("Aardvark Ltd", "Badger & Sons", "Civet KK"):
        example.record(owner=company.cast.ivo, name=name)
    ivos = f"/book/?of=team&owner={company.cast.ivo}&kind=account&order=name"
    hand = Hand(page=reader(company.cast.ada).open(ivos))
    page = hand.page
    bar = page.locator("#bulk")
    expect(bar).to_be_hidden()
    hand.press("j")
    hand.press("x")
    hand.press("Shift+ArrowDown")
    expect(bar).to_contain_text("2 chosen")
    hand.press("a")
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("heading", name="Give to somebody")).to_be_visible()
    drawer.locator("select[name=to]").select_option(str(company.cast.kenji))
    drawer.get_by_role("button", name="Show what it does").press("Enter")
    expect(drawer).to_contain_text("2 records change hands and go to Kenji Sato")
    drawer.get_by_role("button", name="Give them").press("Enter")
    expect(page.locator(".done")).to_contain_text("2 records have their new owners.")
    page.keyboard.press("u")
    drawer.get_by_role("button", name="Take it back").press("Enter")
    expect(page.locator(".done").first).to_contain_text("2 records are with whom they were before")
    assert hand.clicks == 0


def test_a_part_of_the_picture_leads_to_its_records(reader: New, company: World) -> None:
    page = reader(company.cast.mei).open(f"/cases/{company.waiting}/book/")
    cell = page.locator("svg.broad a.cell").first
    many = re.search(r": (\d+)$", cell.get_attribute("aria-label") or "")
    assert many
    cell.click(position={"x": 3, "y": 3})
    expect(page.locator(".total")).to_contain_text(f"{many[1]} record")
    expect(page.locator(".chip")).to_have_count(3)


def test_without_scripts_rows_are_chosen_and_what_it_does_is_a_page(
    reader: New, company: World
) -> None:
    page = reader(company.cast.mei, Sight(scripts=False, size=PHONE)).open("/book/?of=team")
    page.locator("#records-rows input[type=checkbox]").first.check()
    page.get_by_role("button", name="Give to…").click()
    expect(page.get_by_role("heading", name="Give to somebody")).to_be_visible()


def test_filters_that_were_unfolded_stay_so_when_the_list_changes(
    reader: New, company: World
) -> None:
    page = reader(company.cast.mei).open(f"/cases/{company.waiting}/book/")
    page.locator("#sift-more > summary").click()
    page.locator("#sift-heat").select_option("cold")
    expect(page.locator(".chip")).to_have_text("Cold")
    expect(page.locator("#sift-kind")).to_be_visible()


def test_a_view_is_kept_from_the_drawer(reader: New, company: World) -> None:
    page = reader(company.cast.sam).open(f"/cases/{company.waiting}/book/?heat=cold&group=kind")
    page.get_by_role("link", name="Keep this view").click()
    drawer = page.locator("#drawer")
    drawer.get_by_label("Name of the view").fill("Cold by kind")
    drawer.get_by_role("button", name="Save").click()
    expect(page.locator(".views [aria-current]")).to_have_text("Cold by kind")
    assert f"/cases/{company.waiting}/book/" in page.url
