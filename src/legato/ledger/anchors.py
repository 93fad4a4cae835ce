"""Anchors: the end of the chain over all, written where the database's owner cannot reach it.

A file of JSON lines that is only ever appended to. Each line says that at that time seal ``seal``
had the hash ``sha256``, and so, through the hashes, what every entry before it was.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from legato.domain.errors import Refused
from legato.ledger.hashing import SAFE_PATH
from legato.ledger.verifying import state
from legato.postgres.home import home_path

FORM = 1
LONGEST = 4096  # bytes; more than any line has


class AnchorsNotWritable(Refused):
    """Facts: ``path``, ``why``."""

    code = "anchors_not_writable"


class AnchorsNotReadable(Refused):
    """Facts: ``path``, ``why``."""

    code = "anchors_not_readable"


class NothingToAnchor(Refused):
    """The ledger has no sealed entry. No facts."""

    code = "nothing_to_anchor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """``entries`` counts those of the ledger, sealed or not; ``at`` is ISO text, UTC."""

    database: str
    seal: int
    sha256: str
    entries: int
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """An anchor that the ledger does not meet: the seal after the last anchor that it does meet.

    ``problem``: ``tail_is_cut``, where the ledger ends before the anchor;
    ``history_was_rewritten``, where it has another hash there; ``other_database``, where none of
    the anchors is of this one.
    """

    problem: str
    anchor: Anchor
    first_seal: int
    """The first seal that may be another; the last is the anchor's."""
    last_there: int
    """Where the chain over all ends now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An anchors' file against the ledger. ``unreadable`` are numbers of lines."""

    path: Path
    anchors: int
    of_others: int
    unreadable: tuple[int, ...]
    last: Anchor | None
    missed: Missed | None


def chosen_path() -> Path | None:
    """``LEGATO_ANCHORS``, else in the home; None where that variable is there and empty."""
    named = os.environ.get("LEGATO_ANCHORS")
    if named is None:
        return default_path()
    return Path(named).expanduser().absolute() if named else None


def default_path() -> Path:
    return home_path() / "anchors.jsonl"


def append(path: Path, *, now: datetime) -> Anchor | None:
    """Adds where the chain ends now, and sees it to the disk; None where the file has that already.

    Raises `NothingToAnchor`, `AnchorsNotWritable`.
    """
    reached = state()
    if reached.last_seal is None or reached.last_sha256 is None:
        raise NothingToAnchor()
    anchor = Anchor(
        database=reached.database,
        seal=reached.last_seal,
        sha256=reached.last_sha256,
        entries=reached.entries,
        at=now.isoformat(),
    )
    try:
        return anchor if _added(path, anchor) else None
    except OSError as error:
        raise AnchorsNotWritable(path=str(path), why=os.strerror(error.errno or 0)) from error


def latest(path: Path) -> Anchor | None:
    """The last line of the file, as far as it can be read: no more than its end is looked at."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LONGEST))
            lines = list(_lines(file.read()))
    except OSError:
        return None
    return next((each for each in reversed(lines) if isinstance(each, Anchor)), None)


def _added(path: Path, anchor: Anchor) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:  # at its end
        file.seek(max(0, file.tell() - LONGEST))
        content = file.read()
        if any(_is_same(each, anchor) for each in list(_lines(content))[-1:]):
            return False
        # A line that a crash cut short stays as it is, and alone.
        torn = b"\n" if content and not content.endswith(b"\n") else b""
        line = json.dumps({"anchor": FORM, **asdict(anchor)}).encode()
        file.write(torn + line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def _is_same(line: "Anchor | int", anchor: Anchor) -> bool:
    return isinstance(line, Anchor) and (line.database, line.seal, line.sha256) == (
        anchor.database, anchor.seal, anchor.sha256,
    )  # fmt: skip


def compare(path: Path) -> Compared:
    """Looks for each anchor of this database in its chain. Raises `AnchorsNotReadable`."""
    try:
        lines = list(_lines(path.read_bytes()))
    except OSError as error:
        raise AnchorsNotReadable(path=str(path), why=os.strerror(error.errno or 0)) from error
    readable = [each for each in lines if isinstance(each, Anchor)]
    here = state()
    ours = [each for each in readable if each.database == here.database]
    return Compared(
        path=path,
        anchors=len(ours),
        of_others=len(readable) - len(ours),
        unreadable=tuple(each for each in lines if isinstance(each, int)),
        last=ours[-1] if ours else None,
        missed=_missed(ours, last_there=here.last_seal or 0) or _foreign(readable, ours),
    )


def _missed(ours: list[Anchor], *, last_there: int) -> Missed | None:
    """The earliest anchor, by its seal, that the ledger does not meet."""
    hashes = _hashes([each.seal for each in ours])
    met = 0
    for anchor in sorted(ours, key=lambda each: each.seal):
        if hashes.get(anchor.seal) == anchor.sha256:
            met = anchor.seal
            continue
        cut = anchor.seal > last_there
        return Missed(
            problem="tail_is_cut" if cut else "history_was_rewritten",
            anchor=anchor,
            first_seal=last_there + 1 if cut else met + 1,
            last_there=last_there,
        )
    return None


def _foreign(readable: list[Anchor], ours: list[Anchor]) -> Missed | None:
    if ours or not readable:
        return None
    return Missed(problem="other_database", anchor=readable[-1], first_seal=1, last_there=0)


def _hashes(seals: list[int]) -> dict[int, str]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SAFE_PATH)
        cursor.execute(
            "SELECT number, sha256 FROM ledger_seal WHERE number = ANY (%s)", [sorted(set(seals))]
        )
        return dict(cursor.fetchall())


def _lines(content: bytes) -> Iterator["Anchor | int"]:
    """Each line's anchor, or its number where it is none."""
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            yield _anchor(line) or number


def _anchor(line: bytes) -> Anchor | None:
    try:
        said: Any = json.loads(line)
        wanted = {name: said[name] for name in Anchor.__dataclass_fields__}
    except (ValueError, KeyError, TypeError):
        return None
    types_fit = isinstance(wanted["seal"], int) and isinstance(wanted["sha256"], str)
    return Anchor(**wanted) if types_fit and said.get("anchor") == FORM else None
