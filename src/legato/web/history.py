"""What an entry of the history says, in a sentence for people: who did what to whose records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from legato.web import rules
from legato.web.figures import figure
from legato.web.joining import reasons

Named = Callable[[str], str]
"""Makes of a name what stands in the sentence: itself, or HTML that says its language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """An entry with all that its sentence needs. Names are people's; ``actor`` is None where the
    clock or the command line did it. ``givers`` and ``receivers`` are some of so many."""

    kind: str
    actor: str | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    moved: int = 0
    givers: tuple[str, ...] = ()
    giver_count: int = 0
    receivers: tuple[str, ...] = ()
    receiver_count: int = 0
    leavers: tuple[str, ...] = ()
    person: str | None = None
    """Whom it is about, where that is one person."""
    plan: int | None = None
    approver: str | None = None


def told(deed: Deed) -> str:
    """The sentence as plain text."""
    pattern, values = _said(deed)
    return pattern % {name: str(value) for name, value in values.items()}


def shown(deed: Deed, named: Named) -> SafeString:
    """The sentence as HTML, each name as ``named`` writes it."""
    pattern, values = _said(deed, lambda name: conditional_escape(named(name)))
    safe = {name: conditional_escape(value) for name, value in values.items()}
    return mark_safe(conditional_escape(pattern) % safe)


def _said(deed: Deed, named: Named = str) -> tuple[str, dict[str, str]]:
    values = _values(deed, lambda name: _addressed(named(name)))
    pattern = SENTENCES.get(deed.kind)
    if pattern is None:
        return _("%(who)s: %(kind)s"), {**values, "kind": deed.kind}
    return pattern(deed), values


def _addressed(name: str) -> str:
    """The name of a person as it stands in a sentence."""
    return _put(pgettext("a name in a sentence", "%(name)s"), name=name)


def _put(pattern: str, **names: str) -> str:
    """Names in words: HTML if the names are."""
    if all(isinstance(name, SafeString) for name in names.values()):
        return mark_safe(conditional_escape(pattern) % names)
    return pattern % names


def _values(deed: Deed, named: Named) -> dict[str, str]:
    legato = _("Legato")
    return {
        "who": named(deed.actor) if deed.actor else legato,
        "n": figure(deed.moved),
        "from": _people(deed.givers, deed.giver_count, named) or pgettext("who had it", "nobody"),
        "to": _people(deed.receivers, deed.receiver_count, named)
        or pgettext("who gets it", "nobody"),
        "leaver": _people(deed.leavers, len(deed.leavers), named)
        or pgettext("who leaves", "nobody"),
        "person": named(deed.person) if deed.person else legato,
        "plan": str(deed.plan or ""),
        "approver": named(deed.approver) if deed.approver else "",
        "entry": str(deed.facts.get("undone", "")),
        "rules": _rules(deed.facts),
    }


def _people(names: tuple[str, ...], count: int, named: Named) -> str:
    """Their names, up to two; else how many they are; nothing where there is nobody."""
    if not count:
        return ""
    if count == len(names) <= 2:
        first = named(names[0])
        if count == 1:
            return first
        return _put(_("%(first)s and %(second)s"), first=first, second=named(names[1]))
    return ngettext("%(n)s colleague", "%(n)s colleagues", count) % {"n": figure(count)}


def _rules(facts: Mapping[str, Any]) -> str:
    names = [
        f"{name}.{part}" if part else name
        for name, value in facts.items()
        for part in (value if isinstance(value, Mapping) else [""])
    ]
    return reasons(rules.short(name) for name in sorted(names))


def _given(deed: Deed) -> str:
    if deed.approver:
        return ngettext(
            "%(who)s gave %(n)s record of %(from)s to %(to)s: plan %(plan)s, approved by "
            "%(approver)s.",
            "%(who)s gave %(n)s records of %(from)s to %(to)s: plan %(plan)s, approved by "
            "%(approver)s.",
            deed.moved,
        )
    return ngettext(
        "%(who)s gave %(n)s record of %(from)s to %(to)s.",
        "%(who)s gave %(n)s records of %(from)s to %(to)s.",
        deed.moved,
    )


def _covered(deed: Deed) -> str:
    return ngettext(
        "%(who)s put %(n)s record of %(from)s under the cover of %(to)s.",
        "%(who)s put %(n)s records of %(from)s under the cover of %(to)s.",
        deed.moved,
    )


def _taken_back(deed: Deed) -> str:
    return ngettext(
        "%(who)s took entry %(entry)s back: %(n)s record went from %(from)s to %(to)s again.",
        "%(who)s took entry %(entry)s back: %(n)s records went from %(from)s to %(to)s again.",
        deed.moved,
    )


def _ended(deed: Deed) -> str:
    if not deed.moved:
        return _("The last day of %(leaver)s is over; nothing was left in their name.")
    return ngettext(
        "The last day of %(leaver)s is over: %(n)s record is covered by %(to)s.",
        "The last day of %(leaver)s is over: %(n)s records are covered by %(to)s.",
        deed.moved,
    )


def _interim_over(deed: Deed) -> str:
    return ngettext(
        "The cover of %(n)s record was over: it went from %(from)s to %(to)s.",
        "The cover of %(n)s records was over: they went from %(from)s to %(to)s.",
        deed.moved,
    )


