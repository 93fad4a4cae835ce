"""What proposing, approving, committing and undoing share."""

from collections.abc import Mapping
from dataclasses import asdict, replace

from django.db import connection

from legato.domain.errors import NotFound
from legato.domain.policy import Policy
from legato.domain.problem import FitWeights
from legato.people.queries import people
from legato.planning.models import Plan, PlanBook

NAMED_AT_MOST = 20
"""How many differing rows a refusal names; it always says how many there are."""


def locked_plan(plan_id: int) -> Plan:
    one_at_a_time("plan", plan_id)
    plan = Plan.objects.select_related("entry").filter(pk=plan_id).first()
    if plan is None:
        raise NotFound(what="plan", name=plan_id)
    return plan


def holders_of(plan_id: int) -> set[int]:
    """Whose books the plan gives away."""
    books = PlanBook.objects.filter(plan=plan_id)
    return set(books.values_list("book__holder_id", flat=True))


def one_at_a_time(what: str, number: int) -> None:
    """Two who decide about the same thing come one after the other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [what, number])


def name_of(person_id: int) -> str:
    return people(ids={person_id})[person_id].name


def with_weights(rules: Policy, weights: Mapping[str, int]) -> Policy:
    return replace(rules, fit=FitWeights(**{**asdict(rules.fit), **weights}))
