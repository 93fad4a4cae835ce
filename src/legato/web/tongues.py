"""Which language a name is in, so that it is drawn and read as its people write it.

Han characters look different in Japanese and in Chinese, and nothing in the text says which is
meant; the person's or customer's language or country does. Kana and Cyrillic speak for themselves.
"""

import re
from collections.abc import Iterable, Mapping

KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30ff\uff66-\uff9d]")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
HAN_TAGS = {
    "ja": "ja", "jp": "ja", "japanese": "ja", "日本語": "ja",
    "zh": "zh-Hans", "zh-hans": "zh-Hans", "zh-cn": "zh-Hans", "cn": "zh-Hans", "sg": "zh-Hans",
    "chinese": "zh-Hans", "中文": "zh-Hans", "简体中文": "zh-Hans",
    "zh-hant": "zh-Hant", "zh-tw": "zh-Hant", "tw": "zh-Hant", "hk": "zh-Hant",
}  # fmt: skip
"""Languages and countries, folded, in which Han characters are written, with HTML's tag."""


def tag_of(text: str, *, known: Iterable[str] = ()) -> str:
    """HTML's ``lang`` for a name, empty where nobody can tell or nothing hangs on it.

    ``known`` are its language and country, the surer one first, as some CRM wrote them.
    """
    if KANA.search(text):
        return "ja"
    if CYRILLIC.search(text):
        return "ru"
    if HAN.search(text):
        folded = (each.strip().lower().replace("_", "-") for each in known)
        return next((HAN_TAGS[each] for each in folded if each in HAN_TAGS), "")
    return ""


def tongue(text: str, tongues: Mapping[str, str]) -> str:
    """The tag of a name on a page that has looked some of them up."""
    return tongues.get(text) or tag_of(text)
