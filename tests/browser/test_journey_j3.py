"""J3, the fair plan: read, weighed, locked, compared, sent, approved on a phone, carried out.

In full once per language: by keys alone, on a phone, in the dark, in letters twice as large.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.departing import ACCOUNTS, LEAVERS, SIGHTS, Departing, departing
from tests.browser.hand import Hand
from tests.browser.reading import LOCALES, PHONE, Reader, Sight, languages

from legato.books.models import Record
from legato.planning.models import Assignment, Plan
from legato.postgres.addresses import Addresses

New = Callable[..., Reader]
CLICKS, SECONDS, TAPS = 14, 60, 4


@pytest.fixture(scope="module")
def company(browser: Browser, module_database: Addresses) -> Departing:
    return departing(now=datetime.now(UTC), deals=True)


@pytest.mark.parametrize(
    "language", languages((each for each in LOCALES if each != "en"), else_only="ru")
)
def test_a_fair_plan_by_hand(language: str, reader: New, company: Departing) -> None:
    page = reader(company.cast.mei, SIGHTS[language]).open(first(company, language))
    hand = Hand(page=page)
    expect(page.locator(".ribbon:visible").first).to_be_visible()
    for weight, points in (("language", "700"), ("tie", "200")):
        hand.think()
        hand.click(f"#id_weight-{weight}")
        hand.press("Control+a")
        hand.type(points)
    for row in range(3):
        hand.think()
        hand.click(page.locator("#decisions-rows input[name=lock]").nth(row))
    expect(page.locator(".pending [data-count]")).to_have_text("5")
    compute = page.locator("#again button")
    hand.click(compute)
    page.wait_for_url(f"**/plans/{made()}/")
    hand.think()
    hand.click(page.locator("#decisions-rows .change").first)
    expect(page.locator("#drawer #act")).to_be_visible()
    hand.click("#drawer [data-closes]")
    hand.think()
    hand.click('a.button[href*="/compare/"]')
    expect(page.locator("h1")).to_contain_text(str(company.plans[language].plan))
    hand.click(".trail a")
    hand.think()
    hand.click('form[action$="/request/"] button')
    expect(page.locator(".state.sent")).to_be_visible()
    others = approved(reader, company, language)
    hand.think()
    hand.click(page.locator('.places a[href="/approvals/"]'))
    hand.click(page.locator(f'a[href="/plans/{made()}/commit/"]'))
    hand.think()
    hand.click(page.locator('form[action$="/commit/"] button'))
    expect(page.locator(".state.committed")).to_be_visible()
    carried_out(company, language, others)
    assert hand.clicks <= CLICKS
    assert hand.seconds <= SECONDS


def test_a_fair_plan_by_keys_alone(reader: New, company: Departing) -> None:
    page = reader(company.cast.mei, SIGHTS["en"]).open(first(company, "en"))
    hand = Hand(page=page)
    for weight, points in (("tie", "200"), ("language", "700")):
        hand.tab_to(f"#id_weight-{weight}")
        hand.press("Control+a")
        hand.type(points)
    for row in range(3):
        hand.tab_to(page.locator("#decisions-rows input[name=lock]").nth(row))
        hand.press("Space")
    hand.press("Enter")
    page.wait_for_url(lambda url: first(company, "en") not in url)
    hand.tab_to(page.locator("#decisions-rows .change").first)
    hand.press("Enter")
    expect(page.locator("#drawer #act")).to_be_visible()
    hand.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(page.locator("#decisions-rows .change").first).to_be_focused()
    page.reload()
    hand.tab_to('a.button[href*="/compare/"]')
    hand.press("Enter")
    page.wait_for_url("**/compare/**")
    hand.tab_to(".trail a")
    hand.press("Enter")
    page.wait_for_url(f"**/plans/{made()}/")
    hand.tab_to('form[action$="/request/"] button')
    hand.press("Enter")
    expect(page.locator(".state.sent")).to_be_visible()
    others = approved(reader, company, "en")
    hand.tab_to('.places a[href="/approvals/"]')
    hand.press("Enter")
    page.wait_for_url("**/approvals/")
    hand.tab_to(page.locator(f'a[href="/plans/{made()}/commit/"]'))
    hand.press("Enter")
    page.wait_for_url("**/commit/")
    hand.tab_to('form[action$="/commit/"] button')
    hand.press("Enter")
    expect(page.locator(".state.committed")).to_be_visible()
    carried_out(company, "en", others)
    assert hand.clicks == 0


def first(company: Departing, language: str) -> str:
    return f"/plans/{company.plans[language].plan}/"


def made() -> int:
    """The plan that was computed last."""
    return Plan.objects.latest("pk").pk


def approved(reader: New, company: Departing, language: str) -> Page:
    """The director says yes on a phone, in four taps at most; the panel that a second manager has
    open already."""
    director = reader(company.cast.ada, Sight(language=language, size=PHONE))
    page = director.open("/")
    hand = Hand(page=page)
    hand.click('.places a[href="/approvals/"]')
    hand.click(page.locator(f'a[href="/plans/{made()}/approval/"]'))
    expect(page.locator(".checks .yes").first).to_contain_text(str(records(language, company)))
    hand.click('form[action$="/approval/"] button')
    expect(page.locator(".state.approved")).to_be_visible()
    assert hand.clicks <= TAPS
    return reader(company.noa, Sight(language=language)).open(f"/plans/{made()}/commit/")


def records(language: str, company: Departing) -> int:
    return Record.objects.filter(owner__name=LEAVERS[language]).count()


def carried_out(company: Departing, language: str, second: Page) -> None:
    """Everything has its new owner, the locks are kept, and the second manager is told so."""
    assert records(language, company) == 0
    plan = Plan.objects.get(pk=made())
    assert Assignment.objects.filter(plan=plan).count() == ACCOUNTS
    assert (plan.options["weights"]["tie"], plan.options["weights"]["language"]) == (200, 700)
    earlier = Assignment.objects.filter(plan=company.plans[language].plan)
    kept = dict(earlier.values_list("unit_id", "person_id"))
    pinned = Assignment.objects.filter(plan=plan, reason__code="pinned")
    assert len(pinned) == 3
    assert all(kept[each.unit_id] == each.person_id for each in pinned)
    second.locator('form[action$="/commit/"] button').click()
    expect(second.locator("#refusal")).to_contain_text(str(plan.pk))
