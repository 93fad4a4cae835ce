"""What several operations on people need: the row, and the entry that tells of a change."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from legato.domain.errors import NotFound, Refused
from legato.ledger.models import Entry
from legato.ledger.operations import record
from legato.people.models import Person


class NotEmployed(Refused):
    """The person has left. Facts: ``name``."""

    code = "not_employed"


def person_row(pk: int, *, lock: bool = False) -> Person:
    """Raises `NotFound` (facts ``what``, ``name``)."""
    everyone = Person.objects.select_for_update() if lock else Person.objects
    found = everyone.filter(pk=pk).first()
    if found is None:
        raise NotFound(what="person", name=f"#{pk}")
    return found


def record_change(
    kind: str,
    *,
    person: int,
    facts: Mapping[str, Any],
    at: datetime,
    actor: int | None,
    reason: str,
) -> Entry:
    """Writes an entry of the person's chain; days and amounts of its facts become text."""
    plain = json.loads(json.dumps(facts, default=str))
    return record(
        chain=f"person:{person}", kind=kind, actor=actor, at=at, reason=reason, facts=plain
    )
