"""A long list shown piece by piece: which piece is asked for, and what is around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import HttpRequest

from legato.domain.errors import NotFound
from legato.web.asked import number

T = TypeVar("T")
SIZE = 50
"""Rows of a page."""
LAST = 10**9
"""No list has more pages; the rows of so many are still counted by PostgreSQL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some rows of a list of ``total``. Pages are counted from 1; an empty list has one page."""

    rows: Sequence[T]
    number: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // SIZE))

    @property
    def first(self) -> int:
        return (self.number - 1) * SIZE + bool(self.total)

    @property
    def last(self) -> int:
        return (self.number - 1) * SIZE + len(self.rows)

    @property
    def earlier(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def later(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def offset(*, page: int, total: int) -> int:
    """How many rows come before the page. Raises `NotFound` for a page behind the last."""
    before = (page - 1) * SIZE
    if page < 1 or (before and before >= total):
        raise NotFound(what="page", name=page)
    return before


def asked_page(request: HttpRequest) -> int:
    """The page of the address, 1 where it names none. Raises `NotFound`."""
    asked = request.GET.get("page", "1")
    page = number(asked)
    if page is None or page > LAST:
        raise NotFound(what="page", name=asked)
    return page
