"""A list whose state is in its address: filters, order, columns, search; chips say it in words.

Pure: what may be chosen is given, what was chosen is read from the query, and every link that the
page shows is the query after one change. So a link sent to somebody shows the same list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import parse_qs, urlencode

from django.utils.formats import date_format

from legato.domain.errors import NotFound
from legato.web.asked import day

LONGEST_SEARCH = 200
DENSE = "close"
STATES = ("order", "search", "hide", "group", "rows")
"""Parts of the address that every list understands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """``label`` names it in a menu, ``chip`` says in words what it does to the list."""

    value: str
    label: str
    chip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One of its choices, or any day: then ``chip`` says it, with the day as ``%(day)s``."""

    name: str
    label: str
    choices: tuple[Choice, ...] = ()
    is_day: bool = False
    chip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A way of looking that comes with the list: the filters it sets, and its order if it has one
    of its own."""

    label: str
    chosen: Mapping[str, str]
    order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What can be asked of a list. The first order is the one it has unasked."""

    filters: tuple[Filter, ...]
    orders: tuple[Choice, ...]
    columns: tuple[Choice, ...]
    """Those that can be left out."""
    views: tuple[View, ...]
    groups: tuple[Choice, ...] = ()
    """By what its rows can be put together."""
    fixed: tuple[tuple[str, str], ...] = ()
    """Parts of the address that are no state of the list and stay in every link."""
    can_search: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked of a list; ``search`` and ``group`` are empty, ``order`` the first one, unless
    asked. ``is_dense``: its rows stand close together."""

    chosen: Mapping[str, str]
    order: str
    search: str
    hidden: frozenset[str]
    group: str = ""
    is_dense: bool = False


def asked(query: Mapping[str, Sequence[str]], shape: Shape) -> Asked:
    """What the address asks. Raises `NotFound` for what cannot be chosen: no silent surprise."""
    last = {name: values[-1].strip() for name, values in query.items() if values}
    chosen = {
        each.name: _value(each, last[each.name]) for each in shape.filters if last.get(each.name)
    }
    order = _known("order", last.get("order") or shape.orders[0].value, shape.orders)
    hidden = frozenset(_known("hide", each, shape.columns) for each in query.get("hide", ()))
    search = last.get("search", "")[:LONGEST_SEARCH]
    group = _known("group", last["group"], shape.groups) if last.get("group") else ""
    return Asked(
        chosen=chosen,
        order=order,
        search=search,
        hidden=hidden,
        group=group,
        is_dense=last.get("rows") == DENSE,
    )


def _value(asked_for: Filter, value: str) -> str:
    if not asked_for.is_day:
        return _known(asked_for.name, value, asked_for.choices)
    found = day(value)
    if found is None:
        raise NotFound(what=asked_for.name, name=value)
    return found.isoformat()


def _known(name: str, value: str, choices: Sequence[Choice]) -> str:
    if value not in {each.value for each in choices}:
        raise NotFound(what=name, name=value)
    return value


def query_of(state: Asked, shape: Shape) -> str:
    """The address's query for a state, empty for the list as it is unasked."""
    parts = [*shape.fixed, *sorted(state.chosen.items())]
    if state.order != shape.orders[0].value:
        parts.append(("order", state.order))
    if state.search:
        parts.append(("search", state.search))
    parts.extend(("hide", each) for each in sorted(state.hidden))
    if state.group:
        parts.append(("group", state.group))
    if state.is_dense:
        parts.append(("rows", DENSE))
    return f"?{urlencode(parts)}" if parts else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    label: str
    query: str
    is_chosen: bool = False


def chips(state: Asked, shape: Shape) -> list[Link]:
    """What narrows the list, in words, each leading to the list without it."""
    links = []
    for each in shape.filters:
        if each.name in state.chosen:
            rest = {name: v for name, v in state.chosen.items() if name != each.name}
            value = state.chosen[each.name]
            said = _said(each, value)
            links.append(
                Link(label=said, query=query_of(replace(state, chosen=rest), shape) or "?")
            )
    if state.search:
        bare = query_of(replace(state, search=""), shape) or "?"
        links.append(Link(label=f"“{state.search}”", query=bare))
    return links


def _said(narrowed: Filter, value: str) -> str:
    if narrowed.is_day:
        return narrowed.chip % {"day": date_format(date.fromisoformat(value), "DATE_FORMAT")}
    return next(choice.chip for choice in narrowed.choices if choice.value == value)


def views(state: Asked, shape: Shape) -> list[Link]:
    """The ways of looking that come with the list; columns stay, and the order where the view has
    none of its own."""
    return [
        Link(
            label=each.label,
            query=query_of(
                replace(state, chosen=each.chosen, search="", order=each.order or state.order),
                shape,
            )
            or "?",
            is_chosen=dict(each.chosen) == dict(state.chosen)
            and each.order in ("", state.order)
            and not state.search,
        )
        for each in shape.views
    ]


def narrowed(state: Asked, shape: Shape, **chosen: str) -> str:
    """The query of the list with these filters set besides, for what a picture leads to."""
    return query_of(replace(state, chosen={**state.chosen, **chosen}), shape)


def orders(state: Asked, shape: Shape) -> dict[str, Link]:
    """A link for each order the list can have."""
    return {
        each.value: Link(
            label=each.label,
            query=query_of(replace(state, order=each.value), shape) or "?",
            is_chosen=each.value == state.order,
        )
        for each in shape.orders
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLink:
    """A way of looking that a reader keeps; ``by`` is empty where it is the reader's own."""

    id: int
    label: str
    by: str
    query: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """Everything around a list that the reader works it with."""

    shape: Shape
    state: Asked
    chips: list[Link]
    views: list[Link]
    orders: dict[str, Link]
    bare: str
    """The query of the list with nothing narrowed."""
    kept: list[KeptLink] = field(default_factory=list)
    """What readers keep of their own."""
    present: str = ""
    """The query of the list as it is, to be kept."""


def kept_links(
    kept: Iterable[tuple[int, str, str, str]], state: Asked, shape: Shape
) -> list[KeptLink]:
    """Links to kept ways of looking: each given as its id, name, query, and who else made it.

    One that asks for what this list does not have is left out.
    """
    links, present = [], query_of(state, shape)
    for number, name, query, by in kept:
        parts = parse_qs(query)
        if not parts.keys() <= {*STATES, *(each.name for each in shape.filters)}:
            continue
        try:
            wanted = query_of(asked(parts, shape), shape)
        except NotFound:
            continue
        links.append(
            KeptLink(id=number, label=name, by=by, query=wanted or "?", is_chosen=wanted == present)
        )
    return links


def tools(state: Asked, shape: Shape, kept: Iterable[tuple[int, str, str, str]] = ()) -> Tools:
    return Tools(
        shape=shape,
        state=state,
        chips=chips(state, shape),
        views=views(state, shape),
        orders=orders(state, shape),
        bare=query_of(replace(state, chosen={}, search=""), shape) or "?",
        kept=kept_links(kept, state, shape),
        present=query_of(state, replace(shape, fixed=())),
    )
