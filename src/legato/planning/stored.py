"""How a problem, a proposal and a certificate are written down, the same bytes each time."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from legato.domain.proposal import Placement, Proposal, Reason, Share


def plain(value: Any) -> Any:
    """Values of the domain as JSON has them: sets in order, dates as ISO text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((plain(each) for each in value), key=text)
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def text(value: Any) -> str:
    """The one written form of plain values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    """SHA-256 over the written form, in hexadecimal."""
    return hashlib.sha256(text(plain(value)).encode()).hexdigest()


def proposal_from(values: Mapping[str, Any]) -> Proposal:
    """A proposal as it was before it was written down."""
    return Proposal(
        placements=tuple(
            Placement(
                unit=row["unit"],
                person=row["person"],
                reason=Reason(
                    code=row["reason"]["code"],
                    facts=tuple((name, fact) for name, fact in row["reason"]["facts"]),
                ),
            )
            for row in values["placements"]
        ),
        seed=values["seed"],
        solver=values["solver"],
        shares=tuple(Share(**row) for row in values["shares"]),
        tolerance=values["tolerance"],
    )
