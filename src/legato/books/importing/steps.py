"""The steps of an import once its files are staged: understand, decide, write, answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from legato.books.importing import (
    accounts,
    applying,
    cells,
    lookups,
    owners,
    persons,
    products,
    references,
    rejecting,
    report,
    understanding,
)
from legato.books.importing.asking import Answers, Ask, Question, Unanswered
from legato.books.importing.joins import Folded
from legato.books.importing.owners import Choice
from legato.books.importing.parts import RECORDS, Part, Skipped
from legato.books.models import Import
from legato.connectors.files import How
from legato.domain.columns import GivenMap
from legato.ledger import operations as ledger
from legato.ledger.models import Entry
from legato.people import importing as people_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to import and how. ``source`` is where keys are unique: the name of the CRM.

    ``actor`` is a person's id; rejected rows are written into ``rejected_to``, with what ``word``
    makes of a column and a code, under ``reason_header``; ``progress`` hears the rows so far.
    """

    paths: Sequence[Path]
    source: str = "file"
    given: GivenMap = ()
    hows: Mapping[str, How] = field(default_factory=dict)
    """How a file of that name is to be read, where it is not to be found out."""
    sheets: Mapping[tuple[str, str | None], GivenMap] = field(default_factory=dict)
    """What a person says of one sheet of one file; before ``given``."""
    choices: Mapping[str, Choice] = field(default_factory=dict)
    """Whom an owner as written means: a person's id, or somebody new."""
    now: datetime
    actor: int | None = None
    reason: str = ""
    key: str | None = None
    last_resort: str | None = None
    is_dry_run: bool = False
    rejected_to: Path
    tests_write_rejected: bool = False
    """Whether a dry run, too, writes the rows that cannot be used."""
    word: Callable[[str | None, str], str]
    reason_header: str
    ask: Ask | None = None
    progress: Callable[[int], None]
    chunk: int | None = None
    """Rows between two words to ``progress``, which may raise to stop: what is staged stays."""
    writes: Callable[[], None] = lambda: None
    """Called when all is staged, before what cannot be stopped."""
    keep: Callable[[int, Sequence[Path]], None] = lambda importing, rejected: None
    """Called in the transaction with the number of the import and the files of rejected rows."""


@dataclass(slots=True, kw_only=True)
class Understood:
    """What the files say, before anything of it is written."""

    people: people_files.Plan
    last_resort: int
    how: people_files.How
    products: products.Products
    owners: list[owners.Named]
    decided: list[cells.Decided]
    folded: list[Folded]
    rejected: list[report.Rejection]
    accounts_from_names: list[str] = field(default_factory=list)


class _TakenBack(Exception):
    """Ends the transaction of a dry run."""


