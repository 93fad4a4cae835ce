"""The page of a book: what it lists, in which order, and in how many statements."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests import example
from tests.pages import Site, open_case, reader, site

pytestmark = pytest.mark.django_db


def text(client: Client, path: str) -> str:
    """A page as it reads, which must be there."""
    response = client.get(path)
    assert response.status_code == 200, path
    return " ".join(response.content.decode().split())


def rows(page: str) -> str:
    return page[page.index('id="records-rows"') :]


def test_the_book_of_a_case_lists_everything_with_its_count() -> None:
    olga = site()
    page = text(reader(olga.cast.mei), f"/cases/{olga.case}/book/")
    assert "Book of Olga Petrova" in page
    assert "8 records" in page


@pytest.mark.parametrize(
    "query",
    [
        "", "?heat=hot", "?kind=account", "?due=soon", "?next=next90", "?due=none", "?next=later", "?next=none", "?next=overdue",
        "?chance=0", "?chance=3", "?worth=unknown", "?touched=quiet", "?touched=never",
        "?ties=one", "?order=loss", "?order=due", "?order=name", "?order=value", "?group=heat",
        "?group=kind", "?group=owner", "?search=customer", "?rows=close",
    ],
)  # fmt: skip
def test_everything_that_can_be_asked_is_answered(query: str) -> None:
    olga = site()
    text(reader(olga.cast.mei), f"/cases/{olga.case}/book/{query}")
    example.record(owner=olga.cast.mei)
    text(reader(olga.cast.mei), f"/book/{query}")
    text(reader(olga.cast.mei), f"/book/{query}{'&' if query else '?'}of=team")
