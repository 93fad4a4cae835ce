"""What can be asked of the list of a book, and what it means in the database."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from legato.books.lines import ACCOUNT, CUSTOMER, HEAT, NEXT, RECORD, Part, Question
from legato.books.models import KINDS
from legato.books.weighing import POINTS
from legato.domain import exposure as rule
from legato.domain.exposure import BANDS
from legato.domain.problem import HEATS
from legato.web import words
from legato.web.charts.scatter import ZONES
from legato.web.exposing import band_name, zone_name
from legato.web.lists import Asked, Choice, Filter, Shape, View

WEIGHED = frozenset({RECORD, ACCOUNT, CUSTOMER, HEAT})
HOTTEST = "array_position(ARRAY['hot', 'warm', 'cold'], i.heat)"
TOUCHED = "greatest(r.touched_at, a.touched_at, t.touched_at)"
ONE_HAND = (
    "(t.id IS NULL OR (t.first_owner = t.last_owner"
    " AND t.first_owner = coalesce(a.owner_id, r.owner_id)))"
)
ZONE_DAYS = {name: (first, last) for name, first, last in ZONES}


def _part(sql: str, *needs: str) -> Part:
    return Part(sql=sql, needs=frozenset(needs))


ORDERS = {
    "heat": _part(f"{HOTTEST}, i.value DESC NULLS LAST", HEAT),
    "value": _part("i.value DESC NULLS LAST", HEAT),
    "due": _part("r.due_at ASC NULLS LAST", RECORD),
    "loss": Part(sql=f"i.value * {POINTS} DESC NULLS LAST, {POINTS} DESC", needs=WEIGHED),
    "name": _part("r.name", RECORD),
}
GROUPS = {
    "heat": _part(HOTTEST, HEAT),
    "kind": _part("i.kind"),
    "owner": _part("r.owner_id", RECORD),
}


def question(asked: Asked, *, now: datetime, soon: int) -> Question:
    """What was asked, at that time; ``soon`` are the hours within which something burns."""
    only = [FILTERS[name](value) for name, value in asked.chosen.items()]
    values: dict[str, object] = {"soon": now + timedelta(hours=soon)}
    if asked.search:
        values["search"] = f"%{_escaped(_folded(asked.search))}%"
        only.append(_part(f"({_found('r.name')} OR {_found('a.name')})", RECORD, ACCOUNT))
    return Question(
        now=now,
        only=tuple(only),
        order=ORDERS[asked.order],
        group=GROUPS[asked.group] if asked.group else None,
        values=values,
    )


def pictured(asked: Asked, wanted: Question) -> tuple[Question, Mapping[str, str]]:
    """What the picture of the list shows, and the filters that its parts set besides: its
    customers, unless kinds or days are chosen."""
    if {"kind", "due"} & asked.chosen.keys():
        return wanted, {}
    customers = {"kind": "account"}
    only = (*wanted.only, FILTERS["kind"]("account"))
    return replace(wanted, only=only), customers


def _found(column: str) -> str:
    """Names are compared without case, without widths of letters, with ё as е."""
    return f"translate(lower(normalize({column}, NFKC)), 'ё', 'е') LIKE %(search)s"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().replace("ё", "е")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


DUE = {
    "overdue": "r.is_open AND r.due_at < %(now)s",
    "soon": "r.is_open AND r.due_at <= %(soon)s",
    "week": "r.is_open AND r.due_at <= %(now)s + interval '7 days'",
    "quarter": "r.is_open AND r.due_at BETWEEN %(now)s AND %(now)s + interval '90 days'",
    "none": "r.is_open AND r.due_at IS NULL",
}


def _next(zone: str) -> Part:
    """A zone of days of the picture; the farthest ones have no end, nor has what is overdue."""
    if zone == "none":
        return Part(sql=f"r.is_open AND {NEXT} IS NULL", needs=WEIGHED - {HEAT})
    first, last = ZONE_DAYS[zone]
    sql = "r.is_open"
    if zone != "overdue":
        sql += f" AND {NEXT} >= %(now)s + interval '{first} days'"
    if zone != "later":
        sql += f" AND {NEXT} < %(now)s + interval '{last} days'"
    return Part(sql=sql, needs=WEIGHED - {HEAT})


def _chance(value: str) -> Part:
    first, last = BANDS[int(value)]
    return Part(sql=f"r.is_open AND {POINTS} >= {first} AND {POINTS} < {last}", needs=WEIGHED)


def _touched(value: str) -> Part:
    if value == "never":
        return Part(sql=f"{TOUCHED} IS NULL", needs=WEIGHED - {HEAT})
    days = rule.QUIET_AFTER.days
    return Part(sql=f"{TOUCHED} < %(now)s - interval '{days} days'", needs=WEIGHED - {HEAT})


FILTERS: Mapping[str, Callable[[str], Part]] = {
    "kind": lambda value: _part(f"i.kind = '{value}'"),
    "heat": lambda value: _part(f"i.heat = '{value}'", HEAT),
    "due": lambda value: _part(DUE[value], RECORD),
    "next": _next,
    "chance": _chance,
    "worth": lambda value: _part(f"i.value IS {'' if value == 'unknown' else 'NOT '}NULL", HEAT),
    "touched": _touched,
    "ties": lambda value: Part(sql=f"r.is_open AND {ONE_HAND}", needs=WEIGHED - {HEAT}),
    "state": lambda value: _part("r.is_open" if value == "open" else "NOT r.is_open", RECORD),
    "owner": lambda value: _part(f"r.owner_id = {int(value)}", RECORD),
}


def shape(
    *,
    hours: int,
    owners: Sequence[tuple[int, str]],
    of_case: bool,
    fixed: tuple[tuple[str, str], ...] = (),
) -> Shape:
    """The list as its reader may change it, in the reader's language, and who has some of it."""
    orders = [
        Choice(value="heat", label=_("Hottest first")),
        Choice(value="loss", label=_("Largest expected loss first")),
        Choice(value="value", label=_("Most valuable first")),
        Choice(value="due", label=_("Due first")),
        Choice(value="name", label=_("By name")),
    ]
    if not of_case:  # What nobody listed has its heat counted anew, so that is no first order.
        orders.insert(0, orders.pop(3))
    return Shape(
        filters=_filters(hours, owners, of_case=of_case),
        orders=tuple(orders),
        columns=(
            Choice(value="heat", label=_("Heat")),
            Choice(value="value", label=_("Value")),
            Choice(value="loss", label=_("Expected loss")),
            Choice(value="due", label=_("Due")),
            Choice(value="promise", label=_("Next promise")),
            Choice(value="touched", label=_("Last touch")),
            Choice(value="owner", label=_("Owner now")),
            Choice(value="call", label=_("Call")),
        ),
        views=_views(hours),
        groups=(
            Choice(value="owner", label=_("Owner now")),
            Choice(value="heat", label=_("Heat")),
            Choice(value="kind", label=_("Kind")),
        ),
        fixed=fixed,
    )


