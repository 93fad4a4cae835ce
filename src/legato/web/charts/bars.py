"""Is it fair: what each person carries before and after, and can carry, all on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from legato.web.charts import short

ROW, TEXT, THICK = 52.0, 15.0, 12.0
FIGURES = 120.0
"""Room for the figures at the end of a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    name: str
    before: float
    after: float
    capacity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """``kept`` is carried before and after; ``changed`` comes, or goes where ``is_less``."""

    load: Load
    label: str
    text_y: float
    y: float
    kept: float
    changed: float
    limit: float
    is_less: bool
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    width: int
    height: float
    thick: float
    bars: tuple[Bar, ...]
    fullest: Load | None
    """Who is nearest to the capacity, or farthest over it; None where nobody has any."""
    emptiest: Load | None


def bars(loads: Sequence[Load], *, width: int) -> Bars:
    """The picture of some loads, in the order given."""
    most = max([max(e.before, e.after, e.capacity) for e in loads], default=0) or 1
    scale = (width - 4) / most
    able = sorted((each for each in loads if each.capacity), key=percent)
    return Bars(
        width=width,
        height=ROW * len(loads),
        thick=THICK,
        bars=tuple(_bar(each, row, scale, width) for row, each in enumerate(loads)),
        fullest=able[-1] if able else None,
        emptiest=able[0] if able else None,
    )


def percent(load: Load) -> float:
    """How full somebody is afterwards, in per cent of the capacity."""
    return 100 * load.after / load.capacity


def _bar(load: Load, row: int, scale: float, width: int) -> Bar:
    top = ROW * row
    return Bar(
        load=load,
        label=short(load.name, room=width - FIGURES),
        text_y=top + TEXT,
        y=top + TEXT + 8,
        kept=round(min(load.before, load.after) * scale, 1),
        changed=round(abs(load.after - load.before) * scale, 1),
        limit=round(load.capacity * scale, 1),
        is_less=load.after < load.before,
        is_over=load.after > load.capacity,
    )
