"""Prices of an earlier split as the first of a new one: what a plan or a run left behind."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legato.domain.planarrays import arrays_from
from legato.domain.proposal import PRICE_UNIT
from legato.planning.models import Arrays, Plan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prices:
    """Points that one more of each measure costs with each person."""

    persons: Ints
    """m: ids, ascending."""
    measures: tuple[str, ...]
    values: Floats
    """m × k."""

    def written(self) -> bytes:
        """Compressed, the same bytes each time."""
        file = io.BytesIO()
        np.savez_compressed(
            file,
            allow_pickle=False,
            persons=self.persons,
            measures=np.array(self.measures),
            prices=self.values,
        )
        return file.getvalue()


def start_from(prices: Prices | None, *, persons: Ints, measures: tuple[str, ...]) -> Floats | None:
    """The prices for other persons and measures: nothing where they are not known."""
    if prices is None:
        return None
    fitted = np.zeros((len(persons), len(measures)))
    place = {who: row for row, who in enumerate(prices.persons.tolist())}
    rows = [(row, place[who]) for row, who in enumerate(persons.tolist()) if who in place]
    for column, of in enumerate(measures):
        if of in prices.measures:
            was = prices.measures.index(of)
            for row, before in rows:
                fitted[row, column] = prices.values[before, was]
    return fitted


def prices_read(content: bytes) -> Prices:
    with np.load(io.BytesIO(content), allow_pickle=False) as found:
        return Prices(
            persons=found["persons"],
            measures=tuple(found["measures"].tolist()),
            values=found["prices"],
        )


def prices_of_plan(plan_id: int) -> Prices | None:
    """The prices a plan states; None where it has none."""
    arrays = Arrays.objects.filter(plan=plan_id).first()
    if arrays is not None:
        plan = arrays_from(bytes(arrays.content))
        return Prices(
            persons=plan.instance.persons,
            measures=plan.instance.measures,
            values=plan.held.prices / PRICE_UNIT,
        )
    shares = Plan.objects.values_list("proposal", flat=True).get(pk=plan_id)["shares"]
    if not shares:
        return None
    persons = sorted({share["person"] for share in shares})
    measures = tuple(dict.fromkeys(share["of"] for share in shares))
    values = np.zeros((len(persons), len(measures)))
    for share in shares:
        cell = persons.index(share["person"]), measures.index(share["of"])
        values[cell] = share["price"] / PRICE_UNIT
    return Prices(persons=np.array(persons, dtype=np.int64), measures=measures, values=values)
