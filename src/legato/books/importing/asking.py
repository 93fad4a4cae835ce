"""What only a person can decide, asked between transactions: nobody waits for an answer in one."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """``what`` is a code (date_order, owner, account, product, parent, last_resort), ``choices``
    are what the ``value`` may mean, always in the same order."""

    what: str
    file: str
    column: str
    value: str
    choices: tuple[str, ...] = field(compare=False)


Ask = Callable[[Question], int | None]
"""Answers with the place among the choices, or None."""


class Unanswered(Exception):
    """A question came up: take back what was begun, ask, and begin again."""


@dataclass(slots=True, kw_only=True)
class Answers:
    """What was answered, and what still has to be asked. Without ``person`` all stays open."""

    person: Ask | None
    known: dict[Question, int | None] = field(default_factory=dict)
    open: dict[Question, None] = field(default_factory=dict)

    def __call__(self, question: Question) -> int | None:
        """The answer if there is one; else the question is noted."""
        if self.person is not None and question not in self.known:
            self.open[question] = None
        return self.known.get(question)

    def stop_if_open(self) -> None:
        """Raises `Unanswered` where somebody has to be asked first."""
        if self.open:
            raise Unanswered

    def ask(self) -> None:
        """Asks what is open, once each."""
        for question in self.open if self.person else ():
            self.known[question] = self.person(question) if self.person else None
        self.open.clear()
