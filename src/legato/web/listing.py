"""What a refusal lists row by row, as a table: headings, and the cells under them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from legato.domain.errors import Refused
from legato.web import words

Rows = tuple[Sequence[str], list[Sequence[object]]]


def listing(refused: Refused) -> Rows | None:
    """The table of a refusal; None where it lists nothing."""
    tables = {"differences": _differences, "violations": _breaches, "conflicts": _conflicts}
    for name, told in tables.items():
        rows = refused.facts.get(name)
        if isinstance(rows, list) and rows:
            return told(rows)
    return None


def _differences(rows: Sequence[Mapping[str, Any]]) -> Rows:
    """What was when the plan was made, and what is now."""
    headers = (_("Record"), _("Kind"), _("Name"), pgettext("difference", "What"),
               pgettext("difference", "Was"), pgettext("difference", "Is now"),
               _("Changed"), _("By"))  # fmt: skip
    return headers, [
        (_number(row), words.one(str(row.get("kind") or "")), row.get("name"),
         words.kept(str(row["what"])), *_then_and_now(row), row.get("at"), row.get("by"))
        for row in rows
    ]  # fmt: skip


def _then_and_now(row: Mapping[str, Any]) -> tuple[object, object]:
    """Whose it was and is, or the rules' versions; nothing where these are the same."""
    was, now = row.get("was"), row.get("now")
    if row["what"] == "policy":
        version = _("version %(number)s")
        return version % {"number": was}, version % {"number": now}
    return (None, None) if was == now else (was, now)


def _breaches(rows: Sequence[Mapping[str, Any]]) -> Rows:
    headers = (_("Record"), _("Name"), _("Person"), pgettext("objection", "What"), _("Why"))
    return headers, [
        (row.get("record"), row.get("name"), row.get("person"), words.violation(str(row["code"])),
         words.removal(str(row.get("why") or "")))
        for row in rows
    ]  # fmt: skip


def _conflicts(rows: Sequence[Mapping[str, Any]]) -> Rows:
    headers = (_("Record"), _("Name"), _("Person"))
    return headers, [(_number(row), row["name"], row["person"]) for row in rows]


def _number(row: Mapping[str, Any]) -> str:
    return f"#{row['record']}" if row.get("record") is not None else ""
