"""The three phases of a departure as days: still here, without, within the successor's reach."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

SETTLING = timedelta(days=90)
"""How long new owners find their feet; outcomes are measured after 30, 90 and 180 days."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """Days from ``first`` through ``last``. Without a first day it has not begun and nobody knows
    when it will; without a last one nobody knows how long it goes on."""

    code: Literal["here", "without", "settling"]
    first: date | None
    last: date | None


def phases(
    *, begins: date, last_day: date | None, owned_from: date | None
) -> tuple[Phase, Phase | None, Phase]:
    """The phases in order. The second is None where new owners were there before the last day.

    ``begins`` is the day of the notice; ``owned_from`` that from which new permanent owners are
    responsible, None while there are none.
    """
    begins = min([begins, *(day for day in (last_day,) if day)])
    ends = owned_from and owned_from + SETTLING - DAY
    return (
        Phase(code="here", first=begins, last=last_day),
        _without(last_day=last_day, owned_from=owned_from),
        Phase(code="settling", first=owned_from, last=ends),
    )


def _without(*, last_day: date | None, owned_from: date | None) -> Phase | None:
    """The days on which somebody covers, or nobody would."""
    if last_day is None:
        return None if owned_from else Phase(code="without", first=None, last=None)
    if owned_from is None:
        return Phase(code="without", first=last_day + DAY, last=None)
    if owned_from <= last_day + DAY:
        return None
    return Phase(code="without", first=last_day + DAY, last=owned_from - DAY)
