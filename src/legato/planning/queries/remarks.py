"""What was said about a plan, in the order in which it was."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from legato.planning.models import Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkView:
    """``kind`` is ``request``, ``question``, ``answer``, ``objection`` or ``rejection``."""

    entry: int
    kind: str
    person_id: int
    person: str
    text: str
    at: datetime


def remarks(*, plan_id: int, of: int | None = None) -> list[RemarkView]:
    """Everything said about a plan, or what one person said, with the answers that came after."""
    found = Remark.objects.filter(plan=plan_id).select_related("person").order_by("entry_id")
    if of is not None:
        before = Remark.objects.filter(plan=plan_id, person=of, entry__lt=OuterRef("entry"))
        found = found.filter(Q(person=of) | Q(Exists(before), kind="answer"))
    return [
        RemarkView(
            entry=each.entry_id,
            kind=each.kind,
            person_id=each.person_id,
            person=each.person.name,
            text=each.text,
            at=each.at,
        )
        for each in found
    ]