def _proposed(deed: Deed) -> str:
    if deed.leavers:
        return _("%(who)s proposed plan %(plan)s for the records of %(leaver)s.")
    return _("%(who)s proposed plan %(plan)s.")


def _sessions_ended(deed: Deed) -> str:
    if deed.actor == deed.person:
        return _("%(who)s logged out in browsers of their own.")
    return _("%(who)s logged %(person)s out in every browser.")


def _factors_reset(_deed: Deed) -> str:
    return _("%(who)s took the passkeys and apps of %(person)s away.")


SENTENCES: dict[str, Callable[[Deed], str]] = {
    "commit": _given,
    "cover": _covered,
    "given": _given,
    "undo": _taken_back,
    "employment_ended": _ended,
    "interim_ended": _interim_over,
    "plan": _proposed,
    "case_opened": lambda _deed: _("%(who)s opened the departure of %(leaver)s."),
    "case_changed": lambda _deed: _("%(who)s corrected the departure of %(leaver)s."),
    "case_withdrawn": lambda _deed: _("%(who)s withdrew the departure of %(leaver)s."),
    "case_closed": lambda _deed: _("%(who)s closed the departure of %(leaver)s."),
    "case_exported": lambda _deed: _("%(who)s took out the case file of %(leaver)s."),
    "rest_signed": lambda _deed: _("%(who)s signed for what still points to %(leaver)s."),
    "team_told": lambda _deed: _("%(who)s noted that the team knows that %(leaver)s is leaving."),
    "approval": lambda _deed: _("%(who)s approved plan %(plan)s."),
    "plan_sent": lambda _deed: _("%(who)s asked for the approval of plan %(plan)s."),
    "plan_rejected": lambda _deed: _("%(who)s rejected plan %(plan)s."),
    "plan_question": lambda _deed: _("%(who)s asked something about plan %(plan)s."),
    "plan_answer": lambda _deed: _("%(who)s answered a question about plan %(plan)s."),
    "plan_objection": lambda _deed: _("%(who)s objected to plan %(plan)s."),
    "plan_cancelled": lambda _deed: _("%(who)s stopped the making of a plan."),
    "person_hired": lambda _deed: _("%(who)s added %(person)s."),
    "person_changed": lambda _deed: _("%(who)s changed what is known of %(person)s."),
    "person_rehired": lambda _deed: _("%(who)s employed %(person)s again."),
    "person_absent": lambda _deed: _("%(who)s noted days on which %(person)s is away."),
    "barred": lambda _deed: _("%(who)s barred %(person)s from a customer."),
    "unbarred": lambda _deed: _("%(who)s no longer bars %(person)s from a customer."),
    "log_in_given": lambda _deed: _("%(who)s gave %(person)s a log-in."),
    "log_in_changed": lambda _deed: _("%(person)s changed how they log in."),
    "sessions_ended": _sessions_ended,
    "factors_reset": _factors_reset,
    "rows_taken": lambda _deed: _("%(who)s took rows out as a file."),
    "look_kept": lambda _deed: _("%(who)s kept a view of a list."),
    "look_removed": lambda _deed: _("%(who)s removed a kept view of a list."),
    "mail_muted": lambda _deed: _("%(person)s wants to be told in Legato alone."),
    "mail_wanted": lambda _deed: _("%(person)s wants to be told by mail as well."),
    "mail_sent_again": lambda _deed: _("%(who)s had a message to %(person)s mailed again."),
    "last_resort_named": lambda _deed: _("%(who)s named %(person)s the person of last resort."),
    "holiday_added": lambda _deed: _("%(who)s noted a public holiday."),
    "policy_set": lambda _deed: _("%(who)s changed the company's rules: %(rules)s."),
    "import": lambda _deed: _("%(who)s imported files from the CRM."),
    "import_undone": lambda _deed: _("%(who)s took an import back."),
}


def group(code: str) -> str:
    """What several kinds of entries have in common."""
    words = {
        "owners": _("Owners changed"),
        "departures": _("Departures"),
        "plans": _("Plans"),
        "people": _("People"),
        "rules": _("The company's rules"),
        "imports": _("Imports"),
    }
    return words.get(code, code)


GROUPS: dict[str, tuple[str, ...]] = {
    "owners": ("commit", "cover", "given", "undo", "employment_ended", "interim_ended"),
    "departures": (
        "case_opened", "case_changed", "case_withdrawn", "case_closed", "case_exported",
        "rest_signed", "team_told",
    ),
    "plans": (
        "plan", "approval", "plan_sent", "plan_rejected", "plan_question", "plan_answer",
        "plan_objection", "plan_cancelled",
    ),
    "people": (
        "person_hired", "person_changed", "person_rehired", "person_absent", "barred", "unbarred",
        "log_in_given", "log_in_changed", "sessions_ended", "factors_reset", "mail_muted",
        "mail_wanted", "mail_sent_again", "rows_taken", "look_kept", "look_removed",
    ),
    "rules": ("policy_set", "last_resort_named", "holiday_added"),
    "imports": ("import", "import_undone"),
}  # fmt: skip
"""Kinds of entries by what a reader looks for; what is in none is found without a filter."""
