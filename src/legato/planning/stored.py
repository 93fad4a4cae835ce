"""How a problem, a proposal and a certificate are written down, the same bytes each time."""

import hashlib
from collections.abc import Mapping
from typing import Any

from legato.domain.plain import plain, text
from legato.domain.proposal import Placement, Proposal, Reason, Share


def digest(value: Any) -> str:
    """SHA-256 over the written form, in hexadecimal."""
    return digest_of_plain(plain(value))


def digest_of_plain(values: Any) -> str:
    """The same of what is written plainly already, which need not be walked through again."""
    return hashlib.sha256(text(values).encode()).hexdigest()


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
