"""Gathers what a plan is made from: scope, units, candidates and rules, in a few statements."""

from legato.planning.snapshots.candidates import Capacity
from legato.planning.snapshots.problems import Asked, problem_of
from legato.planning.snapshots.reorganising import Company, company_of
from legato.planning.snapshots.scopes import Scope, list_scope, rows_sha256, units_listed
from legato.planning.snapshots.splits import Reorganisation, reorganisation_of

__all__ = [
    "Asked",
    "Capacity",
    "Company",
    "Reorganisation",
    "Scope",
    "company_of",
    "list_scope",
    "problem_of",
    "reorganisation_of",
    "rows_sha256",
    "units_listed",
]
