"""What an address or a form asks for, read without trusting it."""

from collections.abc import Iterable
from datetime import date

LONGEST = 18
"""Digits of the largest number that is read: the database keeps every such number."""
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
"""Days that are read: so far from the ends of the calendar that rules can count on from them."""


def number(text: str) -> int | None:
    """A whole number written in the digits 0 to 9; None for anything else, and for a longer one.

    Other digits, such as ``²``, are digits to Python and no numbers.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None


def numbers(texts: Iterable[str]) -> frozenset[int]:
    """Those of the texts that are numbers."""
    return frozenset(found for text in texts if (found := number(text)) is not None)


def day(text: str) -> date | None:
    """A day written as ISO has it; None for anything else, and for one too far to count from."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None
