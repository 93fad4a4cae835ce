"""The answer of an import: what was read, understood, joined, given to whom, and rejected."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from legato.books.importing.cells import Decided
from legato.books.importing.joins import listed
from legato.books.importing.parts import RECORDS, Part, Skipped
from legato.books.importing.references import unknown
from legato.domain.values import stage_key

if TYPE_CHECKING:
    from legato.books.importing.owners import Named
    from legato.books.importing.steps import Understood
    from legato.people.importing import Plan

LISTED = 50
"""Lists in the answer end here; their counts do not."""
COUNTS = """
SELECT u.kind,
       count(*) FILTER (WHERE u.problem IS NULL AND NOT u.is_known),
       count(c.id) FILTER (WHERE u.problem IS NULL),
       count(*) FILTER (WHERE u.problem IS NULL AND u.is_known) - count(c.id)
           FILTER (WHERE u.problem IS NULL) + count(*) FILTER (WHERE u.problem = 'repeat'),
       count(*) FILTER (WHERE u.problem <> 'repeat'),
       count(*) FILTER (WHERE u.problem = 'repeat')
FROM import_rows u LEFT JOIN import_changed c ON c.id = u.id
GROUP BY u.kind
"""
STAGES = """
SELECT stage, outcome, count(*) FROM import_rows
WHERE kind = 'opportunity' AND problem IS NULL GROUP BY stage, outcome
"""
WITHOUT_ACCOUNT = """
SELECT kind, count(*) FROM import_rows
WHERE problem IS NULL AND is_open AND account_id IS NULL AND kind <> 'account' GROUP BY kind
"""
# Given to somebody else than the file names, and only where that is news.
ORPHANS = """
SELECT u.kind, u.key, u.name, u.owner_said, u.owner_why, p.name, count(*) OVER ()
FROM import_rows u JOIN people_person p ON p.id = u.owner_id
LEFT JOIN import_changed c ON c.id = u.id
WHERE u.problem IS NULL AND u.owner_why <> 'derived' AND (NOT u.is_known OR c.is_given)
ORDER BY u.file, u.line LIMIT %s
"""
DERIVED = """
SELECT a.name, p.name, count(*) OVER ()
FROM import_rows a JOIN people_person p ON p.id = a.owner_id
WHERE a.problem IS NULL AND a.owner_why = 'derived' AND NOT a.is_known
ORDER BY a.name, a.key LIMIT %s
"""
DRIFT = """
SELECT r.kind, r.key, r.name, d.named, p.name
FROM books_drift d
JOIN books_record r ON r.id = d.record_id
JOIN people_person p ON p.id = r.owner_id
WHERE d.importing_id = %s ORDER BY r.kind, r.name, r.id LIMIT %s
"""
REJECTED = """
SELECT file, line, problem FROM import_rows
WHERE problem <> 'repeat' ORDER BY file, line
"""
CELLS = """
SELECT s.file, s.line, fault.field, coalesce(nullif(btrim(s.name), ''), s.key, ''),
       coalesce(to_jsonb(s) ->> fault.field, '')
