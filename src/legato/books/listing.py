"""What can be asked of the list of a book's records, and what it means in the database."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from legato.books.models import KINDS
from legato.books.queries import EVERY, HOTTEST, Order
from legato.domain.problem import HEATS
from legato.web import words
from legato.web.lists import Asked, Choice, Filter, Shape, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifting:
    """Which records of a book, in which order."""

    only: Q
    order: Order


UNSIFTED = Sifting(only=EVERY, order=HOTTEST)
ORDERS: dict[str, Order] = {
    "heat": HOTTEST,
    "value": (F("value").desc(nulls_last=True),),
    "due": (F("record__due_at").asc(nulls_last=True),),
    "name": ("record__name",),
}


def sifting(asked: Asked, *, now: datetime) -> Sifting:
    """What was asked, at that time."""
    only = Q()
    for name, value in asked.chosen.items():
        only &= FILTERS[name](value, now)
    if asked.search:
        only &= Q(record__name__icontains=asked.search) | Q(
            record__account__name__icontains=asked.search
        )
    return Sifting(only=only, order=ORDERS[asked.order])


def _due(value: str, now: datetime) -> Q:
    until = {"overdue": now, "soon": now + timedelta(hours=48), "week": now + timedelta(days=7)}
    return Q(record__is_open=True, record__due_at__lte=until[value])


FILTERS: dict[str, Callable[[str, datetime], Q]] = {
    "kind": lambda value, now: Q(kind=value),
    "heat": lambda value, now: Q(heat=value),
    "due": _due,
    "worth": lambda value, now: Q(value__isnull=value == "unknown"),
    "touched": lambda value, now: Q(heat_why="never_touched"),
    "state": lambda value, now: Q(record__is_open=value == "open"),
}


def records_shape() -> Shape:
    """The list as its reader may change it, in the reader's language."""
    return Shape(
        filters=(
            _choices("kind", _("Kind"), _named(KINDS, words.kind)),
            _choices("heat", _("Heat"), _named(HEATS, words.heat)),
            _choices("due", _("Due"), [
                ("overdue", _("Overdue"), _("Overdue")),
                ("soon", _("Within 48 hours"), _("Due within 48 hours, or overdue")),
                ("week", _("Within a week"), _("Due within a week, or overdue")),
            ]),
            _choices("worth", _("Value"), [
                ("known", _("Known"), _("Value is known")),
                ("unknown", _("Not known"), _("Value is not known")),
            ]),
            _choices("touched", _("Last touch"), [("never", _("none known"), _("No touch known"))]),
            _choices("state", _("State"), [
                ("open", pgettext("of a record", "open"), _("Still open")),
                ("closed", pgettext("of a record", "closed"), _("Closed")),
            ]),
        ),
        orders=(
            Choice(value="heat", label=_("Hottest first")),
            Choice(value="value", label=_("Most valuable first")),
            Choice(value="due", label=_("Due first")),
            Choice(value="name", label=_("By name")),
        ),
        columns=(
            Choice(value="kind", label=_("Kind")),
            Choice(value="heat", label=_("Heat")),
            Choice(value="value", label=_("Value")),
            Choice(value="due", label=_("Due")),
            Choice(value="account", label=_("Account")),
            Choice(value="owner", label=_("Owner now")),
        ),
        views=(
            View(label=_("Everything"), chosen={}),
            View(label=_("Due within 48 hours"), chosen={"due": "soon"}),
            View(label=_("Hot and open"), chosen={"heat": "hot", "state": "open"}),
            View(label=_("Cold and open"), chosen={"heat": "cold", "state": "open"}),
            View(label=_("Without a value"), chosen={"worth": "unknown", "state": "open"}),
        ),
    )  # fmt: skip


def _choices(name: str, label: str, choices: list[tuple[str, str, str]]) -> Filter:
    made = tuple(Choice(value=value, label=said, chip=chip) for value, said, chip in choices)
    return Filter(name=name, label=label, choices=made)


def _named(codes: Iterable[str], word: Callable[[str], str]) -> list[tuple[str, str, str]]:
    return [(code, word(code), word(code)) for code in codes]
