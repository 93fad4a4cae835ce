"""Closes a departure once nothing live points to who left, or a person has signed for each rest."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, transaction

from legato.departures.operations.ending import close
from legato.departures.operations.shared import locked_case, locked_person
from legato.departures.queries.conserving import Conservation, conservation
from legato.departures.queries.rests import UNSIGNED, Rest, parameters, rests, signed
from legato.domain.errors import Refused
from legato.domain.plain import plain
from legato.ledger.operations import answered, record, remember
from legato.people.queries import check_may_manage

NAMED_AT_MOST = 5


class StillPoints(Refused):
    """Something live points to who leaves, and nobody has signed for it. Facts: ``case``,
    ``count``, ``rests`` (``what``, ``count``, ``names``)."""

    code = "still_points"


class BooksDiffer(Refused):
    """The two ways of counting what became of the book differ. Facts: ``case``."""

    code = "books_differ"


class NothingToSign(Refused):
    """Nothing of that kind points to who leaves. Facts: ``case``, ``what``."""

    code = "nothing_to_sign"


class ReasonNeeded(Refused):
    """Whoever signs says why. No facts."""

    code = "reason_needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    case: int
    entry: int
    signed: int
    """Rests that people have signed for."""
    listed: int
    moved: int
    kept: int
    closed: int
    """Of the records that were listed; both ways of counting agree."""


@transaction.atomic(durable=True)
def close_case(
    *, case_id: int, actor: int, now: datetime, reason: str, key: str | None = None
) -> Closed:
    """Closes a case: the hold is released, and no plan for its book is carried out any more.

    Raises `NotFound`, `CaseClosed`, `MayNotManage`, `StillPoints`, `BooksDiffer`.
    """
    asked = {"close": case_id, "actor": actor}
    if earlier := answered(key=key, asked=asked):
        return Closed(**earlier)
    case = locked_case(case_id)
    check_may_manage(actor=actor, leaver=case.person_id)
    locked_person(case.person_id)
    if left := rests(case):
        raise _still_points(case_id, left)
    became = conservation(book=case.book_id)
    if not became.agrees:
        raise BooksDiffer(case=case_id)
    entry = record(
        chain=f"case:{case_id}", kind="case_closed", actor=actor, at=now, reason=reason,
        facts={"conservation": _facts(became)},
    )  # fmt: skip
    close(case, entry=entry)
    sums = {fate: _sum(became, fate) for fate in ("listed", "moved", "covered", "kept", "closed")}
    answer = Closed(
        case=case_id,
        entry=entry.pk,
        signed=sum(each.count for each in signed(case_id)),
        listed=sums["listed"],
        moved=sums["moved"],
        kept=sums["covered"] + sums["kept"],
        closed=sums["closed"],
    )
    remember(key=key, asked=asked, answer=asdict(answer), entry=entry)
    return answer


def _still_points(case_id: int, left: list[Rest]) -> StillPoints:
    named = [
        {
            "what": each.what,
            "count": each.count,
            "names": ", ".join(one.name for one in each.listed[:NAMED_AT_MOST]),
        }
        for each in left
    ]
    return StillPoints(case=case_id, count=sum(each.count for each in left), rests=named)


def _facts(became: Conservation) -> list[list[object]]:
    """Kind, and of each fate how many and what they are worth; no names, as the ledger keeps it."""
    fates = ("listed", "moved", "covered", "kept", "closed")
    return [
        [each.kind, *((name, getattr(each, name).count, str(getattr(each, name).value))
                      for name in fates)]
        for each in became.fates
    ]  # fmt: skip


def _sum(became: Conservation, fate: str) -> int:
    return sum(getattr(each, fate).count for each in became.fates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    case: int
    entry: int
    what: tuple[str, ...]
    """The kinds of rest that were signed."""
    count: int


SIGN = f"""
INSERT INTO departures_signature (case_id, what, number, signer_id, at, entry_id)
SELECT %(case)s, u.what, u.number, %(signer)s, %(at)s, %(entry)s FROM ({UNSIGNED}) u
WHERE (u.what = %(what)s OR (%(what)s = 'record' AND u.what = ANY (%(records)s)))
  AND (%(number)s::bigint IS NULL OR u.number = %(number)s)
ORDER BY u.what, u.number RETURNING what
"""
OF_RECORDS = ("still_owned", "covered", "next_of", "kept_back")
"""Rests that are records."""


@transaction.atomic(durable=True)
def sign(
    *,
    case_id: int,
    what: str,
    number: int | None,
    actor: int,
    now: datetime,
    reason: str,
    key: str | None = None,
) -> Signature:
    """Lets a rest stand: all of a kind that is there now, one of it, or what a ``record`` is.

    What comes to be like it later has to be signed anew. Raises `NotFound`, `CaseClosed`,
    `MayNotManage`, `ReasonNeeded`, `NothingToSign`.
    """
    asked = {"sign": case_id, "what": what, "number": number, "actor": actor}
    if earlier := answered(key=key, asked=asked):
        return Signature(**{**earlier, "what": tuple(earlier["what"])})
    case = locked_case(case_id)
    check_may_manage(actor=actor, leaver=case.person_id)
    if not reason.strip():
        raise ReasonNeeded()
    entry = record(
        chain=f"case:{case_id}", kind="rest_signed", actor=actor, at=now, reason=reason,
        facts=plain({"what": what, "number": number}),
    )  # fmt: skip
    written = {**parameters(case), "signer": actor, "at": now, "entry": entry.pk,
               "what": what, "number": number, "records": list(OF_RECORDS)}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SIGN, written)
        kinds = [kind for (kind,) in cursor.fetchall()]
    if not kinds:
        raise NothingToSign(case=case_id, what=what if number is None else f"{what} #{number}")
    answer = Signature(
        case=case_id, entry=entry.pk, what=tuple(dict.fromkeys(kinds)), count=len(kinds)
    )
    remember(key=key, asked=asked, answer=plain(answer), entry=entry)
    return answer
