"""What the pages of imports show, for whoever may administer; to others there is nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.db.models import Count, Q

from legato.books.importing import uploads
from legato.books.importing.drafts import COLUMNS, PEOPLE, READING, RESULT, RUN, TEST
from legato.books.importing.surveying import part_key
from legato.books.importing.undoing import Preview, preview
from legato.books.models import Draft, Import, Record, Upload
from legato.domain.errors import NotFound
from legato.domain.names import suggest
from legato.domain.sight import sees_cases
from legato.people.models import Person
from legato.people.queries import Someone, team_below

NEWEST = 50
MOST_LINES = 20
RUNNING = ("waiting", "reading", "writing")
KEPT_BROKEN = Q(uploads__is_given=False, uploads__pieces__number=0)
"""The files of rows to be mended whose content is there."""
UNREAD_ROWS = ("row_width", "undecodable", "nul", "unclosed_quote")
"""Why nothing at all can be said of what is in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An import in the list."""

    id: int
    files: str
    by: str
    begun_at: datetime
    state: str
    new: int
    changed: int
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """An owner as written, and what may be meant: ``chosen`` is what is set, or proposed."""

    said: str
    state: str
    rows: int
    person: str
    falls_to: str
    chosen: str
    suggested: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holders:
    """Whether the viewer, and those who report to them, have records of an import."""

    own: bool
    team: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPage:
    """A draft as its pages need it."""

    id: int
    state: str
    wants: str
    reached: int
    source: str
    by: str
    begun_at: datetime
    rows_done: int
    rows_total: int
    started_at: datetime | None
    is_erased: bool
    said: dict[str, Any]
    files: tuple[dict[str, Any], ...]
    test: dict[str, Any]
    result: dict[str, Any]
    refusal: dict[str, Any]
    entry: int | None
    is_undone: bool
    broken: int

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def has_open_owners(self) -> bool:
        """Whether somebody should still say who is meant."""
        chosen = self.said.get("owners", {})
        return any(each["said"] not in chosen for each in self.test.get("owners", ()))

    @property
    def unread_rows(self) -> int:
        """Rows of which not even the owner could be read."""
        reasons = self.test.get("rejected", {}).get("by_reason", ())
        return sum(each["count"] for each in reasons if each["why"] in UNREAD_ROWS)

    @property
    def step(self) -> int:
        """Where the reader is to go on."""
        if self.state in ("done", "given_up"):
            return RESULT
        if self.state == "asking":
            return COLUMNS if self.reached > READING else READING
        if self.state == "tested":
            return PEOPLE if self.has_open_owners else TEST
        return RUN


def check_sees_imports(viewer: Someone) -> None:
    """Raises `NotFound` for whoever may not import."""
    if not sees_cases(role=viewer.role, is_employed=viewer.is_employed):
        raise NotFound(what="import", name="")


def overview(viewer: Someone) -> list[Line]:
    """The newest imports, drafts included."""
    check_sees_imports(viewer)
    drafts = Draft.objects.select_related("by", "importing").order_by("-pk")[:NEWEST]
    names: dict[int, list[str]] = {}
    for draft, name in (
        Upload.objects.filter(draft__in=[each.pk for each in drafts], is_given=True)
        .order_by("pk")
        .values_list("draft_id", "name")
    ):
        names.setdefault(draft, []).append(name)
    return [_line(draft, names.get(draft.pk, [])) for draft in drafts]


def draft_page(viewer: Someone, *, draft: int) -> DraftPage:
    """Raises `NotFound`."""
    check_sees_imports(viewer)
    found = (
        Draft.objects.select_related("by", "importing")
        .annotate(broken=Count("uploads", filter=KEPT_BROKEN))
        .filter(pk=draft)
        .first()
    )
    if found is None:
        raise NotFound(what="import", name=draft)
    files = found.seen.get("files", [])
    done = found.importing
    return DraftPage(
        id=found.pk,
        state=found.state,
        wants=found.wants,
        reached=found.reached,
        source=found.source,
        by=found.by.name,
        begun_at=found.begun_at,
        rows_done=found.rows_done,
        rows_total=sum(p["rows"] for f in files for p in f["parts"] if p["kind"]),
        started_at=found.started_at,
        is_erased=found.erased_at is not None,
        said=found.said,
        files=tuple(file | {"header_lines": header_lines(file["parts"])} for file in files),
        test=found.test,
        result=done.report if done else {},
        refusal=found.refusal,
        entry=done.entry_id if done else None,
        is_undone=bool(done and done.undone_by_id),
        broken=found.broken,
    )


def header_lines(parts: Sequence[Mapping[str, Any]]) -> list[int]:
    """The lines of a file that can be said to hold the labels: the first twenty, as far as there
    are so many, and the one that does."""
    present = {part["header_line"] for part in parts}
    last = max((part["header_line"] + part["rows"] for part in parts), default=0)
    return sorted({*range(1, min(last, MOST_LINES) + 1), *present})


def owners_page(viewer: Someone, *, draft: int) -> tuple[DraftPage, list[Owner], list[Any]]:
    """The draft, the owners in doubt, and everybody who can be meant. Raises `NotFound`."""
    page = draft_page(viewer, draft=draft)
    people = list(Person.objects.order_by("name", "pk").values_list("pk", "name", "is_employed"))
    employed = [(pk, name) for pk, name, is_employed in people if is_employed]
    names = {pk: name for pk, name, _ in people}
    chosen = page.said.get("owners", {})
    owners = [_owner(each, chosen, employed, names) for each in page.test.get("owners", ())]
    return page, owners, employed


def result_page(viewer: Someone, *, draft: int) -> tuple[DraftPage, Holders]:
    """The draft, and in whose books its records are. Raises `NotFound`."""
    page = draft_page(viewer, draft=draft)
    if page.entry is None:
        return page, Holders(own=False, team=False)
    owners = set(Record.objects.filter(entry=page.entry).values_list("owner", flat=True).distinct())
    team = team_below(person=viewer.id)
    return page, Holders(own=viewer.id in owners, team=bool(owners & team))


def undo_page(viewer: Someone, *, draft: int) -> tuple[DraftPage, Preview | None]:
    """The draft, and what taking it back would do; None where there is nothing to take back.

    Raises `NotFound`.
    """
    page = draft_page(viewer, draft=draft)
    importing = Draft.objects.values_list("importing_id", flat=True).get(pk=draft)
    if page.entry is None or page.is_undone or importing is None:
        return page, None
    return page, preview(importing=importing)


def number_of(viewer: Someone, *, draft: int) -> int:
    """The number of the draft's import. Raises `NotFound`."""
    check_sees_imports(viewer)
    importing = Draft.objects.values_list("importing_id", flat=True).filter(pk=draft).first()
    if importing is None:
        raise NotFound(what="import", name=draft)
    return int(importing)


