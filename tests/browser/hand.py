"""A hand at mouse and keyboard that counts: clicks, keys, and the seconds a practised person needs.

Seconds are those of the keystroke-level model (Card, Moran, Newell 1980) with the times of
SCREENS: a click with its pointing 1.3 s, a key 0.28 s, moving between mouse and keyboard 0.4 s, a
thought before each step 1.35 s. What is read between is not counted.
"""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

CLICK, KEY, MOVE, THOUGHT = 1.3, 0.28, 0.4, 1.35


@dataclass(kw_only=True)
class Hand:
    """Counts what it does on the page; ``seconds`` are computed, never measured."""

    page: Page
    clicks: int = 0
    keys: int = 0
    seconds: float = 0
    at_keyboard: bool = False

    def think(self) -> None:
        """A decision: what to do next."""
        self.seconds += THOUGHT

    def click(self, what: Locator | str) -> None:
        """One click or tap, without a thought before it."""
        self._found(what).click()
        self.clicks += 1
        self.seconds += CLICK + self._to(keyboard=False)

    def choose(self, what: Locator | str, value: str) -> None:
        """One of a list: a click that opens it and one that takes the value."""
        self._found(what).select_option(value)
        self.clicks += 2
        self.seconds += 2 * CLICK + self._to(keyboard=False)

    def press(self, key: str, *, times: int = 1) -> None:
        """A key, or keys held together as ``Control+k``, so often."""
        for _time in range(times):
            self.page.keyboard.press(key)
        self._typed(times * (1 + key.count("+")))

    def type(self, text: str) -> None:
        """Into what has the focus."""
        self.page.keyboard.type(text)
        self._typed(len(text))

    def tab_to(self, what: Locator | str, *, most: int = 80) -> None:
        """Tab until it has the focus, every one counted. Fails where Tab does not lead there."""
        goal = self._found(what)
        for _step in range(most):
            if goal.evaluate("e => e === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not reach {what}")

    def _typed(self, keys: int) -> None:
        self.keys += keys
        self.seconds += keys * KEY + self._to(keyboard=True)

    def _to(self, *, keyboard: bool) -> float:
        moved = MOVE if keyboard is not self.at_keyboard else 0
        self.at_keyboard = keyboard
        return moved

    def _found(self, what: Locator | str) -> Locator:
        return self.page.locator(what) if isinstance(what, str) else what
