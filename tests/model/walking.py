"""What a walk remembers; each command is asked of the model and of the product: they must agree."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from copy import deepcopy
from typing import Any, ClassVar, TypeVar

from hypothesis import currently_in_test_context, note
from hypothesis.stateful import RuleBasedStateMachine
from tests.model import starting
from tests.model.doors import Doors
from tests.model.values import No

from legato.domain.errors import Refused
from legato.ledger.models import Entry
from legato.ledger.queries import checked
from legato.web.checks import check_all

T = TypeVar("T")
U = TypeVar("U")
REACHED: Counter[str] = Counter()
"""How often each rule, refusal and event came up in this process."""


class Walk(RuleBasedStateMachine):
    """A company, what the model believes of it, and what was done so far."""

    opened: ClassVar[Callable[[], AbstractContextManager[Doors]]]
    """Opens a database of its own that holds the company of `starting`."""
    counts = True

    def __init__(self) -> None:
        super().__init__()
        self.database = ExitStack()
        self.doors = self.database.enter_context(type(self).opened())
        self.model, self.rows = starting.believed(), dict(starting.ROWS)
        self.story: list[str] = []
        self.keyed: list[tuple[str, Callable[[str], Any], Any]] = []
        self.checked = self.compared = 0

    def teardown(self) -> None:
        self.database.close()

    def reached(self, what: str, truly: object = True) -> None:
        REACHED[what] += bool(truly) and self.counts

    def both(self, said: str, expected: Callable[[], T], door: Callable[[], U]) -> tuple[T, U]:
        """Both answers; a refusal of both ends the step. Raises where they differ."""
        wanted, believed = _asked(expected, No)
        before = Entry.objects.count()
        answer, refused = _asked(door, Refused)
        self.tell(said, refused)
        assert refused == believed, self.told(f"The model says {believed or 'yes'}")
        if refused:
            assert Entry.objects.count() == before, self.told("Refused, and yet it was entered")
            raise Ended
        return wanted, answer  # type: ignore[return-value]

    def keyed_both(
        self, said: str, expected: Callable[[], T], door: Callable[[str], U]
    ) -> tuple[T, U]:
        """With a key, by which the command can be repeated."""
        key = f"key {len(self.story)}"
        wanted, answer = self.both(said, expected, lambda: door(key))
        self.keyed.append((key, door, deepcopy(answer)))
        return wanted, answer

    def entered(self, pk: int) -> None:
        """The entry that the model made last is the ledger's with this number."""
        self.doors.entries[len(self.model.entries)] = pk

    def tell(self, said: str, refused: str = "") -> None:
        self.reached(refused)
        self.story.append(
            f"{self.model.now:%d %b %H:%M}  {said}" + (f" -- refused: {refused}" if refused else "")
        )
        if currently_in_test_context():
            note(self.story[-1])

    def told(self, what: str) -> str:
        return "\n".join([f"{what}, after:", *self.story])

    def compare(self) -> None:
        """The database holds what the model believes, and no invariant is broken."""
        if self.compared == len(self.story):
            return
        self.compared = len(self.story)
        found, believed = self.doors.state(), self.believed()
        for what in believed:
            assert found[what] == believed[what], self.told(
                _difference(found[what], believed[what])
            )
        if (entries := Entry.objects.count()) != self.checked:
            self.checked = entries
            broken = [row for each in [*check_all(), checked()] for row in each.rows]
            assert broken == [], self.told(f"{broken} found")

    def believed(self) -> dict[str, Any]:
        model, entries = self.model, self.doors.entries
        return {
            "people": {
                name: (p.is_employed, p.ends_on if p.is_employed else None, p.capacity,
                       model.is_held(name))
                for name, p in model.people.items()
            },
            "records": {
                key: (r.owner, r.given.since, r.is_open, r.state.stage, r.state.outcome, r.is_ours,
                      r.given.interim, r.given.then)
                for key, r in model.records.items()
            },
            "past": [
                (key, was.owner, was.since, r.past[n + 1][0].since if n + 1 < len(r.past)
                 else r.given.since, to, was.interim, was.then)
                for key, r in sorted(model.records.items()) for n, (was, _, to) in enumerate(r.past)
            ],
            "cases": [each.is_open for each in model.cases.values()],
            "plans": [each.approver for each in model.plans.values()],
            "commits": sorted(entries[p.commit] for p in model.plans.values() if p.commit),
            "undone": sorted(entries[n] for n, e in model.entries.items() if e.undone),
        }  # fmt: skip


class Ended(Exception):
    """Both refused: the step is over."""


def _asked(ask: Callable[[], T], says_no: type[Any]) -> tuple[T | None, str]:
    try:
        return ask(), ""
    except says_no as no:
        return None, no.code


def _difference(found: Any, believed: Any) -> str:
    if isinstance(found, dict):
        keys = [key for key in found | believed if found.get(key) != believed.get(key)]
        return "; ".join(f"{k}: {found.get(k)} is there, not {believed.get(k)}" for k in keys)
    odd = [each for each in found if each not in believed]
    missing = [each for each in believed if each not in found]
    return f"{odd} is there, {missing} is not"
