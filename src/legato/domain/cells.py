"""What any cell of a table may hold before it means a date, a number or a word.

What is wrong with one value is an answer, not an exception: a file may hold thousands of them.
"""

import re
import unicodedata
from dataclasses import dataclass

BLANKS = frozenset(
    re.findall(
        r"[^|\n]+",
        """-|--|—|–|.|n/a|#n/a|nan|null|none|nil|(blank)|(empty)|not set|0000-00-00
не закрыта|не закрыт|не указано|не указан|не задано|нет данных|пусто
未设置|未填写|空|なし|未設定|未入力""",
    )
)
YES = frozenset(re.findall(r"\S+", "true t yes y 1 1.0 x ✓ ✔ ☑ on да истина 是 对 真 はい 済 ○ 〇"))
NO = frozenset(re.findall(r"\S+", "false f no n 0 0.0 off нет ложь 否 不是 假 いいえ 未 × ☐"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """``code`` names the sentence: not_a_date, impossible_date, ambiguous_date, not_a_number,
    ambiguous_number, not_a_boolean."""

    code: str


def tidy(text: str) -> str:
    """One width of letters and digits (NFKC), single spaces, none at the ends."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def is_blank(text: str) -> bool:
    """Whether a cell says that it says nothing: empty, "-", "N/A", "не закрыта", "未設定" …"""
    return not text or not (plain := tidy(text).casefold()) or plain in BLANKS


def parse_boolean(text: str) -> bool | Problem:
    """Yes or no in four languages, 1 and 0, x for yes. Problem: ``not_a_boolean``."""
    plain = tidy(text).casefold()
    if plain in YES:
        return True
    return False if plain in NO else Problem(code="not_a_boolean")
