"""Pictures for templates: each laid out for a wide place and for a narrow one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django import template
from django.template import Context

from legato.domain.exposure import BANDS
from legato.web.charts import NARROW, WIDE
from legato.web.charts.bars import Load, bars, percent
from legato.web.charts.burndown import Left, burndown
from legato.web.charts.gantt import Span, gantt
from legato.web.charts.sankey import Flow, sankey
from legato.web.charts.scatter import ZONES, Cell, Spot, first_calls, scatter
from legato.web.lists import Tools

register = template.Library()
Drawn = TypeVar("Drawn")


@register.inclusion_tag("web/charts/sankey.html", takes_context=True)
def flows(context: Context, shown: Sequence[Flow]) -> dict[str, Any]:
    """Ribbons from old to new owners, and who gets most."""
    layouts = _layouts(lambda width: sankey(shown, width=width))
    return {
        "tongues": context.get("tongues", {}),
        "layouts": layouts,
        "receivers": context.get("receivers", {}),
        "largest": max(layouts[0][1].new, key=lambda node: node.count),
    }


@register.simple_tag
def behind(receivers: Mapping[str, int], heat: str, new: str) -> str:
    """Where the page lists what a ribbon stands for; empty where it does not."""
    person = receivers.get(new)
    kept = "pinned" if heat == "locked" else heat
    return f"?heat={kept}&to={person}#decisions" if person else ""


@register.inclusion_tag("web/charts/bars.html", takes_context=True)
def loads(context: Context, shown: Sequence[Load]) -> dict[str, Any]:
    """What each carries before and after, and how full the fullest and the emptiest are."""
    layouts = _layouts(lambda width: bars(shown, width=width))
    fullest, emptiest = layouts[0][1].fullest, layouts[0][1].emptiest
    return {
        "tongues": context.get("tongues", {}),
        "layouts": layouts,
        "fullest": fullest,
        "emptiest": emptiest,
        "most": percent(fullest) if fullest else None,
        "least": percent(emptiest) if emptiest else None,
    }


@register.inclusion_tag("web/charts/burndown.html")
def left_over(steps: Sequence[Left], until: datetime) -> dict[str, Any]:
    """What is left, going down by steps."""
    return {"layouts": _layouts(lambda width: burndown(steps, until=until, width=width))}


@register.inclusion_tag("web/charts/gantt.html")
def spans(shown: Sequence[Span], marks: Sequence[date], today: date) -> dict[str, Any]:
    """Spans of days in lanes with today's line."""
    return {"layouts": _layouts(lambda width: gantt(shown, marks=marks, today=today, width=width))}


@register.inclusion_tag("web/charts/scatter.html", takes_context=True)
def risks(
    context: Context, shown: Sequence[Spot], tools: Tools, parts: Mapping[str, str]
) -> dict[str, Any]:
    """Chance of loss over days, each part leading to its records in the list."""
    layouts = _layouts(lambda width: scatter(shown, bands=BANDS, width=width))
    near, near_value = first_calls(shown)
    return {
        "tools": tools,
        "parts": parts,
        "layouts": layouts,
        "near": near,
        "near_value": near_value,
        "binned": layouts[0][1].is_binned,
        "zones": [name for name, _first, _last in ZONES],
        "table": _table(layouts[0][1].cells),
    }


def _table(cells: Sequence[Cell]) -> list[tuple[int, list[Cell | None]]]:
    found = {(each.band, each.zone): each for each in cells}
    return [
        (band, [found.get((band, zone)) for zone, _first, _last in ZONES])
        for band in range(len(BANDS))
    ]


def _layouts(drawn: Callable[[int], Drawn]) -> list[tuple[str, Drawn]]:
    return [("broad", drawn(WIDE)), ("slim", drawn(NARROW))]
