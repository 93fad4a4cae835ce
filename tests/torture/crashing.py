"""Kills a command before every one of its operations in turn, and looks at what is left."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from tests.torture.steps import COMMANDS, Command, Steps, pointed_to
from tests.torture.worlds import Answer, State, World

from legato.ledger.queries import checked
from legato.web.checks import check_all

KILLED = -9


@dataclass(slots=True, kw_only=True)
class Crashes:
    """One command, killed at chosen operations.

    ``repeats_always`` says the command is repeated after every kill; else only after those that
    left a state no earlier kill left, because the same state goes on in the same way.
    """

    steps: Steps
    name: str
    repeats_always: bool
    known: list[State] = field(default_factory=list)

    @property
    def command(self) -> Command:
        return COMMANDS[self.name]

    def everywhere(self, *, step: int = 1) -> int:
        """Kills before every ``step``-th operation until the command passes; how many kills."""
        origin, before, facts = self.steps.before(self.name)
        _world, after, undisturbed = self.steps.after(self.name)
        world = origin.copy()
        kills = 0
        for last in count(1, step):
            world.put_files(before.files)
            answer = world.run(self.command.typed(facts), last=last)
            if answer.status != KILLED:
                assert (answer.status, world.state()) == (0, after), answer.said
                break
            kills += 1
            where = undisturbed.seen[last - 1] if last <= len(undisturbed.seen) else "beyond"
            left = world.state()
            self._look(world, left, before, after, where=f"{self.name}, before {last}: {where}")
            if self.repeats_always or left not in self.known:
                self.known.append(left)
                self._repeat(world, facts, undisturbed, after, where=f"{last}: {where}")
            world.forget_numbers()
            if world.state() != before:
                world.drop()
                world = origin.copy()
        world.drop()
        return kills

    def _look(self, world: World, left: State, before: State, after: State, *, where: str) -> None:
        """Before or after, never between; files whole or absent; no invariant broken."""
        rows = left.without(self.command.leaves)
        is_one = rows in (before.without(self.command.leaves), after.without(self.command.leaves))
        assert is_one, (where, *differing(before, left), *differing(left, after))
        half = [
            name
            for name, content in left.files.items()
            if not _is_unfinished(name)
            and content not in (before.files.get(name), after.files.get(name))
        ]
        assert half == [], where
        with pointed_to(world):
            broken = [each for each in [*check_all(), checked()] if each.count]
        assert broken == [], where

    def _repeat(
        self,
        world: World,
        facts: dict[str, object],
        undisturbed: Answer,
        after: State,
        *,
        where: str,
    ) -> None:
        """The same command again finishes, answers the same, and leaves what it should have."""
        world.forget_numbers()
        answer = world.run(self.command.typed(facts))
        assert answer.status == 0, (where, answer.said)
        assert answer.facts == undisturbed.facts, (where, unlike(answer, undisturbed))
        again = world.state()
        assert again == after, (where, list(differing(again, after)))


def _is_unfinished(name: str) -> bool:
    """What a file is called until it is whole, and what is there for one process alone."""
    return ".part" in name or name.startswith("tmp/")


def unlike(first: Answer, second: Answer) -> dict[str, tuple[object, object]]:
    """The facts in which two answers differ."""
    names = {*first.facts, *second.facts}
    facts = {name: (first.facts.get(name), second.facts.get(name)) for name in names}
    return {name: pair for name, pair in facts.items() if pair[0] != pair[1]}


def differing(first: State, second: State) -> Iterator[str]:
    """What the one has and the other has not, for whoever reads a failure."""
    for table in sorted({*first.rows, *second.rows}):
        ours, others = set(first.rows.get(table, ())), set(second.rows.get(table, ()))
        yield from (f"- {table} {row}" for row in sorted(ours - others))
        yield from (f"+ {table} {row}" for row in sorted(others - ours))
    for name in sorted({*first.files, *second.files}):
        if first.files.get(name) != second.files.get(name):
            yield f"~ {name}"
