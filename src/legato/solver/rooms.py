"""Nobody beyond their room, whatever the search left: what does not fit moves to who has room, and
what nobody has room for goes to nobody.
"""

from collections import deque

import numpy as np

from legato.domain.instance import Instance, Ints


def fitted(instance: Instance, owner: Ints) -> Ints:
    """The owners, with as little changed as a plain repair needs, -1 for who found no room: those
    for whom no chain of moves makes any."""
    owner = owner.copy()
    left = instance.most() - instance.received(owner)
    hard = hard_columns(instance)
    for person in np.flatnonzero((left[:, hard] < 0).any(axis=1)).tolist():
        for block in _lightest_last(instance, owner, person):
            if (left[person, hard] >= 0).all():
                break
            if (instance.amounts[block, hard] * (left[person, hard] < 0)).any():
                owner[block] = -1
                left[person] += instance.amounts[block]
    homeless = _dearest_first(instance, np.flatnonzero(owner < 0))
    for block in homeless:
        arcs = slice(*instance.start[block : block + 2].tolist())
        takers = instance.taker[arcs]
        able = (instance.amounts[block, hard] <= left[takers][:, hard]).all(axis=1)
        if able.any():
            chosen = np.lexsort((takers, -instance.fit[arcs], ~able))[0]
            owner[block] = takers[chosen]
            left[owner[block]] -= instance.amounts[block]
    _make_room(instance, owner, left, [block for block in homeless if owner[block] < 0])
    return owner


def hard_columns(instance: Instance) -> list[int]:
    """The measures that nobody may have too much of: weight, and strata with a cap."""
    return sorted({len(instance.measures) - 1} | {column for _, column in instance.caps})


def roomiest(instance: Instance, left: Ints, block: int) -> int | None:
    """Who may take the block, of them who has most room ``left`` (m × k); None: nobody."""
    takers = instance.taker[instance.start[block] : instance.start[block + 1]]
    hard = hard_columns(instance)
    able = takers[(instance.amounts[block, hard] <= left[takers][:, hard]).all(axis=1)]
    if not len(able):
        return None
    return int(able[np.lexsort((able, -left[able, -1]))[0]])


def _make_room(instance: Instance, owner: Ints, left: Ints, homeless: list[int]) -> None:
    """Places blocks by passing others on, from person to person, the shortest way first. Who could
    pass nothing on for one block is not asked again."""
    if not homeless:
        return
    hard = hard_columns(instance)
    held: list[set[int]] = [set() for _ in instance.persons]
    for block in np.flatnonzero(owner >= 0).tolist():
        held[owner[block]].add(block)
    asked: set[int] = set()
    for block in homeless:
        chain = _chain(instance, left[:, hard], instance.amounts[:, hard], held, asked, block)
        for each, person in chain:
            before = int(owner[each])
            if before >= 0:
                held[before].remove(each)
                left[before] += instance.amounts[each]
            held[person].add(each)
            left[person] -= instance.amounts[each]
            owner[each] = person


def _chain(
    instance: Instance,
    left: Ints,
    amounts: Ints,
    held: list[set[int]],
    asked: set[int],
    block: int,
) -> list[tuple[int, int]]:
    """The blocks that move, and to whom, so that all keep within what is ``left``; none if there is
    no such chain, and then whoever was asked joins ``asked``."""
    came: dict[int, tuple[int, int]] = {}
    queue: deque[tuple[int, int]] = deque([(block, -1)])
    while queue:
        moving, giver = queue.popleft()
        for person in instance.taker[instance.start[moving] : instance.start[moving + 1]].tolist():
            if person in came or person in asked:
                continue
            came[person] = moving, giver
            if (amounts[moving] <= left[person]).all():
                return _back(came, person)
            queue.extend(
                (each, person)
                for each in sorted(held[person])
                if (amounts[moving] <= left[person] + amounts[each]).all()
            )
    asked.update(came)
    return []


def _back(came: dict[int, tuple[int, int]], person: int) -> list[tuple[int, int]]:
    """The chain that ends with the person, its last move first."""
    chain = []
    while person >= 0:
        block, giver = came[person]
        chain.append((block, person))
        person = giver
    return chain


def _dearest_first(instance: Instance, blocks: Ints) -> list[int]:
    """Many units before few, hot before cold, then by value."""
    amounts = instance.amounts[blocks]
    keys = [blocks, -amounts[:, instance.counted]]
    keys += [-amounts[:, column] for column in reversed(range(instance.strata))]
    found: list[int] = blocks[np.lexsort((*keys, -amounts[:, instance.counted - 1]))].tolist()
    return found


def _lightest_last(instance: Instance, owner: Ints, person: int) -> list[int]:
    """The person's blocks, those first that leave most room for others: few units, much weight;
    then cold before hot."""
    mine = np.array(_dearest_first(instance, np.flatnonzero(owner == person))[::-1], dtype=np.int64)
    units, weight = instance.amounts[mine, instance.counted - 1], instance.amounts[mine, -1]
    found: list[int] = mine[np.lexsort((-weight, units))].tolist()
    return found
