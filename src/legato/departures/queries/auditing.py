"""The history for a reader: the entries they may see, each with what its sentence needs.

Who sees departures sees theirs, but never one of their own, what was given by hand, and what they
did themselves; who answers for the whole company sees every other entry as well. What may not be
seen is in no count and in no choice either.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection

from legato.departures.models import Case, Digest
from legato.domain.errors import NotFound
from legato.domain.sight import sees_cases
from legato.ledger import anchors
from legato.ledger import queries as ledger
from legato.ledger.queries import ABOUT, Reached, Read, Verified, Wanted
from legato.people.queries import Someone, people, policy
from legato.planning.models import Commit, Undo
from legato.planning.operations.undoing import UNDOABLE
from legato.web.history import GROUPS, Deed
from legato.web.paging import SIZE, Page, offset

SEES_ALL = ("operations", "administrator", "director")
ABOUT_DEPARTURES = ("case", "plan", "run")
BY_HAND = ("person",)
"""What somebody is given by hand is told of in their own chain; who sees departures sees that."""
HAVE_PAGES = ("case:", "plan:", "person:", "company")
AT_A_TIME = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a reader narrows the history to; None is no narrowing. Days are instants already."""

    actor: int | None = None
    case: int | None = None
    group: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry with its sentence's parts. ``undo_until`` is there while the viewer may take it
    back; ``link`` is a page that shows what it is about, empty where there is none."""

    entry: Read
    deed: Deed
    has_page: bool
    undo_until: datetime | None
    undone_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Whether the history holds, as far as is known."""

    reached: Reached
    verified: Verified | None
    verifying: Verified | None
    """Asked for or under way."""
    anchored: datetime | None
    """When the end of the chain was last written outside of the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    lines: Page[Line]
    chain: Chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the list can be narrowed to: people who did something, and departures; id and name."""

    people: list[tuple[int, str]]
    cases: list[tuple[int, str]]
    groups: tuple[str, ...]


def choices(viewer: Someone) -> Choices:
    """Raises `NotFound` for who sees no departures."""
    sight = _sight(viewer)
    cases = Case.objects.exclude(person=viewer.id).select_related("person").order_by("-pk")
    groups = tuple(GROUPS) if sight.about is None else ("owners", "departures", "plans")
    return Choices(
        people=_actors(sight),
        cases=[(each.pk, each.person.name) for each in cases],
        groups=groups,
    )


def audit(viewer: Someone, *, asked: Asked, page: int, now: datetime) -> Audit:
    """A page of what the viewer may see. Raises `NotFound` for who sees no departures."""
    wanted = _wanted(viewer, asked)
    total = ledger.entry_count(wanted)
    rows = ledger.entries(wanted, limit=SIZE, offset=offset(page=page, total=total))
    return Audit(
        lines=Page(rows=_lines(viewer, rows, now=now), number=page, total=total), chain=chain()
    )


def chain_of(viewer: Someone) -> Chain:
    """Raises `NotFound` for who sees no departures."""
    check_sees_history(viewer)
    return chain()


def chain() -> Chain:
    """How the chain stands, without computing it anew."""
    verified, verifying = ledger.verification()
    path = anchors.chosen_path()
    last = anchors.latest(path) if path else None
    return Chain(
        reached=ledger.reached(),
        verified=verified,
        verifying=verifying,
        anchored=datetime.fromisoformat(last.at) if last else None,
    )


def whole_audit(viewer: Someone, *, asked: Asked, now: datetime) -> Iterator[Line]:
    """Everything the filter leaves, the latest first, read piece by piece.

    Raises `NotFound` at once for who sees no departures.
    """
    wanted = _wanted(viewer, asked)
    return _pieces(viewer, wanted, now)


def _pieces(viewer: Someone, wanted: Wanted, now: datetime) -> Iterator[Line]:
    before = None
    while rows := ledger.entries(wanted, limit=AT_A_TIME, before=before):
        yield from _lines(viewer, rows, now=now)
        before = rows[-1].id


