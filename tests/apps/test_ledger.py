"""The ledger: chains inside a transaction, seals afterwards, answers that repeat, and the job."""

from collections.abc import Iterator
from datetime import timedelta

import procrastinate
import psycopg
import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector
from tests import example

from legato.ledger import jobs, queries
from legato.ledger.models import Entry, Seal
from legato.ledger.operations import KeyAlreadyUsed, answered, remember, seal

pytestmark = pytest.mark.django_db


def test_entries_of_one_chain_follow_each_other() -> None:
    first, second = example.entry(chain="case:1"), example.entry(chain="case:1")
    assert (first.number, second.number) == (1, 2)
    assert (first.previous_sha256, second.previous_sha256) == ("", first.sha256)


def test_chains_do_not_know_each_other() -> None:
    example.entry(chain="case:1")
    assert example.entry(chain="case:2").number == 1


def test_two_entries_that_read_alike_when_run_together_have_different_hashes() -> None:
    """Each part carries its length, so that none can borrow from its neighbour."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_sha256('ab', 'c') <> ledger_sha256('a', 'bc')")
        assert cursor.fetchone() == (True,)


def test_sealing_links_every_entry_once() -> None:
    entries = {example.entry().pk for _ in range(3)}
    assert queries.state().unsealed == 3
    assert seal() == 3
    assert seal() == queries.state().unsealed == 0
    assert set(Seal.objects.values_list("entry_id", flat=True)) == entries


def test_sealing_catches_up_in_parts() -> None:
    for _ in range(3):
        example.entry()
    assert seal(limit=2) == 3
    assert list(Seal.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]


def test_a_sound_ledger_verifies() -> None:
    cast = example.company()
    example.give(record=example.record(owner=cast.olga).pk, to=cast.kenji)
    seal()
    example.entry(at=example.NOW + timedelta(days=1))
    verdict, _anchors = queries.verify()
    assert (verdict.count, verdict.state.unsealed) == (0, 1)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE ledger_entry SET reason = 'None'",
        "DELETE FROM ledger_entry",
        "UPDATE ledger_seal SET number = number + 1",
        "DELETE FROM ledger_answer",
    ],
)
def test_not_even_who_owns_the_tables_changes_what_is_written(
    attack: str, owner_connection: psycopg.Connection
) -> None:
    with pytest.raises(psycopg.IntegrityError, match="is append-only"):
        owner_connection.execute(attack)


def test_changes_without_a_reason_are_counted() -> None:
    cast = example.company()
    example.entry(actor=cast.mei, reason="")
    example.entry(reason="")
    assert queries.without_reason() == 1


def test_a_command_with_a_key_is_answered_again() -> None:
    asked, answer = {"commit": 7}, {"moved": 3}
    with transaction.atomic():
        remember(key="k", asked=asked, answer=answer, entry=example.entry())
    assert answered(key="k", asked=asked) == answer
    assert answered(key="another", asked=asked) is None
    assert answered(key=None, asked=asked) is None


def test_a_key_serves_one_command() -> None:
    with transaction.atomic():
        remember(key="k", asked={"commit": 7}, answer={}, entry=example.entry())
    with pytest.raises(KeyAlreadyUsed):
        answered(key="k", asked={"commit": 8})


@pytest.fixture
def in_memory() -> Iterator[procrastinate.App]:
    with app.replace_connector(InMemoryConnector()) as ours:
        yield ours


def test_the_seal_is_a_job_of_every_quarter_minute(in_memory: procrastinate.App) -> None:
    crons = {
        task.task.name: task.cron for task in in_memory.periodic_registry.periodic_tasks.values()
    }
    assert crons["ledger.seal"] == crons["jobs.retry_stalled"] == "* * * * * */15"


def test_jobs_that_succeeded_long_ago_are_forgotten(in_memory: procrastinate.App) -> None:
    """A quarter-minute job would otherwise fill the queue with what is done."""
    jobs.retry_stalled.configure().defer(timestamp=1)
    in_memory.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    assert isinstance(in_memory.connector, InMemoryConnector)
    for events in in_memory.connector.events.values():
        for event in events:
            event["at"] -= timedelta(hours=jobs.KEPT_HOURS + 1)
    jobs.forget_done.configure().defer(timestamp=2)
    in_memory.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    left = [job["task_name"] for job in in_memory.connector.jobs.values()]
    assert left == ["jobs.forget_done"]


def test_the_job_seals_what_is_there() -> None:
    example.entry()
    assert jobs.seal(timestamp=0) == 1
    assert Entry.objects.get().seal.number == 1


def test_the_seal_waits_once_in_the_queue(in_memory: procrastinate.App) -> None:
    jobs.seal.configure().defer(timestamp=1)
    with pytest.raises(procrastinate.exceptions.AlreadyEnqueued):
        jobs.seal.configure().defer(timestamp=2)
