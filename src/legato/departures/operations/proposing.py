"""Asks planning who should take what of one departure, or of several at once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from legato.departures.models import Case
from legato.departures.operations.shared import locked_case
from legato.domain.errors import Refused
from legato.people.queries import check_may_plan, team_named
from legato.planning.operations import Once, Options, Proposed, Watch, propose
from legato.planning.operations.prices import Prices
from legato.planning.queries import latest_plan


class NoCaseNamed(Refused):
    """A plan is of a case, a team or the company. No facts."""

    code = "no_case_named"


def plan(
    *,
    cases: Sequence[int],
    options: Options,
    actor: int,
    now: datetime,
    reason: str,
    parent: int | None = None,
    start: Prices | None = None,
    watch: Watch | None = None,
    once: Once | None = None,
) -> Proposed:
    """Proposes who takes what of the cases' books; the plan follows its ``parent``, else the one
    whose choices it prefers, else the latest one for them.

    A plan of a team's or the company's scope takes the open cases there along. Raises `NotFound`,
    `CaseClosed`, `MayNotManage`, and what `planning.operations.propose` does.
    """
    books, chain = _books(cases, options=options, actor=actor)
    if not books and options.scope == "case":
        raise NoCaseNamed()
    return propose(
        books=books,
        chain=chain,
        options=options,
        actor=actor,
        now=now,
        reason=reason,
        parent=parent or options.origin or latest_plan(books=books),
        start=start,
        watch=watch,
        once=once,
    )


def check_may_plan_for(cases: Sequence[int], *, options: Options, actor: int) -> None:
    """Raises what `plan` raises before it starts; needs a transaction."""
    books, _chain = _books(cases, options=options, actor=actor)
    if not books and options.scope == "case":
        raise NoCaseNamed()


@transaction.atomic
def _books(cases: Sequence[int], *, options: Options, actor: int) -> tuple[list[int], str | None]:
    """The books of the cases, and the ledger's chain of a plan for them."""
    asked = set(cases) | open_cases(options)
    found = [locked_case(each) for each in sorted(asked)]
    check_may_plan(actor=actor, leavers=[each.person_id for each in found])
    alone = len(found) == 1 and options.scope == "case"
    return [each.book_id for each in found], f"case:{found[0].pk}" if alone else None


def open_cases(options: Options) -> set[int]:
    """The open cases that a reorganisation takes along."""
    if options.scope == "case":
        return set()
    found = Case.objects.filter(closed_at=None)
    if options.scope == "team":
        found = found.filter(person__team=team_named(name=options.team or ""))
    return set(found.values_list("pk", flat=True))
