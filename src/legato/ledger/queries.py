"""Reads of the ledger, for whoever checks it or looks something up in it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from legato.ledger import verifying
from legato.ledger.anchors import Compared, compare
from legato.ledger.models import Entry, Verification
from legato.ledger.verifying import Finding, State, Verdict, state
from legato.web.checks import Broken, Checked

RECENT = 10_000
"""Ids below the last one sealed among which an entry may wait that was committed late."""
__all__ = [
    "Compared",
    "Finding",
    "Reached",
    "Read",
    "State",
    "Verdict",
    "Verified",
    "Wanted",
    "checked",
    "entries",
    "entry_count",
    "is_single_role",
    "reached",
    "state",
    "verification",
    "verify",
    "without_reason",
]


def verify(*, anchors: Path | None = None) -> tuple[Verdict, Compared | None]:
    """Computes every chain, seal and receipt anew, and compares them with the anchors' file.

    What does not fit is named, the first first. Raises `AnchorsNotReadable`.
    """
    verdict = verifying.verify()
    if anchors is None:
        return verdict, None
    compared = compare(anchors)
    missed = compared.missed
    if missed is None:
        return verdict, compared
    found = verifying.at_seal(missed.first_seal, problem=missed.problem)
    ordered = _put(found, into=verdict.findings)
    return replace(verdict, count=verdict.count + 1, findings=ordered), compared


def _put(found: Finding, *, into: Sequence[Finding]) -> tuple[Finding, ...]:
    """Before the first that stands at its seal or later, or at none."""
    earlier = [each.seal is not None and each.seal < (found.seal or 0) for each in into]
    before = earlier.index(False) if False in earlier else len(into)
    return (*into[:before], found, *into[before:])


def checked() -> Checked:
    """`verify` as ``legato check`` has it."""
    verdict = verifying.verify()
    return Checked(
        invariant="ledger", count=verdict.count, rows=tuple(map(_broken, verdict.findings))
    )


def _broken(found: Finding) -> Broken:
    subject = f"entry {found.entry}" if found.entry is not None else f"seal {found.seal}"
    place = f"{found.chain} {found.number}" if found.chain is not None else ""
    return Broken(problem=found.problem, subject=subject, detail=place or f"seal {found.seal}")


def without_reason() -> int:
    """How many entries a person wrote without saying why."""
    return Entry.objects.filter(reason="", actor_id__isnull=False).count()


def is_single_role() -> bool:
    """Whether we own the ledger ourselves, so that append-only rests on its triggers alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class"
            " WHERE oid = 'ledger_entry'::regclass"
        )
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries a reader asks for and may see; None is every one.

    ``about`` are the first words of chains, such as ``case``; of chains with the words ``giving``
    those entries that gave records are wanted, too, and so is all that ``own`` did; ``hidden`` are
    chains the reader must not know of. Instants are those the entries name, from ``since`` to
    before ``until``.
    """

    about: tuple[str, ...] | None = None
    giving: tuple[str, ...] = ()
    own: int | None = None
    hidden: tuple[str, ...] = ()
    chains: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    actor: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """An entry as it is shown. ``actor`` is None where the clock or the command line did it."""

    id: int
    chain: str
    number: int
    kind: str
    actor: int | None
    at: datetime
    recorded_at: datetime
    reason: str
    facts: Mapping[str, Any]
    has_receipt: bool
    sha256: str


ABOUT = """(split_part(e.chain, ':', 1) = ANY (%(about)s::text[])
    OR e.receipt_sha256 <> '' AND split_part(e.chain, ':', 1) = ANY (%(giving)s::text[])
    OR e.actor_id = %(own)s)"""
"""Over an entry `e`."""
CONDITIONS = {
    "about": ABOUT,
    "hidden": "e.chain <> ALL (%(hidden)s)",
    "chains": "e.chain = ANY (%(chains)s)",
    "kinds": "e.kind = ANY (%(kinds)s)",
    "actor": "e.actor_id = %(actor)s",
    "since": "e.at >= %(since)s",
    "until": "e.at < %(until)s",
}


def entry_count(wanted: Wanted) -> int:
    """How many there are, exactly; from an index alone."""
    where, asked = _where(wanted)
    return int(_rows(f"SELECT count(*) FROM ledger_entry e WHERE {where}", asked)[0][0])


def entries(
    wanted: Wanted, *, limit: int, offset: int = 0, before: int | None = None
) -> list[Read]:
    """The latest first; ``before`` an entry, for whoever reads them all piece by piece.

    Places are found in an index, so that a page far down costs little more than the first.
    """
    where, asked = _where(wanted)
    if before is not None:
        where += " AND e.id < %(before)s"
    query = f"""
        SELECT f.id, f.chain, f.number, f.kind, f.actor_id, f.at, f.recorded_at, f.reason,
               f.facts::text, f.receipt_sha256 <> '', f.sha256
        FROM (SELECT e.id FROM ledger_entry e WHERE {where}
              ORDER BY e.id DESC LIMIT %(limit)s OFFSET %(offset)s) place
        JOIN ledger_entry f ON f.id = place.id ORDER BY f.id DESC
    """
    rows = _rows(query, {**asked, "limit": limit, "offset": offset, "before": before})
    return [_read(row) for row in rows]


def _read(row: Sequence[Any]) -> Read:
    said = dict(zip(Read.__slots__, row, strict=True))
    return Read(**{**said, "facts": json.loads(said["facts"])})


def _where(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    asked = {name: getattr(wanted, name) for name in CONDITIONS}
    given = {name: value for name, value in asked.items() if value not in (None, ())}
    if () in (wanted.about, wanted.chains, wanted.kinds):
        return "false", {}
    plain = {name: list(v) if isinstance(v, tuple) else v for name, v in given.items()}
    plain |= {"giving": list(wanted.giving), "own": wanted.own}
    return " AND ".join(CONDITIONS[name] for name in given) or "true", plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How far the chain over all goes: its last place and since when, and what waits for one."""

    last_seal: int | None
    sealed_at: datetime | None
    unsealed: int


REACHED = f"""
SELECT s.number, s.sealed_at, (
    SELECT count(*) FROM ledger_entry e
    WHERE e.id > coalesce(s.entry_id, 0) - {RECENT}
      AND NOT EXISTS (SELECT FROM ledger_seal k WHERE k.entry_id = e.id))
FROM (SELECT) one LEFT JOIN LATERAL (
    SELECT number, sealed_at, entry_id FROM ledger_seal ORDER BY number DESC LIMIT 1) s ON true
"""


def reached() -> Reached:
    """Like `state`, of the end alone: as quick with a million entries as with one."""
    number, sealed_at, unsealed = _rows(REACHED, {})[0]
    return Reached(last_seal=number, sealed_at=sealed_at, unsealed=unsealed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A verification of everything: what it found once it has ended. ``anchors`` were met."""

    id: int
    asked_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    entries: int | None
    last_seal: int | None
    problems: int | None
    findings: Sequence[Mapping[str, Any]]
    anchors: int | None


def verification() -> tuple[Verified | None, Verified | None]:
    """The last one that has ended, and the one that is asked for or under way."""
    ended = Verification.objects.exclude(ended_at=None).order_by("-ended_at", "-pk").first()
    open_ones = Verification.objects.filter(ended_at=None).order_by("-pk").first()
    return _verified(ended), _verified(open_ones)


def _verified(row: Verification | None) -> Verified | None:
    if row is None:
        return None
    names = [name for name in Verified.__slots__ if name != "id"]
    return Verified(id=row.pk, **{name: getattr(row, name) for name in names})


def _rows(query: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return list(cursor.fetchall())
