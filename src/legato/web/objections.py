"""Words for what is wrong with a plan's file: each objection, with what is said and what is so."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from legato.domain.claims import Violation
from legato.web import why, words
from legato.web.figures import figure

Names = Mapping[int, str]

THOUSANDTHS, TENTHS = 1000, 10
SCALES = {"gap": THOUSANDTHS, "said_gap": THOUSANDTHS, "worst_count": THOUSANDTHS,
          "worst_value": TENTHS, "worst_weight": TENTHS}  # fmt: skip
"""What the figures of a certificate are parts of, where they are not whole."""


def record(each: Violation, *, names: Names) -> str:
    """The record an objection is about; by number alone where the file has no name for it."""
    unit = each.unit if each.unit is not None else dict(each.facts).get("unit")
    if not isinstance(unit, int):
        return ""
    return f"{names[unit]} (#{unit})" if unit in names else f"#{unit}"


def person(each: Violation) -> str:
    """The person it is about: files name nobody but by number."""
    who = each.person if each.person is not None else dict(each.facts).get("person")
    return f"#{who}" if isinstance(who, int) else ""


def detail(each: Violation) -> str:
    """What is said and what is so, in words; empty where the objection says all."""
    facts = dict(each.facts)
    if each.code in ("not_eligible", "pin_impossible"):
        return words.removal(str(facts.get("why", "")))
    if each.code == "share_untrue":
        share = {"measure": why.measure(str(facts["of"])), "why": _share(str(facts["why"]))}
        return _("%(measure)s: %(why)s") % share
    sentences = {
        "over_capacity": _("has room for %(room)s, gets %(gained)s"),
        "tier_cap": _("%(of)s: gets %(got)s, at most %(cap)s are allowed"),
        "pin_broken": _("pinned to #%(pinned)s"),
        "owner_passed_over": _("the account is #%(owner)s's"),
        "needless_orphan": _("#%(taker)s has room"),
        "group_split": _("parent group #%(group)s"),
        "tolerance_untrue": _("%(said)s %% is said, %(worst)s %% is so"),
        "proven_untrue": _("at most %(said)s points are said, %(fit)s are reached"),
        "certificate_untrue": _("%(of)s: %(said)s is said, %(found)s is so"),
        "digest_untrue": _("%(said)s is said, %(found)s is so"),
    }
    if each.code not in sentences:
        return ""
    if each.code == "certificate_untrue" and "said" not in facts:
        return figure_name(str(facts["of"]))
    return sentences[each.code] % {name: _told(each.code, facts, name) for name in facts}


def _told(code: str, facts: Mapping[str, int | str], name: str) -> str:
    """A fact in the units people use."""
    value = facts[name]
    if name == "of":
        return figure_name(str(value)) if code == "certificate_untrue" else why.measure(str(value))
    if name in ("room", "gained"):
        return figure(int(value) / THOUSANDTHS, places=3)
    if code == "tolerance_untrue":
        return figure(int(value) / TENTHS)
    if code == "certificate_untrue":
        return figure(int(value) / SCALES.get(str(facts["of"]), 1), places=3)
    if code == "digest_untrue":
        return f"{str(value)[:12]}…"
    return f"{value}" if name in ("pinned", "owner", "taker", "group") else figure(int(value))


def figure_name(code: str) -> str:
    """A figure of a plan's certificate."""
    named = {
        "fit": _("fit"),
        "fit_bound": _("bound of the fit"),
        "gap": _("gap to the bound, %"),
        "said_gap": _("proven gap"),
        "cells_out": _("shares not kept"),
        "worst_count": _("greatest deviation of a count"),
        "worst_value": _("greatest deviation of value, %"),
        "worst_weight": _("greatest deviation of workload, %"),
        "orphans": _("units that found nobody"),
        "unplaced": _("units that found nobody"),
        "persons": _("what somebody gets"),
        "reasons": _("reasons given"),
    }
    return named.get(code, code)


def _share(code: str) -> str:
    """What is wrong with a share that a plan states."""
    named = {
        "target": _("the fair part is another"),
        "outside": _("what was given lies outside the limits stated"),
        "narrow": _(
            "the limits stated are narrower than permitted, which makes the gap look smaller"
        ),
        "unknown": _("there is no such share"),
        "twice": _("it is stated twice"),
    }
    return named.get(code, code)
