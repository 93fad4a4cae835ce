"""Judges a split without knowing who made it: what breaks a rule, and how fair it came out.

Nothing here imports a solver; ``violations`` and ``certificate`` recompute everything from the
problem, so that a solver never marks its own work. The values of a plan are re-exported here.
"""

from dataclasses import dataclass

from legato.domain.eligibility import (
    Block,
    Eligible,
    PinImpossible,
    Removal,
    Split,
    UnknownPin,
    eligibility,
    split_of,
)
from legato.domain.problem import (
    HEATS,
    Candidate,
    FitWeights,
    Heat,
    Pin,
    Problem,
    Rules,
    Skill,
    Unit,
)
from legato.domain.proposal import Fact, Measure, Placement, Proposal, Reason, Share

__all__ = [
    "HEATS",
    "Block",
    "Candidate",
    "Certificate",
    "Eligible",
    "Fact",
    "FitWeights",
    "Heat",
    "Measure",
    "Part",
    "PersonCertificate",
    "Pin",
    "PinImpossible",
    "Placement",
    "Problem",
    "Proposal",
    "Reason",
    "Removal",
    "Rules",
    "Share",
    "Skill",
    "Split",
    "Unit",
    "UnknownPin",
    "Violation",
    "certificate",
    "eligibility",
    "split_of",
    "violations",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """Codes: ``not_placed``, ``placed_twice``, ``unknown_unit``, ``unknown_person``,
    ``not_eligible`` (fact ``why``), ``over_capacity`` (``free``, ``gained``), ``group_split``,
    ``pin_broken``, ``needless_orphan`` (``person``: who could take it)."""

    code: str
    unit: int | None = None
    person: int | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one person got of one measure; ``target`` and ``deviation`` in thousandths of a unit
    for counts, in whole currency units for value, in thousandths of an account for weight."""

    of: Measure
    got: int
    target: int
    deviation: int
    is_out: bool
    """A count beyond the whole numbers around its target; a value beyond the plan's tolerance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCertificate:
    person: int
    units: int
    """All units received, those decided before the split included."""
    before_split: int
    parts: tuple[Part, ...]
    """hot, warm, cold, total, value, of the split alone."""
    load: int
    gained: int
    capacity: int
    """Thousandths of a weighted account, as ``load`` and ``gained``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    persons: tuple[PersonCertificate, ...]
    cells_out: int
    """Counts (per heat and total) outside the whole numbers around their target."""
    worst_count: int
    """Thousandths of a unit away from a target."""
    worst_value: int
    """Thousandths of a share away from it."""
    fit: int
    fit_bound: int
    """No split within the plan's shares can fit better: weak duality with the plan's prices."""
    gap: int
    """Hundred-thousandths: (bound - fit) / bound."""
    reasons: tuple[tuple[str, int], ...]
    orphans: int


def violations(problem: Problem, proposal: Proposal) -> tuple[Violation, ...]:
    """Everything in the proposal that breaks a hard rule, in order of unit; empty when sound."""
    raise NotImplementedError


def certificate(problem: Problem, proposal: Proposal) -> Certificate:
    """How fair and how good the proposal is, recomputed from the problem."""
    raise NotImplementedError
