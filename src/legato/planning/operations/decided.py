"""A plan that nobody has written down yet, whatever it was decided from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from legato.domain.plan import Certificate, Violation
from legato.domain.policy import Policy
from legato.planning.snapshots import Capacity, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One unit; an orphan has no person."""

    unit: int
    person: int | None
    heat: str
    value: int
    value_known: bool
    reason: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    scope: Scope
    rules: Policy
    problem: dict[str, Any]
    """What it was decided from; of a reorganisation without the units."""
    proposal: dict[str, Any]
    violations: tuple[Violation, ...]
    certificate: Certificate
    capacity: Capacity
    rows_sha256: str
    decisions: tuple[Decision, ...]
    lost: tuple[tuple[int, int, str], ...] = ()
    """Inherited pins that are not possible any more: unit, person, and why."""
    arrays: bytes | None = None
    """Of a reorganisation: its units, arcs and prices."""

    def orphans(self) -> Iterator[int]:
        return (each.unit for each in self.decisions if each.person is None)
