"""What all verbs of a departure share."""

from legato.departures.models import Case
from legato.domain.errors import NotFound, Refused
from legato.people.models import Person
from legato.people.queries import (
    Someone,
    people,
)


class CaseClosed(Refused):
    """Facts: ``case``."""

    code = "case_closed"


def locked_person(person_id: int) -> Someone:
    """Nobody else opens a case, places a hold or ends the employment meanwhile."""
    list(Person.objects.select_for_update().filter(pk=person_id).values_list("pk"))
    return people(ids={person_id})[person_id]


def locked_case(case_id: int) -> Case:
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NotFound(what="case", name=case_id)
    if case.closed_at is not None:
        raise CaseClosed(case=case_id)
    return case
