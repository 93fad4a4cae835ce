"""The tables among the files, each with what its columns mean; what is none of ours, and why."""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from legato.connectors import files
from legato.domain import columns
from legato.domain.columns import GivenMap, Mapped, Mapping, NotATable
from legato.domain.errors import Refused

RECORDS = ("account", "opportunity", "contact", "lead", "activity", "commitment", "ticket")
OF_RECORDS = frozenset(
    re.findall(
        r"\w+",
        """key name account_key account owner_key owner owner_email stage outcome amount
        opened closed due touched next_step product product_key parent parent_key email phone
        country territory language industry category""",
    )
)
OF_PERSONS = frozenset(
    re.findall(
        r"\w+",
        """key name manager manager_email team title email time_zone country territory language
        active started capacity industry product""",
    )
)
OF_PRODUCTS = frozenset({"key", "name", "list_price", "series"})
STAGED = dict.fromkeys(RECORDS, OF_RECORDS) | {"person": OF_PERSONS, "product": OF_PRODUCTS}
"""The fields that have a place of their own; others are kept under their header, as they came."""
NAMES = ("first_name", "last_name")


class NothingToImport(Refused):
    """None of the files holds a table of ours. Facts: ``files``, each with why, and the ``first``
    of them."""

    code = "nothing_to_import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One table to read; ``number`` is its place among all of this import."""

    number: int
    table: files.Table
    mapping: Mapping

    @property
    def kind(self) -> str:
        return self.mapping.kind

    @property
    def file(self) -> str:
        return self.table.file.name

    @property
    def staged(self) -> dict[str, int]:
        """The column of each field that is staged in its own place."""
        own = STAGED[self.kind]
        return {field: at for field, at in self.mapping.fields.items() if field in own}

    @property
    def names(self) -> tuple[int, ...]:
        """The columns of the parts of a name."""
        return tuple(self.mapping.fields[n] for n in NAMES if n in self.mapping.fields)

    @property
    def own(self) -> tuple[tuple[int, str], ...]:
        """The CRM's own columns: index and header."""
        placed = STAGED[self.kind] | set(NAMES)
        ours = (c for c in self.mapping.columns if c.field not in placed and not c.is_left_out)
        return tuple((c.index, c.header) for c in ours)

    def has(self, *fields: str) -> bool:
        """Whether any of the fields is known of its rows."""
        return any(field in self.staged or field in self.made for field in fields)

    @property
    def made(self) -> frozenset[str]:
        """Fields that every row gets, if need be from other cells."""
        return frozenset({"key", "name"} if self.names else {"key"})

    def header(self, field: str) -> str:
        """The header of a field's column; the field itself where it was made of others."""
        at = self.mapping.fields.get(field)
        return field if at is None else self.table.headers[at]

    def shown(self) -> dict[str, Any]:
        """The mapping as people read it."""
        mapped: list[Mapped] = [c for c in self.mapping.columns if c.field]
        return {
            "file": self.file,
            "sheet": self.table.sheet,
            "kind": self.kind,
            "format": self.table.format,
            "encoding": self.table.encoding,
            "separator": self.table.separator,
            "confidence": self.mapping.confidence,
            "columns": {c.header: c.field for c in mapped},
            "kept_as_own": list(self.mapping.unmapped),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A file or sheet that is not read; ``why`` is a code."""

    file: str
    sheet: str | None
    why: str
    facts: dict[str, object]


Sheets = AbstractMapping[tuple[str, str | None], GivenMap]
Hows = AbstractMapping[str, files.How]
NOTHING: AbstractMapping[Any, Any] = MappingProxyType({})


def open_parts(
    paths: Iterable[Path], *, given: GivenMap, hows: Hows = NOTHING, sheets: Sheets = NOTHING
) -> tuple[list[Part], list[Skipped]]:
    """The tables of files and folders. A file named by itself must be readable, one found in a
    folder is skipped when it is not. Raises ``Unreadable``, ``MapInvalid``, `NothingToImport`."""
    parts: list[Part] = []
    skipped: list[Skipped] = []
    for file, is_named in _files(paths):
        try:
            tables = list(files.tables(file, how=hows.get(file.name, files.FOUND_OUT)))
        except files.Unreadable as refused:
            if is_named:
                raise
            why = str(refused.facts.get("why", refused.code))
            skipped.append(Skipped(file=file.name, sheet=None, why=why, facts=refused.facts))
            continue
        for table in tables:
            found = mapping_of(table, sheets.get((file.name, table.sheet), given))
            if isinstance(found, NotATable):
                skipped.append(Skipped(file=file.name, sheet=table.sheet, why=found.why, facts={}))
            else:
                parts.append(Part(number=len(parts), table=table, mapping=found))
    if not parts:
        raise NothingToImport(
            files=[(each.file, each.why) for each in skipped],
            first=skipped[0].file if skipped else "*.csv",
        )
    return parts, skipped


def digest(parts: Sequence[Part], *, source: str) -> str:
    """SHA-256 over the files' content and how they are read: the same again is the same import."""
    whole = sha256(source.encode())
    for part in parts:
        with part.table.file.open("rb") as stream:
            whole.update(file_digest(stream, "sha256").digest())
        table = part.table
        read_as = (table.encoding, table.separator, table.header_line)
        whole.update(repr((part.file, table.sheet, read_as, part.mapping)).encode())
    return whole.hexdigest()


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Each file once, and whether it was named by itself."""
    seen: set[Path] = set()
    for path in paths:
        for file in files.sources(path):
            if (real := file.resolve()) not in seen:
                seen.add(real)
                yield file, not path.is_dir()


def mapping_of(table: files.Table, given: GivenMap) -> Mapping | NotATable:
    """What the columns of a table mean. Raises ``MapInvalid``."""
    return columns.apply(
        given,
        headers=table.headers,
        samples=table.samples,
        file_name=table.file.name,
        sheet=table.sheet,
    )
