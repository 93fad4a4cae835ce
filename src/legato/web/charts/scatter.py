"""Whom first: chance of loss over the days until something is due, hot, warm and cold apart.

The days stand in zones of equal width, nearest first, because the next two days matter as much as
the two months after them; what has no date stands apart at the end. Few spots are drawn one by one,
their area as their value; many are put together in hexagons, darker where there are more.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

ZONES = (
    ("overdue", -30, 0), ("next2", 0, 2), ("next7", 2, 7), ("next30", 7, 30), ("next90", 30, 90),
    ("later", 90, 365), ("none", None, None),
)  # fmt: skip
"""Name, first day, day after the last; farther days are drawn at the edge."""
SINGLE = 2_000
"""Most records that are drawn one by one."""
TOP, FOOT, LEFT, HEIGHT, HIGHEST = 52.0, 26.0, 44.0, 240.0, 100
SMALLEST, LARGEST, HEX = 4.0, 16.0, 11.0
SPREAD = 5.0
"""How far spots of one day and chance lie apart, in units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """``count`` records that are alike: ``days`` until due (None: no date), ``chance`` in per cent,
    heat, and their values' sum."""

    days: int | None
    chance: int
    heat: str
    count: int
    value: float
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A spot, or a hexagon of several; ``depth`` from 1 to 5 says how many are in a hexagon."""

    spot: Spot
    x: float
    y: float
    size: float
    path: str
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A zone of days and a band of chances, by their numbers; ``marks`` lie in it."""

    zone: str
    band: int
    x: float
    y: float
    width: float
    height: float
    count: int
    value: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    chance: int
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """``first`` is the day it begins with, None for what is overdue and for what has no date."""

    name: str
    x: float
    first: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter:
    width: int
    height: float
    top: float
    bottom: float
    left: float
    today: float
    zones: tuple[Zone, ...]
    levels: tuple[Level, ...]
    cells: tuple[Cell, ...]
    is_binned: bool


def scatter(spots: Sequence[Spot], *, bands: Sequence[tuple[int, int]], width: int) -> Scatter:
    """The picture of some spots. ``bands`` are chances from, and below, the highest band first."""
    room = (width - LEFT) / len(ZONES)
    binned = sum(each.count for each in spots) > SINGLE
    most = max((each.value / each.count for each in spots), default=0) or 1
    placed = [(each, *_place(each, room)) for each in spots]
    marks = _hexagons(placed) if binned else _singles(placed, most, aside=room * 0.4)
    inside: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for mark in marks:
        inside[_zone_of(mark.spot.days), _band_of(mark.spot.chance, bands)].append(mark)
    counted = _counted(spots, bands)
    return Scatter(
        width=width,
        height=TOP + HEIGHT + FOOT,
        top=TOP,
        bottom=TOP + HEIGHT,
        left=LEFT,
        today=round(LEFT + room, 1),
        zones=tuple(_zone(number, room) for number in range(len(ZONES))),
        levels=tuple(Level(chance=first, y=_y(first)) for first, _below in bands if first),
        cells=tuple(
            _cell(zone, band, bands[band], room, counted[zone, band], inside[zone, band])
            for band in range(len(bands))
            for zone in range(len(ZONES))
            if counted[zone, band][0]
        ),
        is_binned=binned,
    )


def first_calls(spots: Sequence[Spot]) -> tuple[int, float]:
    """How many have a date within a week, or before, at a chance of 40 %; their value."""
    near = [each for each in spots if each.days is not None and each.days < 7]
    risky = [each for each in near if each.chance >= 40]
    return sum(each.count for each in risky), sum(each.value for each in risky)


def _place(spot: Spot, room: float) -> tuple[float, float]:
    number = _zone_of(spot.days)
    _name, first, last = ZONES[number]
    if spot.days is None or first is None or last is None:
        part = 0.5
    else:
        part = (min(max(spot.days, first), last - 1) - first + 0.5) / (last - first)
    return LEFT + room * (number + 0.06 + 0.88 * part), _y(spot.chance)


def _y(chance: int) -> float:
    return round(TOP + HEIGHT * (1 - min(chance, HIGHEST) / HIGHEST), 1)


def _zone_of(days: int | None) -> int:
    if days is None:
        return len(ZONES) - 1
    for number, (_name, first, last) in enumerate(ZONES):
        if last is not None and days < last and (number == 0 or days >= (first or 0)):
            return number
    return len(ZONES) - 2