FROM books_staged s
JOIN unnest(%s::integer[], %s::integer[], %s::text[]) fault (file, line, field) USING (file, line)
WHERE s.importing_id = %s
"""
# Of rows that cannot be used too: they will be mended.
OWNERS = """
SELECT o.said, min(o.state), min(o.fallback_id), count(*)
FROM (SELECT DISTINCT file, said, state, fallback_id FROM import_owners WHERE state <> 'free') o
JOIN import_rows u ON u.file = o.file AND u.owner_said = o.said
WHERE u.problem IS DISTINCT FROM 'repeat'
GROUP BY o.said ORDER BY count(*) DESC, o.said
"""
CHANGED_FIELDS = """
SELECT u.kind, f.field, count(*)
FROM import_changed c JOIN import_rows u USING (id)
CROSS JOIN LATERAL jsonb_object_keys(c.before) f (field)
WHERE u.problem IS NULL GROUP BY u.kind, f.field ORDER BY count(*) DESC, u.kind, f.field
"""
# What refers to others is told by name.
CHANGED_CELLS = """
SELECT kind, name, field, {before}, {after} FROM (
    SELECT u.kind, u.name, f.key AS field, f.value #>> '{{}}' AS before,
           to_jsonb(u) ->> f.key AS after
    FROM import_changed c JOIN import_rows u USING (id)
    CROSS JOIN LATERAL jsonb_each(c.before) f
    WHERE u.problem IS NULL AND f.key <> 'fields'
    ORDER BY u.file, u.line, f.key LIMIT %s
) cells
""".format(
    **{
        which: f"""CASE WHEN field = 'owner_id'
               THEN (SELECT p.name FROM people_person p WHERE p.id = {which}::bigint)
             WHEN field IN ('account_id', 'parent_id')
               THEN coalesce((SELECT r.name FROM books_record r WHERE r.id = {which}::bigint),
                             (SELECT n.name FROM import_rows n
                              WHERE n.id = {which}::bigint LIMIT 1))
             WHEN field = 'product_id'
               THEN (SELECT g.name FROM books_product g WHERE g.id = {which}::bigint)
             ELSE {which} END"""
        for which in ("before", "after")
    }
)
MANY_OWNERS = 200
KINDS = ("new", "changed", "same", "rejected")

Rejection = tuple[int, int, str]
"""Number of the part, line, and ``field:code`` of each cell, a space between, or ``code``."""


class Fault(NamedTuple):
    """What is wrong with one cell; ``field`` is '' where it is the whole row."""

    part: int
    line: int
    field: str
    why: str


def record_counts() -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """Per kind of record what became of its rows, and how many were repeats."""
    rows = _rows(COUNTS)
    counts = {kind: dict(zip(KINDS, numbers, strict=False)) for kind, *numbers in rows}
    return counts, {kind: repeats for kind, *_, repeats in rows if repeats}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the answer is made of, besides the tables of this import."""

    parts: Sequence[Part]
    skipped: Sequence[Skipped]
    importing: int
    counts: dict[str, dict[str, int]]
    repeats: dict[str, int]
    is_test: bool

    def answer(self, found: "Understood") -> dict[str, Any]:
        """The command's JSON."""
        planned, goods = found.people, found.products
        return {
            "import": self.importing,
            "counts": self._counts(found),
            "repeats": self.repeats,
            "joined": self._joined(found),
            "stages": stages(),
            "skipped_files": [asdict(each) for each in self.skipped],
            "rejected_file": None,
            "rejected_files": [],
            "rejected": self._rejected(found.rejected),
            "mapping": self._mapping(found.decided),
            "derived_owners": derived_owners(),
            "orphans": orphans(),
            "without_account": without_account(),
            "unknown": unknown(files={part.number: part.file for part in self.parts}),
            "created_from_names": {
                "person": planned.from_names[:LISTED],
                "product": goods.from_names[:LISTED],
                "account": found.accounts_from_names[:LISTED],
            },
            "inactive_people": planned.inactive[:LISTED],
            "last_resort": {
                "name": planned.everyone[found.last_resort].name,
                "how": found.how,
            },
        }

    def _counts(self, found: "Understood") -> dict[str, dict[str, int]]:
        people, goods = found.people, found.products
        spoiled = Counter(self.parts[part].kind for part, _, _ in found.rejected)
        new = len(people.new_teams)
        teams = {"new": new, "same": len(people.teams_named) - new}
        return {
            "person": counted(people.counts) | {"rejected": spoiled["person"]},
            "team": counted(teams),
            "product": counted(goods.counts) | {"rejected": spoiled["product"]},
        } | {kind: self.counts.get(kind, counted({})) for kind in RECORDS}

    def _joined(self, found: "Understood") -> list[dict[str, Any]]:
        managers = [
            {"column": column, "from": name, "to": to, "rows": rows}
            for (column, name, to), rows in found.people.joined.items()
        ]
        return listed(found.folded, importing=self.importing) + managers

    def _mapping(self, decided: Sequence[Decided]) -> list[dict[str, Any]]:
        return [
            part.shown()
            | {
                "decided": [
                    {"column": d.column, "how": d.how, "example": d.example}
                    for d in decided
                    if d.part == part.number
                ]
            }
            for part in self.parts
        ]

    def _rejected(self, rejected: Sequence[Rejection]) -> dict[str, Any]:
        """How many rows, and all that is wrong with them. Only a test tells what they say: files
        are erased, and what is kept of an import must not hold rows that never came in."""
        found = [fault for each in sorted(rejected) for fault in faults(each)]
        listed = found[:LISTED]
        written = cells(listed, importing=self.importing) if self.is_test else {}
        return {
            "count": len(rejected),
            "faults": len(found),
            "listed": [self._fault(each) | written.get(each, {}) for each in listed],
            "by_reason": by_reason(self._fault(each) for each in found),
        }

    def _fault(self, fault: Fault) -> dict[str, Any]:
        """``column`` is a header, None where it is about the whole row."""
        part = self.parts[fault.part]
        return {
            "file": part.file,
            "sheet": part.table.sheet,
            "line": fault.line,
            "column": part.header(fault.field) if fault.field else None,
            "why": fault.why,
        }


