"""Zip archives that are spreadsheets: which kind, and whether unpacking them is safe.

What an archive says of its own sizes is not believed: every member is unpacked once, in small
pieces that are thrown away, before anything else opens it.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

from legato.connectors.files.table import Hostile, Limits, TooLarge, Unreadable

PIECE = 64 * 1024

# Bounded, so that no hostile text can make them slow.
_ROW = re.compile(rb"""<(?:\w{1,20}:)?row\b[^<>]{0,200}?\br\s{0,9}=\s{0,9}["'](\d{1,9})""")
_FAR_CELL = re.compile(rb"""\br\s{0,9}=\s{0,9}["']([A-Z]{2,8})(\d{1,9})["']""")


def archive_kind(file: Path) -> Literal["xlsx", "ods"]:
    """By what is inside. ``Unreadable``: ``not_a_table``, ``damaged``."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if any(name.startswith("xl/") for name in names):
                return "xlsx"
            if "content.xml" in names and b"spreadsheet" in archive.open("mimetype").read(100):
                return "ods"
    except (
        zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError,
    ):  # fmt: skip
        raise Unreadable(file=file.name, why="damaged") from None
    raise Unreadable(file=file.name, why="not_a_table")


def check_unpacking(file: Path, limits: Limits) -> None:
    """Refuse an archive that would unpack to too much, a sheet that spans too many cells, and a
    cell that is too long, before a reader takes the memory."""
    allowed = min(limits.unpacked, file.stat().st_size * limits.ratio)
    why = "unpacked_size" if allowed == limits.unpacked else "ratio"
    with zipfile.ZipFile(file) as archive, file.open("rb") as stream:
        for member in archive.infolist():
            extent = Extent(file=file, limits=limits)
            for piece in _unpacked(stream, member, file):
                allowed -= len(piece)
                if allowed < 0:
                    limit = limits.unpacked if why == "unpacked_size" else limits.ratio
                    raise Hostile(file=file.name, why=why, limit=limit)
                extent.grow(piece)


class Extent:
    """What a reader would hold of one member: the rectangle of its cells, and its longest text."""

    def __init__(self, *, file: Path, limits: Limits) -> None:
        self.file, self.limits = file, limits
        self.rows, self.columns, self.text, self.rest = 1, 26, 0, b""

    def grow(self, piece: bytes) -> None:
        self._lengthen(piece)
        seen = self.rest + piece
        for cell in _FAR_CELL.finditer(seen):
            self.columns = max(self.columns, _column(cell[1]))
            self.rows = max(self.rows, int(cell[2]))
        self.rows = max([self.rows, *(int(row) for row in _ROW.findall(seen))])
        self.rest = seen[-200:]
        if self.rows * self.columns > self.limits.cells:
            raise Hostile(file=self.file.name, why="cells", limit=self.limits.cells)

    def _lengthen(self, piece: bytes) -> None:
        last = piece.rfind(b"<")
        self.text = self.text + len(piece) if last < 0 else len(piece) - last
        if self.text > 4 * self.limits.cell:
            raise TooLarge(file=self.file.name, what="cell", limit=self.limits.cell)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _unpacked(stream: BinaryIO, member: zipfile.ZipInfo, file: Path) -> Iterator[bytes]:
    """The member's bytes in pieces, as many as there are and not as many as it claims."""
    stream.seek(max(member.header_offset, 0))
    header = stream.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04" or member.flag_bits & 1:
        raise Unreadable(file=file.name, why="encrypted" if member.flag_bits & 1 else "damaged")
    stream.seek(
        int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1
    )
    if member.compress_type == zipfile.ZIP_STORED:
        yield from _taken(stream, member.compress_size)
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise Unreadable(file=file.name, why="damaged")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for packed in _taken(stream, member.compress_size):
            while packed:
                yield inflate.decompress(packed, PIECE * 16)
                packed = inflate.unconsumed_tail
    except zlib.error:
        raise Unreadable(file=file.name, why="damaged") from None


def _taken(stream: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0 and (piece := stream.read(min(size, PIECE))):
        size -= len(piece)
        yield piece
