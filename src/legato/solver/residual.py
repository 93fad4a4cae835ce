"""What a finished split still lets change hands, contracted over blocks: a graph of every person's
strata and the counts above them, in which one unit too many looks for its cheapest way.

An arc between two people in a stratum is the block that the one can hand the other at the least
loss; an arc up or down within a person is slack in a count. Lengths are losses after potentials,
never below 0.
"""

from typing import NamedTuple

import numpy as np

from legato.domain.instance import Bounds, Floats, Instance, Ints, Mask

GRAIN = 10**5
"""Losses are whole parts of a point, this many to a point."""
NEVER = 2**60
ROUNDS = 64

Move = tuple[int, int, int]
"""(block, from, to), as indexes; from is -1 where nobody has it."""


class Way(NamedTuple):
    arcs: list[tuple[int, int]]
    """From node to node."""
    moves: list[Move]
    """The blocks that change hands along it."""
    loss: int
    """What is lost along it, in grains, where no step counts as a gain over the potentials."""
    potential: Ints
    """What potentials must be once it is carried, so that no length falls below 0."""


class Residual:
    """The graph of one split; takes 8 bytes for each stratum and ordered pair of persons.

    Nodes are numbered by level (strata, heats where strata are finer, total), then person; the last
    is the gate behind all totals.
    """

    def __init__(
        self, *, instance: Instance, bounds: Bounds, prices: Floats, owner: Ints, fixed: Mask
    ) -> None:
        counted, self.strata, self.width = (
            instance.counted,
            instance.strata,
            len(instance.persons),
        )
        self.instance, self.owner = instance, owner.copy()
        self.flow = np.ascontiguousarray(instance.received(owner)[:, :counted].T)
        self.low = np.ascontiguousarray(bounds.low[:, :counted].T)
        self.high = np.ascontiguousarray(bounds.high[:, :counted].T)
        self.above = _above(instance)
        self.gate = counted * self.width
        self.stratum = instance.amounts[:, : self.strata].argmax(axis=1)
        self.moves_alone = (instance.amounts[:, counted - 1] == 1) & ~fixed
        self.source = instance.source
        self.worth = _worth(instance, self.source, prices)
        self.own = np.zeros(len(owner), dtype=np.int64)
        chosen = instance.chosen(owner)
        self.own[chosen >= 0] = self.worth[chosen[chosen >= 0]]
        self.node = np.where(self.moves_alone & (owner >= 0), self.stratum * self.width + owner, -1)
        self.ways = np.full((self.strata * self.width, self.width), NEVER, dtype=np.int64)
        """From a node to a person: the least loss times n, plus the block. So one number decides,
        and of those that lose least it is the first block."""
        self._open(np.flatnonzero(self.node[self.source] >= 0))
        self.potential, self.is_exact = self._potentials(prices)

    def arc(self, block: int, person: int) -> int | None:
        first, end = self.instance.start[block : block + 2].tolist()
        place = first + int(np.searchsorted(self.instance.taker[first:end], person))
        return place if place < end and self.instance.taker[place] == person else None

    def fit(self, block: int, person: int) -> int:
        arc = self.arc(block, person)
        return 0 if arc is None else int(self.instance.fit[arc])

    def lost(self, block: int, person: int) -> int:
        """What is lost by giving the block to the person and no more, in grains; where potentials
        are not exact, no gain over them, unless nobody has it."""
        arc, owner = self.arc(block, person), int(self.owner[block])
        if arc is None or owner == person:
            return 0
        loss = int(self.own[block] - self.worth[arc])
        if owner < 0 or self.is_exact:
            return loss
        strata = np.arange(self.strata) * self.width
        gained = self.potential[strata + person] - self.potential[strata + owner]
        used = self.instance.amounts[block, : self.strata]
        return max(loss, round(int(used @ gained) / len(self.owner)))

    def give(self, moves: list[Move]) -> None:
        """Changes owners, and the ways that are open then; the counts are the caller's."""
        stale: set[int] = set()
        for block, _giver, taker in moves:
            arc = self.arc(block, taker)
            self.owner[block] = taker
            self.own[block] = 0 if arc is None else self.worth[arc]
            if self.moves_alone[block]:
                node = -1 if taker < 0 else int(self.stratum[block]) * self.width + taker
                stale |= {int(self.node[block]), node}
                self.node[block] = node
        start = self.instance.start
        for node in sorted(stale - {-1}):
            self.ways[node] = NEVER
            for block in np.flatnonzero(self.node == node).tolist():
                self._open(np.arange(start[block], start[block + 1]))

    def carry(self, way: Way) -> None:
        """Sends one unit along the way."""
        for one, other in way.arcs:
            (level, person), (there, taker) = divmod(one, self.width), divmod(other, self.width)
            if one != self.gate and other == self._upper(level, person):
                self.flow[level, person] += 1
            elif level != there:
                self.flow[there, taker] -= 1
        self.give(way.moves)
        self.potential = way.potential

    def shortest(self, source: int, sinks: Ints) -> Way | None:
        """The shortest way from a node to the nearest of the others (Dijkstra)."""
        nodes, width, potential = self.gate + 1, self.width, self.potential
        distance = np.full(nodes, NEVER, dtype=np.int64)
        waiting, came = distance.copy(), np.full(nodes, -1, dtype=np.int64)
        wanted = set(sinks.tolist())
        distance[source] = waiting[source] = 0
        while (node := int(waiting.argmin())) not in wanted:
            far = int(waiting[node])
            if far >= NEVER // 2:
                return None
            waiting[node] = NEVER
            base = far + int(potential[node])
            if node < self.ways.shape[0]:
                there = slice(node // width * width, node // width * width + width)
                length = self.ways[node] - potential[there]
                length += base
                np.maximum(length, far, out=length)
                nearer = length < distance[there]
                for array, value in ((distance, length), (waiting, length), (came, node)):
                    np.copyto(array[there], value, where=nearer)
            for reached in self._slack(node):
                near = max(base - int(potential[reached]), far)
                if near < distance[reached]:
                    distance[reached] = waiting[reached] = near
                    came[reached] = node
        if waiting[node] >= NEVER // 2:
            return None
        arcs = _unwound(came, source, node)
        moves = [
            (int(self.ways[one, other % width] % len(self.owner)), one % width, other % width)
            for one, other in arcs
            if one // width == other // width
        ]
        far = int(waiting[node])
        return Way(
            arcs=arcs,
            moves=moves,
            loss=round((far - int(potential[source]) + int(potential[node])) / len(self.owner)),
            potential=potential + np.minimum(distance, far),
        )

    def _slack(self, node: int) -> list[int]:
        """Where one unit too many can go without anything changing hands: up, where one more still
        is within bounds, and down, where one less is."""
        if node == self.gate:
            less = np.flatnonzero(self.flow[-1] > self.low[-1])
            return [self.gate - self.width + person for person in less.tolist()]
        level, person = divmod(node, self.width)
        found = [
            below * self.width + person
            for below, above in enumerate(self.above)
            if above == level and self.flow[below, person] > self.low[below, person]
        ]
        if self.flow[level, person] < self.high[level, person]:
            found.append(self._upper(level, person))
        return found

    def _upper(self, level: int, person: int) -> int:
        above = self.above[level]
        return self.gate if above < 0 else above * self.width + person

    def _open(self, arcs: Ints) -> None:
        """The ways along these arcs of blocks that somebody holds; one to the holder itself is a
        way nowhere."""
        source = self.source[arcs]
        code = (self.own[source] - self.worth[arcs]) * len(self.owner) + source
        key = self.node[source] * self.width + self.instance.taker[arcs]
        np.minimum.at(self.ways.reshape(-1), key, code)

    def _potentials(self, prices: Floats) -> tuple[Ints, bool]:
        """For every node a number such that no length is below 0, from the prices on by Bellman and
        Ford's steps; the prices themselves where no such numbers are found."""
        start = self._priced(prices)
        potential = start
        for _ in range(0 if self._two_gain() else ROUNDS):
            lower = self._lowered(potential)
            if (lower == potential).all():
                return potential, True
            potential = lower
        return start, False

    def _priced(self, prices: Floats) -> Ints:
        """What a unit costs at each node by the prices of the counts, negated."""
        levels = np.zeros((len(self.above), self.width))
        for level in reversed(range(len(self.above))):
            above = self.above[level]
            levels[level] = prices[:, level] + (levels[above] if above >= 0 else 0)
        grains = np.rint(levels.ravel() * GRAIN).astype(np.int64)
        return np.append(-grains * len(self.owner), 0)

    def _two_gain(self) -> bool:
        """Whether two people could swap two blocks of a stratum and gain by it."""
        square = self.ways.reshape(self.strata, self.width, self.width)
        return any(bool((ways + ways.T < 0).any()) for ways in square)

    def _lowered(self, potential: Ints) -> Ints:
        """One step: every node as low as the arcs into it ask for."""
        lower, levels = potential.copy(), potential[:-1].reshape(-1, self.width)
        new = lower[:-1].reshape(-1, self.width)
        for stratum in range(self.strata):
            ways = self.ways[stratum * self.width : (stratum + 1) * self.width]
            np.minimum(new[stratum], (ways + levels[stratum][:, None]).min(0), out=new[stratum])
        for level, above in enumerate(self.above):
            upper = levels[above] if above >= 0 else np.broadcast_to(potential[-1], self.width)
            less, more = self.flow[level] > self.low[level], self.flow[level] < self.high[level]
            np.minimum(new[level], upper, out=new[level], where=less)
            if above >= 0:
                np.minimum(new[above], levels[level], out=new[above], where=more)
            else:
                lower[-1] = min([int(lower[-1]), *levels[level][more].tolist()])
        return lower


def _above(instance: Instance) -> tuple[int, ...]:
    """For every count the one it is part of: strata are parts of heats, those of the total; -1 for
    the total."""
    names, total = instance.measures, instance.counted - 1
    heats = {name: place for place, name in enumerate(names[:total]) if place >= instance.strata}
    strata = (heats.get(name.partition("/")[0], total) for name in names[: instance.strata])
    return (*strata, *[total] * len(heats), -1)


def _worth(instance: Instance, source: Ints, prices: Floats) -> Ints:
    """Of each arc: the fit, less what its value and weight cost."""
    worth = instance.fit * np.int64(GRAIN)
    for measure in range(instance.counted, len(instance.measures)):
        if prices[:, measure].any():
            cost = instance.amounts[source, measure] * prices[instance.taker, measure]
            worth -= np.rint(cost * GRAIN).astype(np.int64)
    return worth


def _unwound(came: Ints, source: int, node: int) -> list[tuple[int, int]]:
    path = []
    while node != source:
        path.append((int(came[node]), node))
        node = int(came[node])
    return path[::-1]
