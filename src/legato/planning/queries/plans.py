"""Plans with their state, without the facts they were made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet

from legato.domain.errors import NotFound
from legato.planning.models import Plan, Undo

State = Literal["proposed", "approved", "committed", "undone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """A plan with its state; ``certificate`` and ``options`` as they are stored."""

    id: int
    book: int
    chain: str
    digest: str
    seed: int
    parent: int | None
    holder_id: int
    proposer_id: int
    proposer: str
    made_at: datetime
    options: dict[str, Any]
    certificate: dict[str, Any]
    approver: str | None
    approved_at: datetime | None
    commit: int | None
    committed_at: datetime | None
    moved: int | None
    undo: int | None
    """The entry that took the commit back, unless that was taken back as well."""

    @property
    def state(self) -> State:
        if self.undo is not None:
            return "undone"
        if self.commit is not None:
            return "committed"
        return "proposed" if self.approver is None else "approved"


def plan(*, plan_id: int) -> PlanView:
    """One plan. Raises `NotFound`."""
    found = _views(Plan.objects.filter(pk=plan_id))
    if not found:
        raise NotFound(what="plan", name=plan_id)
    return found[0]


def plans(*, book: int) -> list[PlanView]:
    """The plans made for a book, latest first."""
    return _views(Plan.objects.filter(book_id=book).order_by("-pk"))


def latest_plan(*, book: int) -> int | None:
    """The plan a new one follows."""
    return Plan.objects.filter(book_id=book).order_by("-pk").values_list("pk", flat=True).first()


def latest_plans() -> dict[int, PlanView]:
    """The latest plan of every book that has one, by book."""
    rows = Plan.objects.order_by("book_id", "-pk").distinct("book_id")
    return {view.book: view for view in _views(rows)}


def _views(plans: QuerySet[Plan]) -> list[PlanView]:
    """Two statements, however many plans."""
    related = ("book", "entry", "proposer", "approval__approver", "commit")
    rows = list(plans.select_related(*related).defer("problem", "proposal"))
    undone = Undo.objects.filter(undone__chain__in={row.entry.chain for row in rows} | {""})
    undos = dict(undone.values_list("undone_id", "entry_id"))
    return [_view(row, undos) for row in rows]


def _view(row: Plan, undos: Mapping[int, int]) -> PlanView:
    approval = getattr(row, "approval", None)
    commit = getattr(row, "commit", None)
    return PlanView(
        id=row.pk,
        book=row.book_id,
        chain=row.entry.chain,
        digest=row.digest,
        seed=row.seed,
        parent=row.parent_id,
        holder_id=row.book.holder_id,
        proposer_id=row.proposer_id,
        proposer=row.proposer.name,
        made_at=row.made_at,
        options=row.options,
        certificate=row.certificate,
        approver=approval.approver.name if approval else None,
        approved_at=approval.at if approval else None,
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
