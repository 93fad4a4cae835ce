"""Are we on time: spans of days in lanes, what happened on which day, and today's line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from legato.web.charts import NARROW

LANE, LINE, THICK, HEAD, FOOT = 54.0, 18.0, 14.0, 44.0, 24.0
"""In a narrow place the days of a span stand in a line of their own."""
Scale = Callable[[date], float]
STEPS = (1, 2, 7, 14, 28, 56, 91, 182, 364, 728)
"""Days between two ticks of the scale; the first that gives few enough is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days from ``first`` through ``last``; without a last one it goes on. None: it has not begun
    and nobody knows when it will."""

    code: str
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    span: Span
    text_y: float
    y: float
    x: float
    length: float
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    day: date
    x: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gantt:
    width: int
    height: float
    thick: float
    top: float
    bottom: float
    today: Tick
    today_is_late: bool
    """So near the end that its word stands before its line."""
    lanes: tuple[Lane, ...]
    marks: tuple[Tick, ...]
    ticks: tuple[Tick, ...]


def gantt(spans: Sequence[Span], *, marks: Sequence[date], today: date, width: int) -> Gantt:
    """The picture of some spans; ``marks`` are days on which something happened."""
    known = [day for span in spans for day in (span.first, span.last) if day] + [today, *marks]
    first, last = min(known), max(known) + timedelta(days=7)
    days = (last - first).days

    def x(day: date) -> float:
        return round(4 + (width - 8) * (day - first).days / days, 1)

    lane = LANE + (LINE if width <= NARROW else 0)
    bottom = HEAD + lane * len(spans)
    return Gantt(
        width=width,
        height=bottom + FOOT,
        thick=THICK,
        top=HEAD,
        bottom=bottom,
        today=Tick(day=today, x=x(today)),
        today_is_late=x(today) > width * 0.8,
        lanes=tuple(
            _lane(span, HEAD + lane * row, lane, x(last), x) for row, span in enumerate(spans)
        ),
        marks=tuple(Tick(day=day, x=x(day)) for day in sorted(set(marks))),
        ticks=tuple(Tick(day=day, x=x(day)) for day in _ticks(first, days, width)),
    )


def _lane(span: Span, top: float, height: float, end: float, x: Scale) -> Lane:
    begin = x(span.first) if span.first else end
    after = x(span.last + timedelta(days=1)) if span.last else end
    return Lane(
        span=span,
        text_y=top + 18,
        y=top + height - 28,
        x=begin,
        length=round(max(0, after - begin), 1),
        is_open=span.last is None,
    )


def _ticks(first: date, days: int, width: int) -> list[date]:
    """Few days at equal distances, none so near the end that its name would be cut."""
    most = 3 if width <= NARROW else 6
    step = next((each for each in STEPS if days / each <= most), STEPS[-1])
    room = round(days * 100 / width)
    return [first + timedelta(days=n) for n in range(0, max(1, days - room), step)]
