"""A story told step by step: what happens, what one would type for it, how long it took."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from rich.console import Console

from legato.cli.frame import WIDE
from legato.cli.language import ours as _
from legato.domain.errors import Refused


@dataclass(slots=True, kw_only=True)
class Story:
    """Where the story goes, and what it measured; for machines the story goes to the side."""

    as_json: bool
    figures: dict[str, Any] = field(default_factory=lambda: {"steps": []})
    console: Console = field(init=False)

    def __post_init__(self) -> None:
        self.console = Console(stderr=self.as_json)
        if not self.console.is_terminal:
            self.console.width = WIDE

    @contextmanager
    def step(self, title: str, typed: str = "") -> Iterator[None]:
        """A numbered step, the command for it, and afterwards how long it took."""
        number = len(self.figures["steps"]) + 1
        self.console.print(f"\n{number}. {title}", style="bold", markup=False, highlight=False)
        if typed:
            self.typed(typed)
        began = perf_counter()
        try:
            yield
        except Refused:
            self.say(_("Step %(number)s failed, so the story ends here.") % {"number": number})
            raise
        seconds = round(perf_counter() - began, 2)
        self.figures["steps"].append({"step": title, "seconds": seconds})
        self.console.print(f"   {seconds:.2f} s", style="dim", highlight=False)

    def say(self, text: str) -> None:
        self.console.print(text, markup=False, highlight=False)

    def typed(self, line: str) -> None:
        """A line as one would type it, never wrapped."""
        self.console.print(
            f"   $ {line}", style="cyan", markup=False, highlight=False, soft_wrap=True
        )


def clock() -> datetime:
    """Each step happens when it is told."""
    return datetime.now(UTC)
