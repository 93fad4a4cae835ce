"""The statement that understands one table, built from the columns that the table has.

Inside it turns cells into meanings by joining the lookups; around that, meanings into a record.
"""

from collections.abc import Sequence

from legato.books.importing import lookups
from legato.books.importing.cells import ALWAYS_OPEN, DATES, STATUS
from legato.books.importing.owners import owner_fields
from legato.books.importing.parts import Part
from legato.books.importing.references import reference_fields

EMPTY = {
    "name": "''",
    "account_id": "NULL::bigint",
    "parent_id": "NULL::bigint",
    "product_id": "NULL::bigint",
    "outcome": "''",
    "stage": "''",
    "depth": "''",
    "category": "''",
    "amount": "NULL::numeric",
    "opened_on": "NULL::date",
    "closed_on": "NULL::date",
    "due_at": "NULL::timestamptz",
    "touched_at": "NULL::timestamptz",
    "next_step": "''",
    "email": "''",
    "phone": "''",
    "country": "''",
    "territory": "''",
    "language": "''",
    "industry": "''",
    "fields": "'{}'::jsonb",
}
TEXTS = ("next_step", "email", "phone", "country", "territory", "language", "industry")


class Statement:
    """The statement that understands one part, built from the columns that the part has."""

    def __init__(self, part: Part, *, is_known: bool, is_later: bool) -> None:
        self.part, self.kind = part, part.kind
        self.is_known, self.is_later = is_known, is_later
        self.joins: list[str] = []
        self.problems = [self._missing_key()]

    def sql(self) -> str:
        cells = self._cells()
        listed = ", ".join(f"{expression} AS {name}" for name, expression in cells.items())
        rows = self._rows()
        return (
            f"INSERT INTO import_rows (file, line, kind, problem, {', '.join(rows)})"
            f" SELECT %(file)s, c.line, '{self.kind}', c.problem, {', '.join(rows.values())}"
            f" FROM (SELECT s.line, {self._problem()} AS problem, {listed}"
            f" FROM books_staged s {' '.join(self._known_joins() + self.joins)}"
            " WHERE s.importing_id = %(importing)s AND s.file = %(file)s) c"
        )

    def _problem(self) -> str:
        """What is wrong with the row as a whole, else with every cell of it, a space between."""
        return f"coalesce(s.problem, nullif(concat_ws(' ', {', '.join(self.problems)}), ''))"

    def _cells(self) -> dict[str, str]:
        """What each row says, by itself; fills ``joins`` and ``problems`` on the way."""
        cells = {
            "key": self._key(),
            "id": self._id(),
            "is_known": "r.id IS NOT NULL" if self.is_known else "false",
            "known_entry_id": "r.entry_id" if self.is_known else "NULL::bigint",
        }
        cells |= self._dates() | self._amount() | self._status() | self._owner()
        cells |= self._account() | self._product() | self._parent() | self._texts()
        return cells | {"name": self._name(cells), "fields": self._fields()}

    def _rows(self) -> dict[str, str]:
        """The columns of the record, from the cells as ``c``."""
        same = ("id", "is_known", "known_entry_id", "key", "name", "account_id", "parent_id")
        rows = {name: f"c.{name}" for name in (*same, "parent_said", "product_id")}
        kept = ("is_open", "outcome", "stage", "depth", "category", "amount", "opened_on", *TEXTS)
        rows |= {name: f"c.{name}" for name in (*kept, "fields", "named_id", "owner_said")}
        rows["closed_on"] = "CASE WHEN NOT c.is_open THEN c.closed_on END"
        rows["due_at"] = self._due()
        closed = "CASE WHEN NOT c.is_open THEN c.closed_at END"
        rows["touched_at"] = f"greatest(c.touched_at, c.opened_at, {closed})"
        return rows | self._value() | self._responsible()

    def _due(self) -> str:
        """The close date of an open opportunity is the expected one."""
        if self.kind != "opportunity" or not self.part.has("closed"):
            return "c.due_at"
        if not self.part.has("due"):
            return "CASE WHEN c.is_open THEN c.closed_at END"
        return "CASE WHEN c.is_open THEN coalesce(c.due_at, c.closed_at) ELSE c.due_at END"

    def _value(self) -> dict[str, str]:
        if self.kind != "opportunity":
            return {"value": "NULL", "value_is_estimated": "false"}
        return {
            "value": "CASE WHEN c.outcome = 'lost' THEN 0 WHEN c.amount IS NOT NULL THEN c.amount"
            " WHEN c.is_open THEN c.price END",
            "value_is_estimated": "c.is_open AND c.amount IS NULL AND c.price IS NOT NULL",
        }

    def _responsible(self) -> dict[str, str]:
        """The owner, or NULL where the owner of the account decides, and what is to be listed."""
        keeps = (
            "c.present_id IS NOT NULL AND (NOT c.is_open OR c.present_is_employed) AND"
            " (c.owner_said IS NULL OR c.present_is_ours OR c.named_id = c.present_id"
            " OR c.state = 'held')"
        )
        free = "c.state = 'free' OR (c.named_id IS NOT NULL AND NOT c.is_open)"
        falls = "c.state IN ('left', 'unknown', 'ambiguous')"
        if self.kind == "account":
            falls = "c.state IN ('left', 'unknown', 'ambiguous', 'held')"
        missing = "NULL" if self.kind in ALWAYS_OPEN else "'owner_missing'"
        return {
            "owner_id": f"CASE WHEN {keeps} THEN c.present_id WHEN {free} THEN c.named_id"
            f" WHEN {falls} THEN c.fallback_id END",
            "fallback_id": "c.fallback_id",
            "owner_why": f"CASE WHEN {keeps} OR {free} THEN NULL"
            f" WHEN c.owner_said IS NULL THEN {missing} ELSE 'owner_' || c.state END",
        }

    def _known_joins(self) -> list[str]:
        """The record as it is known, and as an earlier part of this import has it."""
        joins = []
        if self.is_known and self.kind == "account":
            joins.append("LEFT JOIN import_aliases al ON al.key = btrim(s.key)")
        if self.is_known:
            joins.append(
                f"LEFT JOIN books_record r ON r.source = %(source)s AND r.kind = '{self.kind}'"
                f" AND r.key = {self._key()} LEFT JOIN people_person rp ON rp.id = r.owner_id"
            )
        if self.is_later:
            joins.append(
                f"LEFT JOIN import_rows e ON e.kind = '{self.kind}' AND e.problem IS NULL"
                f" AND e.key = {self._key()}"
            )
        return joins

    def _else(self, column: str) -> str:
        """What is known where the file has no such column."""
        empty = EMPTY[column]
        known = f"CASE WHEN r.id IS NULL THEN {empty} ELSE r.{column} END"
        known = known if self.is_known else empty
        return (
            f"CASE WHEN e.key IS NULL THEN {known} ELSE e.{column} END" if self.is_later else known
        )

    def _key(self) -> str:
        is_aliased = self.is_known and self.kind == "account"
        return "coalesce(al.known, btrim(s.key))" if is_aliased else "btrim(s.key)"

    def _missing_key(self) -> str:
        why = "key:key_missing" if "key" in self.part.staged else "name:no_name"
        return f"CASE WHEN s.key IS NULL OR btrim(s.key) = '' THEN '{why}' END"

    def _id(self) -> str:
        """Accounts have their ids before they are written, because others refer to them."""
        known = (["e.id"] if self.is_later else []) + (["r.id"] if self.is_known else [])
        if self.kind == "account":
            known.append("nextval('books_record_id_seq')")
        return f"coalesce({', '.join(known)})" if known else "NULL::bigint"

    def _lookup(self, table: str, alias: str, fields: Sequence[str], *, field: str = "") -> str:
        """Joins the table that knows what these columns mean."""
        of_field = f" AND {alias}.field = '{field}'" if field else ""
        self.joins.append(
            f"LEFT JOIN {table} {alias} ON {alias}.file = %(file)s{of_field}"
            f" AND {alias}.raw = {lookups.written(fields)}"
        )
        return alias

    def _dates(self) -> dict[str, str]:
        cells: dict[str, str] = {}
        for field in DATES:
            column = f"{field}_at" if field in ("due", "touched") else f"{field}_on"
            if field in self.part.staged:
                found = self._lookup("import_dates", f"d_{field}", [field], field=field)
                self.problems.append(f"{found}.problem")
                cells |= {f"{field}_at": f"{found}.at", f"{field}_on": f"{found}.day"}
            else:
                cells |= {f"{field}_at": "NULL::timestamptz", column: self._else(column)}
        return cells

    def _amount(self) -> dict[str, str]:
        if "amount" not in self.part.staged:
            return {"amount": self._else("amount")}
        found = self._lookup("import_numbers", "n_amount", ["amount"], field="amount")
        self.problems.append(f"{found}.problem")
        return {"amount": f"{found}.number"}

    def _status(self) -> dict[str, str]:
        fields = [field for field in STATUS if field in self.part.staged]
        if not fields:
            names = ("outcome", "stage", "depth")
            is_open = "true" if self.kind in ALWAYS_OPEN else f"{self._else('outcome')} = ''"
            return {name: self._else(name) for name in names} | {"is_open": is_open}
        found = self._lookup("import_stages", "st", fields)
        return {
            "is_open": f"{found}.is_open",
            "outcome": f"{found}.outcome",
            "stage": f"{found}.name",
            "depth": f"{found}.depth",
        }

    def _owner(self) -> dict[str, str]:
        present = {
            "present_id": "r.owner_id" if self.is_known else "NULL::bigint",
            "present_is_employed": "rp.is_employed" if self.is_known else "false",
            "present_is_ours": "r.owner_is_ours" if self.is_known else "false",
        }
        if not (fields := owner_fields(self.part)):
            earlier = {"named_id": "e.named_id", "owner_said": "e.owner_said"}
            nobody = {"named_id": "NULL::bigint", "owner_said": "NULL::text"}
            said = earlier if self.is_later else nobody
            return present | said | {"state": "NULL::text", "fallback_id": "NULL::bigint"}
        found = self._lookup("import_owners", "own", fields)
        return present | {
            "named_id": f"{found}.named_id",
            "owner_said": f"{found}.said",
            "state": f"{found}.state",
            "fallback_id": f"{found}.fallback_id",
        }

    def _account(self) -> dict[str, str]:
        fields = reference_fields(self.part, "account") if self.kind != "account" else ()
        if not fields:
            return {"account_id": self._else("account_id"), "account_name": "NULL::text"}
        found = self._lookup("import_references", "acc", fields, field="account")
        self.problems.append(f"{found}.problem")
        return {"account_id": f"{found}.id", "account_name": f"{found}.name"}

    def _product(self) -> dict[str, str]:
        if not (fields := reference_fields(self.part, "product")):
            price = "(SELECT list_price FROM books_product WHERE id = r.product_id)"
            return {
                "product_id": self._else("product_id"),
                "product_name": "NULL::text",
                "price": price if self.is_known else "NULL::numeric",
            }
        found = self._lookup("import_references", "prod", fields, field="product")
        self.problems.append(f"{found}.problem")
        return {
            "product_id": f"{found}.id",
            "product_name": f"{found}.name",
            "price": f"{found}.price",
        }

    def _parent(self) -> dict[str, str]:
        fields = reference_fields(self.part, "parent")
        if not fields:
            return {"parent_id": self._else("parent_id"), "parent_said": "NULL::text"}
        return {"parent_id": "NULL::bigint", "parent_said": lookups.written(fields)}

    def _texts(self) -> dict[str, str]:
        return {name: self._text(name) for name in (*TEXTS, "category")}

    def _text(self, name: str) -> str:
        if name not in self.part.staged:
            return self._else(name)
        return f"coalesce(btrim(s.{name}), '')"

    def _name(self, cells: dict[str, str]) -> str:
        """A record without a name is called by its account and product, else by its key."""
        said = "nullif(btrim(s.name), '')" if self.part.has("name") else "NULL"
        made = f"concat_ws(' · ', {cells['account_name']}, {cells['product_name']})"
        known = f"nullif({self._else('name')}, '')"
        category = f"nullif({cells['category']}, '')"
        return f"coalesce({said}, {known}, nullif({made}, ''), {category}, {self._key()})"

    def _fields(self) -> str:
        parts = [self._else("fields")] if self.is_known or self.is_later else []
        if self.part.own:
            parts.append("coalesce(s.fields, '{}')")
        if fields := reference_fields(self.part, "product"):
            kept = f"jsonb_build_object(prod.kept, {lookups.written(fields)})"
            parts.append(f"CASE WHEN prod.kept IS NULL THEN '{{}}'::jsonb ELSE {kept} END")
        return " || ".join(parts) or "'{}'::jsonb"
