"""How a case stands: what happened, what is to be decided, what still points to who leaves, and
whether everything that was listed is somewhere."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from legato.departures.models import Case
from legato.departures.queries.conserving import Conservation, conservation
from legato.departures.queries.matters import case_matters
from legato.departures.queries.rests import Rest, Signed, rests, signed
from legato.domain.errors import NotFound
from legato.domain.matters import Matter
from legato.ledger.models import Entry
from legato.planning.queries import PlanView, plans


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """A commit or an undo, with the SHA-256 over all it left as it was of what it gave."""

    entry: int
    kind: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    plans: list[PlanView]
    """Latest first."""
    matters: tuple[Matter, ...]
    rests: list[Rest]
    """Empty of a case that is over."""
    signed: list[Signed]
    conservation: Conservation
    unchanged: list[Unchanged] = field(default_factory=list)
    """Only where it was asked for."""


def standing(*, case_id: int, now: datetime) -> Standing:
    """In a fixed number of statements. Raises `NotFound`."""
    related = ("person", "employment", "closed_by")
    case = Case.objects.select_related(*related).filter(pk=case_id).first()
    if case is None:
        raise NotFound(what="case", name=case_id)
    stands = standing_of(case, viewer=None, now=now)
    chains = {f"case:{case.pk}"} | {each.chain for each in stands.plans}
    return replace(stands, unchanged=_unchanged(chains))


def standing_of(case: Case, *, viewer: int | None, now: datetime) -> Standing:
    """The same without what was left unchanged, of a case with its person and employment, as the
    viewer may know it; None is the command line."""
    left = rests(case) if case.closed_at is None else []
    made = plans(book=case.book_id)
    return Standing(
        plans=made,
        matters=case_matters(case, plans=made, rests=left, viewer=viewer, now=now),
        rests=left,
        signed=signed(case.pk),
        conservation=conservation(book=case.book_id),
    )


def _unchanged(chains: set[str]) -> list[Unchanged]:
    found = Entry.objects.filter(chain__in=chains, facts__has_key="rest").order_by("pk")
    return [Unchanged(entry=each.pk, kind=each.kind, sha256=each.facts["rest"]) for each in found]
