"""Passkeys in a real browser, with an authenticator that Chromium plays."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Page, expect
from tests.browser.company import World
from tests.browser.reading import Reader
from tests.pages import account

New = Callable[..., Reader]
PASSWORD = "a quiet passage"


@pytest.fixture
def page(reader: New, company: World, address: str) -> Iterator[Page]:
    """A browser at localhost, which passkeys need, with an authenticator inside."""
    user = account(company.cast.sam)
    user.set_password(PASSWORD)
    user.save()
    found = reader(None)
    devtools = found.context.new_cdp_session(found.page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    there = address.replace("127.0.0.1", "localhost")
    found.home = urlparse(there).netloc
    found.page.goto(f"{there}/session/")
    yield found.page
    assert found.troubles == []


def log_in(page: Page, company: World) -> None:
    page.locator("[name=username]").fill(account(company.cast.sam).username)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def test_a_passkey_is_added_opens_alone_and_besides_the_password_and_is_removed(
    page: Page, company: World
) -> None:
    log_in(page, company)
    page.get_by_role("link", name="My log-in").first.click()
    page.get_by_role("link", name="Add a passkey").click()
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("What you call it").fill("My laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("section[aria-labelledby=passkeys]")).to_contain_text("My laptop")

    page.get_by_role("button", name="Log out", exact=True).last.click()
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.locator(".who")).to_contain_text("Sam Carter")

    page.get_by_role("button", name="Log out", exact=True).last.click()
    log_in(page, company)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".who")).to_contain_text("Sam Carter")

    page.get_by_role("link", name="My log-in").first.click()
    page.get_by_role("link", name=re.compile("Remove.*My laptop")).click()
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator("section[aria-labelledby=passkeys]")).not_to_contain_text("My laptop")


def test_a_passkey_that_is_unknown_here_is_said_not_to_have_answered(page: Page) -> None:
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.locator("[data-passkey-problem]")).to_be_visible()
