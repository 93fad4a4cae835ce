"""What each person's fair part of a split is: in proportion to free capacity where eligibility
allows it, and the nearest that can be achieved where it does not.

Shares are exact fractions and belong to the problem, not to any solver.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from legato.domain.eligibility import Block
from legato.domain.problem import HEATS
from legato.domain.proposal import Measure

Amounts = dict[tuple[int, ...], int]
"""How much there is of something, by who may take it."""


def targets(
    *, blocks: Sequence[Block], room: Mapping[int, int]
) -> dict[tuple[int, Measure], Fraction]:
    """The fair part of every person in units per heat and in total, and in value.

    ``blocks`` are those that get a person in the split, ``room`` the capacity free for it.
    """
    fair: dict[tuple[int, Measure], Fraction] = {}
    for heat in HEATS:
        amounts = _amounts(
            (block, sum(unit.heat == heat for unit in block.units)) for block in blocks
        )
        part = balanced(amounts, room)
        fair |= {(person, heat): part[person] for person in room}
    part = balanced(_amounts((block, block.value) for block in blocks), room)
    for person in room:
        fair[person, "total"] = sum((fair[person, heat] for heat in HEATS), Fraction())
        fair[person, "value"] = part[person]
    return fair


def balanced(amounts: Amounts, shares: Mapping[int, int]) -> dict[int, Fraction]:
    """The division of ``amounts`` in which the largest part per share is least, then the second
    largest, and so on: the fractional minimum of the sum of part² / share (Frank and Murota,
    "Decreasing minimization on M-convex sets", 2022), found by fixing the most loaded set of people
    again and again (Newton's method on its density, one maximum flow a step).

    Somebody without a share gets something only where nobody with one may take it.
    """
    parts = dict.fromkeys(shares, Fraction())
    with_share = {person for person, share in shares.items() if share > 0}
    favoured: Amounts = defaultdict(int)
    needy: Amounts = defaultdict(int)
    for people, amount in amounts.items():
        chosen = tuple(person for person in people if person in with_share)
        (favoured if chosen else needy)[chosen or people] += amount
    for open_amounts, weights in (
        (favoured, shares),
        (needy, dict.fromkeys(shares, 1)),
    ):
        _divide(dict(open_amounts), weights, parts)
    return parts


def _divide(amounts: Amounts, shares: Mapping[int, int], parts: dict[int, Fraction]) -> None:
    while amounts:
        dense, density = _densest(amounts, shares)
        for person in dense:
            parts[person] = density * shares[person]
        rest: Amounts = defaultdict(int)
        for people, amount in amounts.items():
            left = tuple(person for person in people if person not in dense)
            if left:
                rest[left] += amount
        amounts = dict(rest)


def _densest(amounts: Amounts, shares: Mapping[int, int]) -> tuple[set[int], Fraction]:
    """The people on whom most falls per share, and how much."""
    people = {person for group in amounts for person in group}
    while True:
        inside = sum(amount for group, amount in amounts.items() if people.issuperset(group))
        share = sum(shares[person] for person in people)
        room = {person: inside * shares[person] for group in amounts for person in group}
        denser = _overfull({group: share * amount for group, amount in amounts.items()}, room)
        if not denser:
            return people, Fraction(inside, share)
        people = denser


def _overfull(amounts: Amounts, room: dict[int, int]) -> set[int]:
    """People who cannot hold what only they may take; empty when everything finds room."""
    given: dict[int, dict[tuple[int, ...], int]] = defaultdict(dict)
    full: set[int] = set()
    for group, amount in sorted(amounts.items()):
        left = amount
        while left:
            path = _way_to_room(group, given, room, full)
            if not path:
                break
            left -= _send(path, left, given, room)
    return full


def _way_to_room(
    start: tuple[int, ...],
    given: dict[int, dict[tuple[int, ...], int]],
    room: Mapping[int, int],
    full: set[int],
) -> list[tuple[tuple[int, ...], int]]:
    """The shortest chain of (group, the person it would give to) that ends at room; when there is
    none, everybody reached is full for good and is added to ``full``."""
    came: dict[int, tuple[tuple[int, ...], int | None]] = {}
    queue: deque[tuple[tuple[int, ...], int | None]] = deque([(start, None)])
    seen = {start}
    while queue:
        group, before = queue.popleft()
        for person in group:
            if person in came or person in full:
                continue
            came[person] = (group, before)
            if room[person]:
                return _unwind(came, person)
            for other, amount in given[person].items():
                if amount and other not in seen:
                    seen.add(other)
                    queue.append((other, person))
    full.update(came)
    return []


def _unwind(
    came: Mapping[int, tuple[tuple[int, ...], int | None]], last: int
) -> list[tuple[tuple[int, ...], int]]:
    path: list[tuple[tuple[int, ...], int]] = []
    person: int | None = last
    while person is not None:
        group, before = came[person]
        path.append((group, person))
        person = before
    return path[::-1]


def _send(
    path: list[tuple[tuple[int, ...], int]],
    left: int,
    given: dict[int, dict[tuple[int, ...], int]],
    room: dict[int, int],
) -> int:
    """Move as much as the chain carries: each group gives to its person and takes back from the
    person before it."""
    backward = [(path[i][1], path[i + 1][0]) for i in range(len(path) - 1)]
    last = path[-1][1]
    amount = min(left, room[last], *(given[person][group] for person, group in backward))
    for group, person in path:
        given[person][group] = given[person].get(group, 0) + amount
    for person, group in backward:
        given[person][group] -= amount
    room[last] -= amount
    return amount


def _amounts(rows: Iterable[tuple[Block, int]]) -> Amounts:
    amounts: Counter[tuple[int, ...]] = Counter()
    for block, amount in rows:
        if amount and block.people:
            amounts[block.people] += amount
    return dict(amounts)
