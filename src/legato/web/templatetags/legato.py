"""Codes and figures in the reader's words, for templates."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template

from legato.web import matters, words
from legato.web.figures import figure

register = template.Library()

register.filter("kind", words.kind)
register.filter("one", words.one)
register.filter("heat", words.heat)
register.filter("heat_why", words.heat_why)
register.filter("departure", words.departure)
register.filter("plan_state", words.plan_state)
register.filter("happening", words.happening)
register.filter("matter", matters.matter)
register.filter("rest", matters.rest)
register.filter("outcome", matters.outcome)


@register.filter
def number(value: Decimal | float | None) -> str:
    """A figure with its thousands apart, and up to two decimals where it has any."""
    return "–" if value is None else figure(value)


@register.simple_tag
def reason(stored: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """Why a unit went where it went."""
    return words.reason(stored, names=names)


@register.inclusion_tag("web/load.html")
def load_bar(before: Decimal, after: Decimal, capacity: Decimal) -> dict[str, object]:
    """A bar of somebody's load, drawn to the scale of what is the largest of the three."""
    scale = max(before, after, capacity) or Decimal(1)
    return {
        "before": f"{100 * before / scale:.1f}",
        "gained": f"{100 * (after - before) / scale:.1f}",
        "limit": f"{100 * capacity / scale:.1f}",
        "is_over": after > capacity,
    }