def _band_of(chance: int, bands: Sequence[tuple[int, int]]) -> int:
    return next(number for number, (first, below) in enumerate(bands) if first <= chance < below)


def _singles(
    placed: Sequence[tuple[Spot, float, float]], most: float, *, aside: float
) -> list[Mark]:
    """The largest first, so that none hides a smaller one; those of one place side by side."""
    taken: dict[tuple[float, float], int] = defaultdict(int)
    found = []
    for spot, x, y in sorted(placed, key=lambda each: -each[0].value):
        size = max(SMALLEST, LARGEST * sqrt(max(0.0, spot.value / spot.count) / most))
        number = taken[x, y]
        taken[x, y] += 1
        beside = SPREAD * ((number + 1) // 2) * (-1 if number % 2 else 1)
        left = round(max(LEFT + SMALLEST, x + max(-aside, min(aside, beside))), 1)
        found.append(
            Mark(spot=spot, x=left, y=y, size=round(size, 1), path=_shape(spot.heat, left, y, size))
        )
    return found


def _shape(heat: str, x: float, y: float, size: float) -> str:
    """Hot points up, cold points down, warm is a diamond: all of the same area."""
    half = size * 0.62
    if heat == "warm":
        side = f"{half:.1f}"
        return f"M{x:.1f} {y - half:.1f}l{side} {side}l-{side} {side}l-{side} -{side}Z"
    up = -1 if heat == "hot" else 1
    return f"M{x:.1f} {y + up * half:.1f}l{half:.1f} {-up * 1.8 * half:.1f}h{-2 * half:.1f}Z"


def _hexagons(placed: Sequence[tuple[Spot, float, float]]) -> list[Mark]:
    """One hexagon for each place of a honeycomb that has any, within one zone and band of heat."""
    bins: dict[tuple[int, int, int], list[Spot]] = defaultdict(list)
    for spot, x, y in placed:
        row = round(y / (HEX * 1.5))
        column = round((x - (row % 2) * HEX * 0.866) / (HEX * 1.732))
        bins[_zone_of(spot.days), column, row].append(spot)
    most = max((sum(each.count for each in spots) for spots in bins.values()), default=1)
    return [_hexagon(column, row, spots, most) for (_z, column, row), spots in bins.items()]


def _hexagon(column: int, row: int, spots: Sequence[Spot], most: int) -> Mark:
    count = sum(each.count for each in spots)
    x, y = column * HEX * 1.732 + (row % 2) * HEX * 0.866, row * HEX * 1.5
    heaviest = max(spots, key=lambda each: each.count)
    spot = Spot(
        days=heaviest.days, chance=heaviest.chance, heat=heaviest.heat, count=count,
        value=sum(each.value for each in spots),
    )  # fmt: skip
    a, b = HEX * 0.866 - 0.5, HEX / 2
    path = (
        f"M{x:.1f} {y - HEX + 0.5:.1f}l{a:.1f} {b:.1f}v{HEX:.1f}l{-a:.1f} {b:.1f}"
        f"l{-a:.1f} {-b:.1f}v{-HEX:.1f}Z"
    )
    depth = 1 + min(4, int(5 * sqrt(count / most)))
    return Mark(spot=spot, x=round(x, 1), y=round(y, 1), size=HEX, path=path, depth=depth)


def _zone(number: int, room: float) -> Zone:
    name, first, _last = ZONES[number]
    return Zone(name=name, x=round(LEFT + room * number, 1), first=first if number else None)


Counted = dict[tuple[int, int], tuple[int, float]]


def _counted(spots: Sequence[Spot], bands: Sequence[tuple[int, int]]) -> Counted:
    found: Counted = defaultdict(lambda: (0, 0.0))
    for each in spots:
        place = _zone_of(each.days), _band_of(each.chance, bands)
        count, value = found[place]
        found[place] = count + each.count, value + each.value
    return found


def _cell(
    zone: int, band: int, chances: tuple[int, int], room: float, counted: tuple[int, float],
    marks: Sequence[Mark],
) -> Cell:  # fmt: skip
    first, below = chances
    top = _y(below)
    return Cell(
        zone=ZONES[zone][0],
        band=band,
        x=round(LEFT + room * zone, 1),
        y=top,
        width=round(room, 1),
        height=round(_y(first) - top, 1),
        count=counted[0],
        value=counted[1],
        marks=tuple(marks),
    )