def broken_rows(viewer: Someone, *, draft: int) -> tuple[str, bytes]:
    """The file of rows that were not used, or an archive of several. Raises `NotFound`."""
    check_sees_imports(viewer)
    drafts = Draft.objects.filter(pk=draft, erased_at=None)
    found = list(
        uploads.kept(Upload.objects.filter(draft__in=drafts, is_given=False))
        .order_by("pk")
        .values_list("pk", "name")
    )
    if not found:
        raise NotFound(what="import", name=draft)
    contents = [(name, b"".join(uploads.pieces(pk))) for pk, name in found]
    return contents[0] if len(contents) == 1 else (f"rejected-{draft}.zip", _packed(contents))


def _packed(contents: Sequence[tuple[str, bytes]]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in contents:
            archive.writestr(name, content)
    return packed.getvalue()


def _line(draft: Draft, names: list[str]) -> Line:
    done = draft.importing
    counts = _counts(done)
    return Line(
        id=draft.pk,
        files=", ".join(names),
        by=draft.by.name,
        begun_at=draft.begun_at,
        state="undone" if done and done.undone_by_id else draft.state,
        new=counts["new"],
        changed=counts["changed"],
        rejected=counts["rejected"],
    )


def _counts(done: Import | None) -> dict[str, int]:
    kinds = done.report.get("counts", {}).values() if done else ()
    return {each: sum(k[each] for k in kinds) for each in ("new", "changed", "rejected")}


def _owner(
    told: dict[str, Any], chosen: dict[str, str], employed: list[Any], names: dict[int, str]
) -> Owner:
    alike = _suggested(told["said"], employed)
    is_meant = told["state"] == "unknown" and len(alike) == 1
    return Owner(
        said=told["said"],
        state=told["state"],
        rows=told["rows"],
        person=names.get(told["person"] or 0, ""),
        falls_to=told["falls_to"],
        chosen=chosen.get(told["said"], str(alike[0][0]) if is_meant else "manager"),
        suggested=tuple(alike),
    )


def _suggested(said: str, employed: list[Any]) -> list[tuple[int, str]]:
    near = suggest(said, [name for _, name in employed])
    return [(pk, name) for pk, name in employed if name in near]


def parts_of(page: DraftPage) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each table with its file."""
    for file in page.files:
        for part in file["parts"]:
            assert part["key"] == part_key(file["name"], part["sheet"])
            yield file, part
