"""The import on its pages: every step keeps its answer, and only the last but one writes."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate import testing
from procrastinate.contrib.django import app
from tests import example
from tests.example import NOW, Cast
from tests.pages import reader

from legato.books.importing import working
from legato.books.models import Record
from legato.postgres.addresses import Addresses

DEALS = (
    "Opportunity ID,Owner,Account,Deal Stage,Amount,Close Date\n"
    "O1,Olga Petrova,Alfa,Negotiation,1200.50,2026-05-01\n"
    "O2,Olga Petrowa-Smith,Beta,Won,900,2026-03-01\n"
    "O3,Gone Away,Beta,Proposal,abc,2026-03-01\n"
)


@pytest.fixture(autouse=True)
def _real_database(fresh_database: Addresses) -> None:
    """An import commits, so each test has a database of its own."""


@pytest.fixture(autouse=True)
def queue() -> Iterator[testing.InMemoryConnector]:
    """Jobs wait here until `work` does them."""
    with app.replace_connector(testing.InMemoryConnector()):
        yield app.connector  # type: ignore[misc]


def work(draft: int) -> str:
    """What a worker would do with the draft."""
    return working.carry_on(draft=draft, clock=lambda: NOW, again=lambda draft: None)


def give(client: Client, *files: tuple[str, bytes | str]) -> int:
    """Sends files; the draft."""
    sent = [
        SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
        for name, content in files
    ]
    answer = client.post("/imports/", {"files": sent})
    assert answer.status_code == 303, answer.content.decode()
    return int(answer["Location"].split("/")[2])


def page(client: Client, draft: int, step: str = "") -> str:
    answer = client.get(f"/imports/{draft}/{step}")
    assert answer.status_code == 200
    return answer.content.decode()


def go(client: Client, draft: int, step: str, **said: Any) -> None:
    answer = client.post(f"/imports/{draft}/{step}/", said)
    assert answer.status_code == 303, answer.content.decode()


@pytest.fixture
def cast() -> Cast:
    return example.company()


@pytest.fixture
def sam(cast: Cast) -> Client:
    return reader(cast.sam)


def test_a_file_goes_from_the_first_step_to_the_last(sam: Client) -> None:
    draft = give(sam, ("deals.csv", DEALS))
    assert "O1" in page(sam, draft, "reading/")
    go(sam, draft, "columns", source="crm")
    assert work(draft) == "tested"
    assert "Petrowa" in page(sam, draft)
    go(sam, draft, "people")
    assert work(draft) == "tested"
    assert "This was a test" in page(sam, draft)
    assert not Record.objects.filter(kind="opportunity").exists()
    go(sam, draft, "test", reason="Migration")
    assert work(draft) == "done"
    assert "What came of it" in page(sam, draft)
    assert Record.objects.filter(kind="opportunity").count() == 2
