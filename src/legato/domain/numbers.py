"""Amounts as people write them: decimal comma or point, grouping of several countries, currency.

The style is decided once per column, and can be shown with the value that decided.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from legato.domain.cells import Problem, tidy

Style = Literal["point", "comma", "mixed"]

CURRENCIES = {
    "us$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₽": "RUB",
    "руб": "RUB",
    "руб.": "RUB",
    "р.": "RUB",
    "円": "JPY",
    "jp¥": "JPY",
    "元": "CNY",
    "人民币": "CNY",
    "rmb": "CNY",
    "cn¥": "CNY",
    "₴": "UAH",
    "грн": "UAH",
    "₸": "KZT",
    "₹": "INR",
    "₩": "KRW",
    "zł": "PLN",
    "฿": "THB",
    "₫": "VND",
    "₺": "TRY",
}
NO_ONE_CURRENCY = ("$", "¥")
"""Signs that several countries share name no currency by themselves."""
CODES = frozenset(
    re.findall(
        r"\w+",
        """aed ars aud bdt brl bgn byn cad chf clp cny cop czk dkk egp eur gbp hkd huf idr ils inr
        jpy kes krw kzt mxn myr ngn nok nzd php pkr pln ron rub sar sek sgd thb try twd uah usd uzs
        vnd zar""",
    )
)
MULTIPLIERS = {
    "万": 10**4,
    "萬": 10**4,
    "亿": 10**8,
    "億": 10**8,
    "百万": 10**6,
    "千": 10**3,
    "k": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "bn": 10**9,
    "тыс": 10**3,
    "тыс.": 10**3,
    "млн": 10**6,
    "млн.": 10**6,
    "млрд": 10**9,
}
LONGEST = 80
"""Characters; longer text is no number."""

_NUMBER = re.compile(r"\d(?:[\d.,' ’_]*\d)?(?:e[+-]?\d{1,3})?|[.,]\d+")
_MINUS = "-−–‐"
_GROUPS = r"\d{1,3}(?:[%s]\d{2,3})*[%s]\d{3}|\d+"
_POINT = re.compile(rf"(?:{_GROUPS % (', ’' + chr(39), ', ’' + chr(39))})?(?:\.\d+)?")
_COMMA = re.compile(rf"(?:{_GROUPS % ('. ’' + chr(39), '. ’' + chr(39))})?(?:,\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberStyle:
    """``style`` is the decimal sign of a column; ``mixed`` where its values contradict each other.

    ``counts`` are distinct values by what they show: ``point``, ``comma``, ``grouped_by_comma``
    ("1,234", taken for thousands), ``grouped_by_point``, ``plain``, ``not_a_number``.
    """

    style: Style
    counts: dict[str, int]
    example: str | None


def number_style(values: Iterable[str]) -> NumberStyle:
    """Decide the decimal sign of a column. Groups of three alone are taken for thousands."""
    counts: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for value in dict.fromkeys(values):
        kind = _shows(value)
        counts[kind] += 1
        examples.setdefault(kind, value)
    point = "point" if counts["point"] else "grouped_by_comma"
    comma = "comma" if counts["comma"] else "grouped_by_point"
    decided = bool(counts["point"] or counts["comma"])
    says_point = counts["point"] if decided else counts["grouped_by_comma"]
    says_comma = counts["comma"] if decided else counts["grouped_by_point"]
    style: Style = "mixed" if says_point and says_comma else "comma" if says_comma else "point"
    example = examples.get(comma if says_comma else point)
    return NumberStyle(style=style, counts=dict(counts), example=example)


def parse_number(text: str, style: Style) -> Decimal | Problem:
    """The amount, exactly; 1.2万 is 12000 and (1,200) is -1200.

    Problems: ``not_a_number``, ``ambiguous_number`` (only under ``mixed``).
    """
    split = _split(text)
    if split is None:
        return Problem(code="not_a_number")
    sign, digits, multiplier = split
    mantissa, _, exponent = digits.partition("e")
    if style == "mixed":
        shown = _shows_digits(mantissa)
        if shown.startswith("grouped"):
            return Problem(code="ambiguous_number")
        style = "comma" if shown == "comma" else "point"
    if not (_COMMA if style == "comma" else _POINT).fullmatch(mantissa):
        return Problem(code="not_a_number")
    kept = "." if style == "point" else ","
    plain = "".join(c for c in mantissa if c.isdigit() or c == kept).replace(",", ".")
    return sign * Decimal(plain).scaleb(int(exponent or 0)) * multiplier


def currency(text: str) -> str | None:
    """The ISO 4217 code of the currency a cell names; None where it names none, or several."""
    words = _words(tidy(text).casefold())
    codes = {word.upper() for word in words if word in CODES}
    codes |= {CURRENCIES[word] for word in words if word in CURRENCIES}
    return codes.pop() if len(codes) == 1 else None


def _shows(value: str) -> str:
    split = _split(value)
    return _shows_digits(split[1].partition("e")[0]) if split else "not_a_number"


def _shows_digits(digits: str) -> str:
    """Which sign is the decimal one, by this value alone."""
    signs = [c for c in digits if c in ".,"]
    if not signs:
        return "plain"
    last = signs[-1]
    as_decimal, as_group = ("comma", "point") if last == "," else ("point", "comma")
    if signs.count(last) > 1:
        return as_group
    before, _, after = digits.rpartition(last)
    if len(signs) > 1 or len(after) != 3 or before in ("", "0"):
        return as_decimal
    if len(before) > 3:
        return as_decimal
    return "grouped_by_comma" if last == "," else "grouped_by_point"


def _split(text: str) -> tuple[int, str, int] | None:
    """Sign, digits with their signs, and multiplier; None where words stand that mean neither."""
    if len(text) > LONGEST:
        return None
    plain = tidy(text).casefold().lstrip("'")
    found = list(_NUMBER.finditer(plain))
    if len(found) != 1:
        return None
    match = found[0]
    before, after = plain[: match.start()], plain[match.end() :]
    negative = any(c in _MINUS for c in before + after.strip()[:1])
    negative = negative or (before.strip().startswith("(") and after.strip().endswith(")"))
    multiplier = 1
    for word in _words(f"{before} {after}".strip(_MINUS)):
        if word in MULTIPLIERS:
            multiplier *= MULTIPLIERS[word]
        elif word not in CURRENCIES and word not in CODES and word not in NO_ONE_CURRENCY:
            return None
    return (-1 if negative else 1), match[0], multiplier


def _words(text: str) -> list[str]:
    """Currency and multiplier words around a number, parentheses, signs and digits aside."""
    return re.findall(r"[a-z]{2}[$¥]|百万|[万萬亿億千円元$¥€£₽₴₸₹₩฿₫₺%]|[^\W\d_]+\.?", text)
