"""What the journeys take in a real browser: seconds of the machine from a click until what it leads
to is on the page, beside opening a page whose view only asks the database for ``SELECT 1``.

``python -m benchmarks.browser``: Chromium and the site on one machine, departures of 420 customers,
every step twenty times; the middle one and the 95th percentile. Each round protects a book and
takes that back (J1), opens what burns (J2), computes a plan anew with another weight, sends it, has
it approved and carries it out (J3), and takes the commit back (J4).
"""

import os
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks.measuring import throw_away_database

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from tests.browser.departing import Departing

ROUNDS = 20
PROTECTED, PLANNED = "ja", "ru"
"""Whose book is protected, and whose is planned; each of the four departures has a language."""


class Steps:
    """The seconds of every step, by its name."""

    def __init__(self) -> None:
        self.took: dict[str, list[float]] = defaultdict(list)

    def step(self, name: str, act: Callable[[], object], page: "Page", until: str) -> None:
        """Does it, and waits for what it leads to."""
        begun = time.perf_counter()
        act()
        page.locator(until).first.wait_for()
        self.took[name].append(time.perf_counter() - begun)

    def print(self) -> None:
        floor = statistics.median(self.took["SELECT 1"])
        print("| step | middle | 95th percentile | floors |\n|---|---|---|---|")
        for name, took in self.took.items():
            middle, late = statistics.median(took), statistics.quantiles(took, n=20)[-1]
            print(f"| {name} | {middle:.2f} s | {late:.2f} s | {middle / floor:.1f} |")


def main() -> None:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread.
    with throw_away_database():
        from tests.browser.departing import departing
        from tests.browser.serving import site

        found = departing(now=datetime.now(UTC), deals=True)
        promise(found)
        with site() as address, chromium() as browser:
            steps = Steps()
            mei = window(browser, address, found.cast.mei)
            ada = window(browser, address, found.cast.ada)
            for number in range(ROUNDS):
                steps.step("SELECT 1", lambda: mei.goto("/health/"), mei, "body")
                protect(steps, mei, found)
                share(steps, mei, ada, found, weight=10 * number)
            steps.print()


def promise(found: "Departing") -> None:
    """Something that burns, so that Today leads to it."""
    from tests import example

    from legato.departures.models import Case

    leaver = Case.objects.get(pk=found.cases[PROTECTED]).person_id
    due = datetime.now(UTC) + timedelta(hours=4)
    example.record(owner=leaver, kind="commitment", name="Samples by tonight", due_at=due)


def protect(steps: Steps, page: "Page", found: "Departing") -> None:
    case = found.cases[PROTECTED]
    steps.step("Today", lambda: page.goto("/"), page, f"#protect-{case}")
    button = page.locator(f"#protect-{case} button.main")
    steps.step("J1 protect now: 420 customers", button.click, page, ".toast.done")
    undo = page.locator(".toast.done [data-undo]").first
    steps.step("J1 what an undo would do", undo.click, page, "#drawer form.act button.main")
    confirm = page.locator("#drawer form.act button.main")
    steps.step("J1 all of it taken back", confirm.click, page, "h1 >> visible=true")
    page.wait_for_url("**/receipts/*/")
    page.goto("/")
    burning = page.locator(f"a[href^='/cases/{case}/book/?due=soon']").first
    steps.step("J2 what burns", burning.click, page, "#records-rows")


def share(steps: Steps, mei: "Page", ada: "Page", found: "Departing", *, weight: int) -> None:
    plan = planned(found)
    steps.step("J3 the board", lambda: mei.goto(f"/plans/{plan}/"), mei, ".ribbon:visible")
    mei.fill("#id_weight-language", str(weight))
    again = mei.locator("#again button")
    steps.step("J3 computed anew", again.click, mei, f"a.button[href*='/compare/{plan}/'], "
               f"a.button[href*='/plans/{plan}/compare/']")  # fmt: skip
    made = mei.url.rstrip("/").rsplit("/", 1)[1]
    send = mei.locator('form[action$="/request/"] button')
    steps.step("J3 sent", send.click, mei, ".state.sent")
    ada.goto(f"/plans/{made}/approval/")
    approve = ada.locator('form[action$="/approval/"] button')
    steps.step("J3 approved", approve.click, ada, ".state.approved")
    mei.goto(f"/plans/{made}/commit/")
    commit = mei.locator('form[action$="/commit/"] button')
    steps.step("J3 carried out", commit.click, mei, ".state.committed")
    mei.goto(f"/plans/{made}/")
    undo = mei.locator('a.button[data-drawer][href$="/undo/"]').first
    steps.step("J4 what an undo would do", undo.click, mei, "#drawer form.act button")
    confirm = mei.locator("#drawer form.act button").first
    steps.step("J4 taken back", confirm.click, mei, ".done")


def planned(found: "Departing") -> int:
    """A first plan, as it is made when a case is opened; not measured."""
    from legato.departures import operations as departures
    from legato.planning.operations import Options

    made = departures.plan(
        cases=[found.cases[PLANNED]],
        options=Options(excluded=frozenset({found.cast.kenji, found.cast.ivo})),
        actor=found.cast.mei,
        now=datetime.now(UTC),
        reason="Measured",
    )
    return made.plan


@contextmanager
def chromium() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright
    from tests.browser import chromium as ours

    program = ours.chromium()
    if program is None:
        raise SystemExit(f"No browser: install {' and '.join(ours.PACKAGES)}, or run this as root.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=list(ours.FLAGS))
        yield launched
        launched.close()


def window(browser: "Browser", address: str, person: int) -> "Page":
    """Somebody's, logged in."""
    from tests.browser.reading import Reader, Sight
    from tests.pages import reader

    session = reader(person).cookies["sessionid"].value
    return Reader(browser, address=address, sight=Sight(), session=session).page


if __name__ == "__main__":
    main()
