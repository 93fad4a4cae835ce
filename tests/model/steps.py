"""What the rules of a walk share: whom and what they pick."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import wraps
from typing import Any, TypeVar

from hypothesis import strategies as st
from tests.model.walking import Ended, Walk

T = TypeVar("T")
PICK = st.integers(0, 59)
"""Picks one of whatever there is."""
HAPPENS: list[st.SearchStrategy[tuple[str, dict[str, Any]]]] = []
SOMETIMES = st.integers(0, 4).map(lambda n: n == 4)


def may_happen(
    *,
    often: int = 1,
    when: Callable[[Any], object] = lambda self: True,
    **drawn: st.SearchStrategy[Any],
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Makes a method one of the things that happen, so ``often`` as others do once, when it can."""

    def noted(does: Callable[..., None]) -> Callable[..., None]:
        @wraps(does)
        def stepped(self: Walk, **drawn: Any) -> None:
            if when(self):
                self.reached(does.__name__)
                with suppress(Ended):
                    does(self, **drawn)

        HAPPENS.extend([st.tuples(st.just(does.__name__), st.fixed_dictionaries(drawn))] * often)
        return stepped

    return noted


def anything() -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """A thing that may happen, by name, with what it is drawn with."""
    return st.sampled_from(HAPPENS).flatmap(lambda each: each)


def one(of: Sequence[T], number: int) -> T:
    return of[number % len(of)]


class Steps(Walk):
    """Who does what, when."""

    def somebody(self, number: int) -> str:
        return one(list(self.model.people), number)

    def boss(self, number: int) -> str:
        """Who acts: most often somebody who may."""
        return one(["Mei", "Ada", "Sam", "Mei", "Ada", *self.model.people], number)

    def day(self, days: int) -> date:
        return self.model.now.date() + timedelta(days=days)

    def said(self, actor: str) -> dict[str, Any]:
        return self.doors.said(actor, self.model.now)
