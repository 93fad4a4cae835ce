"""A person before a screen, and what a page must not do to them."""

import gzip
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

WIDE, PHONE, NARROWEST = (1280, 800), (390, 844), (320, 640)
LOCALES = {"en": "en-GB", "ja": "ja-JP", "zh-hans": "zh-CN", "ru": "ru-RU"}
WHOLE = os.environ.get("LEGATO_WALK") == "whole"
"""`make walk`: every page and journey in every language and sight, which takes half an hour."""
SCRIPTS_AT_MOST = 60_000  # bytes, packed
SHIFT_AT_MOST = 0.1
TALLEST = 2600
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """How somebody reads. ``zoom`` is the browser's: at 2 everything is twice as
    large, in half the room."""

    language: str = "en"
    size: tuple[int, int] = WIDE
    dark: bool = False
    zoom: float = 1
    scripts: bool = True


def languages(all_of_them: Iterable[str], *, else_only: str) -> list[str]:
    """In which languages a journey is made: in each by `make walk`, else in one."""
    return list(all_of_them) if WHOLE else [else_only]


# Collected from before the first paint: what moved by itself, and what our policy forbade.
WATCH = """
window.shift = 0; window.forbidden = [];
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.shift += each.value;
}).observe({type: "layout-shift", buffered: true});
document.addEventListener("securitypolicyviolation",
  (event) => window.forbidden.push(event.violatedDirective + " " + event.blockedURI));
"""
# Text that does not fit its place; a region that scrolls is one's own choice.
CUT = """() => {
  const found = [];
  const unseen = new Set([...document.querySelectorAll("thead, .unseen, .skip")].filter(
    (e) => getComputedStyle(e).position === "absolute"));
  const seen = (e) => e.checkVisibility({visibilityProperty: true})
    && ![...unseen].some((each) => each.contains(e));
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
    found.push("the page is wider than the screen: " + document.documentElement.scrollWidth);
  for (const e of document.body.querySelectorAll("*")) {
    if (e.closest("svg") || !seen(e)) continue;
    const style = getComputedStyle(e);
    const says = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    const scrolls = ["auto", "scroll"].includes(style.overflowX);
    if (says && !scrolls && style.display !== "inline" && e.scrollWidth > e.clientWidth + 1)
      found.push(e.tagName + " " + e.textContent.trim().slice(0, 60));
  }
  for (const e of document.body.querySelectorAll("svg text")) {
    if (!seen(e)) continue;
    const box = e.getBBox(), room = e.ownerSVGElement.viewBox.baseVal;
    if (box.x < -1 || box.x + box.width > room.width + 1)
      found.push("picture: " + e.textContent.trim().slice(0, 60));
  }
  return found;
}"""
SMALL = """() => {
  const small = (e) => e.checkVisibility() && !e.closest(".unseen, svg")
    && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
    && parseFloat(getComputedStyle(e).fontSize) < 14;
  return [...document.body.querySelectorAll("*")].filter(small)
    .map((e) => e.tagName + " " + e.textContent.trim().slice(0, 40));
}"""
TEXTS = """() => {
  const found = [], names = ["aria-label", "title", "placeholder", "data-label"];
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode;
    if (!text.parentElement.closest("script, style, textarea[lang=en]"))
      found.push(text.textContent);
  }
  for (const e of document.querySelectorAll(names.map((name) => `[${name}]`).join()))
    for (const name of names) if (e.getAttribute(name)) found.push(e.getAttribute(name));
  return found.map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""
FONT = """(selector) => getComputedStyle(document.querySelector(selector)).fontFamily"""


class Reader:
    """Somebody's browser window. What went wrong in it is kept, to be asked for."""

    def __init__(self, browser: Browser, *, address: str, sight: Sight, session: str) -> None:
        width, height = (round(side / sight.zoom) for side in sight.size)
        self.sight = sight
        self.context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            device_scale_factor=sight.zoom,
            locale=LOCALES[sight.language],
            color_scheme="dark" if sight.dark else "light",
            java_script_enabled=sight.scripts,
            reduced_motion="reduce",
        )
        if session:
            self.context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        self.context.add_init_script(WATCH)
        self.page: Page = self.context.new_page()
        self.troubles: list[str] = []
        self.home = urlparse(address).netloc
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("request", self._follow)

    def close(self) -> None:
        self.context.close()

    def open(self, path: str) -> Page:
        """A page, once it is there; an error in it is a trouble unless it is the page asked for."""
        self.troubles.clear()
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status in (200, 404), (path, answer.status)
        return self.page

    def wrongs(self) -> list[str]:
        """Everything a page must not do that can be found by looking at it."""
        found = [*self.troubles, *self.page.evaluate("window.forbidden ?? []")]
        found += [f"cut: {each}" for each in self.page.evaluate(CUT)]
        found += [f"small: {each}" for each in self.page.evaluate(SMALL)]
        shift = self.page.evaluate("window.shift ?? 0")
        if shift > SHIFT_AT_MOST:
            found.append(f"moved by {shift}")
        return found

    def barriers(self) -> list[str]:
        """What axe finds, with the element it finds it in."""
        options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
        found = Axe().run(self.page, options=options).response["violations"]
        return [f"{each['id']}: {_where(each)}" for each in found]

    def texts(self) -> list[str]:
        """Every text of the page, also those for screen readers."""
        return list(self.page.evaluate(TEXTS))

    def script_bytes(self) -> int:
        """What the page's scripts weigh, packed."""
        sources = self.page.locator("script[src]").evaluate_all("all => all.map(e => e.src)")
        return sum(_packed(self.page, source) for source in sources)

    def picture(self, file: Path) -> None:
        """The beginning of the page; what follows are more rows of the same."""
        width, height = self.page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
        shown: Any = {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST)}
        self.page.screenshot(path=file, full_page=True, clip=shown)

    def _hear(self, message: ConsoleMessage) -> None:
        expected = "404" in message.text and self.page.url.endswith("/nowhere/")
        if message.type in ("error", "warning") and not expected:
            self.troubles.append(f"console: {message.text}")

    def _follow(self, request: Request) -> None:
        asked = urlparse(request.url)
        if asked.scheme in ("http", "https", "ws", "wss") and asked.netloc != self.home:
            self.troubles.append(f"request to another host: {request.url}")


def _where(violation: dict[str, Any]) -> str:
    return "; ".join(node["html"][:120] for node in violation["nodes"][:3])


_sizes: dict[str, int] = {}


def _packed(page: Page, source: str) -> int:
    if source not in _sizes:
        _sizes[source] = len(gzip.compress(page.request.get(source).body()))
    return _sizes[source]
