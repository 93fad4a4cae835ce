"""The words of a plan in one place: what it is decided from, what it decides, and who judges it.

The judges import no solver, so that a solver never marks its own work.
"""

from legato.domain.certificate import Certificate, Part, PersonCertificate, certificate
from legato.domain.eligibility import (
    Eligible,
    PinImpossible,
    Removal,
    UnknownPin,
    eligibility,
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
from legato.domain.violations import Violation, broken_rules, violations

__all__ = [
    "HEATS",
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
    "Unit",
    "UnknownPin",
    "Violation",
    "broken_rules",
    "certificate",
    "eligibility",
    "violations",
]
