"""Why something of a plan can be placed with nobody: the smallest set of accounts and people in
which too much meets too little room, and what would help, each way tried before it is told.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from legato.domain.eligibility import Block, Eligible, Split, eligibility, split_of
from legato.domain.problem import Problem, Skill, Unit
from legato.domain.proposal import Proposal
from legato.solver.packing import fits
from legato.solver.ways_out import WayOut, ways_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Units that cannot all be placed, though without any of the people not even fewer could.

    Codes: ``nobody_may``, ``group_apart`` (each could be taken, but by no one person), ``no_room``,
    ``tier_cap`` (room there is, but newcomers may get no more), ``no_room_whole`` (the room is in
    pieces too small).
    """

    code: str
    units: tuple[int, ...]
    orphans: tuple[int, ...]
    """Those of them that nobody got."""
    people: tuple[int, ...]
    """Who may take any of them."""
    needs: tuple[Skill, ...]
    """What all of them need, of what anybody has recorded."""
    weight: int
    """Thousandths of an account, together; so ``room``."""
    room: int
    missing: int
    removed: tuple[tuple[str, int], ...]
    """Why others may not take them: code and how many people, most first."""
    ways_out: tuple[WayOut, ...] = ()
    """Those that were found to help, what changes least first."""


def shortages(*, problem: Problem, proposal: Proposal) -> tuple[Shortage, ...]:
    """One for every set of orphans that lack the same room, in order of their first unit."""
    book = _Book(problem, proposal)
    found: list[Shortage] = []
    explained: set[int] = set()
    for orphan in book.orphans:
        if orphan.id in explained:
            continue
        members = _short_of(orphan, book) if orphan.people else _alike(orphan, book)
        if members is None:
            continue
        explained |= {block.id for block in members}
        found.append(_told(members, book))
    return tuple(found)


class _Book:
    """A problem with what its proposal placed."""

    def __init__(self, problem: Problem, proposal: Proposal) -> None:
        self.problem = problem
        self.eligible: Eligible = eligibility(problem)
        self.split: Split = split_of(problem, self.eligible)
        self.owner = proposal.owners()
        self.orphans = [each for each in self.split.blocks if self.owner.get(each.id) is None]
        self.placed = [each for each in self.split.blocks if self.owner.get(each.id) is not None]

    def can_hold(self, blocks: Sequence[Block]) -> bool | None:
        return fits(blocks=blocks, room=self.split.room, caps=self.split.caps)


def _alike(orphan: Block, book: _Book) -> list[Block]:
    """What nobody may take for the same reasons as the orphan."""
    why = _reasons(orphan, book)
    return [each for each in book.orphans if not each.people and _reasons(each, book) == why]


def _reasons(block: Block, book: _Book) -> tuple[object, ...]:
    """Every person's hindrance; a group is like nothing else."""
    unit = block.units[0].id
    if len(block.units) > 1:
        return (unit,)
    return tuple(book.eligible.removed.get((unit, each.id)) for each in book.problem.candidates)


def _short_of(orphan: Block, book: _Book) -> list[Block] | None:
    """The orphan with all that competes with it for the same people's room, shrunk to what is still
    too much; None where it is not, so that a longer search would have placed the orphan."""
    people = set(orphan.people)
    while True:
        members = [block for block in book.placed if book.owner[block.id] in people] + [
            block for block in book.orphans if block.people and people.issuperset(block.people)
        ]
        reached = people.union(*(block.people for block in members))
        if reached == people:
            break
        people = reached
    if book.can_hold(members) is not False:
        return None
    for person in sorted(people - set(orphan.people)):
        fewer = [block for block in members if person not in block.people]
        if book.can_hold(fewer) is False:
            members = fewer
    if _missing(members, book.split) <= 0:
        members = _fewest(orphan, members, book)
    return sorted(members, key=lambda block: block.id)


def _fewest(orphan: Block, members: list[Block], book: _Book) -> list[Block]:
    """Shrunk by deletion: without any one of them the others fit."""
    for block in sorted(members, key=lambda each: (each.weight, each.id)):
        fewer = [each for each in members if each is not block]
        if block is not orphan and book.can_hold(fewer) is False:
            members = fewer
    return members


def _missing(members: Sequence[Block], split: Split) -> int:
    people = {person for block in members for person in block.people}
    room = sum(max(0, split.room[person]) for person in people)
    return sum(block.weight for block in members) - room


def _told(members: list[Block], book: _Book) -> Shortage:
    units = tuple(unit for block in members for unit in block.units)
    people = sorted({person for block in members for person in block.people})
    recorded = book.problem.rules.recorded
    needs = frozenset.intersection(*(unit.needs & recorded for unit in units))
    orphans = frozenset(unit.id for unit in units if book.owner.get(unit.id) is None)
    missing = max(0, _missing(members, book.split)) if people else 0
    return Shortage(
        code=_code(members, book),
        units=tuple(unit.id for unit in units),
        orphans=tuple(sorted(orphans)),
        people=tuple(people),
        needs=tuple(sorted(needs)),
        weight=sum(unit.weight for unit in units),
        room=sum(max(0, book.split.room[person]) for person in people),
        missing=missing,
        removed=_removed(units, people, book),
        ways_out=ways_out(
            problem=book.problem,
            placed=frozenset(unit for unit, owner in book.owner.items() if owner is not None),
            orphans=orphans,
            people=people,
            missing=missing,
        ),
    )


def _code(members: Sequence[Block], book: _Book) -> str:
    if not members[0].people:
        each_has_somebody = all(book.eligible.people[unit.id] for unit in members[0].units)
        return "group_apart" if each_has_somebody else "nobody_may"
    if _missing(members, book.split) > 0:
        return "no_room"
    without_caps = fits(blocks=members, room=book.split.room, caps={})
    return "tier_cap" if without_caps else "no_room_whole"


def _removed(
    units: Sequence[Unit], people: Sequence[int], book: _Book
) -> tuple[tuple[str, int], ...]:
    """The first thing that keeps each of the others from any of the units."""
    why: Counter[str] = Counter()
    for person in book.problem.candidates:
        codes = (book.eligible.removed.get((unit.id, person.id)) for unit in units)
        first = next((str(code) for code in codes if code is not None), None)
        if person.id not in people and first is not None:
            why[first] += 1
    return tuple(sorted(why.items(), key=lambda row: (-row[1], row[0])))
