"""Who gets what: ribbons from what there is, by heat, to those who take it over."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from legato.web.charts import short

BODY, GAP, BAR, MARGIN = 230.0, 32.0, 10.0, 22.0
OLD_OWNERS, NEW_OWNERS = 3, 12
"""More old owners are shown as one, by heat alone; the smallest new ones are put together."""
HEATS = ("hot", "warm", "cold", "locked")
"""What is locked by hand is a segment by itself, whatever its heat."""
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """``count`` units of one heat go from one person to another."""

    old: str
    heat: str
    new: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A bar at one side. ``others`` says how many persons it stands for where it has no name."""

    name: str
    label: str
    heat: str
    count: int
    y: float
    height: float
    others: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    flow: Flow
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sankey:
    width: int
    height: float
    right: float
    old: tuple[Node, ...]
    new: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]


def sankey(flows: Iterable[Flow], *, width: int) -> Sankey:
    """The picture of some flows; those of nothing are left out."""
    shown, others = _folded([each for each in flows if each.count])
    scale = BODY / max(1, sum(each.count for each in shown))
    ordered = sorted(shown, key=lambda each: (each.old, HEATS.index(each.heat)))
    old = _column([((each.old, each.heat), each.count) for each in ordered], scale)
    sizes = Counter[str]()
    for each in ordered:
        sizes[each.new] += each.count
    largest = sorted(sizes.items(), key=lambda pair: (pair[0] == "", -pair[1], pair[0]))
    new = _column(largest, scale)
    height = max(_end(old), _end(new))
    several = len({name for name, _heat in old}) > 1
    right = width - BAR
    return Sankey(
        width=width,
        height=round(height, 1),
        right=right,
        old=tuple(
            _node(name if several else "", heat, place, scale, room=width * 0.4)
            for (name, heat), place in old.items()
        ),
        new=tuple(
            _node(name, "", place, scale, room=width * 0.7, others=0 if name else others)
            for name, place in new.items()
        ),
        ribbons=tuple(_ribbons(ordered, old, new, scale, right)),
    )


Place = tuple[float, int]
"""Where a node begins, and its count."""


def _folded(flows: Sequence[Flow]) -> tuple[list[Flow], int]:
    """Few enough flows to be read, and how many persons the nameless new owner stands for."""
    sizes = Counter[str]()
    for each in flows:
        sizes[each.new] += each.count
    kept = {name for name, _count in sizes.most_common(NEW_OWNERS)}
    if len(sizes) <= NEW_OWNERS + 1:
        kept = set(sizes)
    one_old = len({each.old for each in flows}) > OLD_OWNERS
    summed = Counter[tuple[str, str, str]]()
    for each in flows:
        new = each.new if each.new in kept else ""
        summed["" if one_old else each.old, each.heat, new] += each.count
    folded = [Flow(old=o, heat=h, new=n, count=count) for (o, h, n), count in summed.items()]
    return folded, len(sizes) - len(kept)


def _column(parts: Iterable[tuple[Key, int]], scale: float) -> dict[Key, Place]:
    """Nodes from top to bottom, with room for a label above each."""
    counts = Counter[Key]()
    for key, count in parts:
        counts[key] += count
    places: dict[Key, Place] = {}
    y = MARGIN
    for key, count in counts.items():
        places[key] = (y, count)
        y += count * scale + GAP
    return places


def _end(column: dict[Key, Place]) -> float:
    return MARGIN + BODY + GAP * (len(column) - 1) + 4


def _node(
    name: str, heat: str, place: Place, scale: float, *, room: float, others: int = 0
) -> Node:
    y, count = place
    return Node(
        name=name, label=short(name, room=room), heat=heat, count=count, y=round(y, 1),
        height=round(count * scale, 1), others=others,
    )  # fmt: skip


def _ribbons(
    flows: Sequence[Flow],
    old: dict[tuple[str, str], Place],
    new: dict[str, Place],
    scale: float,
    right: float,
) -> Iterable[Ribbon]:
    """Each side is filled from its top, in the order of the nodes on the other side."""
    leaving = {key: y for key, (y, _count) in old.items()}
    coming = {key: y for key, (y, _count) in new.items()}
    ranks = {name: number for number, name in enumerate(new)}
    for each in sorted(flows, key=lambda flow: ranks[flow.new]):
        thick = each.count * scale
        from_y, to_y = leaving[each.old, each.heat], coming[each.new]
        leaving[each.old, each.heat] += thick
        coming[each.new] += thick
        yield Ribbon(flow=each, path=_path(BAR, from_y, right, to_y, thick))


def _path(x0: float, y0: float, x1: float, y1: float, thick: float) -> str:
    middle = (x0 + x1) / 2
    return (
        f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
        f"v{thick:.2f}C{middle:.1f} {y1 + thick:.1f} {middle:.1f} {y0 + thick:.1f}"
        f" {x0:.1f} {y0 + thick:.1f}Z"
    )
