"""Figures as the reader's language writes them: 1,234.5 in English, 1 234,5 in Russian."""

from decimal import Decimal

from django.utils.formats import number_format


class Figure(str):
    """A number as it is read; tables align it as one."""

    __slots__ = ()


def figure(value: Decimal | float, *, places: int = 2) -> Figure:
    """The number with its thousands apart, and at most so many decimals where it has any."""
    exact = round(Decimal(str(value)), places).normalize()
    return Figure(number_format(f"{exact:f}", use_l10n=True, force_grouping=True))
