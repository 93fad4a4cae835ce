"""Gives records that no open departure holds to somebody, by a manager's hand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from legato.books import operations as books
from legato.departures.queries.giving import Chosen, check_gives, receivers, sorted_out
from legato.domain.errors import Refused
from legato.ledger.operations import once, record
from legato.people.models import Person
from legato.people.queries import people, policy


class CannotReceive(Refused):
    """Who leaves, is held or is away for long is given nothing for good. Facts: ``name``."""

    code = "cannot_receive"


class GivesToOneself(Refused):
    """What is given by hand goes to somebody else. No facts."""

    code = "gives_to_oneself"


class SelectionChanged(Refused):
    """What would change hands is no longer what was shown. Facts: ``seen``, ``now`` (numbers)."""

    code = "selection_changed"


class NothingToGive(Refused):
    """Everything that was chosen stays where it is. No facts."""

    code = "nothing_to_give"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    entry: int
    moved: int
    stayed: int
    until: datetime


# The rows as they were sorted out; whoever changed one meanwhile is found by its expected entry.
CHOSEN = """
SELECT n.record_id, n.owner_id, n.entry_id, %(to)s::bigint, NULL::timestamptz, NULL::bigint
FROM unnest(%(records)s::bigint[], %(owners)s::bigint[], %(entries)s::bigint[])
     AS n (record_id, owner_id, entry_id)
"""


def give(
    *,
    records: Collection[int],
    to: int,
    along: bool,
    seen: int,
    actor: int,
    now: datetime,
    reason: str,
    key: str | None = None,
) -> Given:
    """Gives what of the records may be given to ``to``; ``seen`` is how many that was said to be.

    ``along``: what the owner of an account has open on it goes along. Raises `NotFound` for who
    may give nothing, `GivesToOneself`, `CannotReceive`, `SelectionChanged`, `NothingToGive`,
    `GivenLater`.
    """
    answer = _give(
        records=sorted(records), to=to, along=along, seen=seen, actor=actor, now=now,
        reason=reason, key=key,
    )  # fmt: skip
    return Given(**answer, until=now + policy().undo_window)


@transaction.atomic(durable=True)
@once
def _give(
    *, records: list[int], to: int, along: bool, seen: int, actor: int, now: datetime,
    reason: str, key: str | None,
) -> dict[str, int]:  # fmt: skip
    giver = people(ids={actor})[actor]
    check_gives(giver)
    if to == actor:
        raise GivesToOneself()
    _lock_people(records, to)
    if to not in {pk for pk, _name in receivers(giver, now=now)}:
        known = people(ids={to})
        raise CannotReceive(name=known[to].name if to in known else f"#{to}")
    found = sorted_out(giver, records=records, to=to, along=along)
    moving = [each for each in found if not each.why]
    if len(moving) != seen:
        raise SelectionChanged(seen=seen, now=len(moving))
    if not moving:
        raise NothingToGive()
    _prepare(moving, to, at=now)
    entry = record(
        chain=f"person:{to}", kind="given", actor=actor, at=now, reason=reason,
        facts={"to": to}, receipt_sha256=books.receipt_sha256(at=now),
    )  # fmt: skip
    moved = books.give(entry=entry.pk)
    if moved != len(moving):
        raise SelectionChanged(seen=seen, now=moved)
    return {"entry": entry.pk, "moved": moved, "stayed": len(found) - moved}


def _lock_people(records: Collection[int], to: int) -> None:
    """Nobody opens a departure of the owners or of who receives meanwhile: it locks its person."""
    both = {*books.owners_of(records=records), to}
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=both).order_by("pk"))


def _prepare(moving: Collection[Chosen], to: int, *, at: datetime) -> None:
    books.prepare(
        source=CHOSEN,
        at=at,
        parameters={
            "to": to,
            "records": [each.record for each in moving],
            "owners": [each.owner for each in moving],
            "entries": [each.entry for each in moving],
        },
    )
