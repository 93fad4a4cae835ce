"""Sets what holds for the whole company: the person of last resort, holidays, and the rules."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from legato.domain.errors import Refused
from legato.domain.policy import Policy as Rules
from legato.domain.policy import expected_instead, policy_from, policy_values
from legato.ledger.operations import once, record
from legato.people.models import Company, Holiday, Policy
from legato.people.operations.shared import NotEmployed, person_row
from legato.people.queries import check_may_administer, policy


class WrongPolicyValue(Refused):
    """The rule takes something else. Facts: ``name``, ``value``, ``expected`` (a code)."""

    code = "policy_value_wrong"


@transaction.atomic(durable=True)
@once
def name_last_resort(
    *, person: int, now: datetime, actor: int | None, reason: str = "", key: str | None = None
) -> None:
    """Names the person to whom everything falls that has nobody else.

    Raises `NotEmployed`, `MayNotAdminister`, `KeyAlreadyUsed`.
    """
    check_may_administer(actor=actor)
    found = person_row(person, lock=True)
    if not found.is_employed:
        raise NotEmployed(name=found.name)
    entry = record(
        chain="company",
        kind="last_resort_named",
        actor=actor,
        at=now,
        reason=reason,
        facts={"person": person},
    )
    Company.objects.update_or_create(id=1, defaults={"last_resort": found, "entry": entry})


class PolicyNeedsReason(Refused):
    """A change on the page says why. No facts."""

    code = "policy_needs_reason"


class PolicyUnchanged(Refused):
    """The values are those in force. Facts: ``version``."""

    code = "policy_unchanged"


class PolicyChangedSince(Refused):
    """Somebody added a version after the one that was looked at. Facts: ``seen``, ``version``."""

    code = "policy_changed_since"


@transaction.atomic(durable=True)
def add_holiday(
    *, country: str, day: date, name: str, now: datetime, actor: int | None, reason: str = ""
) -> None:
    """Notes a day off in a country, by its code; again it gets another name.

    Raises `MayNotAdminister`.
    """
    check_may_administer(actor=actor)
    facts = {"country": country, "day": day.isoformat(), "name": name}
    record(chain="company", kind="holiday_added", actor=actor, at=now, reason=reason, facts=facts)
    Holiday.objects.update_or_create(country=country, day=day, defaults={"name": name})


@transaction.atomic(durable=True)
@once
def set_policy(
    *,
    values: Mapping[str, Any],
    now: datetime,
    actor: int | None,
    reason: str = "",
    key: str | None = None,
) -> int:
    """Adds a version of the policy with these values over those in force; its number.

    Groups such as ``heat`` are mappings. Raises `UnknownPolicyValue`, `WrongPolicyValue`,
    `MayNotAdminister`, `KeyAlreadyUsed`.
    """
    check_may_administer(actor=actor)
    return _add_version(values, now=now, actor=actor, reason=reason, seen=None)


@transaction.atomic(durable=True)
@once
def change_policy(
    *,
    values: Mapping[str, Any],
    seen: int,
    now: datetime,
    actor: int,
    reason: str,
    key: str | None = None,
) -> int:
    """`set_policy` for whoever looked at version ``seen`` when they decided, and says why.

    ``values`` may be all there are: only what differs from those in force is set.
    Raises what that does, `PolicyNeedsReason`, `PolicyUnchanged`, `PolicyChangedSince`.
    """
    check_may_administer(actor=actor)
    present = policy()
    if seen != present.version:
        raise PolicyChangedSince(seen=seen, version=present.version)
    changed = _changed(json.loads(json.dumps(policy_values(present))), values)
    if not changed:
        raise PolicyUnchanged(version=seen)
    if not reason:
        raise PolicyNeedsReason()
    return _add_version(changed, now=now, actor=actor, reason=reason, seen=seen)


def _add_version(
    values: Mapping[str, Any],
    *,
    now: datetime,
    actor: int | None,
    reason: str,
    seen: int | None,
) -> int:
    """The entry comes first: whoever writes the company's chain waits for whoever writes it now."""
    _refuse_wrong_values(values, defaults=policy_values(Rules()))
    entry = record(
        chain="company", kind="policy_set", actor=actor, at=now, reason=reason, facts=values
    )
    last = Policy.objects.order_by("-version").first()
    version = last.version + 1 if last else 1
    if seen is not None and seen != version - 1:
        raise PolicyChangedSince(seen=seen, version=version - 1)
    merged = _merged(last.values if last else {}, values)
    policy_from(version=version, values=merged)
    Policy.objects.create(version=version, values=merged, since=now, entry=entry)
    return version


def _changed(present: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that differ from the present ones; of a group the parts that do."""
    changed: dict[str, Any] = {}
    for name, value in values.items():
        before = present.get(name)
        if isinstance(value, Mapping) and isinstance(before, Mapping):
            value = {part: inner for part, inner in value.items() if before.get(part) != inner}
            if not value:
                continue
        if before != value:
            changed[name] = value
    return changed


def _merged(present: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The present values with the given over them; of a group only the parts that are given."""
    merged = dict(present)
    for name, value in values.items():
        if isinstance(value, Mapping):
            value = {**merged.get(name, {}), **value}
        merged[name] = value
    return merged


def _refuse_wrong_values(
    values: Mapping[str, Any], *, defaults: Mapping[str, Any], within: str = ""
) -> None:
    """A name that has no default is left to `policy_from` to refuse."""
    for name in [each for each in values if each in defaults and each != "version"]:
        value, default = values[name], defaults[name]
        if expected := expected_instead(name=name, value=value, default=default):
            raise WrongPolicyValue(name=within + name, value=value, expected=expected)
        if isinstance(default, Mapping):
            _refuse_wrong_values(value, defaults=default, within=f"{name}.")
