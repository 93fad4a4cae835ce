"""The file by which a stranger re-checks a plan: all it was decided from, what was decided, and
what was claimed of it.

Everything is recomputed from the first two; nothing here knows a solver or a database.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from legato.domain.arraychecks import FIGURES
from legato.domain.certificate import Certificate, certificate
from legato.domain.claims import Violation
from legato.domain.eligibility import PinImpossible, UnknownPin
from legato.domain.plain import PlanFileUnreadable, parsed, plain, text, value_from
from legato.domain.planarrays import (
    Arrays,
    arrays_from,
    arrays_objections,
    arrays_sha256,
    figures_of,
    is_arrays,
)
from legato.domain.problem import Problem
from legato.domain.proposal import Proposal
from legato.domain.violations import violations

__all__ = ["PlanFileUnreadable", "Verdict", "digest_of", "verified", "written"]

FORMAT = "legato-plan/1"
PARTS = ("problem", "proposal", "certificate", "names")
MOST_UNITS = 100_000
MOST_POINTS = 100_000
LARGEST_SUM = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    objections: tuple[Violation, ...]
    """Those of ``violations``, and: ``digest_untrue`` (facts ``said``, ``found``),
    ``certificate_untrue`` (``of``, ``said``, ``found``), ``pin_impossible`` and ``unknown_pin``
    (with the facts of those refusals). Empty where all is so."""
    sha256: str
    """Over everything in the file, recomputed: who is told it knows that it is the same plan."""
    units: int
    persons: int
    names: Mapping[int, str] = field(default_factory=dict)
    """What the units are called, as the file says; nothing rests on it."""
    figures: tuple[tuple[str, int], ...]
    """The recomputed numbers of the certificate that are of the whole plan, by name."""

    @property
    def is_sound(self) -> bool:
        return not self.objections


def written(
    *,
    problem: Problem,
    proposal: Proposal,
    certificate: Certificate,
    names: Mapping[int, str] | None = None,
) -> bytes:
    """The file of a plan. ``names`` of units and persons are for people, and decide nothing."""
    values = {
        "format": FORMAT,
        "problem": plain(problem),
        "proposal": plain(proposal),
        "certificate": plain(certificate),
        "names": plain(names or {}),
    }
    return (text({**values, "sha256": digest_of(values)}) + "\n").encode()


def digest_of(values: Any) -> str:
    """SHA-256 over the written form of plain values."""
    return hashlib.sha256(text(values).encode()).hexdigest()


def verified(data: bytes) -> Verdict:
    """What is wrong with the plan in a file, of either form. Raises `PlanFileUnreadable`."""
    return _verified_arrays(arrays_from(data)) if is_arrays(data) else _verified_values(data)


def _verified_arrays(arrays: Arrays) -> Verdict:
    figures = figures_of(arrays)
    found = arrays_sha256(arrays)
    claimed = zip(FIGURES, arrays.figures.tolist(), figures, strict=True)
    return Verdict(
        objections=(
            *_digest(arrays.sha256, found),
            *arrays_objections(arrays),
            *(row for name, said, real in claimed for row in _differs(name, said, real)),
        ),
        sha256=found,
        units=int(arrays.instance.amounts[:, arrays.instance.counted - 1].sum()),
        persons=len(arrays.instance.persons),
        figures=tuple(zip(FIGURES, figures, strict=True)),
    )


def _verified_values(data: bytes) -> Verdict:
    values = parsed(data)
    _check_form(values)
    problem = value_from(Problem, values["problem"], where="problem")
    proposal = value_from(Proposal, values["proposal"], where="proposal")
    claimed = value_from(Certificate, values["certificate"], where="certificate")
    _check_ranges(problem, values)
    said = values.pop("sha256")
    found = digest_of(values)
    objections = [*_digest(said, found)]
    figures: tuple[tuple[str, int], ...] = ()
    try:
        real = certificate(problem, proposal)
        objections += [*violations(problem, proposal), *_certificate(claimed, real)]
        figures = tuple((name, getattr(real, name)) for name in _figures(real))
    except (PinImpossible, UnknownPin) as refusal:
        objections.append(Violation(code=refusal.code, facts=_facts(refusal.facts)))
    return Verdict(
        objections=tuple(objections),
        sha256=found,
        units=len(problem.units),
        persons=len(problem.candidates),
        names={int(each): name for each, name in values["names"].items() if each.isdecimal()},
        figures=figures,
    )


def _check_form(values: Any) -> None:
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise PlanFileUnreadable(why="format", where="format")
    for name in (*PARTS, "sha256"):
        if name not in values:
            raise PlanFileUnreadable(why="missing", where=name)
    for name in values:
        if name not in (*PARTS, "sha256", "format"):
            raise PlanFileUnreadable(why="unknown", where=name)
    names, said = values["names"], values["sha256"]
    if not isinstance(said, str):
        raise PlanFileUnreadable(why="type", where="sha256")
    if not isinstance(names, dict) or not all(isinstance(each, str) for each in names.values()):
        raise PlanFileUnreadable(why="type", where="names")


def _check_ranges(problem: Problem, values: Any) -> None:
    """That no sum overflows, and that no id occurs twice."""
    rules, units, people = problem.rules, problem.units, problem.candidates
    points = [*plain(rules.fit).values(), rules.stay]
    ties = [strength for unit in units for _, strength in unit.ties]
    numbers = (
        ("rules.fit", points, MOST_POINTS),
        ("rules.tolerances", rules.tolerances, MOST_POINTS),
        ("rules.novice_cap", [rules.novice_cap or 0], LARGEST_SUM),
        ("units.ties", ties, 1000),
        ("units.tier", [unit.tier for unit in units], 1000),
        ("units.value", [unit.value for unit in units], LARGEST_SUM),
        ("units.weight", [unit.weight for unit in units], LARGEST_SUM),
        ("candidates.capacity", [person.capacity for person in people], LARGEST_SUM),
        ("candidates.load", [person.load for person in people], LARGEST_SUM),
        ("proposal.tolerance", [values["proposal"]["tolerance"]], MOST_POINTS),
    )
    for where, found, most in numbers:
        if any(not 0 <= number <= most for number in found) or sum(found) >= LARGEST_SUM:
            raise PlanFileUnreadable(why="number", where=where)
    if len(units) > MOST_UNITS or len(units) * sum(points) >= 2**31:
        raise PlanFileUnreadable(why="too_large", where="units")


def _digest(said: str, found: str) -> Iterator[Violation]:
    if said != found:
        yield Violation(code="digest_untrue", facts=(("said", said), ("found", found)))


def _certificate(claimed: Certificate, real: Certificate) -> Iterator[Violation]:
    for name in _figures(real):
        yield from _differs(name, getattr(claimed, name), getattr(real, name))
    if claimed.said_gap != real.said_gap:
        yield Violation(code="certificate_untrue", facts=(("of", "said_gap"),))
    if claimed.reasons != real.reasons:
        yield Violation(code="certificate_untrue", facts=(("of", "reasons"),))
    theirs = {row.person: row for row in claimed.persons}
    for row in real.persons:
        if theirs.get(row.person) != row:
            facts = (("of", "persons"),)
            yield Violation(code="certificate_untrue", person=row.person, facts=facts)
    if len(claimed.persons) != len(real.persons):
        yield from _differs("persons", len(claimed.persons), len(real.persons))


def _figures(real: Certificate) -> list[str]:
    """The numbers of the whole plan, without what the solver said of itself."""
    return [each.name for each in fields(real) if each.type is int]


def _differs(name: str, said: int, found: int) -> Iterator[Violation]:
    if said != found:
        facts = (("of", name), ("said", said), ("found", found))
        yield Violation(code="certificate_untrue", facts=facts)


def _facts(facts: Mapping[str, object]) -> tuple[tuple[str, int | str], ...]:
    return tuple(
        (name, each if isinstance(each, int) else str(each)) for name, each in facts.items()
    )
