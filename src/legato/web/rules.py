"""The company's rules as questions to people, in groups, and values as people write them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from legato.domain.policy import SKILLS
from legato.web import words
from legato.web.figures import figure
from legato.web.joining import labelled, listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A rule asked for."""

    name: str
    text: str


def groups() -> list[tuple[str, list[Question]]]:
    """Every rule once, by what it is about."""
    texts = _texts()
    return [
        (title, [Question(name=n, text=texts[n]) for n in names])
        for title, names in _titles().items()
    ]


def _titles() -> dict[str, tuple[str, ...]]:
    return {
        _("Taking back and covering"): (
            "undo_hours",
            "cover_days",
            "burning_hours",
        ),
        _("Hot, warm, cold"): (
            "heat.late_touched_within",
            "heat.next_step_within",
            "heat.warm_touched_within",
        ),
        _("Who may receive"): (
            "max_leave_days",
            "novice_days",
            "novice_cap",
            "capacity_margin_percent",
            "hard_skills",
            "soft_skills",
        ),
        _("What makes a split good"): (
            "fit.tie",
            "fit.territory",
            "fit.language",
            "fit.industry",
            "fit.product",
            "fit.family",
            "stay",
            "key_account_percent",
            "tier_values",
        ),
        _("How work is counted"): (
            "weight_account",
            "weight_alone",
            "hours_per_account",
        ),
        _("Rows taken out as files"): (
            "exports.days",
            "exports.rep",
            "exports.manager",
            "exports.others",
            "exports.leaver",
        ),
    }


def _texts() -> dict[str, str]:
    return {
        "undo_hours": _("How long can a change of owners be taken back?"),
        "cover_days": _("How long does a manager cover what is left on the last day?"),
        "burning_hours": _("What is due within how long counts as burning?"),
        "heat.late_touched_within": _("A late deal is hot if it was touched within how long?"),
        "heat.next_step_within": _("Anything is hot whose next step is within how long?"),
        "heat.warm_touched_within": _("What was touched within how long is at least warm?"),
        "max_leave_days": _(
            "After how many working days of absence is nothing given to somebody permanently?"
        ),
        "novice_days": _("For how long is somebody new?"),
        "novice_cap": _("How many accounts of each heat does somebody new get at most?"),
        "capacity_margin_percent": _(
            "Where no capacity is set: by how much may it exceed the largest number of accounts "
            "a colleague has?"
        ),
        "hard_skills": _("Without which skills does somebody never get an account?"),
        "soft_skills": _("Which skills make somebody fit better?"),
        "fit.tie": _("How many points does an existing tie give?"),
        "fit.territory": _("How many points does the same territory give?"),
        "fit.language": _("How many points does the language give?"),
        "fit.industry": _("How many points does the industry give?"),
        "fit.product": _("How many points does the product give?"),
        "fit.family": _("How many points does the parent group give?"),
        "stay": _("In a reorganisation: how many points does it give if an account stays?"),
        "key_account_percent": _("From what share of a book on is one account a key account?"),
        "tier_values": _("From which yearly values on does an account belong to the next tier?"),
        "weight_account": _("How much does an account weigh?"),
        "weight_alone": _("How much does a record without an account weigh?"),
        "hours_per_account": _("How many hours a month does an account take?"),
        "exports.days": _("Within how long are the rows that somebody takes out added up?"),
        "exports.rep": _("How many may a rep take out?"),
        "exports.manager": _("How many may a manager take out?"),
        "exports.others": _("How many may sales operations, HR, directors and administrators?"),
        "exports.leaver": _("How many may somebody take out whose exports are limited?"),
    }


UNITS: dict[str, Callable[[int], str]] = {
    "days": lambda n: ngettext("day", "days", n),
    "working_days": lambda n: ngettext("working day", "working days", n),
    "hours": lambda n: ngettext("hour", "hours", n),
    "points": lambda n: ngettext("point", "points", n),
    "accounts": lambda n: ngettext("account", "accounts", n),
    "rows": lambda n: ngettext("row", "rows", n),
    "per_cent": lambda n: ngettext("per cent", "per cent", n),
    "thousandths": lambda n: ngettext("thousandth", "thousandths", n),
}
COUNTS = {
    "undo_hours": "hours",
    "cover_days": "days",
    "burning_hours": "hours",
    "heat.late_touched_within": "days",
    "heat.next_step_within": "days",
    "heat.warm_touched_within": "days",
    "max_leave_days": "working_days",
    "novice_days": "days",
    "novice_cap": "accounts",
    "capacity_margin_percent": "per_cent",
    "fit.tie": "points",
    "fit.territory": "points",
    "fit.language": "points",
    "fit.industry": "points",
    "fit.product": "points",
    "fit.family": "points",
    "stay": "points",
    "key_account_percent": "per_cent",
    "weight_account": "thousandths",
    "weight_alone": "thousandths",
    "hours_per_account": "hours",
    "exports.days": "days",
    "exports.rep": "rows",
    "exports.manager": "rows",
    "exports.others": "rows",
    "exports.leaver": "rows",
}