def counted(numbers: Mapping[str, int]) -> dict[str, int]:
    """The four counts, of people and products alike."""
    return {kind: numbers.get(kind, 0) for kind in KINDS}


def stages() -> dict[str, int]:
    """Opportunities per stage, won and lost under one name each, the most first."""
    found: Counter[str] = Counter()
    for stage, outcome, count in _rows(STAGES):
        found[outcome or stage_key(stage)] += count
    return dict(found.most_common())


def without_account() -> dict[str, int]:
    """Open records without an account, per kind."""
    return dict(_rows(WITHOUT_ACCOUNT))


def orphans() -> dict[str, Any]:
    """Records that somebody else got than the file names."""
    rows = _rows(ORPHANS, [LISTED])
    names = ("kind", "key", "name", "named", "why", "given_to")
    listed = [dict(zip(names, row[:-1], strict=True)) for row in rows]
    return {"count": rows[0][-1] if rows else 0, "listed": listed}


def derived_owners() -> dict[str, Any]:
    """Accounts whose owner no file names."""
    rows = _rows(DERIVED, [LISTED])
    listed = [{"account": account, "owner": owner} for account, owner, _ in rows]
    return {"count": rows[0][-1] if rows else 0, "listed": listed}


def drifts(*, importing: int) -> list[dict[str, Any]]:
    """Records of which a file names another owner than Legato has given."""
    names = ("kind", "key", "name", "named", "owner")
    return [dict(zip(names, row, strict=True)) for row in _rows(DRIFT, [importing, LISTED])]


def rejections() -> list[Rejection]:
    """The rows of records that cannot be used."""
    return [tuple(row) for row in _rows(REJECTED)]


def faults(rejected: Rejection) -> Iterator[Fault]:
    """Each that a row has."""
    part, line, problem = rejected
    for said in problem.split():
        field, _, why = said.rpartition(":")
        yield Fault(part=part, line=line, field=field, why=why)


def cells(listed: Sequence[Fault], *, importing: int) -> dict[Fault, dict[str, str]]:
    """Of each fault the ``name`` or key that its row has, and the ``value`` as written."""
    asked = [[each[at] for each in listed] for at in range(3)]
    rows = {
        (part, line, field): {"name": name, "value": value}
        for part, line, field, name, value in _rows(CELLS, [*asked, importing])
    }
    return {each: rows[each[:3]] for each in listed}


def by_reason(told: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How many rows were rejected in each column for each reason, the most first."""
    found = Counter((each["column"], each["why"]) for each in told)
    return [
        {"column": column, "why": why, "count": count}
        for (column, why), count in found.most_common(LISTED)
    ]


def owners(named: "Sequence[Named]", *, people: "Plan") -> list[dict[str, Any]]:
    """The owners as written who cannot be given what the files say, with the number of rows: their
    state (unknown, ambiguous, left, held), whom they mean, and who takes it instead."""
    rows = _rows(OWNERS)
    by_said = {each.said: each for each in named}
    names = {pk: each.name for pk, each in people.everyone.items()}
    return [
        {
            "said": said,
            "state": state,
            "rows": count,
            "person": by_said[said].person if said in by_said else None,
            "falls_to": names.get(fallback, ""),
        }
        for said, state, fallback, count in rows[:MANY_OWNERS]
    ]


def changes_by_field() -> list[dict[str, Any]]:
    """Of the known records that change: how many do so in each column, per kind."""
    names = ("kind", "field", "count")
    return [dict(zip(names, row, strict=True)) for row in _rows(CHANGED_FIELDS)]


def changes() -> list[dict[str, Any]]:
    """The first records that change, column by column, before and after, in words."""
    names = ("kind", "name", "field", "before", "after")
    return [dict(zip(names, row, strict=True)) for row in _rows(CHANGED_CELLS, [LISTED])]


def by_part(rejected: Sequence[Rejection]) -> dict[int, dict[int, str]]:
    """Number of the part to line to problem."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for part, line, problem in rejected:
        found[part][line] = problem
    return found


def _rows(sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[Any] = cursor.fetchall()
        return rows
