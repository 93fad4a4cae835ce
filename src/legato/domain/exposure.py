"""What may be lost if a customer's person goes: a chance with its reasons, times the value.

A rule of thumb that anybody can check by adding up, not a statistic: each reason that applies adds
its points, and the points are the chance in per cent. It is about customers and never about people;
who first comes from it is a proposal. The weights say what the four languages of sales advice agree
on: one contact alone is the largest danger, then broken promises, silence, and a rival who is told.

The same sum in SQL is `books.weighing.POINTS`, for books too large to be read row by row; a test
holds the two together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from legato.domain.problem import Heat

BASE = 5
"""Every change of person costs some customers."""
ONE_HAND, OVERDUE, PROMISED, SILENT, QUIET, HOT, NEAR, COMPETITOR, UNKNOWN = (
    25, 20, 10, 15, 5, 10, 10, 10, 5,
)  # fmt: skip
SILENT_AFTER, QUIET_AFTER = timedelta(days=90), timedelta(days=21)
NEAR_WITHIN = timedelta(days=90)

BANDS = ((60, 101), (40, 60), (20, 40), (0, 20))
"""Chances that are spoken of together, in per cent: from, and below."""

Code = Literal[
    "base",
    "one_hand",
    "promise_overdue",
    "promise_open",
    "never_touched",
    "silent",
    "quiet",
    "hot",
    "decision_near",
    "to_competitor",
    "destination_unknown",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of an open record and of its customer. Times are aware.

    ``in_one_hand``: everything open with the customer has one owner. ``promise_at`` and
    ``promise`` are the earliest open promise to the customer and its record, ``promises`` how many
    there are. ``touched_at`` is the last touch of anybody with the customer. ``decision_at`` is
    the date of the record itself where it is a deal. ``destination`` is ``yes``, ``no`` or
    ``unknown`` as the departure says, empty where nobody leaves.
    """

    record: int
    account: int | None
    heat: Heat
    value: Decimal | None
    touched_at: datetime | None
    in_one_hand: bool
    promises: int = 0
    promise: int | None = None
    promise_at: datetime | None = None
    decision_at: datetime | None = None
    destination: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why the chance is ``points`` higher. ``days`` and ``count`` are what its sentence says;
    ``source`` is the record it is read from, None where it is of the departure or of the rule."""

    code: Code
    points: int
    source: int | None = None
    days: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """``chance`` in per cent; ``loss`` is chance times value, None where the value is unknown."""

    chance: int
    loss: Decimal | None
    reasons: tuple[Reason, ...]


def exposure(standing: Standing, *, now: datetime) -> Exposure:
    """The chance of loss as the sum of its reasons, the heaviest reason first."""
    found = [Reason(code="base", points=BASE), *_reasons(standing, now)]
    chance = sum(each.points for each in found)
    value = standing.value
    return Exposure(
        chance=chance,
        loss=None if value is None else (value * chance / 100).quantize(Decimal("0.01")),
        reasons=tuple(sorted(found, key=lambda each: -each.points)),
    )


def _reasons(standing: Standing, now: datetime) -> list[Reason]:
    found = [_touched(standing, now), _promised(standing, now), _decided(standing, now)]
    if standing.in_one_hand:
        customer = standing.account or standing.record
        found.append(Reason(code="one_hand", points=ONE_HAND, source=customer))
    if standing.heat == "hot":
        found.append(Reason(code="hot", points=HOT, source=standing.record))
    if standing.destination == "yes":
        found.append(Reason(code="to_competitor", points=COMPETITOR))
    if standing.destination == "unknown":
        found.append(Reason(code="destination_unknown", points=UNKNOWN))
    return [each for each in found if each is not None]


def _touched(standing: Standing, now: datetime) -> Reason | None:
    """Silence, from the last touch to now."""
    if standing.touched_at is None:
        return Reason(code="never_touched", points=SILENT, source=standing.record)
    silence = now - standing.touched_at
    if silence <= QUIET_AFTER:
        return None
    code, points = ("silent", SILENT) if silence > SILENT_AFTER else ("quiet", QUIET)
    return Reason(code=code, points=points, source=standing.record, days=silence.days)  # type: ignore[arg-type]


def _promised(standing: Standing, now: datetime) -> Reason | None:
    if not standing.promises:
        return None
    late = standing.promise_at is not None and standing.promise_at < now
    return Reason(
        code="promise_overdue" if late else "promise_open",
        points=OVERDUE if late else PROMISED,
        source=standing.promise,
        days=(now - standing.promise_at).days if late and standing.promise_at else 0,
        count=standing.promises,
    )


def _decided(standing: Standing, now: datetime) -> Reason | None:
    """A decision of the customer that falls into the first months of somebody new."""
    at = standing.decision_at
    if at is None or at < now or at > now + NEAR_WITHIN:
        return None
    days = (at - now).days
    return Reason(code="decision_near", points=NEAR, source=standing.record, days=days)
