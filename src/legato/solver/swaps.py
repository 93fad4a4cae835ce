"""Local search that changes who owns what without leaving the counts: exchanges of two blocks and
moves of one, whole neighbourhoods weighed at once, the best that do not touch each other taken."""

from dataclasses import dataclass

import numpy as np

from legato.solver.instance import NEVER, Bounds, Floats, Instance, Ints, Mask

LEAST_GAIN = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Pain:
    """What a person's value costs in points: ``rate`` × (distance to the interval / ``scale``),
    to the power of 1 or 2."""

    low: Floats
    high: Floats
    scale: Floats
    rate: float
    power: int = 1

    def of(self, values: Floats, persons: Ints) -> Floats:
        """For amounts of value held by persons: arrays that broadcast together."""
        beyond = np.maximum(0.0, values - self.high[persons])
        short = np.maximum(0.0, self.low[persons] - values)
        distance = (beyond + short) / self.scale[persons]
        return self.rate * (distance if self.power == 1 else distance**2)


def improve(instance: Instance, bounds: Bounds, owner: Ints, pain: Pain, *, steps: int) -> Ints:
    """A better assignment by fit less pain, after at most ``steps`` rounds of changes."""
    for _ in range(steps):
        changed = _step(instance, bounds, owner, pain)
        if changed is None:
            break
        owner = changed
    return owner


def _step(instance: Instance, bounds: Bounds, owner: Ints, pain: Pain) -> Ints | None:
    state = _State(instance, bounds, owner, pain)
    exchange, move = state.exchanges(), state.moves()
    first, second = np.nonzero(np.triu(exchange > LEAST_GAIN, 1))
    block, person = np.nonzero(move > LEAST_GAIN)
    gains = np.concatenate([exchange[first, second], move[block, person]])
    if not len(gains):
        return None
    changed, touched = owner.copy(), set[int]()
    for index in np.argsort(-gains, kind="stable")[: 4 * len(instance.persons)]:
        if index < len(first):
            one, other = int(first[index]), int(second[index])
            people = {int(owner[one]), int(owner[other])}
            change = {one: owner[other], other: owner[one]}
        else:
            one = int(block[index - len(first)])
            people = {int(owner[one]), int(person[index - len(first)])}
            change = {one: person[index - len(first)]}
        if people & touched:
            continue
        touched |= people
        for unit, taker in change.items():
            changed[unit] = taker
    return changed


class _State:
    """What every single change would gain, from one assignment."""

    def __init__(self, instance: Instance, bounds: Bounds, owner: Ints, pain: Pain) -> None:
        self.instance, self.bounds, self.owner, self.pain = instance, bounds, owner, pain
        self.own_fit = instance.matrix[np.arange(len(owner)), owner]
        self.values = instance.received(owner, instance.value).astype(np.float64)
        self.weights = instance.received(owner, instance.weight)
        self.counted = instance.counted(owner)
        everybody = np.arange(len(instance.persons))
        self.hurts = pain.of(self.values, everybody)

    def exchanges(self) -> Floats:
        """n × n: the gain when two blocks change owners."""
        owner, value = self.owner, self.instance.value
        gets = self.instance.matrix[:, owner] - self.own_fit[:, None]
        holder = owner[:, None]
        after = self.values[holder] + (value[None, :] - value[:, None])
        gets -= self.pain.of(after, holder) - self.hurts[holder]
        gain = gets + gets.T
        possible = self._room_for_exchange() & self._counts_allow_exchange()
        gain[~(possible & possible.T) | (holder == owner[None, :])] = NEVER
        return gain

    def _room_for_exchange(self) -> Mask:
        weight, holder = self.instance.weight, self.owner[:, None]
        after = self.weights[holder] + weight[None, :] - weight[:, None]
        fine: Mask = after <= self.instance.room[holder]
        return fine

    def _counts_allow_exchange(self) -> Mask:
        """Whether the owner of a row's block may have the column's instead: looked up by the few
        distinct kinds of count rather than computed for all pairs."""
        kinds, kind = np.unique(self.instance.counts, axis=0, return_inverse=True)
        kind = kind.reshape(-1)
        change = kinds[None, :, :] - kinds[:, None, :]
        after = self.counted[None, None, :, :] + change[:, :, None, :]
        fine = ((after >= self.bounds.low) & (after <= self.bounds.high)).all(axis=3)
        fine |= (change == 0).all(axis=2)[:, :, None]
        allowed: Mask = fine[kind[:, None], kind[None, :], self.owner[:, None]]
        return allowed

    def moves(self) -> Floats:
        """n × m: the gain when one block goes to another person."""
        instance, owner, bounds = self.instance, self.owner, self.bounds
        value = instance.value[:, None]
        everybody = np.arange(len(instance.persons))[None, :]
        gain = instance.matrix - self.own_fit[:, None]
        taker = self.pain.of(self.values[None, :] + value, everybody) - self.hurts[None, :]
        left = self.values[owner] - instance.value
        giver = self.pain.of(left, owner) - self.hurts[owner]
        gain = gain - taker - giver[:, None]
        lost = self.counted[owner] - instance.counts
        may_give = ((lost >= bounds.low[owner]) | (instance.counts == 0)).all(axis=1)
        won = self.counted[None, :, :] + instance.counts[:, None, :]
        may_take = ((won <= bounds.high) | (instance.counts[:, None, :] == 0)).all(axis=2)
        may_take &= self.weights[None, :] + instance.weight[:, None] <= instance.room[None, :]
        gain[~(may_take & may_give[:, None]) | (owner[:, None] == everybody)] = NEVER
        return gain
