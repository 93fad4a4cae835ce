"""Who ends every chain: the rule for the person of last resort, and its two refusals."""

from collections.abc import Callable, Sequence
from typing import Literal

from legato.domain.errors import Refused
from legato.domain.names import join
from legato.people.importing.plans import Plan, Someone
from legato.people.models import Company

Choose = Callable[[Sequence[str]], int | None]
"""Asks a person which of several names; None where they do not say."""
How = Literal["named", "set_before", "top", "largest_team", "only_one", "asked"]


class LastResortNeeded(Refused):
    """No manager is known, so a person of last resort must be named. Facts: ``candidates``."""

    code = "last_resort_needed"


class LastResortUnknown(Refused):
    """The person of last resort that was named is not among the people. Facts: ``name``."""

    code = "last_resort_unknown"


def last_resort(planned: Plan, *, named: str | None, ask: Choose) -> tuple[int, How]:
    """To whom everything falls that has nobody else, and how that was decided.

    The one named; else the one set before; else the manager above whom stands nobody, of several
    the one with the most reports, then by name; else the only person; else the one chosen by
    ``ask``. Raises `LastResortNeeded`, `LastResortUnknown`.
    """
    people = [p for p in planned.everyone.values() if p.is_employed]
    present = Company.objects.values_list("last_resort_id", flat=True).first()
    if named is not None and present != (pk := _one_of(people, named)):
        return pk, "named"
    if present is not None:
        return int(present), "set_before"
    if tops := planned.tops():
        reports = planned.reports()
        chosen = min(tops, key=lambda p: (-reports[p.id], p.name))
        return chosen.id, "top" if len(tops) == 1 else "largest_team"
    if len(people) == 1:
        return people[0].id, "only_one"
    names = sorted((p.name, p.id) for p in people)
    answer = ask([name for name, _ in names]) if names else None
    if answer is None:
        raise LastResortNeeded(candidates=", ".join(name for name, _ in names[:10]))
    return names[answer][1], "asked"


def _one_of(people: Sequence[Someone], named: str) -> int:
    found = join([named], [(p.name, p.id) for p in people] + [(p.email, p.id) for p in people])
    if (pk := found.key(named)) is None:
        raise LastResortUnknown(name=named)
    return pk