def check_sees_history(viewer: Someone) -> None:
    """Raises `NotFound` for who sees no departures."""
    if not sees_cases(role=viewer.role, is_employed=viewer.is_employed):
        raise NotFound(what="history", name="")


def _sight(viewer: Someone) -> Wanted:
    check_sees_history(viewer)
    return Wanted(
        about=None if viewer.role in SEES_ALL else ABOUT_DEPARTURES,
        giving=BY_HAND,
        own=viewer.id,
        hidden=tuple(_own_chains(viewer.id)),
    )


def _wanted(viewer: Someone, asked: Asked) -> Wanted:
    return replace(
        _sight(viewer),
        chains=_chains_of(asked.case) if asked.case is not None else None,
        kinds=GROUPS[asked.group] if asked.group is not None else None,
        actor=asked.actor,
        since=asked.since,
        until=asked.until,
    )


# A plan for one case is told of in the case's chain; one for several, or for none, has its own.
OWN = """
SELECT 'case:' || c.id FROM departures_case c WHERE c.person_id = %(person)s
UNION
SELECT 'plan:' || l.plan_id FROM planning_planbook l JOIN books_book b ON b.id = l.book_id
WHERE b.holder_id = %(person)s
UNION
SELECT 'run:' || r.id FROM planning_run r JOIN departures_case c ON c.person_id = %(person)s
WHERE r.case_ids @> to_jsonb(c.id)
"""
OF_CASE = """
SELECT 'case:' || c.id FROM departures_case c WHERE c.id = %(case)s
UNION
SELECT 'plan:' || l.plan_id FROM planning_planbook l JOIN departures_case c ON c.book_id = l.book_id
WHERE c.id = %(case)s
UNION
SELECT 'run:' || r.id FROM planning_run r WHERE r.case_ids @> to_jsonb(%(case)s::bigint)
"""
# Those who did something that may be seen: one look into an index a person.
ACTORS = f"""
SELECT p.id, p.name FROM people_person p WHERE EXISTS (
    SELECT FROM ledger_entry e WHERE e.actor_id = p.id AND e.chain <> ALL (%(hidden)s)
      AND (%(about)s::text[] IS NULL OR {ABOUT}))
ORDER BY p.name, p.id
"""


def _own_chains(person: int) -> list[str]:
    return [chain for (chain,) in _rows(OWN, {"person": person})]


def _chains_of(case: int) -> tuple[str, ...]:
    return tuple(chain for (chain,) in _rows(OF_CASE, {"case": case}))


