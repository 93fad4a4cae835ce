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

ONE_AT_A_TIME = 7_236_533


class ImportRunning(Refused):
    """Another import is at work. No facts."""

    code = "import_running"


def import_files(wanted: Wanted) -> dict[str, Any]:
    """Imports the files; the answer as the command gives it in JSON. Begins transactions.

    Raises `NotWritable`, `Unreadable`, `MapInvalid`, `NothingToImport`, `ImportRunning`,
    `LastResortNeeded`, `LastResortUnknown`, `RecordsMoved`, `EarlierThanRecords`, `KeyAlreadyUsed`.
    """
    ensure_writable(wanted.rejected_to)
    parts, skipped = open_parts(wanted.paths, given=wanted.given)
    sha256 = digest(parts, source=wanted.source)
    asked = {"import": sha256, "dry_run": wanted.is_dry_run, "actor": wanted.actor}
    with _one_at_a_time():
        if earlier := _answered(wanted.key, asked):
            staging.forget(importing=earlier["import"])  # Whoever was killed after that could not.
            return earlier
        importing = _begin(parts, wanted, sha256)
        staging.stage(parts, importing=importing.pk, progress=wanted.progress)
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
        return ledger.answered(key=key, asked=asked)


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