class Run:
    """One import whose files are staged. It begins again when a person had to be asked."""

    def __init__(
        self,
        parts: Sequence[Part],
        skipped: Sequence[Skipped],
        wanted: Wanted,
        importing: Import,
        asked: Mapping[str, Any],
    ) -> None:
        self.parts, self.skipped, self.wanted, self.asked = parts, skipped, wanted, asked
        self.importing, self.id = importing, importing.pk
        self.records = [part for part in parts if part.kind in RECORDS]
        self.answers = Answers(person=wanted.ask)
        self.entry: Entry | None = None

    def until_answered(self) -> dict[str, Any]:
        """The answer of the import. Begins a transaction."""
        while True:
            lookups.create()
            try:
                return self._once()
            except Unanswered:
                self.answers.ask()
            finally:
                lookups.drop()

    def _once(self) -> dict[str, Any]:
        found = self._understand()
        self.answers.stop_if_open()
        answer: dict[str, Any] = {}
        try:
            with transaction.atomic(durable=True):
                answer = self._write(found)
                if self.wanted.is_dry_run:
                    raise _TakenBack
                self._finish(answer, found)
        except _TakenBack:
            return answer | self._rejected(found) if self.wanted.tests_write_rejected else answer
        return answer

    def _understand(self) -> Understood:
        """Parses and joins distinct values, as far as nothing has to be written for it."""
        ask, number = self.answers, self.id
        decided = cells.understand(self.parts, importing=number, ask=ask)
        rows, spoiled = persons.rows_of(self.parts, importing=number, ask=ask, decided=decided)
        planned = self._people(rows)
        last_resort, how = self._last_resort(planned)
        goods = products.plan(
            self.parts, source=self.wanted.source, importing=number, decided=decided
        )
        folded: list[Folded] = []
        named = owners.named(
            self.records,
            importing=number,
            people=planned,
            folded=folded,
            ask=ask,
            choices=self.wanted.choices,
        )
        references.refer(
            self.records, "product", goods.things, importing=number, folded=folded, ask=ask
        )
        places = [*spoiled, *planned.rejected, *goods.rejected]
        return Understood(
            people=planned,
            last_resort=last_resort,
            how=how,
            products=goods,
            owners=named,
            decided=decided,
            folded=folded,
            rejected=[(file, line, why) for (file, line), why in places],
        )

    def _people(self, rows: Sequence[people_files.Row]) -> people_files.Plan:
        """Those of the files; where nobody is known at all, the owners whom the records name."""
        rows = [*rows, *persons.newcomers(self.wanted.choices)]
        planned = people_files.plan(rows, source=self.wanted.source)
        if planned.everyone or any(part.kind == "person" for part in self.parts):
            return planned
        owners_named = persons.from_owners(self.records, importing=self.id)
        return people_files.plan(owners_named, source=self.wanted.source)

    def _last_resort(self, planned: people_files.Plan) -> tuple[int, people_files.How]:
        def choose(names: Sequence[str]) -> int | None:
            asked = Question(what="last_resort", file="", column="", value="", choices=tuple(names))
            answer = self.answers(asked)
            self.answers.stop_if_open()
            return answer

        return people_files.last_resort(planned, named=self.wanted.last_resort, ask=choose)

    def _write(self, found: Understood) -> dict[str, Any]:
        """Everything in one transaction; the answer, which a dry run gives without its effect."""
        self.entry = None
        lookups.use_memory()
        self._write_people_and_products(found)
        self._understand_records(found)
        drift = applying.note_drift(importing=self.id)
        changed = applying.find_changes()
        counts, repeats = report.record_counts()
        if changed or any(numbers["new"] for numbers in counts.values()):
            entry = self._the_entry()
            applying.insert(source=self.wanted.source, entry=entry)
            applying.update(importing=self.id, entry=entry)
        found.rejected += report.rejections()
        told = report.Told(
            parts=self.parts,
            skipped=self.skipped,
            importing=self.id,
            counts=counts,
            repeats=repeats,
            is_test=self.wanted.is_dry_run,
        )
        return told.answer(found) | {
            "drift": drift,
            "drifts": report.drifts(importing=self.id),
            "owners": report.owners(found.owners, people=found.people),
            "changes": report.changes(),
            "changes_by_field": report.changes_by_field(),
            "dry_run": self.wanted.is_dry_run,
            "entry": self.entry.pk if self.entry and not self.wanted.is_dry_run else None,
        }

    def _write_people_and_products(self, found: Understood) -> None:
        if found.people.writes:
            people_files.write(found.people, entry=self._the_entry())
        if found.how != "set_before":
            people_files.set_last_resort(person=found.last_resort, entry=self._the_entry())
        if found.products.writes:
            products.write(found.products, entry=self._the_entry())

    def _understand_records(self, found: Understood) -> None:
        """Accounts before what refers to them, and owners last, because they follow accounts."""
        owners.settle(
            found.owners,
            people=found.people,
            held=people_files.held(),
            last_resort=found.last_resort,
        )
        source, number = self.wanted.source, self.id
        accounts.fill_aliases(self.parts, source=source, importing=number)
        self._understand_parts(part for part in self.records if part.kind == "account")
        known, found.accounts_from_names = accounts.things(
            self.parts, source=source, importing=number
        )
        for what in ("parent", "account"):
            references.refer(
                self.records,
                what,
                known,
                importing=number,
                folded=found.folded,
                ask=self.answers,
            )
        self.answers.stop_if_open()
        understanding.join_parents()
        self._understand_parts(part for part in self.records if part.kind != "account")
        accounts.give_owners(last_resort=found.last_resort)

    def _understand_parts(self, parts: Iterable[Part]) -> None:
        kinds: set[str] = set()
        for part in parts:
            understanding.understand(
                part,
                source=self.wanted.source,
                importing=self.id,
                is_later=part.kind in kinds,
            )
            kinds.add(part.kind)

    def _the_entry(self) -> Entry:
        """The ledger's entry of this import, written when there is something to tell."""
        self.entry = self.entry or ledger.record(
            chain=f"import:{self.id}",
            kind="import",
            actor=self.wanted.actor,
            at=self.wanted.now,
            reason=self.wanted.reason,
            facts={"import": self.id, "files_sha256": self.importing.digest},
        )
        return self.entry

    def _rejected(self, found: Understood) -> dict[str, Any]:
        return rejecting.write(self.parts, found.rejected, wanted=self.wanted, importing=self.id)

    def _finish(self, answer: dict[str, Any], found: Understood) -> None:
        """Writes the rejected rows, and keeps the answer."""
        answer |= self._rejected(found)
        self.wanted.keep(self.id, [Path(path) for path in answer["rejected_files"]])
        self.importing.entry = self.entry
        self.importing.report = answer
        self.importing.key, self.importing.asked = self.wanted.key or "", self.asked
        self.importing.save(update_fields=["entry", "report", "key", "asked"])
        if self.entry:
            ledger.remember(key=self.wanted.key, asked=self.asked, answer=answer, entry=self.entry)
