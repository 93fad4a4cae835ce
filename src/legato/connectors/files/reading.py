"""Where tables come from: one file or a folder, each file known by its content, not by its name."""

from collections.abc import Iterator
from pathlib import Path

from legato.connectors.files.markup import SNIFFED, html_table, is_markup
from legato.connectors.files.sheets import sheet_tables
from legato.connectors.files.table import FOUND_OUT, How, Limits, Table, Unreadable
from legato.connectors.files.text import text_table

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEXT_NAMES = frozenset({"", ".csv", ".tsv", ".tab", ".txt", ".xls", ".xlsx", ".dat"})
"""Text of another suffix (.md, .json, .xml, .py …) is no table, however many commas it has."""
DEFAULT = Limits()


def sources(path: Path) -> tuple[Path, ...]:
    """The files to read: the path itself, or a folder's own files by name, without hidden files
    and the lock files that office programs leave. ``Unreadable`` (``missing``)."""
    if path.is_dir():
        files = (file for file in path.iterdir() if file.is_file())
        return tuple(sorted(file for file in files if not file.name.startswith((".", "~$"))))
    if not path.is_file():
        raise Unreadable(file=path.name, why="missing")
    return (path,)


def tables(path: Path, *, limits: Limits = DEFAULT, how: How = FOUND_OUT) -> Iterator[Table]:
    """Every table of a file, or of all files of a folder, read as ``how`` says.

    Raises ``Unreadable`` (or its ``TooLarge``, ``Hostile``) at the first file that is none: who
    wants to go on with the others walks through ``sources`` and asks for each file's tables.
    """
    for file in sources(path):
        yield from _tables_of(file, limits, how)


def _tables_of(file: Path, limits: Limits, how: How) -> Iterator[Table]:
    try:
        with file.open("rb") as stream:
            head = stream.read(SNIFFED)
    except PermissionError:
        raise Unreadable(file=file.name, why="forbidden") from None
    if head.startswith((ZIP, COMPOUND)):
        yield from sheet_tables(file, limits, is_archive=head.startswith(ZIP), how=how)
    elif is_markup(head):
        yield html_table(file, limits, how)
    elif file.suffix.lower() in TEXT_NAMES:
        yield text_table(file, limits, how)
    else:
        raise Unreadable(file=file.name, why="not_a_table")
