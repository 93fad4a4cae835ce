"""A site on loopback, Chromium, and readers: somebody, in a language, at a size, in the light.

Where Chromium cannot be had these tests are skipped, saying so. Pictures of the pages go to the
folder named by ``LEGATO_PICTURES``, by default one in the system's temporary folder.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.browser.chromium import FLAGS, PACKAGES, chromium
from tests.browser.company import World, world
from tests.browser.reading import WHOLE, Reader, Sight
from tests.browser.serving import site
from tests.pages import reader as logged_in

from legato.postgres.addresses import Addresses


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of a module: while it runs, nothing else in this thread may be asynchronous."""
    program = chromium()
    if program is None:
        pytest.skip(f"No browser: install {' and '.join(PACKAGES)}, or run the tests as root")
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright's own loop runs in this thread; nothing of ours is asynchronous.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        launched = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def company(browser: Browser, module_database: Addresses) -> World:
    return world(now=datetime.now(UTC))


@pytest.fixture(scope="module")
def address(module_database: Addresses) -> Iterator[str]:
    """Of a server that ends with the module."""
    with site() as served:
        yield served


collect_ignore = [] if WHOLE else ["test_journey_j9.py", "test_journey_j12.py"]
"""The journeys that begin with a worker or a demo of their own are made by `make walk`."""
PLAIN = Sight()


@pytest.fixture
def reader(browser: Browser, company: World, address: str) -> Iterator[Callable[..., Reader]]:
    """Makes readers: ``reader(person, Sight(...))``, nobody's where no person is given."""
    made: list[Reader] = []

    def new(person: int | None, sight: Sight = PLAIN) -> Reader:
        cookie = logged_in(person).cookies["sessionid"].value if person else ""
        made.append(Reader(browser, address=address, sight=sight, session=cookie))
        return made[-1]

    yield new
    for each in made:
        each.close()


@pytest.fixture(scope="session")
def pictures() -> Path:
    named = os.environ.get("LEGATO_PICTURES")
    folder = Path(named) if named else Path(tempfile.gettempdir(), "legato-pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