def _filters(hours: int, owners: Sequence[tuple[int, str]], *, of_case: bool) -> tuple[Filter, ...]:
    quiet = rule.QUIET_AFTER.days
    found = [
        _choices("kind", _("Kind"), _named(KINDS, words.kind)),
        _choices("heat", _("Heat"), _named(HEATS, words.heat)),
        _choices("due", _("Due"), [
            ("overdue", _("Overdue"), _("Overdue")),
            ("soon", _("Within %(hours)s hours") % {"hours": hours},
             _("Due within %(hours)s hours, or overdue") % {"hours": hours}),
            ("week", _("Within a week"), _("Due within a week, or overdue")),
            ("quarter", _("Within 90 days"), _("Due within 90 days")),
            ("none", zone_name("none"), _("Without a date")),
        ]),
        _choices("next", _("Next due date with the customer"), [
            (zone, zone_name(zone), _("Next due date: %(when)s") % {"when": zone_name(zone)})
            for zone in ZONE_DAYS
        ]),
        _choices("chance", _("Chance of loss"), [
            (str(number), band_name(number),
             _("Chance of loss: %(band)s") % {"band": band_name(number)})
            for number in range(len(BANDS))
        ]),
        _choices("worth", _("Value"), [
            ("known", _("Known"), _("Value is known")),
            ("unknown", _("Not known"), _("Value is not known")),
        ]),
        _choices("touched", _("Last touch"), [
            ("quiet", _("more than %(days)s days ago") % {"days": quiet},
             _("Nobody was in touch for more than %(days)s days") % {"days": quiet}),
            ("never", _("none known"), _("No touch known")),
        ]),
        _choices("ties", _("Ties"), [
            ("one", _("in one hand"), _("Everything open with the customer is in one hand")),
        ]),
        _choices("owner", _("Owner now"), [(str(pk), name, name) for pk, name in owners]),
    ]  # fmt: skip
    if of_case:
        found.append(_choices("state", _("State"), [
            ("open", pgettext("of a record", "open"), _("Still open")),
            ("closed", pgettext("of a record", "closed"), _("Closed")),
        ]))  # fmt: skip
    return tuple(found)


def _views(hours: int) -> tuple[View, ...]:
    quiet = rule.QUIET_AFTER.days
    return (
        View(label=_("Everything"), chosen={}),
        View(
            label=_("Due within %(hours)s hours, or overdue") % {"hours": hours},
            chosen={"due": "soon"}, order="due",
        ),
        View(
            label=pgettext("view of a book", "Promises"),
            chosen={"kind": "commitment"}, order="due",
        ),
        View(label=_("In one hand"), chosen={"kind": "account", "ties": "one"}, order="loss"),
        View(
            label=_("Warm, going cold (%(days)s days)") % {"days": quiet},
            chosen={"heat": "warm", "touched": "quiet"},
        ),
        View(label=_("Never touched"), chosen={"touched": "never"}),
        View(
            label=_("Deals due within 90 days"),
            chosen={"kind": "opportunity", "due": "quarter"}, order="due",
        ),
    )  # fmt: skip


def _choices(name: str, label: str, choices: list[tuple[str, str, str]]) -> Filter:
    made = tuple(Choice(value=value, label=said, chip=chip) for value, said, chip in choices)
    return Filter(name=name, label=label, choices=made)


def _named(codes: Iterable[str], word: Callable[[str], str]) -> list[tuple[str, str, str]]:
    return [(code, word(code), word(code)) for code in codes]
