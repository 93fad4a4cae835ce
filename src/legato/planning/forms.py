"""What is typed on the board: weights, how even, and who is to have what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django import forms
from django.http import QueryDict

from legato.domain.problem import FitWeights
from legato.planning.queries.board import Asked
from legato.web import words
from legato.web.asked import number, numbers

PARTS = tuple(each.name for each in fields(FitWeights))
MOST = 1000
"""Points that a part of the fit can give."""


class WhatIf(forms.Form):
    """The weights and the rest of what a new plan is asked for."""

    tolerance = forms.FloatField(min_value=0, max_value=100, required=False)
    keep = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict | None, *, asked: Asked | None = None) -> None:
        initial: dict[str, Any] = {}
        if asked is not None:
            initial = {_field(part): points for part, points in asked.weights.items()}
            initial |= {"tolerance": asked.tolerance, "keep": asked.keeps_choices}
        super().__init__(data, initial=initial)
        for part in PARTS:
            self.fields[_field(part)] = forms.IntegerField(
                min_value=0, max_value=MOST, label=words.weight(part)
            )

    def parts(self) -> Iterator[forms.BoundField]:
        """The fields of the weights, in their order."""
        return (self[_field(part)] for part in PARTS)

    def weights(self) -> dict[str, int]:
        return {part: self.cleaned_data[_field(part)] for part in PARTS}

    def thousandths(self) -> int | None:
        """The deviation permitted, None for that of the rules."""
        percent = self.cleaned_data["tolerance"]
        return None if percent is None else round(percent * 10)


def _field(part: str) -> str:
    return f"weight-{part}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locks:
    """Units whose rows were in sight, and to whom those are locked that are to be."""

    looked_at: frozenset[int]
    pins: Mapping[int, int]


def locks_of(data: QueryDict) -> Locks:
    """Reads the rows: ``row`` is ``unit:person`` as it was, ``lock`` a unit to stay there,
    ``give-UNIT`` the person who is to have it."""
    has = dict(pair for text in data.getlist("row") if (pair := _pair(text)))
    locked = numbers(data.getlist("lock"))
    given = {unit: to for unit in has if (to := number(data.get(f"give-{unit}", ""))) is not None}
    stay = {unit: person for unit, person in has.items() if unit in locked}
    return Locks(looked_at=frozenset(has), pins={**stay, **given})


def left_out_of(data: QueryDict) -> frozenset[int]:
    """Who is to get nothing."""
    return numbers(data.getlist("left_out"))


def _pair(text: str) -> tuple[int, int] | None:
    one, _colon, other = text.partition(":")
    unit, person = number(one), number(other)
    return None if unit is None or person is None else (unit, person)
