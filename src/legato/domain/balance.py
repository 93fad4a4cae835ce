"""The fairest division of amounts that not everybody may take: exact, whoever asks.

"Decreasing minimisation": the largest part per share is least, then the second largest, and so on
(Frank and Murota, "Decreasing minimization on M-convex sets", 2022, here over fractions).
"""

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Group = tuple[int, ...]
Amounts = dict[Group, int]
"""How much there is of something, by who may take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """People who may take exactly the same: together they are one in a division."""

    people: tuple[int, ...]
    share: int
    """Of those without a cap, together."""
    capped: tuple[tuple[int, int], ...] = ()
    """(share, cap) of the others."""

    def holds(self, level: Fraction) -> int:
        """What they can hold at that level, times the level's denominator."""
        p, q = level.numerator, level.denominator
        return self.share * p + sum(min(share * p, cap * q) for share, cap in self.capped)


def balanced(
    amounts: Amounts, shares: Mapping[int, int], caps: Mapping[int, int] | None = None
) -> dict[int, Fraction]:
    """The division of ``amounts`` among people in proportion to ``shares`` as far as they may take
    it; nobody gets more than their cap, except where the caps together leave no room.

    Somebody without a share gets something only where nobody with one may take it.
    """
    alike, groups = merged(list(amounts))
    squeezed: Amounts = Counter()
    for group, amount in zip(groups, amounts.values(), strict=True):
        squeezed[group] += amount
    parts = dict.fromkeys(shares, Fraction())
    return parts | divided(squeezed, alike, shares, caps or {})


def merged(groups: Sequence[Collection[int]]) -> tuple[list[tuple[int, ...]], list[Group]]:
    """People in sets of those who occur in exactly the same groups, and the groups as indexes of
    such sets."""
    within: dict[int, list[int]] = defaultdict(list)
    for index, group in enumerate(groups):
        for person in group:
            within[person].append(index)
    alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for person in sorted(within):
        alike[tuple(within[person])].append(person)
    squeezed: list[list[int]] = [[] for _ in groups]
    for index, indexes in enumerate(alike):
        for group_index in indexes:
            squeezed[group_index].append(index)
    return [tuple(people) for people in alike.values()], [tuple(group) for group in squeezed]


def divided(
    amounts: Amounts,
    alike: Sequence[tuple[int, ...]],
    shares: Mapping[int, int],
    caps: Mapping[int, int],
) -> dict[int, Fraction]:
    """As ``balanced``, with groups of indexes into ``alike``; people who get nothing are left
    out."""
    rich = {index for index, people in enumerate(alike) if any(shares[each] > 0 for each in people)}
    favoured: Amounts = defaultdict(int)
    needy: Amounts = defaultdict(int)
    for group, amount in amounts.items():
        chosen = tuple(index for index in group if index in rich)
        if amount and group:
            (favoured if chosen else needy)[chosen or group] += amount
    parts: dict[int, Fraction] = {}
    for open_amounts, weights in ((favoured, shares), (needy, dict.fromkeys(shares, 1))):
        asked = {index for group in open_amounts for index in group}
        parties = {index: _party(alike[index], weights, caps) for index in asked}
        for index, level in _levels(dict(open_amounts), parties).items():
            for person in parties[index].people:
                parts[person] = _part(person, level, weights, caps)
    return parts


def _party(people: Iterable[int], shares: Mapping[int, int], caps: Mapping[int, int]) -> Party:
    some = tuple(person for person in people if shares[person] > 0)
    return Party(
        people=some,
        share=sum(shares[person] for person in some if person not in caps),
        capped=tuple((shares[person], caps[person]) for person in some if person in caps),
    )


def _part(
    person: int,
    level: tuple[Fraction, bool],
    shares: Mapping[int, int],
    caps: Mapping[int, int],
) -> Fraction:
    height, is_capped = level
    part = height * shares[person]
    return min(part, Fraction(caps[person])) if is_capped and person in caps else part


def _levels(amounts: Amounts, parties: dict[int, Party]) -> dict[int, tuple[Fraction, bool]]:
    """Party to what falls on one share, and whether its caps were held, from the fullest down."""
    levels: dict[int, tuple[Fraction, bool]] = {}
    now = dict(parties)
    while amounts:
        dense, level = _densest(amounts, now)
        if level is None:
            for index in dense:
                capped = now[index].capped
                share = now[index].share + sum(share for share, _ in capped)
                now[index] = Party(people=now[index].people, share=share)
            continue
        levels |= {index: (level, now[index].capped == parties[index].capped) for index in dense}
        rest: Amounts = defaultdict(int)
        for group, amount in amounts.items():
            left = tuple(index for index in group if index not in dense)
            if left:
                rest[left] += amount
        amounts = dict(rest)
    return levels


