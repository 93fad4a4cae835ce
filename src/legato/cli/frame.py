"""What all commands share: their common options, the clock, output for people and for machines.

A command is a function of a `Frame` and its own parameters; it calls one operation or query and
hands the answer to `Frame.answer`. A `Refused` passes through it untouched.
"""

import functools
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Concatenate, ParamSpec
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from django.db import connections
from rich.console import Console
from rich.table import Table
from rich.text import Text

from legato.cli.language import ours as _
from legato.cli.ready import ensure_ready
from legato.domain.errors import NotFound, Refused
from legato.postgres.databases import Unreachable
from legato.postgres.server import ServerFailed
from legato.web.figures import Figure, figure

if TYPE_CHECKING:
    from legato.web.wording import Names

P = ParamSpec("P")
Show = Callable[[Console], None]

REFUSED, NOT_FOUND, OUTSIDE_FAILED = 3, 4, 5
MORNING = time(9)
WIDE = 200  # columns, where nobody's terminal limits them


class NotARehearsal(Refused):
    """Another time than the real one was asked of a database that is in real use. No facts."""

    code = "not_a_rehearsal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One run of a command: when, by whom, why, and where its answer goes.

    ``now`` is aware. ``actor`` is as typed, None where the command's own default person acts.
    ``reason`` is the command itself where nobody gave one.
    ``key`` makes repeating the command safe: the same key gives the same answer again.
    """

    now: datetime
    actor: str | None
    reason: str
    key: str | None
    as_json: bool

    @property
    def may_ask(self) -> bool:
        """Whether a person is there to answer a question."""
        return sys.stdin.isatty() and not self.as_json

    def say(self, text: str) -> None:
        """A line of progress; machines need not read it."""
        _console(to_people=False).print(text, markup=False, highlight=False)

    def answer(self, facts: Mapping[str, object], *, show: Show | None = None) -> None:
        """The result: one JSON object for machines, ``show`` for people."""
        if self.as_json:
            click.echo(json.dumps(facts, ensure_ascii=False, default=_plain))
        elif show is not None:
            show(_console(to_people=True))


def command(
    name: str, *, about: str, writes: bool = False, database: bool = True
) -> Callable[[Callable[Concatenate[Frame, P], None]], click.Command]:
    """Makes a function of `Frame` and its parameters a command; stands above click's decorators.

    ``writes`` adds ``--as --reason --key``. ``database`` adds ``--now`` and
    makes the database ready first. The function's help is ``about``, already translated.
    """

    def frame(function: Callable[Concatenate[Frame, P], None]) -> click.Command:
        @functools.wraps(function)
        def framed(*args: P.args, **values: P.kwargs) -> None:
            common = {key: values.pop(f"frame_{key}", None) for key in COMMON}
            function(_frame(common, database=database), *args, **values)

        made = click.command(name, help=about)(framed)
        made.params.extend(_options(writes=writes, database=database))
        return made

    return frame


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> Table:
    """A table for people: text to the left, numbers to the right, None as nothing."""
    lines = [list(row) for row in rows]
    made = Table(title=title or None, title_justify="left")
    for position, header in enumerate(headers):
        numbers = bool(lines) and all(_is_number(line[position]) for line in lines)
        made.add_column(Text(header), justify="right" if numbers else "left")
    for line in lines:
        made.add_row(*(Text(_shown(cell)) for cell in line))
    return made


def report(refused: Refused, *, as_json: bool) -> int:
    """Says why nothing was done, and gives the exit code."""
    from legato.web.listing import listing
    from legato.web.wording import sentence

    message = sentence(refused, names=_names(refused))
    if as_json:
        facts = {"refused": refused.code, "message": message, **refused.facts}
        click.echo(json.dumps(facts, ensure_ascii=False, default=_plain))
    else:
        click.echo(message, err=True)
        listed = listing(refused)
        if listed is not None:
            _console(to_people=False).print(table(*listed))
    return exit_code(refused)


def _names(refused: Refused) -> "Names":
    """What the records and people are called whose ids the refusal carries."""
    from legato.books.queries import names_of
    from legato.people.queries import people
    from legato.web.wording import Names, ids_in

    ids = list(ids_in(refused.facts).values())
    records = {number for what, number in ids if what == "record"}
    persons = {number for what, number in ids if what == "person"}
    return Names(
        records=names_of(records=records) if records else {},
        people={each.id: each.name for each in people(ids=persons).values()} if persons else {},
    )


def exit_code(refused: Refused) -> int:
    if isinstance(refused, NotFound):
        return NOT_FOUND
    return OUTSIDE_FAILED if isinstance(refused, Unreachable | ServerFailed) else REFUSED


COMMON = ("now", "actor", "reason", "key", "as_json")


def _options(*, writes: bool, database: bool) -> list[click.Parameter]:
    always = [click.Option(["--json", "frame_as_json"], is_flag=True, help=_("Answer in JSON."))]
    timed = [
        click.Option(
            ["--now", "frame_now"],
            type=Moment(),
            help=_("Act as if it were TIME; rehearsals only."),
        )
    ]
    signed = [
        click.Option(["--as", "frame_actor"], metavar="PERSON", help=_("Who does this.")),
        click.Option(["--reason", "frame_reason"], metavar="TEXT", help=_("Why.")),
    ]
    once = [
        click.Option(
            ["--key", "frame_key"], metavar="TEXT", help=_("Repeating with the same key is safe.")
        )
    ]
    return [*(signed + once) * writes, *timed * database, *always]


def _frame(common: Mapping[str, object], *, database: bool) -> Frame:
    now = common["now"]
    if database:
        ensure_ready()
        if now is not None and not is_rehearsal():
            raise NotARehearsal()
    return Frame(
        now=now if isinstance(now, datetime) else datetime.now(UTC),
        actor=str(common["actor"] or "") or os.environ.get("LEGATO_AS") or None,
        reason=str(common["reason"] or click.get_current_context().command_path),
        key=str(common["key"] or "") or None,
        as_json=bool(common["as_json"]),
    )


def is_rehearsal() -> bool:
    """Whether the database was created to rehearse in, so that time may be chosen."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('ledger_rehearsal') IS NOT NULL")
        if cursor.fetchone() != (True,):
            return False
        cursor.execute("SELECT EXISTS (SELECT FROM ledger_rehearsal)")
        return bool(cursor.fetchone() == (True,))


