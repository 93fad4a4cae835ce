"""Tells people what a plan waits for: who may say yes, and who proposed it or asked about it."""

from datetime import datetime

from django.db.models import F, Q

from legato.people.operations import News, tell_all
from legato.people.queries import NoLastResort, managers_of
from legato.planning.models import Move, Plan, Remark
from legato.planning.operations.shared import holders_of
from legato.planning.queries.standing import who_may_approve


def tell_of(plan: Plan, kind: str, *, actor: int, entry: int, at: datetime) -> None:
    """A message to everybody for whom what was said is meant, but the actor; ``kind`` is how the
    ledger calls it. Needs the caller's transaction."""
    moved = Move.objects.filter(plan=plan)
    moved = moved.filter(~Q(new_owner=F("expected_owner")) | Q(is_covered=True))
    facts = {"plan": plan.pk, "moved": moved.count()}
    readers = _readers(plan, kind) - {actor}
    news = [News(person=each, kind=kind, facts=facts) for each in sorted(readers)]
    tell_all(news, entry=entry, at=at)


def _readers(plan: Plan, kind: str) -> set[int]:
    if kind == "plan_sent":
        return _whose_yes_is_asked(plan)
    if kind == "plan_answer":
        asked = Remark.objects.filter(plan=plan, kind__in=("question", "objection"))
        return set(asked.values_list("person", flat=True))
    return {plan.proposer_id}


def _whose_yes_is_asked(plan: Plan) -> set[int]:
    """Of those who may approve, the managers of who proposes and of who leaves; else all."""
    may = set(who_may_approve(plan_id=plan.pk))
    below = {*holders_of(plan.pk), plan.proposer_id}
    try:
        near = may & set(managers_of(people=below).values())
    except NoLastResort:
        near = set()
    return near or may
