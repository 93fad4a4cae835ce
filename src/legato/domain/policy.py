"""The company's rules as values: what counts as hot, who may receive, how long an undo works.

A stored policy holds only what differs from these defaults; every plan names the version it used.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import timedelta
from typing import Any

from legato.domain.errors import Refused
from legato.domain.problem import FitWeights

SKILLS = ("territory", "language", "industry", "product")
LARGEST = 100_000
"""No number of a rule is greater: so many days either way of today are still days."""
MOST_TIERS = 10


class UnknownPolicyValue(Refused):
    """A policy names something there is no rule for. Facts: ``name``, ``known``."""

    code = "policy_value_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRule:
    """Hot: late and touched lately, or a next step soon. Warm: touched, or any next step. Days."""

    late_touched_within: int = 30
    next_step_within: int = 14
    warm_touched_within: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRule:
    """Rows that somebody may take out within ``days``, by tier; `LARGEST` is no limit."""

    days: int = 30
    rep: int = 500
    manager: int = LARGEST
    others: int = LARGEST
    leaver: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    version: int = 0
    heat: HeatRule = field(default_factory=HeatRule)
    fit: FitWeights = field(default_factory=FitWeights)
    exports: ExportRule = field(default_factory=ExportRule)
    weight_account: int = 1000
    """Thousandths of a weighted account, as are the weights of records decided alone."""
    weight_alone: int = 0
    hours_per_account: int = 4
    """Working hours a month that one weighted account takes, for display."""
    capacity_margin_percent: int = 25
    """Without a capacity of one's own: the largest book of a colleague, and this much more."""
    max_leave_days: int = 10
    novice_days: int = 90
    novice_cap: int = LARGEST
    """The most accounts of each heat and each tier above 0 that a novice gets in a plan."""
    tier_values: tuple[int, ...] = ()
    """Ascending; an account worth at least the first is of tier 1, the second of tier 2, …"""
    stay: int = 1000
    """Points of fit for an account that stays with its owner in a reorganisation."""
    key_account_percent: int = 5
    undo_hours: int = 72
    burning_hours: int = 48
    cover_days: int = 30
    """How long a manager covers what was left when the last day ended."""
    hard_skills: tuple[str, ...] = ("language", "territory")
    soft_skills: tuple[str, ...] = ("industry", "product")

    @property
    def undo_window(self) -> timedelta:
        return timedelta(hours=self.undo_hours)


def policy_from(*, version: int, values: Mapping[str, Any]) -> Policy:
    """The defaults with ``values`` over them, groups such as ``heat`` given as mappings.

    Raises `UnknownPolicyValue`.
    """
    policy = Policy(version=version)
    for name, value in values.items():
        _known(name, policy)
        present = getattr(policy, name)
        if isinstance(value, Mapping):
            for part in value:
                _known(part, present)
            value = replace(present, **value)
        elif isinstance(value, list):
            value = tuple(value)
        policy = replace(policy, **{name: value})
    return policy


def policy_values(policy: Policy) -> dict[str, Any]:
    """The policy as plain values, in the order of its fields; its version among them."""
    return asdict(policy)


def expected_instead(*, name: str, value: Any, default: Any) -> str | None:
    """What the rule takes where it cannot take the value, as a code; None where it can.

    Codes: ``group``, ``kinds_of_skill``, ``percentage``, ``rising_numbers``, ``whole_number``.
    """
    if isinstance(default, Mapping):
        return None if isinstance(value, Mapping) else "group"
    if name == "tier_values":
        return None if _is_rising(value) else "rising_numbers"
    if isinstance(default, tuple):
        kinds = isinstance(value, list) and all(each in SKILLS for each in value)
        return None if kinds else "kinds_of_skill"
    is_percentage = name == "key_account_percent"
    most = 100 if is_percentage else LARGEST
    if type(value) is int and 0 <= value <= most:
        return None
    return "percentage" if is_percentage else "whole_number"


def _is_rising(value: Any) -> bool:
    """Whole numbers above zero, each greater than the one before it, ten at most."""
    if not isinstance(value, list) or len(value) > MOST_TIERS:
        return False
    return all(type(each) is int and each > 0 for each in value) and value == sorted(set(value))


def _known(name: str, within: Any) -> None:
    known = [each.name for each in fields(within) if each.name != "version"]
    if name not in known:
        raise UnknownPolicyValue(name=name, known=sorted(known))
