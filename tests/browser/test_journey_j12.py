"""J12, a stranger's first ten minutes: the sample company on a database of its own, the pages in
Russian, a book protected and taken back, the help on it read, the sample removed."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import psycopg
import pytest
from playwright.sync_api import Browser, expect
from tests.browser.hand import Hand
from tests.browser.reading import Reader, Sight
from tests.browser.texts import untranslated

from legato.cli.demo import demo_addresses
from legato.postgres.addresses import Addresses
from legato.postgres.databases import connection
from legato.sample.completing import PASSWORD

CLICKS, SECONDS, WALL = 12, 60, 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """``environment`` is that of their terminal, ``ours`` the demo's database."""

    environment: dict[str, str]
    ours: Addresses
    address: str
    began: float

    def type(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command, as JSON."""
        line = [sys.executable, "-m", "legato", *words]
        return subprocess.run(
            line, env=self.environment, capture_output=True, text=True, check=False
        )


@pytest.fixture
def stranger(fresh_database: Addresses, tmp_path: Path) -> Iterator[Stranger]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    beside = {"DATABASE_URL": fresh_database.app, "LEGATO_MIGRATE_URL": fresh_database.owner}
    environment = {
        **os.environ, **beside, "LEGATO_HOME": str(tmp_path), "LEGATO_LANG": "en",
        "LEGATO_SECRET_KEY": "for the tests",
    }  # fmt: skip
    began = monotonic()
    line = [sys.executable, "-m", "legato", "demo", "--port", str(port)]
    told = (tmp_path / "told").open("w")
    demo = subprocess.Popen(line, env=environment, stdout=told, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    yield Stranger(
        environment=environment, ours=demo_addresses(env=beside), address=address, began=began
    )
    if demo.poll() is None:
        demo.send_signal(signal.SIGINT)
    demo.wait(timeout=60)
    told.close()


def reads(browser: Browser, stranger: Stranger) -> Reader:
    """Their browser, once the demo answers."""
    port = int(stranger.address.rpartition(":")[2])
    while monotonic() - stranger.began < WALL:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            continue
        return Reader(browser, address=stranger.address, sight=Sight(language="en"), session="")
    raise AssertionError("the demo does not answer")


def accounts_of(stranger: Stranger, name: str) -> int:
    with connection(stranger.ours.app) as database:
        row = database.execute(
            "SELECT count(*) FROM books_record r JOIN people_person p ON p.id = r.owner_id"
            " WHERE r.kind = 'account' AND p.name = %s",
            [name],
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_the_first_ten_minutes_of_a_stranger(browser: Browser, stranger: Stranger) -> None:
    reader = reads(browser, stranger)
    page, hand = reader.page, Hand(page=reader.page)
    page.goto("/")
    hand.click("#languages [value=ru]")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    hand.click("input[name=username], input[name=login]")
    hand.type("mei")
    hand.press("Tab")
    hand.type(PASSWORD)
    hand.press("Enter")
    olga = page.locator(".leaving").filter(has_text="Olga Petrova")
    hand.think()
    hand.click(olga.locator("button.main"))
    expect(page.locator(".toast.done")).to_contain_text("Портфель под защитой")
    assert accounts_of(stranger, "Olga Petrova") == 0
    assert untranslated(reader.texts(), language="ru") == []
    hand.think()
    hand.click(".toast.done [data-undo]")
    hand.click("#drawer form.act button.main")
    page.wait_for_url("**/receipts/*/")
    assert accounts_of(stranger, "Olga Petrova") == 420
    hand.click("footer a[href='/help/']")
    hand.click(page.locator("main a[href='/help/undo/']"))
    expect(page.locator("h1")).to_have_text("Отмена сделанного")
    assert untranslated(reader.texts(), language="ru") == []
    assert reader.wrongs() == []
    reader.close()
    assert hand.clicks <= CLICKS
    assert hand.seconds <= SECONDS

    gone = stranger.type("demo", "--remove", "--json")
    assert json.loads(gone.stdout)["removed"].endswith("_demo"), gone.stderr
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(stranger.ours.app)
    assert not (Path(stranger.environment["LEGATO_HOME"]) / "demo").exists()
    assert monotonic() - stranger.began < WALL