def unit(name: str, value: Any) -> str:
    """What stands behind the number of a rule; nothing where it has none."""
    if name not in COUNTS:
        return ""
    return UNITS[COUNTS[name]](value if isinstance(value, int) else 0)


def question(name: str) -> str:
    """What the rule of that name asks."""
    return next((q.text for _group, asked in groups() for q in asked if q.name == name), name)


def short(name: str) -> str:
    """What the rule of that name is called where it is one of several."""
    group, _dot, part = name.partition(".")
    if group == "fit":
        return labelled(_("Points of fit"), words.weight(part))
    names = {
        "undo_hours": _("time for an undo"),
        "cover_days": _("length of the cover"),
        "burning_hours": _("what counts as burning"),
        "heat.late_touched_within": _("hot: late deals"),
        "heat.next_step_within": _("hot: next step"),
        "heat.warm_touched_within": _("warm: last touch"),
        "max_leave_days": _("longest absence"),
        "novice_days": _("time as a newcomer"),
        "novice_cap": _("accounts for newcomers"),
        "capacity_margin_percent": _("capacity where none is set"),
        "hard_skills": _("needed skills"),
        "soft_skills": _("useful skills"),
        "stay": _("points for an account that stays"),
        "key_account_percent": _("what a key account is"),
        "tier_values": _("limits of the tiers"),
        "weight_account": _("weight of an account"),
        "weight_alone": _("weight of a record without an account"),
        "hours_per_account": _("hours for an account"),
        "exports.days": _("days over which rows are added up"),
        "exports.rep": _("rows for reps"),
        "exports.manager": _("rows for managers"),
        "exports.others": _("rows for others"),
        "exports.leaver": _("rows where exports are limited"),
    }
    return names.get(name, name)


def value(stored: Any) -> str:
    """A rule's value as people read it."""
    if isinstance(stored, list | tuple):
        return listed(typed(stored)) or "–"
    return figure(stored) if isinstance(stored, int) else str(stored)


def typed(stored: Sequence[Any]) -> list[str]:
    """The parts of a rule that is a list, as people type them."""
    return [words.skill(str(each)) for each in stored]


def read(text: str) -> list[str]:
    """Such parts as they were typed; kinds of skill by their words or their codes."""
    kinds = {words.skill(each).casefold(): each for each in SKILLS}
    parts = [each.strip() for each in re.split("[,，、]", text)]
    return [kinds.get(each.casefold(), each) for each in parts if each]


def bounds(name: str, default: Any) -> str:
    """What may be answered."""
    if name == "tier_values":
        return _("rising whole numbers with commas between them, at most ten")
    if isinstance(default, list | tuple):
        kinds = listed(words.skill(each) for each in SKILLS)
        return _("of: %(kinds)s; commas between them") % {"kinds": kinds}
    most = 100 if name == "key_account_percent" else 100_000
    return _("0 to %(most)s") % {"most": figure(most)}


def consequence(name: str, facts: Mapping[str, int]) -> str:
    """What the company's own figures say of a rule as it is; empty where they say nothing."""
    return CONSEQUENCES[name](facts[name]) if facts.get(name) and name in CONSEQUENCES else ""


def change(name: str, before: Mapping[str, int], after: Mapping[str, int]) -> str:
    """What another value would mean, by the same figures."""
    if before.get(name) == after.get(name) or name not in CONSEQUENCES:
        return consequence(name, after)
    now, then = CONSEQUENCES[name](before[name]), CONSEQUENCES[name](after[name])
    return _("Now: %(now)s After the change: %(then)s") % {"now": now, "then": then}


def _undone_late(n: int) -> str:
    text = ngettext(
        "%(n)s undo so far would have come too late.",
        "%(n)s undos so far would have come too late.",
        n,
    )
    return text % {"n": figure(n)}


def _burning(n: int) -> str:
    text = ngettext(
        "%(n)s open record is burning today.", "%(n)s open records are burning today.", n
    )
    return text % {"n": figure(n)}


def _new(n: int) -> str:
    text = ngettext("%(n)s person is new today.", "%(n)s people are new today.", n)
    return text % {"n": figure(n)}


def _covered(n: int) -> str:
    text = ngettext(
        "%(n)s record is covered for longer than that.",
        "%(n)s records are covered for longer than that.",
        n,
    )
    return text % {"n": figure(n)}


def _away(n: int) -> str:
    text = ngettext(
        "%(n)s person is away for longer than that, now or soon.",
        "%(n)s people are away for longer than that, now or soon.",
        n,
    )
    return text % {"n": figure(n)}


CONSEQUENCES = {
    "undo_hours": _undone_late,
    "burning_hours": _burning,
    "novice_days": _new,
    "cover_days": _covered,
    "max_leave_days": _away,
}
