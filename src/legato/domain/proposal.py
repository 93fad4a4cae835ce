"""What a split decides: a person for every unit, each with its reason, in codes and numbers only.

Nothing here holds prose or a fraction of a second, so equal decisions are equal bytes.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from legato.domain.problem import Measure

__all__ = ["PRICE_UNIT", "Fact", "Measure", "Placement", "Proposal", "Reason", "Share"]

Fact = tuple[str, int | str]

PRICE_UNIT = 10**9
"""Prices are whole billionths of a point of fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a unit went where it went.

    Codes: ``pinned``, ``account_owner``, ``only_eligible``, ``best_fit``, ``fair_share`` (somebody
    else fits better but that share is full), ``group`` (the group decided), and for orphans
    ``orphan_nobody_eligible``, ``orphan_no_capacity``, ``orphan_group`` (each member could be
    taken, but by no one person).

    Facts, as far as they apply: ``fit``, ``fit.<part>``, ``rank`` (1 = fits best), ``candidates``,
    ``bound`` (a measure whose share is exactly full for this person), ``alternative`` (person),
    ``alternative.fit``, ``alternative.why`` (``less_fit``, ``hot_full``, ``warm_full``,
    ``cold_full``, ``total_full``, ``value_full``, ``weight_full``, ``needed_here``,
    ``dearer_elsewhere``), ``alternative.by`` (points of fit), ``group``, ``removed.<person>`` (why
    that candidate could not take an orphan).
    """

    code: str
    facts: tuple[Fact, ...] = ()

    def fact(self, name: str) -> int | str | None:
        return next((value for key, value in self.facts if key == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    unit: int
    person: int | None
    """None: an orphan, which goes to the manager."""
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The interval a person's part of one measure was held to, and what one more of it costs.

    ``target`` is in thousandths of a unit for counts, in whole currency units for value, in
    thousandths of an account for weight; ``low`` and ``high`` in whole units, currency,
    thousandths of an account.
    """

    person: int
    of: Measure
    target: int
    low: int
    high: int
    price: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    placements: tuple[Placement, ...]
    seed: int
    solver: str
    """Name and version."""
    shares: tuple[Share, ...]
    """By person, then measure."""
    tolerance: int
    """The worst deviation of value or weight that was reached, in thousandths of a share."""
    proven_bound: int | None = None
    """What the solver's own branch and bound says no fit can exceed: its word, not a proof."""

    def owners(self) -> dict[int, int | None]:
        return {placement.unit: placement.person for placement in self.placements}

    def orphans(self) -> Iterator[Placement]:
        return (placement for placement in self.placements if placement.person is None)

    def as_bytes(self) -> bytes:
        """The one written form: equal proposals give equal bytes."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode("ascii")
