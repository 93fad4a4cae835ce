"""Reads of the ledger, for whoever checks it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from django.db import connection

from legato.ledger import verifying
from legato.ledger.anchors import Compared, compare
from legato.ledger.models import Entry
from legato.ledger.verifying import Finding, State, Verdict, state
from legato.web.checks import Broken, Checked

__all__ = [
    "Compared",
    "Finding",
    "State",
    "Verdict",
    "checked",
    "is_single_role",
    "state",
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