def _actors(sight: Wanted) -> list[tuple[int, str]]:
    about = None if sight.about is None else list(sight.about)
    asked = {"hidden": list(sight.hidden), "about": about, "giving": list(sight.giving)}
    return list(_rows(ACTORS, asked | {"own": sight.own}))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the entries of a page are about, by their ids, numbers and chains."""

    sums: Mapping[int, tuple[int, Mapping[int, int], Mapping[int, int]]]
    leavers: Mapping[str, tuple[int, ...]]
    commits: Mapping[int, Commit]
    undone: Mapping[int, int]
    names: Mapping[int, str]


def _lines(viewer: Someone, rows: Sequence[Read], *, now: datetime) -> list[Line]:
    known = _known(rows)
    window = policy().undo_window
    lines = []
    for row in rows:
        until = row.at + window
        may = row.kind in UNDOABLE and row.has_receipt and until > now
        open_still = may and row.id not in known.undone and viewer.id in _may_undo(row, known)
        lines.append(
            Line(
                entry=row,
                deed=_deed(row, known),
                has_page=row.has_receipt and row.chain.startswith(HAVE_PAGES),
                undo_until=until if open_still else None,
                undone_by=known.undone.get(row.id),
            )
        )
    return lines


def _may_undo(row: Read, known: _Known) -> set[int | None]:
    done = known.commits.get(row.id)
    return {done.plan.proposer_id, done.plan.approval.approver_id} if done else {row.actor}


def _known(rows: Sequence[Read]) -> _Known:
    ids = [row.id for row in rows]
    sums = _sums(ids)
    leavers = _leavers({row.chain for row in rows})
    related = Commit.objects.select_related("plan__approval").defer(
        "plan__problem", "plan__proposal", "plan__certificate"
    )
    commits = {done.pk: done for done in related.filter(pk__in=ids)}
    wanted = {row.actor for row in rows if row.actor is not None}
    wanted |= {done.plan.approval.approver_id for done in commits.values()}
    wanted |= {each for known in leavers.values() for each in known}
    wanted |= {each for row in rows if (each := _person(row)) is not None}
    for _moved, gave, got in sums.values():
        wanted |= set(list(gave)[:2]) | set(list(got)[:2])
    return _Known(
        sums=sums,
        leavers=leavers,
        commits=commits,
        undone=dict(Undo.objects.filter(undone__in=ids).values_list("undone_id", "entry_id")),
        names={each.id: each.name for each in people(ids=wanted).values()},
    )


# Entries that nobody was told of yet, or that came before people were told, are summed up here.
LIVE = """
SELECT ended_by_id, owner_id, given_to_id, count(*) FROM books_span WHERE ended_by_id = ANY (%s)
GROUP BY ended_by_id, owner_id, given_to_id
"""


def _sums(ids: list[int]) -> dict[int, tuple[int, Mapping[int, int], Mapping[int, int]]]:
    found: dict[int, tuple[int, Mapping[int, int], Mapping[int, int]]] = {}
    for row in Digest.objects.filter(pk__in=ids):
        found[row.pk] = (row.moved, _counts(row.givers), _counts(row.receivers))
    live: dict[int, tuple[dict[int, int], dict[int, int]]] = {}
    for entry, owner, to, count in _rows(LIVE, [[each for each in ids if each not in found]]):
        gave, got = live.setdefault(entry, ({}, {}))
        gave[owner] = gave.get(owner, 0) + count
        got[to] = got.get(to, 0) + count
    return found | {entry: (sum(g.values()), g, t) for entry, (g, t) in live.items()}


def _counts(stored: Mapping[str, int]) -> dict[int, int]:
    return {int(person): count for person, count in stored.items()}


LEAVERS = """
SELECT 'case:' || c.id, c.person_id FROM departures_case c WHERE 'case:' || c.id = ANY (%(chains)s)
UNION ALL
SELECT 'plan:' || l.plan_id, b.holder_id
FROM planning_planbook l JOIN books_book b ON b.id = l.book_id
WHERE 'plan:' || l.plan_id = ANY (%(chains)s)
"""


def _leavers(chains: set[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for chain, person in _rows(LEAVERS, {"chains": list(chains)}):
        found[chain] = (*found.get(chain, ()), person)
    return found


def _person(row: Read) -> int | None:
    """Whom an entry is about: of its chain, else of its facts."""
    about, _colon, number = row.chain.partition(":")
    if about == "person":
        return int(number)
    named = row.facts.get("person")
    return named if isinstance(named, int) else None


def _deed(row: Read, known: _Known) -> Deed:
    moved, gave, got = known.sums.get(row.id, (0, {}, {}))
    done, person = known.commits.get(row.id), _person(row)
    return Deed(
        kind=row.kind,
        actor=known.names.get(row.actor) if row.actor is not None else None,
        facts=row.facts,
        moved=moved,
        givers=_some(gave, known),
        giver_count=len(gave),
        receivers=_some(got, known),
        receiver_count=len(got),
        leavers=tuple(known.names[each] for each in known.leavers.get(row.chain, ())),
        person=known.names.get(person) if person is not None else None,
        plan=_plan(row),
        approver=known.names[done.plan.approval.approver_id] if done else None,
    )


def _some(counts: Mapping[int, int], known: _Known) -> tuple[str, ...]:
    return tuple(known.names[each] for each in list(counts)[:2])


def _plan(row: Read) -> int | None:
    named: Any = row.facts.get("plan")
    if isinstance(named, int):
        return named
    about, _colon, number = row.chain.partition(":")
    return int(number) if about == "plan" else None


def _rows(query: str, asked: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return list(cursor.fetchall())
