"""Whom the files name as owners, and to whom a record goes when it cannot be them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from legato.books.importing import lookups
from legato.books.importing.asking import Answers
from legato.books.importing.joins import Folded, resolve
from legato.books.importing.parts import Part
from legato.domain.values import is_blank, tidy
from legato.people.importing import Plan
from legato.people.queries import managers_of

Choice = int | Literal["new"]
"""A person's id, or somebody who becomes a person under the name that is written."""
OWNER = ("owner_key", "owner", "owner_email")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a row says of its owner; '' where it says nothing."""

    key: str
    name: str
    email: str

    def __bool__(self) -> bool:
        return bool(self.key or self.name or self.email)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An owner as written in a file, and whom it means; ``person`` is None where nobody fits."""

    file: int
    raw: str
    said: str
    person: int | None
    is_ambiguous: bool


def owner_said(fields: Sequence[str], raw: str) -> Said:
    """The parts of `lookups.written`. An address in the column of names is an address."""
    cells = ("" if is_blank(cell) else tidy(cell) for cell in raw.split(lookups.MIXED))
    said = dict.fromkeys(OWNER, "") | dict(zip(fields, cells, strict=True))
    name, email = said["owner"], said["owner_email"]
    if "@" in name and " " not in name:
        name, email = "", email or name
    return Said(key=said["owner_key"], name=name, email=email)


def named(
    parts: Iterable[Part],
    *,
    importing: int,
    people: Plan,
    folded: list[Folded],
    ask: Answers,
    choices: Mapping[str, Choice],
) -> list[Named]:
    """Every owner the files name, joined to the people: as was chosen, else by id, else by
    address, else by name."""
    chosen = _chosen(choices, people)
    by_key = {p.key: p.id for p in people.everyone.values() if p.source == people.source}
    by_key |= {p.row.key: p.id for p in people.everyone.values() if p.row}
    by_email = {p.email.casefold(): p.id for p in people.everyone.values() if p.email}
    names = [(p.name, p.id) for p in people.everyone.values()]
    keys = {p.id: p.email or p.key for p in people.everyone.values()}
    found: list[Named] = []
    for part, fields in _with_owners(parts):
        raws = lookups.distinct(fields, importing=importing, file=part.number)
        written = {raw: said for raw in raws if (said := owner_said(fields, raw))}
        joined = resolve(
            part, "owner", filter(None, (s.name for s in written.values())), names, keys, ask
        )
        for raw, said in written.items():
            written_as = said.name or said.email or said.key
            pk = (
                chosen.get(written_as)
                or by_key.get(said.key)
                or by_email.get(said.email.casefold())
            )
            found.append(
                Named(
                    file=part.number,
                    raw=raw,
                    said=written_as,
                    person=pk or joined.ids.get(said.name),
                    is_ambiguous=said.name in joined.ambiguous,
                )
            )
            if pk is None and said.name in joined.spelled:
                to = joined.spelled[said.name]
                folded.append(
                    Folded(part=part, field="owner", fields=fields, raw=raw, value=said.name, to=to)
                )
    return found


def _chosen(choices: Mapping[str, Choice], people: Plan) -> dict[str, int]:
    """Whom each choice means; somebody new is found by the row that makes them."""
    new = {p.row.name: p.id for p in people.everyone.values() if p.row and p.row.place is None}
    found = {said: new.get(said) if who == "new" else who for said, who in choices.items()}
    return {said: pk for said, pk in found.items() if pk in people.everyone}


def owner_fields(part: Part) -> tuple[str, ...]:
    """The columns that name an owner."""
    return tuple(field for field in OWNER if field in part.staged)


def _with_owners(parts: Iterable[Part]) -> Iterable[tuple[Part, tuple[str, ...]]]:
    return ((part, owner_fields(part)) for part in parts if owner_fields(part))


def settle(owners: Sequence[Named], *, people: Plan, held: set[int], last_resort: int) -> None:
    """Fills the table of owners: whom each means, whether they may be given anything, and who
    takes it if not. Needs the people to be written."""
    left = {o.person for o in owners if o.person and not people.everyone[o.person].is_employed}
    unavailable = left | ({o.person for o in owners if o.person} & held)
    fallback: Mapping[int, int] = managers_of(people={p for p in unavailable if p})
    lookups.fill(
        "import_owners",
        (
            (
                owner.file,
                owner.raw,
                owner.person,
                _state(owner, left=left, held=held),
                fallback.get(owner.person or 0, last_resort),
                owner.said,
            )
            for owner in owners
        ),
    )


def _state(owner: Named, *, left: set[int], held: set[int]) -> str:
    if owner.person is None:
        return "ambiguous" if owner.is_ambiguous else "unknown"
    if owner.person in left:
        return "left"
    return "held" if owner.person in held else "free"
