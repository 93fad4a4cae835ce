"""What Legato ought to do when files are read and taken back, and when somebody edits by hand."""

from dataclasses import replace

from tests.model.company import Company
from tests.model.values import Import, Record, Row, State, refuse


class Files(Company):
    """Records by hand and by file."""

    def edit(self, key: str, *, to: str | None = None, is_open: bool | None = None) -> None:
        """Past every rule but the database's: gives, closes, reopens or only touches a record."""
        record = self.records[key]
        state = record.state
        if is_open is not None:
            state = replace(state, is_open=is_open, outcome="")
        is_employed = self.people[to or record.owner].is_employed
        refuse("books_open_record_has_an_employed_owner", state.is_open and not is_employed)
        record.state = state
        record.entry = entry = self.enter("edited")
        if to is not None:
            record.give(self.newly(to, entry), entry)

    def read(self, rows: dict[str, Row]) -> tuple[int, int, int]:
        """Imports the CRM's rows: how many are new, changed and drift."""
        entry = len(self.entries) + 1
        made = Import(entry=entry, new=set(), before={})
        drift = sum(
            (known := self.records.get(key)) is not None and known.is_ours
            and row.owner != known.owner for key, row in rows.items()
        )  # fmt: skip
        for key, row in sorted(rows.items(), key=lambda each: each[1].kind != "account"):
            self._read(key, row, made)
        made.entry = self.enter("import") if made.new or made.before else None
        self.imports.append(made)
        return len(made.new), len(made.before), drift

    def _read(self, key: str, row: Row, made: Import) -> None:
        entry, known = int(made.entry or 0), self.records.get(key)
        owner = self._owner(row, known)
        if known is None:
            self.records[key] = Record(
                kind=row.kind, account=row.account, state=row.state, entry=entry,
                given=self.newly(owner, entry),
            )  # fmt: skip
            made.new.add(key)
        elif (row.state, owner) != (known.state, known.owner):
            made.before[key] = replace(known)
            if owner != known.owner:
                known.give(self.newly(owner, entry), entry, is_ours=False)
            known.state, known.entry = row.state, entry

    def _owner(self, row: Row, known: Record | None) -> str:
        """Nobody who left or is held is given anything new."""
        named, is_open = self.people[row.owner], row.state.is_open
        is_held = named.is_employed and self.is_held(row.owner)
        may_stay = known and (not is_open or self.people[known.owner].is_employed)
        if known and may_stay and (known.is_ours or known.owner == row.owner or is_held):
            return known.owner
        if not is_open or (named.is_employed and not is_held):
            return row.owner
        if row.account and is_held:
            follows = self.records[row.account].owner
            if self.people[follows].is_employed and not self.is_held(follows):
                return follows
        return self.manager_of(row.owner)

    def undo_import(self, number: int) -> tuple[int, int, set[str]]:
        """How many are closed, how many restored, and what stays because of others."""
        made = self.imports[number]
        refuse("import_already_undone", made.is_undone)
        refuse("import_changed_nothing", made.entry is None)
        entry, made.is_undone = self.enter("import_undone"), True
        ours = {k for k in made.new | set(made.before) if self.records[k].entry == made.entry}
        gone = {
            key for key, was in made.before.items()
            if was.is_open and not self.people[was.owner].is_employed
        }  # fmt: skip
        for key in ours - gone:
            record, was = self.records[key], made.before.get(key)
            if was and was.owner != record.owner:
                record.give(self.newly(was.owner, entry), entry, is_ours=False)
            record.state = was.state if was else State(is_open=False)
            record.entry = entry
        stays = (made.new | set(made.before)) - (ours - gone)
        closed = len(ours & made.new)
        return closed, len(ours - gone) - closed, stays
