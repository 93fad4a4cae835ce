"""Codes, figures and names in the reader's words, for templates."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template import Context
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from legato.web import deeds, exposing, joining, matters, news, panels, words
from legato.web.acting import Done, new_key, said
from legato.web.charts.scatter import Cell
from legato.web.days import last_day
from legato.web.figures import figure
from legato.web.history import Deed, shown
from legato.web.lists import Tools, narrowed
from legato.web.render import Place
from legato.web.render import places as places_of
from legato.web.tongues import tongue

register = template.Library()

register.simple_tag(joining.colon, name="colon")
register.simple_tag(joining.comma, name="comma")
register.simple_tag(joining.between, name="between")
register.simple_tag(joining.gap, name="gap")
register.filter("listed", joining.listed)
register.filter("sentences", joining.sentences)

register.filter("kind", words.kind)
register.filter("one", words.one)
register.filter("role", words.role)
register.filter("heat", words.heat)
register.filter("one_heat", words.one_heat)
register.filter("heat_why", words.heat_why)
register.filter("departure", words.departure)
register.filter("plan_state", words.plan_state)
register.filter("happening", words.happening)
register.filter("matter", matters.sentence)
register.filter("matter_command", matters.command)
register.simple_tag(matters.door, name="matter_door")
register.filter("rest", matters.rest)
register.filter("outcome", matters.outcome)
register.filter("kept", words.kept)
register.filter("deed", deeds.deed)
register.filter("left", deeds.left)
register.filter("mail_state", news.mail_state)
register.filter("zone_name", exposing.zone_name)
register.filter("band_name", exposing.band_name)
register.filter("why_exposed", exposing.why)
register.filter("staying", exposing.staying)
register.filter("remark", words.remark)
register.filter("removal", words.removal)
register.filter("weight", words.weight)
register.filter("phase", words.phase_of_departure)


@register.filter
def number(value: Decimal | float | None) -> str:
    """A figure with its thousands apart, and up to two decimals where it has any."""
    return "–" if value is None else figure(value)


@register.filter(expects_localtime=True)
def moment(value: datetime | None) -> str:
    """An instant within a sentence, where no line breaks inside of it."""
    return _when(value, "DATETIME_FORMAT")


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    """A day, likewise."""
    return _when(value, "DATE_FORMAT")


@register.filter(expects_localtime=True)
def ending(value: datetime | None) -> str:
    """When something ends: its last day where it lasts to midnight, else the instant."""
    day = last_day(value) if value else None
    return moment(value) if day is None else _when(day, "DATE_FORMAT")


def _when(value: date | None, form: str) -> str:
    if not value:  # Templates make an empty text of what is not there.
        return ""
    said = date_format(value, form)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), said)


@register.filter
def pointing(one: Any, what: str) -> str:
    """Something that points to who leaves, as a page names it."""
    return words.pointing(what, name=one.name, detail=one.detail)


@register.filter
def percent(value: Decimal | float) -> str:
    """A figure of hundredths with its sign, which languages write with a space or without."""
    return _("%(figure)s %%") % {"figure": number(value)}


@register.filter
def whole(value: float) -> str:
    """A figure without decimals."""
    return number(round(value))


@register.filter
def above(y: float, by: str = "7") -> float:
    """A place somewhat higher in a picture, where a label or a mark stands."""
    return round(y - float(by), 1)


@register.simple_tag
def reason(stored: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """Why a unit went where it went."""
    return words.reason(stored, names=names)


@register.simple_tag(takes_context=True)
def name(context: Context, text: str) -> str:
    """A name in the shapes of its own language."""
    tag = lang_of(context, text)
    return format_html('<span lang="{}">{}</span>', tag, text) if tag else text


@register.simple_tag(takes_context=True)
def names(context: Context, people: Iterable[str]) -> SafeString:
    """Names in a row, each in the shapes of its own language."""
    return format_html_join(joining.between(), "{}", ((name(context, each),) for each in people))


@register.simple_tag(takes_context=True)
def sentence(context: Context, deed: Deed) -> SafeString:
    """What an entry says, each name in the shapes of its own language."""
    return shown(deed, lambda text: name(context, text))


@register.simple_tag(takes_context=True)
def named(context: Context, names: Mapping[int, str], number: int) -> str:
    """Somebody known by number, as `name` has it."""
    return name(context, names.get(number, f"#{number}"))


@register.simple_tag
def selected(chosen: Mapping[int, int], row: int, value: int) -> str:
    """Marks the option of a row that was chosen."""
    return " selected" if chosen.get(row) == value else ""


@register.simple_tag
def check(found: Any) -> str:
    """A check of the commit panel in words."""
    return panels.check(found.code, good=found.good, of=found.all)


@register.simple_tag
def worse(found: Any) -> str:
    """What gets worse by a plan in words."""
    return panels.worse(found.code, count=found.count, of=found.of)


@register.simple_tag(takes_context=True)
def lang_of(context: Context, text: str) -> str:
    """The language of a name, as HTML has it; empty where nobody can tell."""
    return tongue(text, context.get("tongues") or {})


@register.simple_tag(takes_context=True)
def places(context: Context) -> list[Place]:
    """Where the viewer can go; nowhere before they have logged in."""
    viewer = context.get("viewer")
    return places_of(role=viewer.role, path=context["request"].path) if viewer else []


@register.simple_tag(takes_context=True)
def page_address(context: Context, number: int) -> str:
    """The address of another page of the list that is shown, everything else being as it is."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag
def chosen_of(tools: Tools, name: str) -> str:
    """What one filter of a list is set to."""
    return tools.state.chosen.get(name, "")


@register.simple_tag
def cell_query(tools: Tools, cell: Cell, parts: Mapping[str, str]) -> str:
    """The query of the list with no more than what lies in one part of its picture."""
    chosen = {**parts, "next": cell.zone, "chance": str(cell.band)}
    return narrowed(tools.state, tools.shape, **chosen)


@register.simple_tag(takes_context=True)
def key(context: Context) -> SafeString:
    """The key by which a form counts once, kept while the form is shown again."""
    kept = context["request"].POST.get("key") or new_key()
    return format_html('<input type="hidden" name="key" value="{}">', kept)


@register.simple_tag(takes_context=True)
def done_last(context: Context) -> tuple[Done, bool] | None:
    """What the viewer has done and not put away; nothing for who is not logged in."""
    return said(context["request"]) if context.get("viewer") else None
