"""Gives the book of a departure to an interim owner."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from legato.books import operations as books
from legato.books.snapshots import HAD_FOR_GOOD, UNDECIDED
from legato.departures.models import Case
from legato.departures.operations.shared import list_later, locked_case
from legato.domain.errors import Refused
from legato.ledger.models import Entry
from legato.ledger.operations import answered, record, remember
from legato.people.models import Person
from legato.people.queries import (
    check_may_manage,
    people,
)


class CannotCover(Refused):
    """Facts: ``name``, ``why`` (``is_leaver``, ``not_employed``, ``held``; to who asks for it
    themselves and is held ``somebody_else``, which tells them nothing)."""

    code = "cannot_cover"


class CoverEndsPast(Refused):
    """A cover must end later than it begins. Facts: ``until``."""

    code = "cover_ends_past"


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    cover: int
    records: int
    by: int
    until: datetime


# What the holder still has, and what of their book an earlier cover holds; where it is the same
# person's, it now ends when they say. Who is on leave gets it
# back when the cover ends; whoever waited for a record already still does.
TO_COVER = f"""
SELECT r.id, r.owner_id, r.entry_id, %(by)s::bigint, %(until)s::timestamptz,
       CASE WHEN %(returns)s AND {HAD_FOR_GOOD} = %(owner)s THEN %(owner)s
            WHEN %(returns)s AND r.interim_until IS NULL THEN %(owner)s
            ELSE n.id END
FROM books_record r
LEFT JOIN people_person n ON n.id = r.next_owner_id AND n.is_employed AND n.id <> %(owner)s
WHERE {UNDECIDED} AND (r.owner_id <> %(by)s OR r.interim_until <> %(until)s)
"""


@transaction.atomic(durable=True)
def cover(
    *,
    case_id: int,
    by: int,
    until: datetime,
    actor: int,
    now: datetime,
    reason: str,
    key: str | None = None,
) -> Covered:
    """Gives the case's book to an interim owner; one person decides it, and can take it back.

    Raises `NotFound`, `CaseClosed`, `CannotCover`, `CoverEndsPast`, `MayNotManage`.
    """
    asked = {"cover": case_id, "by": by, "until": until, "actor": actor}
    if earlier := answered(key=key, asked=asked):
        return Covered(**{**earlier, "until": datetime.fromisoformat(earlier["until"])})
    case = locked_case(case_id)
    check_may_manage(actor=actor, leaver=case.person_id)
    entry, moved = give_cover(case, by=by, until=until, actor=actor, now=now, reason=reason)
    answer = Covered(cover=entry.pk, records=moved, by=by, until=until)
    remember(key=key, asked=asked, entry=entry, answer={**asdict(answer), "until": str(until)})
    return answer


def give_cover(
    case: Case,
    *,
    by: int,
    until: datetime,
    actor: int,
    now: datetime,
    reason: str,
    facts: Mapping[str, Any] | None = None,
) -> tuple[Entry, int]:
    """The entry and how many records it gave, in the caller's transaction; the case is locked.

    Raises `CannotCover`, `CoverEndsPast`.
    """
    if until <= now:
        raise CoverEndsPast(until=until)
    books.prepare(
        source=TO_COVER,
        parameters={
            "by": by,
            "until": until,
            "book": case.book_id,
            "owner": case.person_id,
            "returns": case.kind == "leave",
        },
        at=now,
    )
    _check_cover(by, case=case, actor=actor)  # They cannot leave any more.
    entry = record(
        chain=f"case:{case.pk}", kind="cover", actor=actor, at=now, reason=reason,
        facts={"by": by, "until": until.isoformat(), **(facts or {})},
        receipt_sha256=books.receipt_sha256(at=now),
    )  # fmt: skip
    list_later(book=case.book_id, holder=case.person_id, entry=entry)
    return entry, books.give(entry=entry.pk)


def _check_cover(by: int, *, case: Case, actor: int) -> None:
    someone = people(ids={by})[by]
    held = Person.objects.filter(pk=by, holds__released_at=None, holds__isnull=False).exists()
    why = (
        "is_leaver" if by == case.person_id
        else "not_employed" if not someone.is_employed
        else "somebody_else" if held and by == actor
        else "held" if held
        else None
    )  # fmt: skip
    if why is not None:
        raise CannotCover(name=someone.name, why=why)