class Moment(click.ParamType[datetime]):
    """An ISO date or time, with an offset or a zone's name after it if need be.

    A date alone is nine in the morning; without a zone, UTC.
    """

    name = "TIME"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            return parse_moment(str(value))
        except (ValueError, ZoneInfoNotFoundError):
            shape = "2026-03-31, 2026-03-31T14:30+09:00, '2026-03-31 Asia/Tokyo'"
            self.fail(_("%(value)s is no time. Write it like %(shape)s.") % locals(), param, ctx)


def parse_moment(text: str) -> datetime:
    """See `Moment`. Raises ValueError."""
    moment, _space, zone = text.rpartition(" ")
    if not moment or zone[:1].isdigit():
        moment, zone = text, ""
    alone = re.fullmatch(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?", moment)
    if alone:
        day = datetime.combine(date.fromisoformat(alone[1]), MORNING)
        parsed = datetime.fromisoformat(f"{day.isoformat()}{alone[2] or ''}")
    else:
        parsed = datetime.fromisoformat(moment)
    if parsed.tzinfo is None:
        return parsed.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
    if zone:
        raise ValueError(text)
    return parsed


def _console(*, to_people: bool) -> Console:
    console = Console(stderr=not to_people)
    if not console.is_terminal:
        console.width = WIDE
    return console


def _plain(value: object) -> object:
    """How JSON carries what it has no type for. Decimals become numbers, times ISO text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, AbstractSet):
        return sorted(value, key=str)
    return str(value)


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | float | Decimal | Figure) and not isinstance(cell, bool)


def _shown(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M %Z")
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return figure(cell)
    return "" if cell is None else str(cell)
