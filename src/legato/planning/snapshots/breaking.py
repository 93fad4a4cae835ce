"""Whether a reorganisation still keeps the hard rules, with the company as it is now."""

from collections.abc import Iterator

import numpy as np

from legato.domain.claims import Violation
from legato.planning.snapshots.columns import Ints
from legato.planning.snapshots.reorganising import Company


def broken_by(company: Company, *, given: dict[str, Ints]) -> tuple[Violation, ...]:
    """The hard rules that a plan would break with the company as it is: ``unit`` and ``person`` are
    ids, one of each a row."""
    unit = np.searchsorted(company.units, given["unit"])
    person = np.searchsorted(company.ids, given["person"])
    known = company.ids[np.minimum(person, len(company.ids) - 1)] == given["person"]
    gone = [
        Violation(code="unknown_person", person=who)
        for who in np.unique(given["person"][~known]).tolist()
    ]
    return (*gone, *_refused(company, unit[known], person[known]))


def _refused(company: Company, unit: Ints, person: Ints) -> Iterator[Violation]:
    many = len(company.persons)
    barred = np.isin(unit * many + person, company.barred.unit * many + company.barred.person)
    refused = barred | ~company.classes.may[company.classes.kind[unit], person]
    for row in np.flatnonzero(refused).tolist():
        why = company.removal(int(unit[row]), int(person[row]))
        told, who = int(company.units[unit[row]]), company.persons[person[row]].id
        yield Violation(code="not_eligible", unit=told, person=who, facts=(("why", str(why)),))
    gained = np.zeros(many, dtype=np.int64)
    np.add.at(gained, person, company.weight[unit])
    for place, each in enumerate(company.persons):
        if gained[place] > each.free:
            facts = (("room", each.free), ("gained", int(gained[place])))
            yield Violation(code="over_capacity", person=each.id, facts=facts)
