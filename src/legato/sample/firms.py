"""Makes the accounts of a branch: who holds them, where, how large and how hot they are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from legato.sample.company import Record
from legato.sample.pen import Pen
from legato.sample.staff import Share
from legato.sample.tempers import TEMPERS, Temper

DAUGHTERS = 7
"""In a hundred accounts, those that belong to one before them."""
LARGEST = 60.0
TAIL = 1.25
"""Of a Pareto distribution: the smaller, the more is held by the few largest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An account with what decides about its records; ``size`` is 1 for the common customer."""

    record: Record
    temper: Temper
    size: float
    last: date
    """The day of the last thing written of it."""


def accounts(pen: Pen, shares: Sequence[Share]) -> list[Held]:
    """Every account of the shares, with daughters after their parents.

    A rep's first account is a daughter of another rep's last parent, so some families spread.
    """
    made: list[Held] = []
    parent: Record | None = None
    daughters: Counter[str] = Counter()
    for share in shares:
        for _each in range(share.accounts):
            is_next_reps = bool(made) and made[-1].record.owner != share.rep
            may_be = parent is not None and daughters[parent.key] < len(pen.branch.places)
            if parent and may_be and (is_next_reps or pen.odds(DAUGHTERS)):
                name = pen.branch.site.format(
                    parent=parent.name, place=pen.branch.places[daughters[parent.key]]
                )
                daughters[parent.key] += 1
                made.append(_account(pen, share, name, parent.industry, parent=parent.key))
            else:
                made.append(_account(pen, share, *pen.firm()))
                parent = made[-1].record
    return made


def _account(pen: Pen, share: Share, name: str, industry: str, *, parent: str = "") -> Held:
    temper = pen.chance.choices(TEMPERS, [each.odds for each in TEMPERS])[0]
    last = pen.days_ago(*temper.silence)
    key = pen.key("account")
    record = Record(
        kind="account",
        key=key,
        name=name,
        owner=share.rep,
        language=pen.branch.language,
        parent=parent,
        opened=last - pen.days(200, 3000),
        touched=last,
        category=pen.pick(pen.branch.kinds_of_account),
        email=f"info@{key.lower()}.example",
        phone=pen.phone(),
        territory=share.territory,
        industry=industry,
    )
    size = min(LARGEST, pen.chance.paretovariate(TAIL))
    return Held(record=record, temper=temper, size=size, last=last)
