"""The words and numbers of imports, for their templates."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from django import template

from legato.web import import_words, words

register = template.Library()

register.filter("codec", import_words.codec)
register.filter("separator", import_words.separator)
register.filter("date_order", import_words.order)
register.filter("import_field", import_words.field)
register.filter("sureness", import_words.sureness)
register.filter("draft_state", import_words.draft_state)
register.filter("owner_state", import_words.owner_state)
register.filter("import_stays", import_words.stays)
register.filter("unread", words.unread)


@register.filter
def import_problem(code: str) -> str:
    """Why a row cannot be used."""
    return import_words.problem(None, code)


@register.simple_tag
def date_said(said: Mapping[str, Any], file: str, date: Mapping[str, Any]) -> str:
    """How the dates of a column are read; empty where that is still to be said."""
    chosen: str = said.get("dates", {}).get(f"{file}|{date['column']}", "")
    return chosen or (date["decision"] if len(date["fits"]) < 2 else "")


@register.simple_tag
def twins(answer: Mapping[str, Any], kind: str) -> int:
    """Rows that say again what another says."""
    count: int = answer.get("repeats", {}).get(kind, 0)
    return count


@register.filter
def below(row: Sequence[str], headers: Sequence[str]) -> list[tuple[str, str]]:
    """Each cell with its header; '' where the row is short of cells."""
    return list(zip_longest(headers, row[: len(headers)], fillvalue=""))
