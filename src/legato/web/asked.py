"""What an address or a form asks for, read without trusting it."""

from collections.abc import Iterable

LONGEST = 18
"""Digits of the largest number that is read: the database keeps every such number."""


def number(text: str) -> int | None:
    """A whole number written in the digits 0 to 9; None for anything else, and for a longer one.

    Other digits, such as ``²``, are digits to Python and no numbers.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else None


def numbers(texts: Iterable[str]) -> frozenset[int]:
    """Those of the texts that are numbers."""
    return frozenset(found for text in texts if (found := number(text)) is not None)
