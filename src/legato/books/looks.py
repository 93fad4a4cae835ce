"""Ways of looking at lists that people keep: by name, pinned before the others, shared or not."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from legato.books.models import Look
from legato.domain.errors import NotFound, Refused
from legato.ledger.operations import once, record
from legato.people.operations import lock_people

LONGEST_NAME = 60
LONGEST_QUERY = 1_000


class LookNeedsName(Refused):
    """Facts: ``longest``."""

    code = "look_needs_name"


class LookNameTaken(Refused):
    """Facts: ``name``."""

    code = "look_name_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """``by`` is who made it where that is not the viewer, else empty."""

    id: int
    name: str
    query: str
    is_shared: bool
    is_pinned: bool
    by: str


SEEN = """
SELECT l.id, l.name, l.query, l.is_shared, l.is_pinned AND l.maker_id = %(viewer)s,
       CASE WHEN l.maker_id = %(viewer)s THEN '' ELSE p.name END
FROM books_look l JOIN people_person p ON p.id = l.maker_id
WHERE l.removed_by_id IS NULL AND (l.maker_id = %(viewer)s OR (
    l.is_shared AND p.team_id = (SELECT team_id FROM people_person WHERE id = %(viewer)s)))
ORDER BY 5 DESC, l.name, l.id
"""


def looks(*, viewer: int) -> list[Kept]:
    """The viewer's own and those shared with their team, the pinned ones first."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN, {"viewer": viewer})
        return [Kept(**dict(zip(Kept.__slots__, row, strict=True))) for row in cursor.fetchall()]


def own_look(*, viewer: int, look: int) -> Kept:
    """One that the viewer made. Raises `NotFound`."""
    found = next((each for each in looks(viewer=viewer) if each.id == look and not each.by), None)
    if found is None:
        raise NotFound(what="view", name=look)
    return found


@transaction.atomic(durable=True)
@once
def keep(
    *, look: int | None, name: str, query: str, is_shared: bool, is_pinned: bool, actor: int,
    now: datetime, reason: str, key: str | None,
) -> int:  # fmt: skip
    """Keeps a way of looking under a name, or with ``look`` changes one; its id.

    The query of one that is changed stays. Raises `NotFound`, `LookNeedsName`, `LookNameTaken`.
    """
    named = " ".join(name.split())
    if not named or len(named) > LONGEST_NAME or len(query) > LONGEST_QUERY:
        raise LookNeedsName(longest=LONGEST_NAME)
    lock_people(ids={actor})  # One name at a time: two forms sent at once would both find it free.
    found = _locked(look, actor) if look is not None else Look(maker_id=actor, query=query)
    others = Look.objects.filter(maker=actor, name=named, removed_by=None).exclude(pk=found.pk)
    if others.exists():
        raise LookNameTaken(name=named)
    found.name, found.is_shared, found.is_pinned = named, is_shared, is_pinned
    found.entry = record(
        chain=f"person:{actor}", kind="look_kept", actor=actor, at=now, reason=reason,
        facts={"name": named, "query": found.query, "shared": is_shared, "pinned": is_pinned},
    )  # fmt: skip
    found.save()
    return int(found.pk)


@transaction.atomic(durable=True)
@once
def remove(*, look: int, actor: int, now: datetime, reason: str, key: str | None) -> int:
    """Keeps it no longer; its id. No record changes by it. Raises `NotFound`."""
    found = _locked(look, actor)
    found.removed_by = record(
        chain=f"person:{actor}", kind="look_removed", actor=actor, at=now, reason=reason,
        facts={"name": found.name, "query": found.query},
    )  # fmt: skip
    found.save()
    return int(found.pk)


def _locked(look: int, actor: int) -> Look:
    mine = Look.objects.select_for_update().filter(pk=look, maker=actor, removed_by=None)
    found = mine.first()
    if found is None:
        raise NotFound(what="view", name=look)
    return found
