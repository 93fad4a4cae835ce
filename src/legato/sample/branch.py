"""The words of one branch's CRM: names of people and firms, stages, and what is written down."""

import re
from collections.abc import Callable
from dataclasses import dataclass

Words = tuple[str, ...]
ENTRY = re.compile(r"\n\s*(?=[^:;\n]+:)")


def words(text: str) -> Words:
    """The items of a list written with spaces or, where items hold spaces, with semicolons."""
    parts = text.split(";") if ";" in text else text.split()
    return tuple(" ".join(part.split()) for part in parts if part.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """``firm`` makes a name of form, stem and trade, ``person`` one of family and given name.

    ``trades`` are pairs of what stands in a name and the industry that means. Subjects may hold
    ``{product}``. Promises and tickets go by their category.
    """

    language: str
    code: str
    forms: Words
    stems: Words
    trades: tuple[tuple[str, str], ...]
    firm: Callable[[str, str, str], str]
    site: str
    """Names a daughter of ``{parent}``; ``{place}`` tells it from the others."""
    places: Words
    families: Words
    givens: Words
    person: Callable[[str, str], str]
    positions: Words
    phone: str
    products: dict[str, str]
    """Model to its name here, without the model's number."""
    deals: Words
    services: Words
    """Deals about what is not a thing."""
    early: Words
    middle: Words
    late: Words
    won: str
    lost: str
    next_steps: Words
    talks: dict[str, Words]
    """Type of an activity to its subjects."""
    planned: str
    done: str
    promises: dict[str, Words]
    tickets: dict[str, Words]
    ticket_open: Words
    ticket_done: str
    leads: Words
    lead_open: Words
    lead_done: str
    sources: Words
    kinds_of_account: Words


def trades(text: str) -> tuple[tuple[str, str], ...]:
    """Pairs of trade and industry from entries ``industry: trade; trade``."""
    return tuple(
        (trade, industry) for industry, listed in by_type(text).items() for trade in listed
    )


def by_type(text: str) -> dict[str, Words]:
    """Entries ``type: item; item``, each beginning a line."""
    entries = (entry.partition(":") for entry in ENTRY.split(text.strip()))
    return {kind.strip(): words(f"{listed};") for kind, _colon, listed in entries}
