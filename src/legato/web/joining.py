"""What stands beside each other, with the signs that the reader's language puts between."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(things: Iterable[object]) -> str:
    """Names and other short things of a kind."""
    return between().join(str(each) for each in things)


def between() -> str:
    """What stands between two of them."""
    return pgettext("between things", ", ")


def parts(said: Iterable[object]) -> str:
    """Parts of a sentence."""
    return comma().join(str(each) for each in said)


def comma() -> str:
    """What stands between two of them."""
    return pgettext("between parts", ", ")


def reasons(said: Iterable[object]) -> str:
    """Reasons, which may have parts themselves."""
    return pgettext("between reasons", "; ").join(str(each) for each in said)


def sentences(said: Iterable[object]) -> str:
    """Whole ones, one after the other."""
    return gap().join(str(each) for each in said)


def gap() -> str:
    """What stands between two sentences: nothing where the stop is as wide as a letter."""
    return pgettext("two sentences", "%(first)s %(second)s") % {"first": "", "second": ""}


def labelled(label: object, said: object) -> str:
    """Something, and what is said of it."""
    return f"{label}{colon()}{said}"


def colon() -> str:
    return pgettext("between a label and what it says", ": ")
