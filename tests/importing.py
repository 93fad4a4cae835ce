"""Files written for a test and imported, the way the command does it, without a terminal."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.example import NOW

from legato.books.importing import Ask, Wanted, import_files
from legato.books.models import Record
from legato.people.models import Person

Answer = dict[str, Any]
PEOPLE = "Name,Manager,Team\nMei Lin,,\nOlga Petrova,Mei Lin,East\nKenji Sato,Mei Lin,East\n"
ACCOUNTS = "Account Name,Industry\nAlfa,retail\nBeta,software\n"
DEALS = (
    "Opportunity ID,Sales Agent,Account,Deal Stage,Amount,Close Date\n"
    "O1,Olga Petrova,Alfa,Negotiation,1200.50,2026-05-01\n"
    "O2,Kenji Sato,Beta,Won,900,2026-03-01\n"
)
FILES = {"people.csv": PEOPLE, "accounts.csv": ACCOUNTS, "deals.csv": DEALS}


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """The files in the folder, which is made; the folder."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    return folder


def read(
    *paths: Path, days: int = 0, now: datetime = NOW, ask: Ask | None = None, **more: Any
) -> Answer:
    """Imports, ``days`` after the usual time; reasons are written as codes."""
    word: Callable[[str | None, str], str] = lambda column, code: f"{column}: {code}"  # noqa: E731
    return import_files(
        Wanted(
            paths=paths,
            now=now + timedelta(days=days),
            rejected_to=more.pop("rejected_to", paths[0].parent / "rejected"),
            word=word,
            reason_header="reason",
            ask=ask,
            progress=more.pop("progress", lambda rows: None),
            **more,
        )
    )


def owners(kind: str = "opportunity") -> dict[str, str]:
    """Each record's key with the name of its owner."""
    names = dict(Person.objects.values_list("id", "name"))
    rows = Record.objects.filter(kind=kind).values_list("key", "owner_id")
    return {key: names[owner] for key, owner in sorted(rows)}


def numbers(answer: Answer, kind: str) -> tuple[int, int, int, int]:
    """New, changed, same and rejected rows."""
    return tuple(answer["counts"][kind].values())
