"""One import from its files to its answer."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from legato.books.importing import lookups, staging
from legato.books.importing.parts import Part, digest, open_parts
from legato.books.importing.steps import Run, Wanted
from legato.books.models import Import
from legato.connectors.files import ensure_writable
from legato.domain.errors import Refused
from legato.ledger import operations as ledger
from legato.people.queries import check_may_administer

ONE_AT_A_TIME = 7_236_533


class ImportRunning(Refused):
    """Another import is at work. No facts."""

    code = "import_running"


def import_files(wanted: Wanted) -> dict[str, Any]:
    """Imports the files; the answer as the command gives it in JSON. Begins transactions.

    Raises `NotWritable`, `Unreadable`, `MapInvalid`, `NothingToImport`, `ImportRunning`,
    `LastResortNeeded`, `LastResortUnknown`, `RecordsMoved`, `EarlierThanRecords`, `KeyAlreadyUsed`,
    `MayNotAdminister`; and what ``progress`` raises.
    """
    ensure_writable(wanted.rejected_to)
    check_may_administer(actor=wanted.actor)
    parts, skipped = open_parts(
        wanted.paths, given=wanted.given, hows=wanted.hows, sheets=wanted.sheets
    )
    sha256 = digest(parts, source=wanted.source)
    asked = {"import": sha256, "dry_run": wanted.is_dry_run, "actor": wanted.actor}
    if wanted.choices:
        asked["choices"] = dict(wanted.choices)
    with _one_at_a_time():
        if earlier := _answered(wanted.key, asked):
            staging.forget(importing=earlier["import"])  # Whoever was killed after that could not.
            return earlier
        importing = _begin(parts, wanted, sha256)
        staging.stage(parts, importing=importing.pk, progress=wanted.progress, chunk=wanted.chunk)
        wanted.writes()
        run = Run(parts, skipped, wanted, importing, asked)
        answer = run.until_answered()
        staging.forget(importing=importing.pk)
    return answer


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Holds the lock of imports; who finds it held is refused."""
    if not lookups.scalars("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME])[0]:
        raise ImportRunning()
    try:
        yield
    finally:
        lookups.scalars("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


def _answered(key: str | None, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    with transaction.atomic():
        earlier = ledger.answered(key=key, asked=asked)
        return earlier or _without_entry(key, asked)


def _without_entry(key: str | None, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """The answer of an import that changed nothing, which the ledger therefore does not keep."""
    found = Import.objects.filter(key=key).first() if key else None
    if found is None:
        return None
    if found.asked != asked:
        raise ledger.KeyAlreadyUsed(key=key)
    report: dict[str, Any] = found.report
    return report


def _begin(parts: Sequence[Part], wanted: Wanted, sha256: str) -> Import:
    """The unfinished import of the same files, or a new one."""
    unfinished = Import.objects.filter(
        source=wanted.source, digest=sha256, entry=None, report={}
    ).first()
    return unfinished or Import.objects.create(
        source=wanted.source,
        digest=sha256,
        at=wanted.now,
        files=[part.shown() for part in parts],
    )
