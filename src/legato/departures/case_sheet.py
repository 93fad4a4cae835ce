"""The readable page of a case's file: one piece of HTML that says what the lines say."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

from legato.web.assets import ASSETS
from legato.web.render import tag

Row = dict[str, Any]
SHOWN_AT_MOST = 500
"""Rows of one receipt; the lines have all of them."""


def sheet(content: bytes, *, file: str) -> str:
    """The page in the active language; ``file`` is where the lines are."""
    lines: dict[str, list[Row]] = defaultdict(list)
    for line in content.splitlines():
        row = json.loads(line)
        lines[row["line"]].append(row)
    context = {
        "style": ASSETS["style.css"].content.decode(),
        "html_lang": tag(get_language() or "en"),
        "file": file,
        "seal": lines["seal"][-1],
        **_context(lines),
    }
    return render_to_string("departures/case_file.html", context)


def _context(lines: dict[str, list[Row]]) -> dict[str, object]:
    names = {row["id"]: row["name"] for row in lines["person"]}
    records = {row["id"]: row for row in lines["record"]}
    case = lines["case"][0]
    return {
        "case": case
        | {"name": names[case["person"]], "opened_at": _time(case["opened_at"])}
        | {"last_day": _day(case["last_day"]), "notice_on": _day(case["notice_on"])},
        "entries": [
            row | {"at": _time(row["at"]), "name": names.get(row["actor_id"])}
            for row in lines["entry"]
        ],
        "export": lines["entry"][-1],
        "plans": list(_plans(lines, names)),
        "book": Counter(records[row["record"]]["kind"] for row in lines["item"]).most_common(),
        "receipts": list(_receipts(lines, names, records)),
    }


def _plans(lines: dict[str, list[Row]], names: dict[str, str]) -> Iterable[Row]:
    approvals = {row["plan"]: row for row in lines["approval"]}
    commits = {row["plan"]: row for row in lines["commit"]}
    for row in lines["plan"]:
        approval = approvals.get(row["plan"])
        yield row | {
            "proposer": names[row["proposer"]],
            "made_at": _time(row["made_at"]),
            "approver": names[approval["approver"]] if approval else None,
            "approved_at": _time(approval["at"]) if approval else None,
            "commit": commits.get(row["plan"]),
        }


def _receipts(
    lines: dict[str, list[Row]], names: dict[str, str], records: dict[str, Row]
) -> Iterable[Row]:
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in lines["receipt"]:
        rows[row["entry"]].append(row)
    kinds = {row["id"]: row["kind"] for row in lines["entry"]}
    for entry, given in rows.items():
        shown = [
            records[row["record"]]
            | {"before": names[row["owner"]], "after": names[row["given_to"]]}
            for row in given[:SHOWN_AT_MOST]
        ]
        more = len(given) - len(shown)
        yield {"entry": entry, "kind": kinds[entry], "rows": shown, "more": more}


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _day(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
