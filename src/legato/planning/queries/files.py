"""A plan as the file by which a stranger checks it, without this database."""

from legato.domain.certificate import Certificate
from legato.domain.errors import NotFound
from legato.domain.plain import value_from
from legato.domain.plan import Problem, Proposal
from legato.domain.planfile import written
from legato.planning.models import Arrays, Assignment, Plan


def plan_file(*, plan_id: int) -> bytes:
    """Raises `NotFound`, and `PlanFileUnreadable` for a plan made before such files were."""
    arrays = Arrays.objects.filter(plan=plan_id).first()
    if arrays is not None:
        return bytes(arrays.content)
    plan = Plan.objects.filter(pk=plan_id).first()
    if plan is None:
        raise NotFound(what="plan", name=plan_id)
    units = Assignment.objects.filter(plan=plan_id)
    return written(
        problem=value_from(Problem, plan.problem, where="problem"),
        proposal=value_from(Proposal, plan.proposal, where="proposal"),
        certificate=value_from(Certificate, plan.certificate, where="certificate"),
        names=dict(units.values_list("unit_id", "unit__name")),
    )
