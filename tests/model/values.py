"""What the model remembers. People are called by name, records by key, cases, plans and entries by
number.
"""

from dataclasses import dataclass, field
from datetime import date, datetime


class No(Exception):
    """The model says that Legato refuses, with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refuse(code: str, applies: object) -> None:
    if applies:
        raise No(code)


@dataclass(slots=True, kw_only=True)
class Person:
    role: str
    manager: str | None
    started: date
    zone: str = "UTC"
    employment: int = 1
    """The how-manieth."""
    is_employed: bool = True
    ends_on: date | None = None
    capacity: int = 50
    away: set[tuple[date, date]] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Given:
    """How a record came to its owner. ``stands`` are the changes that an undo may begin from: the
    one that gave it, and where that was an undo, those it brought back."""

    owner: str
    since: datetime
    stands: frozenset[int]
    interim: datetime | None = None
    then: str | None = None
    """Who takes over when the interim ends."""

    @property
    def entry(self) -> int:
        return max(self.stands)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a file says of a record besides its owner."""

    stage: str = ""
    is_open: bool = True
    outcome: str = ""


@dataclass(slots=True, kw_only=True)
class Record:
    kind: str
    account: str | None
    state: State
    given: Given
    entry: int
    """The last change of anything."""
    is_ours: bool = False
    past: list[tuple[Given, int, str]] = field(default_factory=list)
    """What was, the entry that ended it, and who got it."""

    @property
    def owner(self) -> str:
        return self.given.owner

    @property
    def is_open(self) -> bool:
        return self.state.is_open

    def give(self, given: Given, entry: int, *, is_ours: bool = True) -> None:
        self.past.append((self.given, entry, given.owner))
        self.given, self.entry, self.is_ours = given, entry, self.is_ours or is_ours

    def ended_by(self, entry: int) -> Given | None:
        return next((given for given, by, _ in self.past if by == entry), None)


@dataclass(slots=True, kw_only=True)
class Case:
    person: str
    kind: str
    employment: int
    last_day: date | None
    book: set[str]
    is_open: bool = True


@dataclass(slots=True, kw_only=True)
class Entry:
    kind: str
    at: datetime
    may: frozenset[str] = frozenset()
    """Who may take it back."""
    undone: bool = False


@dataclass(slots=True, kw_only=True)
class Plan:
    cases: tuple[int, ...]
    proposer: str
    until: datetime | None = None
    returns: bool = False
    excluded: frozenset[str] = frozenset()
    pins: dict[str, str] = field(default_factory=dict)
    version: int = 0
    given: dict[str, str | None] = field(default_factory=dict)
    """Unit to person; an orphan has none."""
    receives: dict[str, str] = field(default_factory=dict)
    """Unit to who gets it, the orphans' manager included."""
    moves: dict[str, tuple[str, str, int, bool]] = field(default_factory=dict)
    """Record to its unit, owner, last change, and whether it was covered."""
    approver: str | None = None
    commit: int | None = None
    entry: int = 0
    """The last entry before it was made."""


@dataclass(slots=True, kw_only=True)
class Import:
    entry: int | None
    new: set[str]
    before: dict[str, Record]
    is_undone: bool = False


@dataclass(slots=True, kw_only=True)
class Row:
    """A row of the CRM's files."""

    kind: str
    owner: str
    account: str | None = None
    stage: str = ""

    @property
    def state(self) -> State:
        is_won = self.stage == "Won"
        return State(stage=self.stage, is_open=not is_won, outcome="won" if is_won else "")
