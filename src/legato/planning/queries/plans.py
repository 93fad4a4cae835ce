"""Plans with their state, without the facts they were made from."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from legato.domain.errors import NotFound
from legato.planning.models import Plan, PlanBook, Remark, Undo

State = Literal["proposed", "sent", "rejected", "approved", "committed", "undone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """A plan with its state; ``certificate`` and ``options`` as they are stored."""

    id: int
    books: tuple[int, ...]
    scope: str
    chain: str
    digest: str
    seed: int
    policy_version: int
    parent: int | None
    holders: tuple[int, ...]
    """Who leaves, in the order of their books."""
    interim_until: datetime | None
    proposer_id: int
    proposer: str
    made_at: datetime
    options: dict[str, Any]
    certificate: dict[str, Any]
    approver: str | None
    approved_at: datetime | None
    approval_note: str
    """What was said with the yes."""
    sent_at: datetime | None
    """When it was last sent for approval."""
    rejected_by: str | None
    commit: int | None
    committed_at: datetime | None
    moved: int | None
    undo: int | None
    """The entry that took the commit back, unless that was taken back as well."""

    @property
    def first_leaver(self) -> int | None:
        return next(iter(self.holders), None)

    @property
    def state(self) -> State:
        if self.undo is not None:
            return "undone"
        if self.commit is not None:
            return "committed"
        if self.approver is not None:
            return "approved"
        if self.rejected_by is not None:
            return "rejected"
        return "sent" if self.sent_at is not None else "proposed"


def plan(*, plan_id: int) -> PlanView:
    """One plan. Raises `NotFound`."""
    found = views_of(Plan.objects.filter(pk=plan_id))
    if not found:
        raise NotFound(what="plan", name=plan_id)
    return found[0]


def plans(*, book: int) -> list[PlanView]:
    """The plans that give the book away, latest first."""
    return views_of(Plan.objects.filter(books__book=book).order_by("-pk"))


def plans_of(*, books: Collection[int]) -> dict[int, list[PlanView]]:
    """The plans that give each of the books away, latest first, by book."""
    found: dict[int, list[PlanView]] = defaultdict(list)
    rows = Plan.objects.filter(books__book__in=set(books)).order_by("-pk").distinct()
    for view in views_of(rows):
        for book in view.books:
            found[book].append(view)
    return found


def versions(*, books: Collection[int]) -> list[PlanView]:
    """The plans for exactly these books, latest first."""
    wanted = set(books)
    found = plans(book=min(wanted))
    return [each for each in found if set(each.books) == wanted]


def latest_plan(*, books: Collection[int]) -> int | None:
    """The plan a new one for these books, and no others, follows."""
    wanted = set(books)
    near = PlanBook.objects.filter(book__in=wanted, plan__scope="case").values("plan_id")
    given: dict[int, set[int]] = defaultdict(set)
    for plan_id, book in PlanBook.objects.filter(plan__in=near).values_list("plan_id", "book_id"):
        given[plan_id].add(book)
    return max((plan_id for plan_id, each in given.items() if each == wanted), default=None)


def latest_plans() -> dict[int, PlanView]:
    """The latest plan of every book that has one, by book."""
    latest = dict(PlanBook.objects.order_by("book_id", "plan_id").values_list("book_id", "plan_id"))
    found = {view.id: view for view in views_of(Plan.objects.filter(pk__in=set(latest.values())))}
    return {book: found[plan] for book, plan in latest.items()}


def views_of(plans: QuerySet[Plan]) -> list[PlanView]:
    """Three statements, however many plans."""
    related = ("entry", "proposer", "approval__approver", "approval__entry", "commit")
    books = Prefetch("books", PlanBook.objects.select_related("book").order_by("book_id"))
    said = Remark.objects.filter(plan=OuterRef("pk")).order_by("-entry_id")
    rows = list(
        plans.select_related(*related)
        .prefetch_related(books)
        .defer("problem", "proposal")
        .annotate(
            sent_at=Subquery(said.filter(kind="request").values("at")[:1]),
            rejected_by=Subquery(said.filter(kind="rejection").values("person__name")[:1]),
        )
    )
    undone = Undo.objects.filter(undone__chain__in={row.entry.chain for row in rows} | {""})
    undos = dict(undone.values_list("undone_id", "entry_id"))
    return [_view(row, undos) for row in rows]


def _view(row: Plan, undos: Mapping[int, int]) -> PlanView:
    approval = getattr(row, "approval", None)
    commit = getattr(row, "commit", None)
    given = [each.book for each in row.books.all()]
    return PlanView(
        id=row.pk,
        books=tuple(each.pk for each in given),
        scope=row.scope,
        chain=row.entry.chain,
        digest=row.digest,
        seed=row.seed,
        policy_version=row.policy_version,
        parent=row.parent_id,
        holders=tuple(each.holder_id for each in given),
        interim_until=row.interim_until,
        proposer_id=row.proposer_id,
        proposer=row.proposer.name,
        made_at=row.made_at,
        options=row.options,
        certificate=row.certificate,
        approver=approval.approver.name if approval else None,
        approved_at=approval.at if approval else None,
        approval_note=approval.entry.reason if approval else "",
        sent_at=getattr(row, "sent_at", None),
        rejected_by=getattr(row, "rejected_by", None),
        commit=commit.pk if commit else None,
        committed_at=commit.at if commit else None,
        moved=commit.moved if commit else None,
        undo=_undo_in_force(commit.pk, undos) if commit else None,
    )


def _undo_in_force(commit: int, undos: Mapping[int, int]) -> int | None:
    """An undo can be taken back too: of the chain of undos every second one restores the plan."""
    last, is_undone = commit, False
    while last in undos:
        last, is_undone = undos[last], not is_undone
    return last if is_undone else None
