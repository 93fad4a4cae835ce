"""The files of a draft, kept in the database in pieces: what was acknowledged is there for every
worker, on every machine, and in every backup, until it is erased.
"""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from lzma import LZMAError
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import get_random_string

from legato.books.models import Draft, Piece, Upload
from legato.connectors.files import CODECS
from legato.domain.errors import Refused

PIECE = 1024 * 1024
MEGABYTE = 1024 * 1024
LONGEST_NAME = 200
"""Bytes: file systems take 255, and a name that is taken already gets a number."""
DAMAGED = (
    BadZipFile, UnicodeDecodeError, zlib.error, EOFError, LZMAError,
    OSError,  # A damaged bz2 stream.
    NotImplementedError, RuntimeError,  # A compression that zipfile does not know, and a password.
)  # fmt: skip
"""What zipfile raises for an archive that cannot be unpacked."""
KEPT_STATES = ("waiting", "reading", "writing")
"""While a job needs the files they stay, however old."""


class UploadTooLarge(Refused):
    """Facts: ``limit`` in megabytes."""

    code = "upload_too_large"


class NoFiles(Refused):
    """The form came without a file. No facts."""

    code = "no_files_given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file as it was sent: its name there, and its content piece by piece."""

    name: str
    size: int
    content: Iterable[bytes]


def store(draft: Draft, files: Iterable[Given], *, is_given: bool = True) -> None:
    """Writes files into the draft. Needs a transaction."""
    taken = set(
        kept(Upload.objects.filter(draft=draft, is_given=is_given)).values_list("name", flat=True)
    )
    for file in files:
        name = _free(_plain(file.name), taken)
        taken.add(name)
        upload = Upload.objects.create(draft=draft, is_given=is_given, name=name, size=file.size)
        for number, content in enumerate(file.content):
            Piece.objects.create(pk=(upload.pk, number), content=content)


def kept(uploads: QuerySet[Upload]) -> QuerySet[Upload]:
    """Those whose content is there."""
    return uploads.filter(pieces__number=0)


def forget_broken(draft: Draft) -> None:
    """Erases the rows to be mended, which were found by a test that holds no longer."""
    Piece.objects.filter(upload__draft=draft, upload__is_given=False).delete()


def unpacked(given: Iterable[Given], *, limit: int) -> Iterator[Given]:
    """The files; those of an archive one by one, as CRMs export several tables in one.

    Raises `UploadTooLarge` where unpacking would give more than ``limit`` bytes.
    """
    left = limit
    for file in given:
        for each in _members(file, left, limit):
            left -= each.size
            if left < 0:
                raise UploadTooLarge(limit=limit // MEGABYTE)
            yield each


@contextmanager
def fetched(draft: int) -> Iterator[Path]:
    """The given files in a folder that is gone afterwards."""
    with TemporaryDirectory(prefix="legato-import-") as folder:
        for upload in Upload.objects.filter(draft=draft, is_given=True).order_by("pk"):
            with Path(folder, upload.name).open("wb") as file:
                for content in pieces(upload.pk):
                    file.write(content)
        yield Path(folder)


def pieces(upload: int) -> Iterator[bytes]:
    """The content of a file, in its order."""
    found = Piece.objects.filter(upload=upload).order_by("number")
    for content in found.values_list("content", flat=True).iterator(chunk_size=8):
        yield bytes(content)


@transaction.atomic(durable=True)
def erase_old(*, now: datetime, days: int) -> int:
    """Erases the content of files that were given so many days ago; of how many drafts. A draft
    that nobody finished is given up with it."""
    old = Draft.objects.filter(begun_at__lt=now - timedelta(days=days), erased_at=None)
    drafts = list(old.exclude(state__in=KEPT_STATES).select_for_update().order_by("pk"))
    for draft in drafts:
        erase(draft, now=now)
    return len(drafts)


def erase(draft: Draft, *, now: datetime) -> None:
    """Erases what a draft holds of its files: their content, and what was seen in them."""
    Piece.objects.filter(upload__draft=draft).delete()
    draft.erased_at = now
    draft.seen, draft.test = {}, {}
    if draft.state != "done":
        draft.state = "given_up"
    draft.save(update_fields=["erased_at", "seen", "test", "state"])


def _members(file: Given, left: int, limit: int) -> list[Given]:
    if not file.name.lower().endswith(".zip"):
        return [file]
    with TemporaryDirectory(prefix="legato-import-") as folder:
        packed = Path(folder, get_random_string(8))
        with packed.open("wb") as target:
            for content in file.content:
                target.write(content)
        try:
            return list(_unzipped(packed, left, limit))
        except DAMAGED:
            return [_in_memory(file.name, packed.read_bytes())]


def _unzipped(packed: Path, left: int, limit: int) -> Iterator[Given]:
    """What an archive says of its sizes is not believed: no more than ``left`` is unpacked."""
    with ZipFile(packed) as archive:
        for member in archive.infolist():
            name = PurePosixPath(
                _name(member.filename, is_utf8=bool(member.flag_bits & 0x800))
            ).name
            if member.is_dir() or name.startswith((".", "~$")):
                continue
            with archive.open(member) as stream:
                content = stream.read(left + 1)
            left -= len(content)
            if left < 0:
                raise UploadTooLarge(limit=limit // MEGABYTE)
            yield _in_memory(name, content)


def _name(written: str, *, is_utf8: bool) -> str:
    """A member's name: archives of Windows keep it in the encoding of its country."""
    if is_utf8 or written.isascii():
        return written
    raw = written.encode("cp437", "replace")
    for codec in CODECS:
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return written


def _in_memory(name: str, content: bytes) -> Given:
    cut = [content[at : at + PIECE] for at in range(0, len(content), PIECE)]
    return Given(name=name, size=len(content), content=cut)


def _plain(name: str) -> str:
    """The file's own name, whatever folder the browser says it was in."""
    plain = PureWindowsPath(PurePosixPath(name).name).name
    printed = "".join(c for c in plain if c.isprintable())
    return _short(printed).lstrip(".~$") or "file"


def _short(name: str) -> str:
    """The name without its beginning where it is too long; what kind of file it is stays."""
    return name.encode()[-LONGEST_NAME:].decode(errors="ignore")


def _free(name: str, taken: set[str]) -> str:
    path, number = PurePosixPath(name), 2
    while name in taken:
        name, number = f"{path.stem}-{number}{path.suffix}", number + 1
    return name
