"""Writes entries, inside the transaction of the change they tell of, and seals them afterwards."""

import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction
from procrastinate.contrib.django import app

from legato.domain.errors import Refused
from legato.ledger import anchors
from legato.ledger.models import Answer, Entry, Verification
from legato.ledger.queries import RECENT, verify

P = ParamSpec("P")
R = TypeVar("R")
NOT_ASKED = ("key", "now", "reason")
"""Arguments of an operation that are no part of what was asked."""


class KeyAlreadyUsed(Refused):
    """The idempotency key belongs to a different command. Facts: ``key``."""

    code = "key_already_used"


def record(
    *,
    chain: str,
    kind: str,
    actor: int | None,
    at: datetime,
    reason: str,
    facts: Mapping[str, Any] | None = None,
    receipt_sha256: str = "",
) -> Entry:
    """Adds an entry and returns it as the database completed it. Needs a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_entry (chain, kind, actor_id, at, reason, facts, receipt_sha256)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
            [chain, kind, actor, at, reason, json.dumps(facts or {}), receipt_sha256],
        )
        (pk,) = cursor.fetchone()
    return Entry.objects.get(pk=pk)


def answered(*, key: str | None, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """The earlier answer to the same command, or None. Raises `KeyAlreadyUsed`.

    Takes the key until the end of the transaction, so that two at once become one after the other.
    """
    if key is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [key])
    earlier = Answer.objects.filter(key=key).first()
    if earlier is None:
        return None
    if earlier.asked_sha256 != _sha256(asked):
        raise KeyAlreadyUsed(key=key)
    answer: dict[str, Any] = earlier.answer
    return answer


def is_answered(*, key: str | None) -> bool:
    """Whether a command with that key was answered, whichever it was."""
    return key is not None and Answer.objects.filter(key=key).exists()


def remember(
    *, key: str | None, asked: Mapping[str, Any], answer: Mapping[str, Any], entry: Entry
) -> None:
    """Keeps the answer for whoever repeats the command with its key."""
    if key is not None:
        Answer.objects.create(key=key, asked_sha256=_sha256(asked), answer=answer, entry=entry)


def once(operation: Callable[P, R]) -> Callable[P, R]:
    """Makes an operation that takes ``key`` answer the same again; stands below its transaction.

    What was asked are its name and all its arguments, the actor among them, but `NOT_ASKED`. Its
    answer is as JSON has it, and it writes an entry. Raises `KeyAlreadyUsed`.
    """

    @functools.wraps(operation)
    def keyed(*args: P.args, **values: P.kwargs) -> R:
        key: Any = values.get("key")
        asked = {name: value for name, value in values.items() if name not in NOT_ASKED}
        asked["operation"] = f"{operation.__module__}.{operation.__name__}"
        earlier = answered(key=key, asked=asked)
        if earlier is not None:
            told: R = earlier["answer"]
            return told
        answer = operation(*args, **values)
        if key is not None:
            remember(key=key, asked=asked, answer={"answer": answer}, entry=_own_entry())
        return answer

    return keyed


def _own_entry() -> Entry:
    """The last entry of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (here,) = cursor.fetchone()
    return Entry.objects.filter(transaction_id=here).latest("pk")


def seal(*, limit: int = 10_000, thorough: bool = True) -> int:
    """Links committed entries that have no seal yet into the chain over all; how many.

    An entry may be committed after one with a higher id, so every entry is looked at; where that is
    not ``thorough``, only those `RECENT` ids before the last one sealed, and whatever came after.
    """
    sealed = 0
    while now := _seal_some(limit=limit, thorough=thorough):
        sealed += now
    return sealed


@transaction.atomic(durable=True)
def _seal_some(*, limit: int, thorough: bool) -> int:
    with connection.cursor() as cursor:
        # One at a time: whoever waits then sees what the other has sealed.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('ledger seal', 0))")
        cursor.execute(
            "INSERT INTO ledger_seal (entry_id) SELECT e.id FROM ledger_entry e"
            " WHERE e.id > (SELECT coalesce(max(entry_id), 0) - %s FROM ledger_seal WHERE NOT %s)"
            " AND NOT EXISTS (SELECT FROM ledger_seal s WHERE s.entry_id = e.id)"
            " ORDER BY e.id LIMIT %s ON CONFLICT (entry_id) DO NOTHING",
            [RECENT, thorough, limit],
        )
        return int(cursor.rowcount)


@transaction.atomic(durable=True)
def ask_verification(*, actor: int | None, now: datetime) -> int:
    """Queues a verification of everything; the one that waits or runs already where there is one.

    Who dies over it is replaced after an hour.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('ledger verify', 0))")
    waiting = Verification.objects.filter(ended_at=None, asked_at__gt=now - timedelta(hours=1))
    if found := waiting.first():
        return int(found.pk)
    made = Verification.objects.create(asked_by=actor, asked_at=now)
    app.configure_task("ledger.verify", lock="ledger verify").defer(verification=made.pk)
    return int(made.pk)


def carry_out_verification(*, verification: int, clock: Callable[[], datetime]) -> int:
    """Verifies everything and keeps what was found; how many problems. Safe to run twice."""
    row = Verification.objects.filter(pk=verification, ended_at=None)
    if not row.update(began_at=clock()):
        return 0
    path = anchors.chosen_path()
    there = path if path is not None and path.exists() else None
    verdict, compared = verify(anchors=there)
    row.update(
        ended_at=clock(),
        entries=verdict.state.entries,
        last_seal=verdict.state.last_seal,
        problems=verdict.count,
        findings=[asdict(each) for each in verdict.findings],
        anchors=compared.anchors if compared else None,
    )
    return verdict.count


def _sha256(asked: Mapping[str, Any]) -> str:
    text = json.dumps(asked, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
