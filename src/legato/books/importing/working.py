"""The job of a draft: its test or its import, in pieces that can be stopped and gone on with.

Whoever is killed leaves it as it was, to be run again: rows are staged chunk by chunk, all that
counts is written in one transaction, and that one also says that the draft is done.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from legato.books.importing import surveying, uploads
from legato.books.importing.asking import Question
from legato.books.importing.drafts import RESULT, TEST
from legato.books.importing.owners import Choice
from legato.books.importing.running import ImportRunning, import_files
from legato.books.importing.steps import Wanted
from legato.books.importing.uploads import PIECE, Given
from legato.books.models import Draft
from legato.domain.errors import Refused
from legato.domain.plain import plain
from legato.web.asked import number
from legato.web.import_words import problem

Clock = Callable[[], datetime]
CHUNK = 2_000
"""Rows between two looks at whether somebody wants it to stop: a tenth of a second's."""
TO_DO = ("waiting", "reading", "writing")


class Stopped(Exception):
    """Somebody paused or gave up the draft; what is read stays read."""


def carry_on(*, draft: int, clock: Clock, again: Callable[[int], None]) -> str:
    """Does what the draft wants; the state it is left in. ``again`` is called where another import
    is at work, to come back later. Begins transactions."""
    if not Draft.objects.filter(pk=draft, state__in=TO_DO).update(
        state="reading", started_at=clock(), beat_at=clock(), rows_done=0
    ):
        return _state(draft)
    ours = Draft.objects.get(pk=draft)
    with uploads.fetched(draft) as folder, translation.override(ours.said.get("language", "en")):
        try:
            answer = import_files(_wanted(ours, folder, clock))
        except Stopped:
            return _state(draft)
        except ImportRunning:
            Draft.objects.filter(pk=draft, state="reading").update(state="waiting")
            again(draft)
            return _state(draft)
        except Refused as refused:
            _refused(draft, refused)
            return _state(draft)
        except Exception:  # A bug of ours: somebody can go on when it is mended.
            Draft.objects.filter(pk=draft, state__in=TO_DO).update(state="paused")
            raise
        if ours.wants == "test":
            _tested(ours, answer)
    return _state(draft)


def _wanted(draft: Draft, folder: Path, clock: Clock) -> Wanted:
    said, is_test = draft.said, draft.wants == "test"
    parts = [part for file in draft.seen["files"] for part in file["parts"]]
    read = [file["name"] for file in draft.seen["files"] if not file["unread"]]
    return Wanted(
        paths=[folder / name for name in read],
        source=draft.source,
        hows={name: surveying.how_of(name, said) for name in read},
        sheets={
            _place(part): given
            for part in parts
            if (given := surveying.given_of(part["key"], said))
        },
        choices=_choices(said.get("owners", {})),
        now=clock(),
        actor=said.get("actor", draft.by_id),
        reason=said.get("reason", ""),
        key=None if is_test else f"import-draft-{draft.pk}",
        is_dry_run=is_test,
        tests_write_rejected=True,
        rejected_to=folder / "rejected",
        word=problem,
        reason_header=_("Reason"),
        ask=_answers(draft),
        progress=lambda rows: _beat(draft.pk, rows, clock()),
        chunk=CHUNK,
        writes=lambda: _move(draft.pk, "reading", state="writing", beat_at=clock()),
        keep=lambda importing, rejected: _done(draft, importing, rejected),
    )


def _place(part: Mapping[str, Any]) -> tuple[str, str | None]:
    return part["key"].partition("|")[0], part["sheet"]


def _choices(owners: Mapping[str, str]) -> dict[str, Choice]:
    """Those that mean somebody; what is left to the manager falls there by itself."""
    chosen: dict[str, Choice] = {}
    for said, who in owners.items():
        if who == "new":
            chosen[said] = "new"
        elif person := number(who):
            chosen[said] = person
    return chosen


def _answers(draft: Draft) -> Callable[[Question], int | None]:
    """What was answered in the steps; the rest stays open, and is told."""
    orders, importer = draft.said.get("dates", {}), draft.by.name

    def answer(question: Question) -> int | None:
        if question.what == "last_resort":  # Whoever imports ends the chain, and is told so.
            return question.choices.index(importer) if importer in question.choices else None
        order = orders.get(f"{question.file}|{question.column}")
        is_known = question.what == "date_order" and order in question.choices
        return question.choices.index(order) if is_known else None

    return answer


def _beat(draft: int, rows: int, now: datetime) -> None:
    _move(draft, "reading", rows_done=rows, beat_at=now)


def _move(draft: int, before: str, /, **to: Any) -> None:
    """Changes the draft if it still is in that state. Raises `Stopped`."""
    if not Draft.objects.filter(pk=draft, state=before).update(**to):
        raise Stopped


def _done(draft: Draft, importing: int, rejected: Sequence[Path]) -> None:
    """In the import's own transaction: the draft is done, and holds the rows to be mended."""
    _keep(draft, rejected)
    _move(draft.pk, "writing", state="done", importing_id=importing, reached=RESULT)


@transaction.atomic(durable=True)
def _tested(draft: Draft, answer: dict[str, Any]) -> None:
    """The rows to be mended can be had before anything is written."""
    _keep(draft, [Path(path) for path in answer["rejected_files"]])
    _move(draft.pk, "writing", state="tested", test=plain(answer), reached=TEST)


def _keep(draft: Draft, rejected: Sequence[Path]) -> None:
    """The rows to be mended, in the place of those of an earlier test."""
    uploads.forget_broken(draft)
    files = (Given(name=p.name, size=p.stat().st_size, content=_pieces(p)) for p in rejected)
    uploads.store(draft, files, is_given=False)


def _pieces(path: Path) -> list[bytes]:
    content = path.read_bytes()
    return [content[at : at + PIECE] for at in range(0, len(content), PIECE)]


def _refused(draft: int, refused: Refused) -> None:
    told = {"code": refused.code, "facts": plain(refused.facts)}
    Draft.objects.filter(pk=draft, state__in=TO_DO).update(state="refused", refusal=told)


def _state(draft: int) -> str:
    return str(Draft.objects.values_list("state", flat=True).get(pk=draft))
