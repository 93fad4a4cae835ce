"""What the kit does under a hand: keys, the palette, lists, and all of it without scripts."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.browser.company import World
from tests.browser.reading import FONT, PHONE, SCRIPTS_AT_MOST, Reader, Sight
from tests.pages import account

from legato.departures import operations as departures

New = Callable[..., Reader]
PASSWORD = "a quiet passage"

COMPOSING = """() => document.body.dispatchEvent(
  new KeyboardEvent("keydown", {key: "?", isComposing: true, bubbles: true}))"""


@pytest.fixture
def case(reader: New, company: World) -> Page:
    """The book of a departure with 260 records, before its manager."""
    page: Page = reader(company.cast.mei).open(f"/cases/{company.waiting}/book/")
    return page


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_the_scripts_of_a_page_weigh_little(reader: New, company: World) -> None:
    person = reader(company.cast.mei)
    person.open("/")
    assert 0 < person.script_bytes() <= SCRIPTS_AT_MOST


def test_the_palette_finds_a_place_and_goes_there_by_keys_alone(case: Page) -> None:
    case.keyboard.press("Control+k")
    expect(case.locator("#palette")).to_be_visible()
    case.keyboard.type("depart")
    expect(case.locator("#commands li:visible")).to_have_count(1)
    case.keyboard.press("Enter")
    expect(case).to_have_title("Departures · Legato")


def test_the_palette_changes_the_language(case: Page) -> None:
    case.keyboard.press("Control+k")
    case.keyboard.type("日本")
    case.keyboard.press("Enter")
    expect(case.locator("html")).to_have_attribute("lang", "ja")


def test_the_palette_says_when_nothing_is_called_that_and_gives_the_focus_back(case: Page) -> None:
    opener = case.locator("[data-opens=palette]")
    opener.click()
    case.keyboard.type("zzz")
    expect(case.get_by_text("Nothing here is called that.")).to_be_visible()
    case.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_single_keys_move_search_and_show_the_tables(case: Page) -> None:
    case.keyboard.press("/")
    assert focused(case) == "sift-search"
    case.keyboard.type("j")
    expect(case.locator("#sift-search")).to_have_value("j")
    case.locator("#sift-search").fill("")
    case.locator("h1").click()
    case.keyboard.press("t")
    expect(case.locator("details.picture-table").first).to_have_attribute("open", "")
    case.keyboard.press("j")
    first = case.evaluate("document.activeElement.textContent")
    case.keyboard.press("j")
    assert case.evaluate("document.activeElement.textContent") != first
    case.keyboard.press("k")
    assert case.evaluate("document.activeElement.textContent") == first


def test_enter_opens_the_row_that_j_has_marked(reader: New, company: World) -> None:
    page = reader(company.cast.mei).open("/cases/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*/")


def test_no_key_is_ours_while_a_word_is_composed(case: Page) -> None:
    case.evaluate(COMPOSING)
    expect(case.locator("#keys")).to_be_hidden()
    case.evaluate(COMPOSING.replace("isComposing: true", "isComposing: false"))
    expect(case.locator("#keys")).to_be_visible()


def test_single_keys_can_be_turned_off_and_stay_off(case: Page) -> None:
    case.keyboard.press("?")
    case.locator("#single-keys").uncheck()
    case.keyboard.press("Escape")
    case.reload()
    case.keyboard.press("/")
    assert focused(case) != "sift-search"
    case.keyboard.press("Control+k")
    expect(case.locator("#palette")).to_be_visible()


def test_more_rows_come_below_are_said_aloud_and_the_focus_stays(case: Page) -> None:
    rows = case.locator("#records-rows > tr")
    expect(rows).to_have_count(50)
    case.locator("#records-more").focus()
    case.keyboard.press("Enter")
    expect(rows).to_have_count(100)
    expect(case.locator("#records-paging [data-said]")).to_have_text("1 to 100 of 260")
    expect(case.locator("#said")).to_have_text("1 to 100 of 260")
    assert focused(case) == "records-more"


def test_the_last_rows_leave_the_focus_in_the_list(case: Page) -> None:
    rows = case.locator("#records-rows > tr")
    for many in (100, 150, 200, 250, 260):
        case.locator("#records-more").click()
        expect(rows).to_have_count(many)
    expect(case.locator("#records-more")).to_have_count(0)
    within = "!!document.activeElement.closest('section[aria-labelledby=records]')"
    assert case.evaluate(within)
    names = rows.evaluate_all("all => all.map(e => e.textContent.replace(/\\s+/g, ' '))")
    assert len(set(names)) == len(names) == 260


def test_a_sifted_list_is_in_the_address_and_keeps_the_focus(case: Page) -> None:
    case.locator("#sift-more > summary").click()
    case.locator("#sift-heat").focus()
    case.locator("#sift-heat").select_option("hot")
    case.wait_for_url(re.compile(r"/cases/\d+/book/\?heat=hot$"))
    expect(case.locator(".chip")).to_have_text(["Hot"])
    assert focused(case) == "sift-heat"
    expect(case.locator("#records-rows .heat:not(.hot)")).to_have_count(0)
    said = case.locator("#said").text_content()
    case.reload()
    expect(case.locator("#records-paging [data-said]")).to_have_text(said or "nothing was said")
    case.go_back()
    expect(case.locator(".chip")).to_have_count(0)


def test_an_answer_that_does_not_come_is_said_and_stays_until_it_is_closed(case: Page) -> None:
    case.context.route("**/*page=2*", lambda route: route.abort())
    case.locator("#records-more").click()
    expect(case.locator("#toast")).to_be_visible()
    expect(case.locator("#records-rows > tr")).to_have_count(50)
    case.locator("[data-closes=toast]").click()
    expect(case.locator("#toast")).to_be_hidden()


def test_who_was_logged_out_is_asked_to_log_in_and_no_page_is_put_inside_another(
    case: Page,
) -> None:
    case.context.clear_cookies()
    case.locator("#records-more").click()
    case.wait_for_url(re.compile(r"/session/\?next="))
    expect(case.locator("form.fields")).to_have_count(1)


def test_everything_works_without_scripts(reader: New, company: World) -> None:
    user = account(company.cast.sam)
    user.set_password(PASSWORD)
    user.save()
    page = reader(None, Sight(scripts=False, size=PHONE)).open("/session/")
    page.locator("[name=username]").fill(user.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form.fields button").click()
    page.goto(f"/cases/{company.waiting}/book/")
    page.locator("#sift-more > summary").click()
    page.locator("#sift-heat").select_option("cold")
    page.locator("form.sift button").click()
    expect(page.locator(".chip")).to_have_text(["Cold"])
    page.locator("#records-more").click()
    expect(page.locator("#records-paging [data-said]")).to_contain_text("51 to")
    expect(page.locator("[data-opens]:visible")).to_have_count(0)


@pytest.mark.parametrize(
    ("lang", "font"),
    [("ja", "Noto Sans CJK JP"), ("zh-Hans", "Noto Sans CJK SC"), ("ru", "system")],
)
def test_each_name_has_the_font_of_its_own_language(
    lang: str, font: str, reader: New, company: World
) -> None:
    page = reader(company.cast.mei, Sight(language="en")).open(f"/plans/{company.waiting}/")
    assert font in page.evaluate(FONT, f"#decisions-rows [lang={lang}]")


def test_an_act_is_shown_in_a_drawer_done_and_told_until_it_is_put_away(
    reader: New, company: World
) -> None:
    now = datetime.now(UTC)
    covered = departures.cover(
        case_id=company.fresh, by=company.cast.mei, until=now + timedelta(days=9),
        actor=company.cast.mei, now=now, reason="Nobody else is there",
    )  # fmt: skip
    page: Page = reader(company.cast.mei).open(f"/receipts/{covered.cover}/undo/")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(".done")).to_contain_text("records are with whom they were before.")
    page.reload()
    page.keyboard.press("u")  # The undo of the undo.
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("heading", name="Undo")).to_be_visible()
    drawer.get_by_role("button", name="Close").click()
    expect(drawer).to_be_hidden()
    page.locator(".done").get_by_role("button", name="Close").click()
    expect(page.locator(".done")).to_have_count(0)
    page.reload()
    expect(page.locator(".done")).to_have_count(0)
