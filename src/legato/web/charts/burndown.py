"""How much is left: a line that goes down by steps, from the first day until today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

TOP, HEIGHT, FOOT, SIDE = 24.0, 120.0, 26.0, 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """From ``at`` on so many are ``left``."""

    at: datetime
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    width: int
    height: float
    line: str
    area: str
    bottom: float
    first: Left
    last: Left
    last_y: float


def burndown(steps: Sequence[Left], *, until: datetime, width: int) -> Chart:
    """The picture of some steps in order of time; the last one holds until ``until``."""
    first, last = steps[0], steps[-1]
    seconds = max(1.0, (until - first.at).total_seconds())
    most, bottom = max(1, *(each.left for each in steps)), TOP + HEIGHT

    def x(at: datetime) -> float:
        gone = min(max(0.0, (at - first.at).total_seconds()), seconds)
        return round(SIDE + (width - 2 * SIDE) * gone / seconds, 1)

    def y(left: int) -> float:
        return round(bottom - HEIGHT * left / most, 1)

    parts = [f"M{x(first.at)} {y(first.left)}"]
    parts += [f"H{x(each.at)}V{y(each.left)}" for each in steps[1:]]
    line = "".join([*parts, f"H{x(until)}"])
    return Chart(
        width=width,
        height=bottom + FOOT,
        line=line,
        area=f"{line}V{bottom}H{x(first.at)}Z",
        bottom=bottom,
        first=first,
        last=last,
        last_y=y(last.left),
    )
