"""Which known thing a written name means: folding and joining, safe rather than clever.

A value joins a known name when they are equal, or when folding leaves exactly one candidate.
Two candidates are ambiguous and none is unknown: nothing is ever guessed.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K")

BETWEEN_DIGITS = re.compile(r"(?<=\d)[\W_]+(?=\d)")
NOT_A_LETTER = re.compile(r"[^\w.]|_|(?<!\d)\.|\.(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Generic[K]):
    """Every distinct value once, in the order given, by how it was understood.

    ``folded`` carries the known spelling beside the key, to be listed; ``ambiguous`` carries the
    known spellings between which only a person can choose.
    """

    exact: dict[str, K]
    folded: dict[str, tuple[str, K]]
    ambiguous: dict[str, tuple[str, ...]]
    unknown: tuple[str, ...]

    def key(self, value: str) -> K | None:
        """The key a value was joined to, or None."""
        if value in self.exact:
            return self.exact[value]
        return self.folded[value][1] if value in self.folded else None


def fold(text: str) -> str:
    """The letters and digits of a name, whatever its case, width, spaces and punctuation.

    A break between two digits stays one, so that 1.5 is not 15. Company suffixes stay: "Alfa AG"
    and "Alfa GmbH" are two companies. May be empty, and an empty fold matches nothing.
    """
    text = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return NOT_A_LETTER.sub("", BETWEEN_DIGITS.sub(".", unicodedata.normalize("NFC", text)))


def join(values: Iterable[str], known: Mapping[str, K] | Iterable[tuple[str, K]]) -> Joined[K]:
    """Join each distinct value to the one known thing it names.

    ``known`` is names to keys; as pairs it may hold one name twice (two companies of one name),
    which makes that name ambiguous. Several names of one key are no ambiguity.
    """
    pairs = tuple(known.items() if isinstance(known, Mapping) else known)
    written = _by((name, name, key) for name, key in pairs)
    folded = _by((fold(name), name, key) for name, key in pairs if fold(name))
    exact: dict[str, K] = {}
    alike: dict[str, tuple[str, K]] = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    unknown: list[str] = []
    for value in dict.fromkeys(values):
        found = written.get(value) or folded.get(fold(value), {})
        key, names = next(iter(found.items()), (None, [""]))
        if key is None:
            unknown.append(value)
        elif len(found) > 1:
            ambiguous[value] = tuple(name for names in found.values() for name in names)
        elif value in written:
            exact[value] = key
        else:
            alike[value] = (names[0], key)
    return Joined(exact=exact, folded=alike, ambiguous=ambiguous, unknown=tuple(unknown))


def suggest(value: str, known: Iterable[str], *, at_most: int = 3) -> tuple[str, ...]:
    """Known names spelled like ``value``, the nearest first: for a message, never for joining."""
    spellings: dict[str, str] = {}
    for name in known:
        spellings.setdefault(fold(name), name)
    near = difflib.get_close_matches(fold(value), spellings, n=at_most, cutoff=0.7)
    return tuple(spellings[folded] for folded in near)


def _by(entries: Iterable[tuple[str, str, K]]) -> dict[str, dict[K, list[str]]]:
    """Index (form, name, key) as form -> key -> the names that led there."""
    index: dict[str, dict[K, list[str]]] = {}
    for form, name, key in entries:
        index.setdefault(form, {}).setdefault(key, []).append(name)
    return index
