"""The page of a book: of a departure's, or of what the viewer and the viewer's team hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from legato.books import lines as listing
from legato.books.lines import Group, Line, Question, Scope, Spot
from legato.books.looks import looks
from legato.books.sifting import pictured, question, shape
from legato.departures.queries.cases import CaseView, case
from legato.domain.errors import NotFound
from legato.domain.policy import Policy
from legato.people.queries import Someone, people, policy, team_below
from legato.web.asked import number
from legato.web.lists import Asked, Shape, asked
from legato.web.paging import SIZE, Page, offset

Query = Mapping[str, Sequence[str]]
AT_ONCE = 2_000
"""Records of a list whose picture is counted with its page; a larger one is asked for by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPage:
    """One page of a book. ``case`` is None where it is the viewer's own or the team's.

    ``spots`` are where its records lie in time and chance of loss, None where that is to be asked
    for; ``groups`` are those of which rows are on the page, with the first record of each.
    """

    case: CaseView | None
    has_team: bool
    is_team: bool
    hours: int
    shape: Shape
    state: Asked
    records: Page[Line]
    groups: dict[int, Group]
    kept: list[tuple[int, str, str, str]]
    """Ways of looking that the viewer or their team keeps: id, name, query, who else made it."""
    spots: list[Spot] | None
    parts: Mapping[str, str]
    """Filters that a part of the picture sets besides its days and chances."""


def case_book(viewer: Someone, *, case_id: int, query: Query, page: int, now: datetime) -> BookPage:
    """The book of a departure. Raises `NotFound` also where it may not be seen."""
    found, rules = case(viewer, case_id), policy()
    scope = _case_scope(found, rules)
    return _page(viewer, scope, query=query, page=page, now=now, rules=rules, of=found)


def own_book(viewer: Someone, *, query: Query, page: int, now: datetime) -> BookPage:
    """What the viewer has open, or with ``of=team`` what those below them have."""
    rules, below = policy(), team_below(person=viewer.id)
    is_team = _is_team(query)
    scope = _own_scope(viewer, below, rules, is_team=is_team)
    found = _page(viewer, scope, query=query, page=page, now=now, rules=rules, is_team=is_team)
    return replace(found, has_team=bool(below))


def selected(viewer: Someone, *, query: Query, now: datetime) -> list[int]:
    """The records that a list's form chose: those it names, or with ``all`` everything that the
    list shows. ``case`` names the departure of the list, ``of`` whose it is otherwise.

    Records that the list does not have are left out. Raises `NotFound` where it may not be seen.
    """
    rules, of = policy(), _last(query, "case")
    if of:
        scope = _case_scope(case(viewer, _number(of)), rules)
    else:
        below = team_below(person=viewer.id)
        scope = _own_scope(viewer, below, rules, is_team=_is_team(query))
    if _last(query, "all"):
        shaped = _shape(scope, rules=rules, of_case=bool(of), is_team=_is_team(query))
        state = asked(query, shaped)
        return listing.ids(scope, question(state, now=now, soon=rules.burning_hours))
    chosen = tuple(_number(each) for each in query.get("record", ()))
    return listing.ids(replace(scope, chosen=chosen), listing.unsifted(now=now))


def _case_scope(of: CaseView, rules: Policy) -> Scope:
    return Scope(rule=rules.heat, book=of.book, destination=of.to_competitor)


def _own_scope(viewer: Someone, below: set[int], rules: Policy, *, is_team: bool) -> Scope:
    """Raises `NotFound` for the team of who has none."""
    if is_team and not below:
        raise NotFound(what="team", name=viewer.id)
    return Scope(rule=rules.heat, owners=tuple(sorted(below)) if is_team else (viewer.id,))


def _is_team(query: Query) -> bool:
    return _last(query, "of") == "team"


def _last(query: Query, name: str) -> str:
    return next(reversed(query.get(name, ())), "")


def _number(text: str) -> int:
    found = number(text)
    if found is None:
        raise NotFound(what="record", name=text)
    return found


def _page(
    viewer: Someone,
    scope: Scope,
    *,
    query: Query,
    page: int,
    now: datetime,
    rules: Policy,
    of: CaseView | None = None,
    is_team: bool = False,
) -> BookPage:
    shaped = _shape(scope, rules=rules, of_case=of is not None, is_team=is_team)
    state = asked(query, shaped)
    wanted = question(state, now=now, soon=rules.burning_hours)
    ids, total, found = _found(scope, wanted, page=page)
    rows = listing.lines(scope, ids, now=now)
    picture, parts = pictured(state, wanted)
    is_asked = bool(query.get("picture")) or total <= AT_ONCE
    return BookPage(
        case=of,
        has_team=False,
        is_team=is_team,
        hours=rules.burning_hours,
        shape=shaped,
        state=state,
        records=Page(rows=rows, number=page, total=total),
        kept=[(each.id, each.name, each.query, each.by) for each in looks(viewer=viewer.id)],
        groups=_groups(scope, wanted, state, rows, page),
        parts=parts,
        spots=listing.spots(found, picture, one_by_one=total <= AT_ONCE) if is_asked else None,
    )


def _found(scope: Scope, wanted: Question, *, page: int) -> tuple[list[int], int, Scope]:
    """The records of a page, how many there are in all, and the scope narrowed to the few that
    were sifted out: then nothing looks for them twice."""
    if not wanted.only:
        total = listing.count(scope, wanted)
        first = offset(page=page, total=total)
        return listing.ids(scope, wanted, limit=SIZE, offset=first), total, scope
    found, total = listing.ids_and_count(scope, wanted, limit=max(AT_ONCE, page * SIZE))
    first = offset(page=page, total=total)
    few = replace(scope, chosen=tuple(found)) if total <= AT_ONCE else scope
    return found[first : first + SIZE], total, few


def _shape(scope: Scope, *, rules: Policy, of_case: bool, is_team: bool) -> Shape:
    ids = listing.owners(scope)
    names = sorted((each.name, each.id) for each in people(ids=set(ids)).values())
    return shape(
        hours=rules.burning_hours,
        owners=[(pk, name) for name, pk in names] if len(names) > 1 else [],
        of_case=of_case,
        fixed=(("of", "team"),) if is_team else (),
    )


def _groups(
    scope: Scope, wanted: Question, state: Asked, rows: Sequence[Line], page: int
) -> dict[int, Group]:
    """By record, the group that begins with it, or goes on at the top of the page."""
    counted = {each.key: each for each in listing.groups(scope, wanted)}
    begun: dict[int, Group] = {}
    last = None
    for row in rows if counted else ():
        key = {"heat": HEAT_PLACES.get(row.heat), "kind": row.kind, "owner": row.owner_id}[
            state.group
        ]
        if key != last and key in counted:
            begun[row.record] = counted[key]
        last = key
    return begun


HEAT_PLACES = {"hot": 1, "warm": 2, "cold": 3}
