"""Which kind a table is of, by the names of its headers, its file and its sheet.

Evidence is added up and never mixed with the content of rows, so that one export of a CRM is like
the next.
"""

import re
from typing import Literal

from legato.domain.headers import (
    DESCRIBING,
    FIELD,
    FILE_NAMES,
    HEADERS,
    HINTS,
    NOTES,
    SIGNS,
    folded,
)
from legato.domain.names import fold

WhyNot = Literal["describes_columns", "notes_not_supported", "no_known_kind"]

KINDS = tuple(HEADERS)
"""Opportunity, account, contact, lead, activity, commitment, ticket, product, person: where
evidence is equal, the earlier one is taken."""
SIGN, FILE_NAME, HINT, COLUMN = 3.0, 3.0, 1.5, 0.2
"""What a header that only one kind has, a word in the file's name, a header that suggests a kind,
and any known header weigh."""


def ranked(found: set[str], place: str) -> list[tuple[float, str]]:
    """Every kind with its evidence, the strongest first; hints count where nothing else does.

    ``found`` are folded headers, ``place`` the names of file and sheet.
    """
    strong = {kind: _evidence(kind, found, place) for kind in KINDS}
    hint = HINT if max(strong.values()) < SIGN else COLUMN
    scores = []
    for kind, fields in HEADERS.items():
        known = {name for names in fields.values() for name in folded(names)}
        hints = found & folded(HINTS[kind]).keys()
        weak = hint * len(hints) + COLUMN * min(len(found & known), 10)
        scores.append((strong[kind] + weak, kind))
    return sorted(scores, key=lambda entry: -entry[0])


def why_not(found: set[str], evidence: float) -> WhyNot | None:
    """Why a table of these folded headers is none of ours, or None; ``evidence`` is the most that
    any kind has."""
    if len(found & folded(DESCRIBING).keys()) >= 2 and found & folded(FIELD).keys():
        return "describes_columns"
    notes = len(found & folded(NOTES).keys())
    if notes >= 2 or (notes and evidence < SIGN):
        return "notes_not_supported"
    return "no_known_kind" if evidence < SIGN else None


def _evidence(kind: str, found: set[str], place: str) -> float:
    """What headers of this kind alone say, and the names of file and sheet (Japanese and Chinese
    ones have no spaces to tell words by)."""
    words = {fold(word) for word in re.split(r"[\W\d_]+", place)}
    named = folded(FILE_NAMES[kind]).keys()
    is_named = words & named or any(name in fold(place) for name in named if name > "\u2e80")
    signs = len(found & folded(SIGNS[kind]).keys())
    return SIGN * signs + (FILE_NAME if is_named else 0)
