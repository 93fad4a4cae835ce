"""Gives the file of a case out: what was done, so that a stranger can verify it. The giving out is
itself an entry, which carries the hash of all that was given."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256

from django.db import connection, transaction

from legato.departures import case_file, queries
from legato.domain.errors import Refused
from legato.ledger.operations import answered, record, remember, seal
from legato.people.operations import lock_people, note_taking
from legato.people.queries import people

EXPORTS = ("manager", "director", "operations", "hr")


class MayNotExport(Refused):
    """Facts: ``name``, ``case``."""

    code = "may_not_export"


class ExportOutOfDate(Refused):
    """The same key as before, and names or dates of the case have changed since.

    Facts: ``case``, ``export``.
    """

    code = "export_out_of_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """``export`` is the entry; ``sha256`` is over the ``lines`` before that entry's own."""

    case: int
    export: int
    sha256: str
    lines: int


def export(
    *, case_id: int, actor: int, now: datetime, reason: str, key: str | None = None
) -> tuple[Exported, bytes]:
    """The file of a case, sealed to its end. Raises `NotFound`, `MayNotExport`, `ExportOutOfDate`,
    `domain.exports.ExportLimit`.

    What cannot be seen cannot be exported either, and looks as if it were not there.
    """
    made = export_body(case_id=case_id, actor=actor, now=now, reason=reason, key=key)
    seal()
    content = b"".join(case_file.body(case=case_id, until=made.export))
    if sha256(content).hexdigest() != made.sha256:
        raise ExportOutOfDate(case=case_id, export=made.export)
    return made, content + b"".join(case_file.ending(case=case_id, export=made.export))


@transaction.atomic(durable=True)
def export_body(
    *, case_id: int, actor: int, now: datetime, reason: str, key: str | None = None
) -> Exported:
    """The entry of an export, with the hash over what it gives out. Raises as `export` does."""
    chain = _check_may_export(case_id, actor=actor)
    asked = {"export": case_id, "actor": actor}
    if earlier := answered(key=key, asked=asked):
        return Exported(**earlier)
    lock_people(ids={actor})
    _hold_still(chain)
    digest, lines = _digest(case_file.body(case=case_id))
    facts = {"sha256": digest, "lines": lines}
    entry = record(
        chain=chain, kind="case_exported", actor=actor, at=now, reason=reason, facts=facts
    )
    note_taking(person=actor, what="case_file", rows=lines, entry=entry)
    answer = Exported(case=case_id, export=entry.pk, sha256=digest, lines=lines)
    remember(key=key, asked=asked, answer=asdict(answer), entry=entry)
    return answer


def _check_may_export(case_id: int, *, actor: int) -> str:
    """The case's chain."""
    someone = people(ids={actor})[actor]
    found = queries.case(someone, case_id)
    if someone.role not in EXPORTS:
        raise MayNotExport(name=someone.name, case=case_id)
    return found.chain


def _hold_still(chain: str) -> None:
    """Nothing is added to the chain between reading it and the entry that vouches for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('ledger:' || %s, 0))", [chain]
        )


def _digest(lines: Iterable[bytes]) -> tuple[str, int]:
    """The SHA-256 over the lines, and how many they are."""
    whole, count = sha256(), 0
    for line in lines:
        whole.update(line)
        count += 1
    return whole.hexdigest(), count
