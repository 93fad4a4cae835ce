"""Decides a whole company's accounts as arrays: solved by the solver, judged by the domain."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from legato.domain.bound import whole_prices
from legato.domain.certificate import Certificate, Part, PersonCertificate
from legato.domain.claims import violations_of
from legato.domain.instance import Instance, Ints
from legato.domain.judgement import Judgement, judged
from legato.domain.plain import plain
from legato.domain.planarrays import arrays_written
from legato.domain.policy import Policy
from legato.domain.problem import HEATS
from legato.planning.operations.decided import Decided, Decision
from legato.planning.operations.options import Options
from legato.planning.operations.prices import Prices, start_from
from legato.planning.operations.seen import Seen, Watch
from legato.planning.snapshots import (
    Asked,
    Reorganisation,
    Scope,
    company_of,
    reorganisation_of,
    rows_sha256,
)
from legato.solver import SOLVER, Budget, Progress, Solution, split


def reorganised(
    *,
    scope: Scope,
    asked: Asked,
    options: Options,
    rules: Policy,
    now: datetime,
    start: Prices | None,
    watch: Watch | None,
) -> Decided:
    """Raises `UnknownPin`, `PinImpossible`, and what ``watch`` raises."""
    if watch is not None:
        watch(Seen(phase="facts", step=0, steps=1, prices=None))
    company = company_of(scope=scope, asked=asked, policy=rules, now=now)
    made = reorganisation_of(company, pins=asked.pins)
    solution = _solved(made.instance, company.rules.tolerances, options, start, watch)
    prices = whole_prices(solution.prices)
    verdict = judged(
        instance=made.instance,
        owner=solution.owner,
        bounds=solution.bounds,
        prices=prices,
        tolerance=solution.tolerance,
    )
    taker = takers(made, solution.owner)
    told = _told(made, taker)
    return Decided(
        scope=scope,
        rules=rules,
        problem={
            "candidates": plain(company.persons),
            "rules": plain(company.rules),
            "pins": plain(asked.pins),
            "excluded": plain(asked.excluded),
        },
        proposal={"seed": options.seed, "solver": SOLVER, "tolerance": solution.tolerance},
        violations=violations_of(instance=made.instance, owner=solution.owner),
        certificate=_certificate(made, verdict, taker, told),
        capacity=company.capacity,
        rows_sha256=rows_sha256(),
        decisions=tuple(_decisions(made, taker, told)),
        arrays=arrays_written(
            instance=made.instance,
            owner=solution.owner,
            bounds=solution.bounds,
            prices=prices,
            tolerance=solution.tolerance,
            least=company.rules.tolerances[0],
            judgement=verdict,
            extra={"units": company.units, "block": made.block},
        ),
    )


def _solved(
    instance: Instance,
    tolerances: tuple[int, ...],
    options: Options,
    start: Prices | None,
    watch: Watch | None,
) -> Solution:
    def told(progress: Progress) -> None:
        if watch is not None:
            values = progress.prices
            prices = (
                None
                if values is None
                else Prices(persons=instance.persons, measures=instance.measures, values=values)
            )
            watch(
                Seen(phase=progress.phase, step=progress.step, steps=progress.steps, prices=prices)
            )

    first = start_from(start, persons=instance.persons, measures=instance.measures)
    return split(
        instance=instance,
        tolerances=tolerances,
        budget=Budget(exact=options.exact),
        seed=options.seed,
        start=first,
        watch=told,
    )


def takers(made: Reorganisation, owner: Ints) -> Ints:
    """n: the index of who gets each unit, -1 for nobody."""
    in_split = np.where(made.block >= 0, owner[np.maximum(made.block, 0)] if len(owner) else -1, -1)
    return np.where(made.settled >= 0, made.settled, in_split)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """Why each unit goes where it goes; all by index of the unit."""

    codes: list[str]
    fit: Ints
    parts: dict[str, list[int]]
    rank: Ints
    """1 fits best of those who were asked."""
    asked: Ints

    def reason(self, unit: int) -> dict[str, Any]:
        code = self.codes[unit]
        if code.startswith("orphan"):
            return {"code": code, "facts": []}
        facts: list[list[Any]] = [["fit", int(self.fit[unit])]]
        facts += [[f"fit.{name}", of[unit]] for name, of in self.parts.items() if of[unit]]
        facts += [["rank", int(self.rank[unit])], ["candidates", int(self.asked[unit])]]
        return {"code": code, "facts": facts}


def _told(made: Reorganisation, taker: Ints) -> Told:
    """The parts of the fit and the rank; alternatives are worked out for who asks about one."""
    arcs, many = made.arcs, len(made.company.persons)
    key, points = arcs.unit * many + arcs.person, arcs.fit
    wanted = np.arange(len(taker)) * many + taker
    arc = np.minimum(np.searchsorted(key, wanted), max(len(key) - 1, 0))
    found = (taker >= 0) & (key[arc] == wanted) if len(key) else np.zeros(len(taker), dtype=bool)
    fit = np.zeros(len(taker), dtype=np.int64)
    fit[found] = points[arc[found]]
    parts = {name: np.zeros(len(taker), dtype=np.int64) for name in arcs.parts}
    for name, each in arcs.parts.items():
        parts[name][found] = each[arc[found]]
    rank = 1 + np.bincount(arcs.unit[points > fit[arcs.unit]], minlength=len(taker))
    asked = np.bincount(arcs.unit, minlength=len(taker))
    return Told(
        codes=_codes(made, taker, rank, asked),
        fit=fit,
        parts={name: each.tolist() for name, each in parts.items()},
        rank=rank,
        asked=asked,
    )


def _codes(made: Reorganisation, taker: Ints, rank: Ints, asked: Ints) -> list[str]:
    group = made.company.group > 0
    conditions = {
        "orphan_nobody_eligible": (taker < 0) & (asked == 0),
        "orphan_group": (taker < 0) & group,
        "orphan_no_capacity": taker < 0,
        "pinned": made.pinned >= 0,
        "account_owner": made.settled >= 0,
        "group": group,
        "only_eligible": asked == 1,
        "best_fit": rank == 1,
    }
    found: list[str] = np.select(list(conditions.values()), list(conditions), "fair_share").tolist()
    return found


def _decisions(made: Reorganisation, taker: Ints, told: Told) -> Iterator[Decision]:
    company, ids = made.company, made.company.ids.tolist()
    columns = (company.units, taker, company.heat, company.value, company.is_known)
    lines = zip(*(each.tolist() for each in columns), strict=True)
    for place, (unit, who, heat, value, known) in enumerate(lines):
        yield Decision(
            unit=unit,
            person=ids[who] if who >= 0 else None,
            heat=HEATS[heat],
            value=value,
            value_known=known,
            reason=told.reason(place),
        )


def _certificate(made: Reorganisation, verdict: Judgement, taker: Ints, told: Told) -> Certificate:
    company = made.company
    many = len(company.persons)
    placed = taker >= 0
    units = np.bincount(taker[placed], minlength=many)
    before = np.bincount(made.settled[made.settled >= 0], minlength=many)
    gained = np.zeros(many, dtype=np.int64)
    np.add.at(gained, taker[placed], company.weight[placed])
    return Certificate(
        persons=tuple(
            PersonCertificate(
                person=who.id,
                units=int(units[place]),
                before_split=int(before[place]),
                parts=tuple(_parts(made.instance, verdict, place)),
                load=who.load,
                gained=int(gained[place]),
                capacity=who.capacity,
            )
            for place, who in enumerate(company.persons)
        ),
        cells_out=verdict.cells_out,
        worst_count=verdict.worst_count,
        worst_value=verdict.worst_value,
        worst_weight=verdict.worst_weight,
        fit=verdict.fit,
        fit_bound=verdict.fit_bound,
        gap=verdict.gap,
        said_gap=None,
        reasons=tuple(sorted(Counter(told.codes).items())),
        orphans=int((~placed).sum()),
    )


def _parts(instance: Instance, verdict: Judgement, person: int) -> Iterator[Part]:
    for column, of in enumerate(instance.measures):
        scale = 1000 if column < instance.counted else 1
        got, part = int(verdict.received[person, column]), verdict.parts[person][column]
        yield Part(
            of=of,
            got=got,
            target=round(part * scale),
            deviation=round((got - part) * scale),
            is_out=bool(verdict.out[person, column]),
        )
