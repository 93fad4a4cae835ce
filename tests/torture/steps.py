"""One departure, step by step: the world before each command, and the command."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import dj_database_url
from django.db import connections
from tests import example
from tests.importing import ACCOUNTS, DEALS, PEOPLE, write
from tests.torture.worlds import Answer, State, World

NOW = "2026-03-31T09:00+00:00"
AFTER_LAST_DAY = "2026-05-02T09:00+00:00"
AFTER_COVER = "2026-04-20T09:00+00:00"
DEPART = ("depart", "Olga Petrova", "--kind", "resignation")
REJECTED = "O3,Olga Petrova,Alfa,Proposal,12x,\nO6,Olga Petrova\n"
STAGING = ("books_staged", "books_import")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What is done in which world. ``leaves`` are tables in which an attempt may leave rows for
    the next one; ``again`` is the exit code of repeating it once it is done."""

    step: str
    words: tuple[str, ...]
    is_job: bool = False
    leaves: tuple[str, ...] = ()
    again: int = 0

    def typed(self, facts: dict[str, Any]) -> tuple[str, ...]:
        """The words as they are typed, with what earlier answers said."""
        words = tuple(word.format(**facts) for word in self.words)
        return words if self.is_job else (*words, "--now", NOW, "--json")


def _job(step: str, *words: str) -> Command:
    return Command(step=step, words=("job", *words), is_job=True)


COMMANDS = {
    "depart": Command(
        step="company", words=(*DEPART, "--last-day", "2026-04-30", "--key", "depart")
    ),
    "depart of who is gone": Command(
        step="company",
        words=(*DEPART, "--last-day", "2026-03-30", "--already-gone", "--key", "depart"),
    ),
    "cover": Command(
        step="depart",
        words=("cover", "1", "--by", "Mei Lin", "--until", "2026-04-15", "--key", "cover"),
    ),
    "plan": Command(step="depart", words=("plan", "1", "--key", "plan"), leaves=("planning_run",)),
    "plan in the background": Command(
        step="depart", words=("plan", "1", "--background", "--key", "plan")
    ),
    "approve": Command(
        step="plan", words=("approve", "{plan}", "--as", "Ada Okafor", "--key", "approve")
    ),
    "commit": Command(
        step="approve", words=("commit", "{plan}", "--digest", "{digest}", "--key", "commit")
    ),
    "undo": Command(step="commit", words=("undo", "{commit}", "--key", "undo")),
    "undo of a cover": Command(step="cover", words=("undo", "{cover}", "--key", "undo")),
    "withdraw": Command(step="depart", words=("case", "withdraw", "1", "--key", "withdraw")),
    "import": Command(
        step="company",
        words=("import", "{exports}", "--rejected", "{rejected}", "--key", "import"),
        leaves=STAGING,
    ),
    "import of a changed file": Command(
        step="import",
        words=("import", "{later}/deals.csv", "--rejected", "{rejected}", "--key", "import later"),
        leaves=STAGING,
    ),
    "import undone": Command(
        step="import", words=("import", "--undo", "{import}", "--key", "import undone")
    ),
    "last day": _job("depart", "end_last_days", AFTER_LAST_DAY),
    "cover over": _job("cover", "end_interims", AFTER_COVER),
    "seal": _job("commit", "seal"),
}


class Steps:
    """The worlds, each made when it is first asked for, and kept."""

    def __init__(self, company: World, *, files: Path) -> None:
        self.company = company
        self.made: list[World] = []
        self.exports = write(
            files / "exports",
            {
                "people.csv": PEOPLE,
                "accounts.csv": ACCOUNTS + "Gamma\n",
                "deals.csv": DEALS + REJECTED,
            },
        )
        later = DEALS.replace("1200.50", "1300") + "O4,Mei Lin,Alfa,Proposal,7,\nO3\n"
        self.later = write(files / "later", {"deals.csv": later})
        company.put_files({})
        with pointed_to(company):
            _found(company)
        company.forget_numbers()
        self.before = cache(self._before)
        self.after = cache(self._after)

    def _before(self, name: str) -> tuple[World, State, dict[str, Any]]:
        """The world in which a command is given, its state, and what was answered so far."""
        step = COMMANDS[name].step
        if step == "company":
            rejected = self.company.home / "rejected"
            given = {"exports": self.exports, "later": self.later, "rejected": rejected}
            return self.company, self.company.state(), given
        _world, _state, facts = self.before(step)
        world, state, answer = self.after(step)
        return world, state, {**answer.facts, **facts}

    def _after(self, name: str) -> tuple[World, State, Answer]:
        """The world after a command that nothing disturbed, and its answer."""
        world, state, facts = self.before(name)
        done = world.copy()
        self.made.append(done)
        done.put_files(state.files)
        answer = done.run(COMMANDS[name].typed(facts))
        assert answer.status == 0, answer.said
        done.forget_numbers()
        return done, done.state(), answer

    def drop(self) -> None:
        for world in self.made:
            world.drop()


@contextmanager
def pointed_to(world: World) -> Iterator[None]:
    """This process speaks to the world's database meanwhile."""
    before = {alias: dict(connections.settings[alias]) for alias in connections.settings}
    connections.close_all()
    ours = {"default": world.addresses.app, "owner": world.addresses.owner}
    for alias, url in ours.items():
        connections.settings[alias].update(dj_database_url.parse(url))
    try:
        yield
    finally:
        connections.close_all()
        for alias, settings in before.items():
            connections.settings[alias].update(settings)


def _found(world: World) -> None:
    """The cast, Olga's book of every kind, and two colleagues with books of their own."""
    cast = example.company()
    records: Callable[..., Any] = example.record
    for number in range(1, 5):
        account = records(owner=cast.olga, name=f"Account {number}", key=f"a{number}").pk
        records(owner=cast.olga, kind="opportunity", account=account, key=f"o{number}", value=900)
    records(owner=cast.olga, kind="activity", account=account, key="act")
    records(owner=cast.olga, kind="commitment", account=account, key="promise")
    for colleague in (cast.kenji, cast.ivo):
        for number in range(1, 4):
            theirs = records(owner=colleague, key=f"{colleague}-{number}").pk
    records(owner=cast.olga, kind="lead", account=theirs, key="lead")
    records(owner=cast.olga, kind="ticket", key="alone")
