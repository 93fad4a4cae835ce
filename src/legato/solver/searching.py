"""The search itself: prices from the linear program, its solution made whole on the counts alone,
exchanges until value is fair, then exact searches, small and large, until the fit is good.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np

from legato.solver.balancing import balanced, narrowed, nearest
from legato.solver.highs import Answer, Program, solve_linear, solve_whole
from legato.solver.instance import Bounds, Floats, Instance, Ints
from legato.solver.polishing import polish
from legato.solver.program import Layout, program_of
from legato.solver.sharing import tolerance_of, widened, with_tolerance, within

EXACT_ARCS = 300
"""Up to so many arcs the whole program is solved to its proven end."""
WHOLE_ARCS = 6_000
"""Up to so many, branch and bound over all of it is worth a try."""
GOOD = 0.005
"""The part of the bound that may be missing when the search ends early; above ``POOR`` all of it
is searched as well."""
POOR = 0.01
LESS_THAN_A_POINT = 0.25
"""Of the half point that the tie-breaks leave: the proven best fit is found, whatever the ties."""
EXACT_NODES = 50
"""Times the usual nodes, where all is solved at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    owner: Ints
    bounds: Bounds
    tolerance: int
    prices: Floats
    """m × 6, in points, of the linear program over the bounds."""
    proven: int | None
    """What branch and bound says no fit can exceed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    instance: Instance
    fair: list[Fraction]
    """Everybody's fair value."""
    tolerances: tuple[int, ...]
    nodes: int
    looks: int
    work: int

    def run(self, bounds: Bounds, base: Ints | None) -> Found:
        """The best fit found inside the counts' ``bounds`` at the first tolerance that can be
        reached; ``base`` is an assignment inside the counts, where one is known."""
        for tolerance in self.tolerances if any(self.fair) else ():
            found = self._at(with_tolerance(bounds, self.fair, tolerance), base)
            if found is not None:
                return found
        return self._nearest(bounds, base)

    def _nearest(self, bounds: Bounds, base: Ints | None) -> Found:
        """Where no tolerance can be reached, as when one account is worth more than a share."""
        owner = self._any_inside(bounds) if base is None else base
        if any(self.fair):
            owner = nearest(self.instance, bounds, owner, self.fair)
            widest = max(self.tolerances, default=0)
            held, owner = narrowed(self.instance, bounds, owner, self.fair, widest)
        else:
            held = widened(self.instance, bounds, owner)
        found = self._at(held, owner)
        if found is None:
            raise ArithmeticError("an assignment that exists is said not to")
        return found

    def _any_inside(self, bounds: Bounds) -> Ints:
        layout, program = program_of(self.instance, bounds, with_value=False)
        linear = solve_linear(program)
        if linear is None:
            raise ArithmeticError("the counts cannot be met by fractions either")
        return self._rounded(bounds, layout, linear, None)

    def _at(self, held: Bounds, base: Ints | None) -> Found | None:
        layout, program = program_of(self.instance, held)
        linear = solve_linear(program)
        if linear is None:
            return None
        if len(self.instance.fit) <= EXACT_ARCS:
            owner, proven = self._exact(held, layout, program, base)
        else:
            owner, proven = self._good(held, layout, program, linear, base)
        if owner is None:
            return None
        return Found(
            owner=owner,
            bounds=held,
            tolerance=tolerance_of(self.instance, owner, self.fair),
            prices=layout.prices(linear.row_prices),
            proven=None if proven is None else floor(proven),
        )

    def _exact(
        self, held: Bounds, layout: Layout, program: Program, base: Ints | None
    ) -> tuple[Ints | None, float | None]:
        answer = solve_whole(
            program,
            nodes=self.nodes * EXACT_NODES,
            whole=len(layout.arcs),
            gap=LESS_THAN_A_POINT,
            start=None if base is None else layout.start(base),
        )
        known = [base, None if answer is None else layout.owner(answer.x)]
        return self._best(held, known), None if answer is None else answer.bound

    def _good(
        self, held: Bounds, layout: Layout, program: Program, linear: Answer, base: Ints | None
    ) -> tuple[Ints | None, float | None]:
        instance = self.instance
        rounded = self._rounded(held, layout, linear, base)
        owner = self._best(held, [base, balanced(instance, held, rounded, self.fair)])
        if owner is None:
            return None, None
        bound, proven = linear.objective, None
        owner = self._polished(held, owner, linear, bound, self.work)
        poor = bound - instance.total_fit(owner) > POOR * bound
        if poor and len(instance.fit) <= WHOLE_ARCS:
            answer = self._tried_whole(layout, program, owner, bound)
            if answer is not None:
                bound = proven = answer.bound
                better = self._best(held, [owner, layout.owner(answer.x)])
                owner = owner if better is None else better
            owner = self._polished(held, owner, linear, bound, self.work // 4)
        return owner, proven

    def _tried_whole(
        self, layout: Layout, program: Program, owner: Ints, bound: float
    ) -> Answer | None:
        return solve_whole(
            program,
            nodes=self.nodes,
            whole=len(layout.arcs),
            gap=GOOD * bound,
            start=layout.start(owner),
            looks=self.looks,
        )

    def _polished(self, held: Bounds, owner: Ints, linear: Answer, bound: float, work: int) -> Ints:
        if self._is_good(owner, bound):
            return owner
        return polish(
            self.instance,
            held,
            owner,
            reduced=linear.reduced_costs,
            nodes=self.nodes,
            work=work,
        )

    def _is_good(self, owner: Ints, bound: float) -> bool:
        return bound - self.instance.total_fit(owner) <= GOOD * bound

    def _best(self, held: Bounds, known: list[Ints | None]) -> Ints | None:
        inside = [
            owner for owner in known if owner is not None and within(self.instance, held, owner)
        ]
        return max(inside, key=self.instance.total_fit, default=None)

    def _rounded(self, held: Bounds, layout: Layout, linear: Answer, base: Ints | None) -> Ints:
        """A whole assignment inside the counts, led by the prices of value: looked for among the
        arcs the linear program uses, where counts alone always have one, else among all."""
        instance = self.instance
        price = layout.prices(linear.row_prices)[:, 4]
        cost = instance.fit - price[instance.person] * instance.value[instance.block]
        for arcs in (np.flatnonzero(linear.x > 1e-7), None):
            narrow, program = program_of(instance, held, arcs=arcs, cost=cost, with_value=False)
            answer = solve_whole(
                program,
                nodes=self.nodes,
                whole=len(narrow.arcs),
                gap=len(instance.blocks),
                start=None if base is None or arcs is not None else narrow.start(base),
            )
            if answer is not None:
                return narrow.owner(answer.x)
        if base is None:
            raise ArithmeticError("counts that can always be met were not")
        return base
