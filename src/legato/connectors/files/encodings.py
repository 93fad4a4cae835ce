"""Which encoding a text file is in, told by what it would say in each.

Short files are the hard case: a header row of twenty characters must be enough. So candidates are
scored by how much of them is plausible writing, not by the statistics of a long text.
"""

import codecs
import re
from collections.abc import Callable
from functools import lru_cache

BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
KEEP_BYTES = "legato.keep_bytes"
"""Error handler: a byte b that does not decode becomes U+DC00+b, and is written back as it was
(but not in UTF-16, which has no single bytes); what an encoding has no letter for becomes "?"."""

_PUNCTUATION = frozenset("«»№–—…“”„’‘•·°©®™€£§×\xa0")
_RUSSIAN_WORD = re.compile(r"[A-Za-z\u00c0-\u04ff]+")
_WELL_FORMED = re.compile(r"[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+")
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1f]")
_NO_WRITING = re.compile("[\0\udc00-\udcff\ue000-\uf8ff\ufffe\uffff]")
_LATIN_WORD = re.compile(r"[^\W\d_]+")


def detect(sample: bytes, *, complete: bool) -> str | None:
    """The codec of a text that begins so; None if it is no text of any encoding known here.

    ``sample`` should reach past the first byte that is not ASCII; ``complete`` says that nothing
    follows, so that half a character at its end is an error.
    """
    for bom, name in BOMS.items():
        if sample.startswith(bom):
            return name
    if b"\0" in sample and (wide := _wide(sample)):
        return wide
    if sample.isascii() or _share(sample, "utf-8", _unicode, complete) > 0:
        return "utf-8"
    scores = _scores(sample, complete=complete)
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > 0 else None


def possible(sample: bytes, *, complete: bool) -> tuple[str, ...]:
    """The codecs in which a text that begins so may be, the likeliest first; of ASCII alone, and of
    what says its encoding by a mark, only that one."""
    best = detect(sample, complete=complete)
    if best is None or best == "utf-8-sig" or best.startswith("utf-16") or sample.isascii():
        return (best,) if best else ()
    scores = _scores(sample, complete=complete)
    scores["utf-8"] = _share(sample, "utf-8", _unicode, complete)
    others = [name for name, score in scores.items() if score > 0 and name != best]
    return (best, *sorted(others, key=lambda name: -scores[name]))


def _scores(sample: bytes, *, complete: bool) -> dict[str, float]:
    return {name: _share(sample, name, good, complete) for name, good in _LEGACY.items()}


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: read by the right end there is ASCII in it, by the wrong one none.
    (Zeros alone do not tell: 一 and the wide space end in one.)"""
    rest = sample.replace(b"\0", b"")
    if len(rest) * 5 > len(sample) * 4 and rest.isascii() and not _CONTROLS.search(rest):
        return None
    even = sample[: len(sample) // 2 * 2]
    plain = {end: _plain(even.decode(end, errors=KEEP_BYTES)) for end in ("utf-16-le", "utf-16-be")}
    best, other = sorted(plain, key=lambda end: -plain[end])
    return best if plain[best] > max(0.02, 4 * plain[other]) else None


def _plain(text: str) -> float:
    """The share of ASCII, what no text holds (zeros, unpaired halves, private letters) taken off
    five times."""
    odd = len(_NO_WRITING.findall(text))
    return (sum("\0" < c <= "\x7f" for c in text) - 5 * odd) / max(len(text), 1)


def _share(sample: bytes, name: str, good: Callable[[str], float], complete: bool) -> float:
    """Plausible characters among those that are not ASCII, a byte that fails to decode costing
    five of them."""
    decoder = codecs.getincrementaldecoder(name)(errors=KEEP_BYTES)
    text = decoder.decode(sample, final=complete)
    foreign = sum(c > "\x7f" for c in text)
    bad = sum("\udc00" <= c <= "\udcff" for c in text)
    return (good(text) - 5 * bad) / foreign if foreign else 0.0


def _unicode(text: str) -> float:
    """Hardly anything else is UTF-8 by accident, so a bad byte weighs less against it."""
    return _counted(text, lambda _: True) + 4 * sum("\udc00" <= c <= "\udcff" for c in text)


def _counted(text: str, good: Callable[[str], bool]) -> float:
    return sum(good(c) for c in text if c > "\x7f" and not "\udc00" <= c <= "\udcff")


@lru_cache(maxsize=20_000)
def _is_japanese(c: str) -> bool:
    """Kana, full-width signs, and the kanji of JIS level 1: those in everyday use."""
    if "\u3000" <= c <= "\u30ff" or "\uff01" <= c <= "\uff5e" or c in "￥①②③④⑤…":
        return True
    if "А" <= c <= "ё":  # of two bytes there, as a reason in Russian is in a Japanese file
        return True
    return "\u4e00" <= c <= "\u9fff" and b"\x88\x9f" <= c.encode("cp932") <= b"\x98\x72"


@lru_cache(maxsize=20_000)
def _is_chinese(c: str) -> bool:
    """Full-width signs and the characters of GB 2312 level 1: 99 % of any modern text."""
    if "\u3000" <= c <= "\u3020" or "\uff01" <= c <= "\uff5e" or c in "￥…“”‘’—·":
        return True
    if "А" <= c <= "ё" or "\u3041" <= c <= "\u30fe":
        return True
    if not "\u4e00" <= c <= "\u9fff":
        return False
    return b"\xb0\xa1" <= c.encode("gb18030") <= b"\xd7\xff"


def _russian(text: str) -> float:
    """Letters in words that are wholly Russian, in lower case, title case or capitals."""
    words = (w for w in _RUSSIAN_WORD.findall(text) if _WELL_FORMED.fullmatch(w))
    return sum(map(len, words)) + _counted(text, _PUNCTUATION.__contains__)


def _latin(text: str) -> float:
    """Letters with accents among plain ones, a little less sure than any other reading."""
    accents = 0
    for word in _LATIN_WORD.findall(text):
        foreign = sum(c > "\x7f" for c in word)
        accents += foreign if foreign * 2 <= len(word) and max(word) <= "\u0192" else 0
    return 0.9 * (accents + _counted(text, _PUNCTUATION.__contains__))


_LEGACY: dict[str, Callable[[str], float]] = {
    "cp1251": _russian,  # first: capitals alone can be Chinese of level 1, hardly the reverse
    "cp932": lambda text: _counted(text, _is_japanese),
    "gb18030": lambda text: _counted(text, _is_chinese),
    "cp1252": _latin,
}


def _keep_bytes(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeDecodeError):
        return "".join(chr(0xDC00 + b) for b in error.object[error.start : error.end]), error.end
    if isinstance(error, UnicodeEncodeError):
        char = error.object[error.start]
        is_kept = "\udc00" <= char <= "\udcff" and not error.encoding.startswith("utf-16")
        return bytes([ord(char) - 0xDC00]) if is_kept else "?", error.start + 1
    raise error


codecs.register_error(KEEP_BYTES, _keep_bytes)
