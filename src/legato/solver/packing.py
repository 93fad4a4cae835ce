"""Whether some blocks can all be placed, within everybody's room and what novices may get."""

from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Mapping, Sequence
from math import gcd

from legato.domain.eligibility import Block
from legato.domain.problem import Measure

STEPS = 20_000
"""Tries of the search where weights differ; enough for what people can still look through."""

Caps = Mapping[tuple[int, Measure], int]
Edges = dict[Hashable, dict[Hashable, int]]


def fits(*, blocks: Sequence[Block], room: Mapping[int, int], caps: Caps) -> bool | None:
    """Whether they fit. None: neither a way was found nor that there is none.

    A maximum flow says no for sure, and yes for sure where all that weighs anything is single and
    weighs the same; a placement says yes; between the two there is a search of so many steps.
    """
    if not all(block.people for block in blocks):
        return False
    if not _flows(blocks, room, caps):
        return False
    single = not caps or all(len(block.units) == 1 for block in blocks)
    if single and len({block.weight for block in blocks}) == 1:
        return True
    return _found(blocks, room, caps)


def _flows(blocks: Sequence[Block], room: Mapping[int, int], caps: Caps) -> bool:
    """Whether they would fit if they could be divided; caps bind single units alone."""
    grain = gcd(*(block.weight for block in blocks))
    edges: Edges = defaultdict(lambda: defaultdict(int))
    for block in blocks:
        amount = block.weight // grain if grain else 1
        stratum = block.units[0].stratum if len(block.units) == 1 else None
        kind = (block.people, stratum)
        edges["all"][kind] += amount
        for person in block.people:
            cell = (person, stratum) if stratum else None
            if cell and cell in caps:
                edges[kind][cell] = 2**60
                edges[cell][person] = max(edges[cell][person], caps[cell] * amount)
            else:
                edges[kind][person] = 2**60
    for person in {person for block in blocks for person in block.people}:
        edges[person]["room"] = max(0, room[person]) // grain if grain else 2**60
    wanted = sum(edges["all"].values())
    return _most(edges, "all", "room") == wanted


def _most(edges: Edges, source: Hashable, sink: Hashable) -> int:
    """The maximum flow, by shortest augmenting paths; ``edges`` end as what is left of them."""
    total = 0
    while True:
        came: dict[Hashable, Hashable] = {source: source}
        queue = deque([source])
        while queue and sink not in came:
            node = queue.popleft()
            for other, left in edges[node].items():
                if left and other not in came:
                    came[other] = node
                    queue.append(other)
        if sink not in came:
            return total
        path, node = [], sink
        while node != source:
            path.append((came[node], node))
            node = came[node]
        amount = min(edges[one][other] for one, other in path)
        for one, other in path:
            edges[one][other] -= amount
            edges[other][one] += amount
        total += amount


def _found(blocks: Sequence[Block], room: Mapping[int, int], caps: Caps) -> bool | None:
    """Depth first: who has least choice, then the heaviest; to whom most room is left."""
    order = sorted(blocks, key=lambda block: (len(block.people), -block.weight, block.id))
    left, under, steps = dict(room), dict(caps), 0
    counts = [Counter(unit.stratum for unit in block.units) for block in order]
    tried: list[list[int]] = []

    def change(at: int, person: int, sign: int) -> None:
        left[person] += sign * order[at].weight
        for of, count in counts[at].items():
            if (person, of) in under:
                under[person, of] += sign * count

    def takers(at: int) -> list[int]:
        weight = order[at].weight
        able = [
            person
            for person in order[at].people
            if (not weight or weight <= left[person])
            and all(count <= under.get((person, of), count) for of, count in counts[at].items())
        ]
        return sorted(able, key=lambda person: (left[person], -person))

    chosen: list[int] = []
    while len(chosen) < len(order):
        if len(tried) == len(chosen):
            tried.append(takers(len(chosen)))
        steps += 1
        if steps > STEPS:
            return None
        if tried[-1]:
            chosen.append(tried[-1].pop())
            change(len(chosen) - 1, chosen[-1], -1)
        elif chosen:
            tried.pop()
            change(len(chosen) - 1, chosen[-1], 1)
            chosen.pop()
        else:
            return False
    return True
