"""Pictures drawn by the server as SVG: where things stand is computed here, how they look is CSS.

Lengths are in units of which 16 are the size of the reader's text, so that pictures grow with it.
Each picture is laid out twice, for a wide place and for a narrow one; the stylesheet shows one.
"""

from unicodedata import east_asian_width

WIDE, NARROW = 720, 288
WIDE_CHARACTER, CHARACTER = 14.0, 7.6
"""About how much room a Han character or kana takes at the size of the pictures' text, and any
other. Cyrillic is broader than Latin."""


def short(text: str, *, room: float) -> str:
    """The text, cut with an ellipsis where it would take more than ``room``."""
    taken = 0.0
    for number, character in enumerate(text):
        taken += WIDE_CHARACTER if east_asian_width(character) in "WF" else CHARACTER
        if taken > room:
            return text[: max(1, number - 1)].rstrip() + "…"
    return text
