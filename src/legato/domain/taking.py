"""Whether one person may take one unit, and how well it fits: a code for no, points for yes."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from legato.domain.problem import Candidate, FitWeights, Problem, Rules, Skill, Unit

Points = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    code: str
    skill: Skill | None = None

    def __str__(self) -> str:
        skill = self.skill
        return self.code if skill is None else f"{self.code}:{skill.kind}={skill.value}"


def personal_removal(person: Candidate, problem: Problem) -> Removal | None:
    """Why the person may take nothing at all; None where nothing hinders."""
    rules = problem.rules
    checks = (
        ("is_leaver", person.is_leaver),
        ("not_employed", not person.is_employed),
        ("end_known", person.ends_on is not None),
        ("departing", person.held and person.has_open_case),
        ("held", person.held),
        ("on_leave", person.leave_days > rules.max_leave_days),
        ("excluded", person.id in problem.excluded),
    )
    return next((Removal(code=code) for code, applies in checks if applies), None)


def removal_of(unit: Unit, person: Candidate, rules: Rules) -> Removal | None:
    """Why the person may not take this unit; None where nothing hinders."""
    if person.id in unit.barred:
        return Removal(code="conflict_of_interest")
    if unit.is_key and person.is_novice(rules):
        return Removal(code="novice_key_account")
    if unit.tier > 0 and rules.novice_cap == 0 and person.is_novice(rules):
        return Removal(code="novice_tier")
    if unit.is_key and person.has_open_case:
        return Removal(code="open_case_key_account")
    for skill in sorted(unit.needs & rules.recorded):
        if skill not in person.skills:
            return Removal(code="lacks_skill", skill=skill)
    if unit.weight > person.free:
        return Removal(code="no_capacity")
    return None


def points_of(unit: Unit, person: Candidate, rules: Rules) -> Points:
    """The parts of the fit that give points, in a fixed order."""
    tied = [strength for owner, strength in unit.ties if owner == person.id] if unit.ties else []
    tie = max(tied, default=0)
    parts = [("tie", rules.fit.tie * tie // 1000), *_skill_points(unit, person, rules.fit)]
    parts.append(("family", rules.fit.family if person.id in unit.family_owners else 0))
    parts.append(("stay", rules.stay if unit.owner == person.id else 0))
    return tuple((part, points) for part, points in parts if points)


def _skill_points(unit: Unit, person: Candidate, weights: FitWeights) -> Iterator[tuple[str, int]]:
    if not person.skills:
        return
    asked = unit.needs | unit.wants
    known = asked & person.skills
    if not known:
        return
    of_kind = Counter(skill.kind for skill in asked)
    met = Counter(skill.kind for skill in known)
    for kind, most in (
        ("territory", weights.territory),
        ("language", weights.language),
        ("industry", weights.industry),
        ("product", weights.product),
    ):
        if met[kind]:
            yield kind, most * met[kind] // of_kind[kind]
