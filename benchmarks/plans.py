"""Real plans as the product makes them, each step timed: proposed, approved, committed, undone."""

from collections.abc import Callable
from typing import Any, TypeVar

from benchmarks.filling import DIRECTOR, LEAVER, MANAGER
from benchmarks.measuring import peak_megabytes, seconds

Answer = TypeVar("Answer")


def open_case() -> int:
    """Opens the departure of who holds most; the book."""
    from legato.departures.models import Case
    from legato.departures.operations import open_case
    from legato.domain.departure import Announcement

    said = Announcement(kind="resignation", last_day=None)
    opened = timed("open", lambda: open_case(person_id=LEAVER, announced=said, **by(MANAGER)))
    return int(Case.objects.get(pk=opened.case).book_id)


def divide(*, book: int, scope: str) -> int:
    """Proposes, approves and commits a plan; the commit."""
    from legato.planning import operations as planning

    made = timed(
        f"propose for the {scope}",
        lambda: planning.propose(
            books=[book],
            chain=None,
            options=planning.Options(scope=scope),  # type: ignore[arg-type]
            **by(MANAGER),
        ),
    )
    print(f"{'':>24} {made.assignments:,} units, {made.moved:,} records change hands", flush=True)
    planning.approve(plan_id=made.plan, approver=DIRECTOR, **when())
    done = timed(
        f"commit for the {scope}",
        lambda: planning.commit(plan_id=made.plan, digest=made.digest, **by(MANAGER)),
    )
    return done.commit


def take_back(entry: int) -> int:
    """The undo as a person asks for it; how many records it restored."""
    from legato.planning.operations import undo

    return undo(entry_id=entry, **by(MANAGER)).restored


def timed(what: str, work: Callable[[], Answer]) -> Answer:
    """Says how long it took, and the most memory this process has held so far."""
    answers: list[Answer] = []
    took = seconds(lambda: answers.append(work()))
    print(f"{what:>24} {took:8.2f} s, peak {peak_megabytes()} MB", flush=True)
    return answers[0]


def by(actor: int) -> dict[str, Any]:
    return {"actor": actor, **when()}


def when() -> dict[str, Any]:
    from django.utils import timezone

    return {"now": timezone.now(), "reason": "Measured"}
