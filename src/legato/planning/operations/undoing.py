"""Takes a change of owners back, sparing what others changed since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from legato.books import operations as books
from legato.books.models import Record
from legato.books.operations import KeptBack
from legato.domain.errors import NotFound, Refused
from legato.domain.plain import plain
from legato.ledger.models import Entry
from legato.ledger.operations import answered, record, remember
from legato.people.operations import lock_limited, turn_limits_back
from legato.people.queries import limits_of, managers_of, people, policy
from legato.planning.models import Commit, Undo
from legato.planning.operations.shared import name_of, one_at_a_time


class UndoTooLate(Refused):
    """Facts: ``entry``, ``hours``."""

    code = "undo_too_late"


class AlreadyUndone(Refused):
    """Facts: ``entry``, ``undo``."""

    code = "already_undone"


class NothingToUndo(Refused):
    """The entry changed no owner. Facts: ``entry``."""

    code = "nothing_to_undo"


class LaterChangeFirst(Refused):
    """Everything the entry gave was given on since. Facts: ``entry``, ``later`` (an entry)."""

    code = "later_change_first"


class GivenOnSince(Refused):
    """The same, by what cannot be taken back, such as an employment's end. Facts: as above."""

    code = "given_on_since"


class MayNotUndo(Refused):
    """Facts: ``name``, ``may`` (names)."""

    code = "may_not_undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    undo: int
    undone: int
    restored: int
    conflicts: tuple[KeptBack, ...]
    rest_sha256: str = ""
    """Over all else of what was restored: see `books.operations.rest_sha256`."""


UNDOABLE = ("commit", "cover", "given", "undo")


@transaction.atomic(durable=True)
def undo(
    *, entry_id: int, actor: int, now: datetime, reason: str, key: str | None = None
) -> Undone:
    """Takes a commit, a cover, what was given by hand or an undo back where nobody changed the
    owner since; lists the rest.

    Raises `NotFound`, `NothingToUndo`, `AlreadyUndone`, `UndoTooLate`, `MayNotUndo`,
    `LaterChangeFirst`, `GivenOnSince`: an undo of what was all given on since is not used up. What
    is kept back because its earlier owner has left stays with whom it was given to.
    """
    asked = {"undo": entry_id, "actor": actor}
    if earlier := answered(key=key, asked=asked):
        conflicts = tuple(_kept_back(row) for row in earlier["conflicts"])
        return Undone(**{**earlier, "conflicts": conflicts})
    one_at_a_time("undo", entry_id)
    undone = Entry.objects.filter(pk=entry_id).first()
    if undone is None:
        raise NotFound(what="commit", name=entry_id)
    _refuse_undo(undone, actor=actor, now=now)
    lock_limited(entry=entry_id)
    prepared = books.prepare_undo(undone=entry_id, at=now)
    conflicts = tuple(books.kept_back(undone=entry_id))
    limits = limits_of(entry=entry_id)
    if not prepared and not conflicts and not limits:
        raise NothingToUndo(entry=entry_id)
    if not prepared and not limits and all(each.why == "owner_changed_since" for each in conflicts):
        raise _given_on(entry_id, conflicts)
    rest = books.rest_sha256()
    entry = record(
        chain=undone.chain, kind="undo", actor=actor, at=now, reason=reason,
        facts={"undone": entry_id, "kept": [each.record for each in conflicts], "rest": rest},
        receipt_sha256=books.receipt_sha256(at=now),
    )  # fmt: skip
    turn_limits_back(undone=entry_id, entry=entry)
    restored = books.give(entry=entry.pk)
    if restored != prepared:
        raise RuntimeError(f"{prepared} records could be restored, {restored} were")
    answer = Undone(
        undo=entry.pk, undone=entry_id, restored=restored, conflicts=conflicts, rest_sha256=rest
    )
    kept = plain(answer)
    Undo.objects.create(
        entry=entry, undone=undone, at=now, restored=restored, conflicts=kept["conflicts"]
    )
    remember(key=key, asked=asked, answer=kept, entry=entry)
    return answer


def _refuse_undo(undone: Entry, *, actor: int, now: datetime) -> None:
    if undone.kind not in UNDOABLE:
        raise NothingToUndo(entry=undone.pk)
    earlier = Undo.objects.filter(undone=undone).first()
    if earlier is not None:
        raise AlreadyUndone(entry=undone.pk, undo=earlier.pk)
    window = policy().undo_window
    if now > undone.at + window:
        raise UndoTooLate(entry=undone.pk, hours=policy().undo_hours)
    may = _employed(_may_undo(undone))
    if actor not in may:
        names = [each.name for each in people(ids=may).values()]
        raise MayNotUndo(name=name_of(actor), may=sorted(names))


def _given_on(entry_id: int, conflicts: Iterable[KeptBack]) -> Refused:
    """Names the entry that gave these records to whom they have now, the last one."""
    ids = [each.record for each in conflicts]
    last = Record.objects.filter(pk__in=ids).aggregate(last=Max("owner_entry_id"))["last"]
    later = Entry.objects.get(pk=last)
    refusal = LaterChangeFirst if later.kind in UNDOABLE else GivenOnSince
    return refusal(entry=entry_id, later=later.pk)


def _may_undo(undone: Entry) -> set[int]:
    """Who proposed or approved the commit; who gave the cover; who did the undo, and those."""
    done = Commit.objects.select_related("plan__approval").filter(entry=undone).first()
    if done is not None:
        return {done.plan.proposer_id, done.plan.approval.approver_id}
    may = {undone.actor_id} if undone.actor_id is not None else set()
    undo_row = Undo.objects.select_related("undone").filter(entry=undone).first()
    return may | _may_undo(undo_row.undone) if undo_row else may


def _employed(may: set[int]) -> set[int]:
    """Those who are still here; where nobody is, to whom their work falls."""
    here = {each.id for each in people(ids=may).values() if each.is_employed}
    return here or set(managers_of(people=may).values())


def _kept_back(row: Mapping[str, Any]) -> KeptBack:
    return KeptBack(**{**row, "at": datetime.fromisoformat(row["at"])})
