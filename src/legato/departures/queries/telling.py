"""What a team is told of a departure, and in which languages."""

from dataclasses import dataclass
from datetime import datetime

from legato.departures.queries.cases import CaseView
from legato.departures.queries.ending import open_one
from legato.ledger.models import Entry
from legato.people.models import Person
from legato.people.queries import Someone


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """``languages`` are those of the team's people who are here, codes, who is most first."""

    case: CaseView
    team: str
    people: int
    languages: list[str]
    told_at: datetime | None
    """When somebody noted that the team knows."""


def note(viewer: Someone, *, case_id: int) -> Note:
    """Raises `NotFound` also where it may not be seen, and of a case that is over."""
    found = open_one(viewer, case_id)
    leaver = Person.objects.select_related("team").get(pk=found.person_id)
    mates = Person.objects.filter(team=leaver.team_id, is_employed=True).exclude(pk=leaver.pk)
    spoken = list(mates.values_list("language", flat=True)) if leaver.team_id else []
    told = Entry.objects.filter(chain=found.chain, kind="team_told").order_by("-pk").first()
    return Note(
        case=found,
        team=leaver.team.name if leaver.team else "",
        people=len(spoken),
        languages=sorted(set(spoken), key=lambda code: (-spoken.count(code), code)),
        told_at=told.at if told else None,
    )