def _densest(amounts: Amounts, parties: Mapping[int, Party]) -> tuple[set[int], Fraction | None]:
    """The parties on whom most falls per share, and how much; None where their caps cannot hold
    it. Newton's method on the density, one maximum flow a step."""
    everybody = {index for group in amounts for index in group}
    dense = everybody
    while True:
        inside = sum(amount for group, amount in amounts.items() if dense.issuperset(group))
        level = _level(inside, [parties[index] for index in dense])
        if level is None or len(amounts) == 1:
            return dense, level
        room = {index: parties[index].holds(level) for index in everybody}
        denser = _overfull(
            {group: level.denominator * amount for group, amount in amounts.items()}, room
        )
        if not denser:
            return dense, level
        dense = denser


def _level(inside: int, parties: Iterable[Party]) -> Fraction | None:
    """What falls on one share when the parties hold exactly ``inside``: water filled in up to the
    caps."""
    parties = list(parties)
    capped = sorted(
        (member for party in parties for member in party.capped),
        key=lambda member: (Fraction(member[1], member[0]), member),
    )
    share = sum(party.share for party in parties) + sum(share for share, _ in capped)
    for weight, cap in capped:
        if inside * weight <= cap * share:
            break
        share, inside = share - weight, inside - cap
    return Fraction(inside, share) if share else None


def _overfull(amounts: Amounts, room: dict[int, int]) -> set[int]:
    """Parties that cannot hold what only they may take; empty when everything finds room."""
    flow = _Flow(room)
    for group, amount in sorted(amounts.items(), key=lambda row: (len(row[0]), row)):
        flow.place(group, amount)
    return flow.full


class _Flow:
    """A maximum flow from groups to the parties that may take from them."""

    def __init__(self, room: dict[int, int]) -> None:
        self.room = room
        self.roomy = {party for party, free in room.items() if free}
        self.full: set[int] = set()
        """Parties that can be relieved by no chain any more."""
        self.given: dict[int, dict[Group, int]] = defaultdict(dict)
        self.members: dict[Group, frozenset[int]] = {}

    def place(self, group: Group, amount: int) -> None:
        """As much of it as finds room, given directly or along chains of parties that pass on."""
        left = self._handed_out(group, amount)
        while left:
            path = self._way_to_room(group)
            if not path:
                break
            left -= self._sent(path, left)

    def _handed_out(self, group: Group, amount: int) -> int:
        """Give one after the other to who has room; what is left over finds none."""
        for party in group:
            if not amount:
                break
            part = min(amount, self.room[party])
            if part:
                self.given[party][group] = part
                self._fill(party, part)
                amount -= part
        return amount

    def _way_to_room(self, start: Group) -> list[tuple[Group, int]]:
        """The shortest chain of (group, the party it would give to) that ends at room; when there
        is none, everybody reached is full for good."""
        came: dict[int, tuple[Group, int | None]] = {}
        unseen = self.room.keys() - self.full
        queue: deque[tuple[Group, int | None]] = deque([(start, None)])
        seen = {start}
        while queue:
            group, before = queue.popleft()
            if group not in self.members:
                self.members[group] = frozenset(group)
            fresh = self.members[group] & unseen
            unseen -= fresh
            came |= dict.fromkeys(fresh, (group, before))
            if found := fresh & self.roomy:
                return _unwind(came, min(found))
            for party in fresh:
                for other in self.given[party]:
                    if other not in seen:
                        seen.add(other)
                        queue.append((other, party))
        self.full.update(came)
        return []

    def _sent(self, path: list[tuple[Group, int]], left: int) -> int:
        """Move as much as the chain carries: each group gives to its party and takes back from the
        party before it."""
        given, last = self.given, path[-1][1]
        backward = [(path[i][1], path[i + 1][0]) for i in range(len(path) - 1)]
        carried = (given[party][group] for party, group in backward)
        amount = min(left, self.room[last], *carried)
        for group, party in path:
            given[party][group] = given[party].get(group, 0) + amount
        for party, group in backward:
            given[party][group] -= amount
            if not given[party][group]:
                del given[party][group]
        self._fill(last, amount)
        return amount

    def _fill(self, party: int, amount: int) -> None:
        self.room[party] -= amount
        if not self.room[party]:
            self.roomy.discard(party)


def _unwind(came: Mapping[int, tuple[Group, int | None]], last: int) -> list[tuple[Group, int]]:
    path: list[tuple[Group, int]] = []
    party: int | None = last
    while party is not None:
        group, before = came[party]
        path.append((group, party))
        party = before
    return path[::-1]
