"""How much of the book a person may take out: by tier, over some days, so that slow and split
taking is added up."""

from typing import Literal

from legato.domain.errors import Refused
from legato.domain.policy import LARGEST, ExportRule

Tier = Literal["rep", "manager", "others", "leaver"]


class ExportLimit(Refused):
    """Somebody would take more than their tier allows. Facts: ``name``, ``rows``, ``taken``,
    ``most``, ``days``."""

    code = "export_limit"


def tier_of(*, role: str, is_limited: bool) -> Tier:
    """A leaver whose taking is limited is of their tier, whatever their role."""
    if is_limited:
        return "leaver"
    return "rep" if role == "rep" else "manager" if role == "manager" else "others"


def most_rows(*, rule: ExportRule, tier: Tier) -> int | None:
    """Rows within the days of the rule; None where there is no limit."""
    most: int = getattr(rule, tier)
    return None if most >= LARGEST else most


def check_taking(*, name: str, rows: int, taken: int, most: int | None, days: int) -> None:
    """Raises `ExportLimit` where ``rows`` more than were ``taken`` would be more than ``most``."""
    if most is not None and taken + rows > most:
        raise ExportLimit(name=name, rows=rows, taken=taken, most=most, days=days)
