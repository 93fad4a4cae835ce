"""Putting an import together: what somebody answers, step by step, is kept, and no step is lost.

A draft writes nothing into the book; only the job that `start` leaves behind does.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from legato.books.importing import surveying, uploads
from legato.books.importing.uploads import MEGABYTE, Given, NoFiles, UploadTooLarge
from legato.books.models import Draft, Shape
from legato.connectors.files import CODECS, SEPARATORS
from legato.domain.columns import FIELDS, LEFT_OUT, MapInvalid
from legato.domain.errors import NotFound, Refused
from legato.people.queries import check_may_administer
from legato.web.asked import number

Later = Callable[[int], None]
READING, COLUMNS, PEOPLE, TEST, RUN, RESULT = range(2, 8)
"""The steps after the first, which gives the files."""
OPEN = ("asking", "tested", "refused", "paused")
STOPPABLE = ("waiting", "reading")


class DraftAtWork(Refused):
    """The draft is with its job, or over, and takes no answers now. Facts: ``draft``, ``state``."""

    code = "import_at_work"


class NoTableChosen(Refused):
    """Of no table it is said what its rows are. Facts: ``files``."""

    code = "no_table_chosen"


class NotTested(Refused):
    """Something was answered otherwise since the test that somebody looked at. No facts."""

    code = "import_not_tested"


@transaction.atomic(durable=True)
def begin(*, files: Iterable[Given], limit: int, actor: int, now: datetime) -> int:
    """Keeps the files and looks at them; the draft. ``limit`` in megabytes.

    Raises `MayNotAdminister`, `NoFiles`, `UploadTooLarge`.
    """
    check_may_administer(actor=actor)
    given = list(files)
    if not any(file.size for file in given):
        raise NoFiles()
    if sum(file.size for file in given) > limit * MEGABYTE:
        raise UploadTooLarge(limit=limit)
    draft = Draft.objects.create(by_id=actor, begun_at=now)
    uploads.store(draft, uploads.unpacked(given, limit=limit * MEGABYTE))
    _survey(draft)
    if _remembered(draft):
        _survey(draft)
    draft.save()
    return draft.pk


@transaction.atomic(durable=True)
def read_as(*, draft: int, file: str, what: str, value: str, actor: int) -> None:
    """Reads a file in another way: ``what`` is encoding, separator, header, or the order of the
    dates of a column. Raises `NotFound`, `MayNotAdminister`, `DraftAtWork`."""
    ours = _open(draft, actor=actor)
    if what.startswith("dates:"):
        ours.said.setdefault("dates", {})[f"{file}|{what.removeprefix('dates:')}"] = value
    else:
        ours.said.setdefault("files", {}).setdefault(file, {})[what] = _way(what, value)
        ours.said["parts"] = _without(ours.said.get("parts", {}), file)
        _survey(ours)
    _untested(ours, reached=READING)
    ours.save()


@transaction.atomic(durable=True)
def map_columns(
    *, draft: int, source: str, parts: Mapping[str, Mapping[str, Any]], actor: int, now: datetime
) -> bool:
    """Says what tables and their columns are: by `surveying.part_key` the ``kind`` ('' leaves the
    table out) and the ``columns``, header to field, '' for a note and '-' to leave it out. Kept for
    the next files of the same shape. Of a table that is now of another kind the columns are
    proposed anew; whether there is one, so that somebody looks at them before the test. Raises what
    `read_as` raises, and `MapInvalid`."""
    ours = _open(draft, actor=actor)
    said = ours.said.setdefault("parts", {})
    shown = {part["key"]: part for part in _parts(ours) if part["key"] in parts}
    for key, part in shown.items():
        said[key] = _said_of(parts[key], shown=part, earlier=said.get(key, {}))
    ours.source = source.strip() or "file"
    _survey(ours)
    _untested(ours, reached=COLUMNS)
    _remember(ours, now=now)
    ours.save()
    return any(said[key]["is_proposed"] for key in shown)


@transaction.atomic(durable=True)
def choose_people(*, draft: int, owners: Mapping[str, str], actor: int, now: datetime) -> None:
    """Says whom owners as written mean: a person's id, ``new``, or ``manager``. Raises what
    `read_as` raises."""
    ours = _open(draft, actor=actor)
    chosen = {said: who for said, who in owners.items() if who in ("new", "manager") or number(who)}
    ours.said["owners"] = ours.said.get("owners", {}) | chosen
    _untested(ours, reached=PEOPLE)
    _remember(ours, now=now)
    ours.save()


@transaction.atomic(durable=True)
def start(
    *,
    draft: int,
    wants: str,
    language: str,
    actor: int,
    reason: str = "",
    tested: str = "",
    later: Later,
) -> None:
    """Leaves the test, or the import itself, to a job; ``tested`` is the digest of the test after
    which it is to be imported. Raises what `read_as` raises, `NoTableChosen`, `NotTested`."""
    ours = _open(draft, actor=actor)
    if wants == "import" and (ours.state != "tested" or tested != digest_of(ours.test)):
        raise NotTested()
    if not any(part["kind"] for part in _parts(ours)):
        raise NoTableChosen(files=[file["name"] for file in ours.seen["files"]])
    ours.state, ours.wants, ours.refusal = "waiting", wants, {}
    ours.rows_done, ours.started_at = 0, None
    ours.reached = max(ours.reached, RUN if wants == "import" else PEOPLE)
    ours.said |= {"language": language, "reason": reason, "actor": actor}
    ours.save()
    later(ours.pk)


@transaction.atomic(durable=True)
def pause(*, draft: int, actor: int) -> None:
    """Stops the reading after the rows it is at. Raises what `read_as` raises."""
    ours = _ours(draft, actor=actor)
    if ours.state not in (*STOPPABLE, "paused"):
        raise DraftAtWork(draft=draft, state=ours.state)
    ours.state = "paused"
    ours.save(update_fields=["state"])


@transaction.atomic(durable=True)
def resume(*, draft: int, actor: int, later: Later) -> None:
    """Goes on after the last row that was read. Raises what `read_as` raises."""
    ours = _ours(draft, actor=actor)
    if ours.state in STOPPABLE:
        return
    if ours.state not in ("paused", "refused"):
        raise DraftAtWork(draft=draft, state=ours.state)
    ours.state, ours.refusal = "waiting", {}
    ours.save(update_fields=["state", "refusal"])
    later(ours.pk)


@transaction.atomic(durable=True)
def give_up(*, draft: int, actor: int, now: datetime) -> None:
    """Ends a draft that has written nothing, and erases its files. Raises what `read_as` raises."""
    ours = _ours(draft, actor=actor)
    if ours.state in ("writing", "done"):
        raise DraftAtWork(draft=draft, state=ours.state)
    ours.state = "given_up"
    uploads.erase(ours, now=now)


def _ours(draft: int, *, actor: int) -> Draft:
    check_may_administer(actor=actor)
    ours = Draft.objects.select_for_update().filter(pk=draft).first()
    if ours is None:
        raise NotFound(what="import", name=draft)
    return ours


def _open(draft: int, *, actor: int) -> Draft:
    ours = _ours(draft, actor=actor)
    if ours.state not in OPEN:
        raise DraftAtWork(draft=draft, state=ours.state)
    return ours


def _parts(draft: Draft) -> list[dict[str, Any]]:
    return [part for file in draft.seen.get("files", ()) for part in file["parts"]]


def _survey(draft: Draft) -> None:
    with uploads.fetched(draft.pk) as folder:
        draft.seen = surveying.survey(folder, draft.said)


def digest_of(test: Mapping[str, Any]) -> str:
    """What an answer of a test is called where it is decided about; no test has none."""
    if not test:
        return ""
    return hashlib.sha256(json.dumps(test, sort_keys=True).encode()).hexdigest()


def _untested(draft: Draft, *, reached: int) -> None:
    """What was tested before holds no longer."""
    uploads.forget_broken(draft)
    draft.state, draft.wants, draft.test, draft.refusal = "asking", "test", {}, {}
    draft.reached = max(reached, min(draft.reached, COLUMNS))


def _without(parts: Mapping[str, Any], file: str) -> dict[str, Any]:
    return {key: said for key, said in parts.items() if not key.startswith(f"{file}|")}


def _way(what: str, value: str) -> Any:
    if what == "encoding" and value in CODECS:
        return value
    if what == "separator" and value in SEPARATORS:
        return value
    if what == "header" and (row := number(value)) is not None:
        return row
    raise NotFound(what="way of reading", name=f"{what} {value}")


def _said_of(
    part: Mapping[str, Any], *, shown: Mapping[str, Any], earlier: Mapping[str, Any]
) -> dict[str, Any]:
    """What is kept of an answer: of the columns those that somebody has ``chosen``, now or before,
    and those of an earlier file. The rest goes on being proposed. Raises `MapInvalid`."""
    kind = part["kind"]
    if kind != shown["kind"]:
        proposed = {"columns": {}, "chosen": [], "is_remembered": False}
        return proposed | {"kind": kind, "is_proposed": bool(kind)}
    columns = _checked(part)
    as_shown = {column["header"]: column["field"] for column in shown["columns"]}
    changed = {header for header, field in columns.items() if field != as_shown.get(header)}
    chosen = changed | set(earlier.get("chosen", ()))
    kept = chosen | set(earlier.get("columns", ()))
    return {
        "kind": kind,
        "columns": {header: field for header, field in columns.items() if header in kept},
        "chosen": sorted(chosen & columns.keys()),
        "is_remembered": earlier.get("is_remembered", False),
        "is_proposed": False,
    }


def _checked(part: Mapping[str, Any]) -> dict[str, str]:
    """The columns as said. Raises `MapInvalid` for a field given twice, or of another kind."""
    kind, columns = part["kind"], dict(part["columns"])
    fields = [field for field in columns.values() if field not in ("", LEFT_OUT)]
    for header, field in columns.items():
        if field not in ("", LEFT_OUT, *FIELDS.get(kind, ())):
            raise MapInvalid(line=f"{header} → {field}", why="field", allowed=())
        if fields.count(field) > 1:
            raise MapInvalid(line=f"{header} → {field}", why="twice", allowed=())
    return columns


def _remembered(draft: Draft) -> bool:
    """Takes over what was decided for files of the same shapes; whether there was anything."""
    shapes = {part["shape"]: part for part in _parts(draft)}
    known = {shape.headers_sha256: shape for shape in Shape.objects.filter(pk__in=shapes)}
    for part in _parts(draft):
        if shape := known.get(part["shape"]):
            told = {"kind": shape.said["kind"], "columns": shape.said["columns"]}
            draft.said.setdefault("parts", {})[part["key"]] = told | {"is_remembered": True}
            draft.said["owners"] = shape.said.get("owners", {}) | draft.said.get("owners", {})
            draft.source = shape.source
            file = part["key"].partition("|")[0]
            for column, order in shape.said.get("dates", {}).items():
                draft.said.setdefault("dates", {})[f"{file}|{column}"] = order
    return bool(known)


def _remember(draft: Draft, *, now: datetime) -> None:
    for part in _parts(draft):
        if not part["kind"]:
            continue
        file = part["key"].partition("|")[0]
        columns = {column["header"]: column["field"] for column in part["columns"]}
        orders = draft.said.get("dates", {})
        said = {
            "kind": part["kind"],
            "columns": columns,
            "owners": draft.said.get("owners", {}),
            "dates": {c: orders[f"{file}|{c}"] for c in columns if f"{file}|{c}" in orders},
        }
        Shape.objects.update_or_create(
            pk=part["shape"], defaults={"source": draft.source, "said": said, "at": now}
        )
