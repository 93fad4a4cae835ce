"""``legato ledger``: whether the history is what was written; where it ends, kept outside."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from django.utils.timesince import timesince
from rich.console import Console

from legato.cli.frame import Frame, command, table
from legato.cli.language import ours as _
from legato.ledger import anchors, operations, queries
from legato.ledger.queries import Compared, Finding, State, Verdict
from legato.people.queries import people

BROKEN = 1


def problems() -> dict[str, str]:
    """What can be wrong with the ledger, by code."""
    return {
        "entry_was_changed": _("the entry was changed after it was written"),
        "entry_is_missing": _("the entry with this number is gone"),
        "entry_was_inserted": _("the number is taken twice: an entry was put in"),
        "chain_is_broken": _("the entry before it is not the one that it followed"),
        "entry_is_back_dated": _("it says it was recorded long before the entry that it follows"),
        "seal_is_missing": _("the seals before this one are gone"),
        "sealed_entry_is_missing": _("the entry of this seal is gone"),
        "seal_was_changed": _("the seal was changed, or belongs to another entry"),
        "seal_is_broken": _("the seal before it is not the one that it followed"),
        "receipt_differs": _("what it changed, row by row, is not what it was written with"),
        "tail_is_cut": _("the ledger ends before this seal, which an anchor shows it had"),
        "history_was_rewritten": _("from here on the history may be another than an anchor shows"),
        "other_database": _("none of the anchors is of this database"),
    }


@click.group("ledger", help=_("Verify that the history is unchanged, and anchor it outside."))
def ledger() -> None:
    pass


@command("verify", about=_("Compute the whole ledger anew and name the first wrong entry."))
@click.option(
    "--anchors",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Compare with this file of anchors; else with the one that is kept, if it is there."),
)
def verify(frame: Frame, *, file: Path | None) -> None:
    verdict, compared = queries.verify(anchors=file or _kept_anchors())
    frame.answer(_facts(verdict, compared), show=lambda console: _show(console, verdict, compared))
    if verdict.count:
        click.get_current_context().exit(BROKEN)


@command("anchor", about=_("Write where the ledger ends into a file outside of the database."))
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def anchor(frame: Frame, *, file: Path | None) -> None:
    path = file or anchors.chosen_path() or anchors.default_path()
    operations.seal()
    made = anchors.append(path, now=frame.now)
    said = {"file": str(path), **(asdict(made) if made else {})}
    text = (
        _("Anchored in %(file)s: seal %(seal)s, SHA-256 %(sha256)s.")
        if made
        else _("%(file)s has the end of the ledger already. Nothing was added.")
    )
    frame.answer(
        {"added": made is not None, **said},
        show=lambda console: console.print(text % said, soft_wrap=True, highlight=False),
    )


@command("seal", about=_("Give every entry its place in the chain over all, as the job does."))
def seal(frame: Frame) -> None:
    sealed = operations.seal()
    frame.answer(
        {"sealed": sealed},
        show=lambda console: console.print(_("Entries sealed: %(count)s.") % {"count": sealed}),
    )


def _kept_anchors() -> Path | None:
    kept = anchors.chosen_path()
    return kept if kept is not None and kept.exists() else None


def _facts(verdict: Verdict, compared: Compared | None) -> dict[str, object]:
    names = _names(verdict.findings)
    findings = [_told(each, names) for each in verdict.findings]
    return {
        "sound": not verdict.count,
        **asdict(verdict.state),
        "anchors": asdict(compared) if compared else None,
        "count": verdict.count,
        "first": findings[0] if findings else None,
        "findings": findings,
    }


def _told(found: Finding, names: dict[int, str]) -> dict[str, object]:
    who = names.get(found.actor, f"#{found.actor}") if found.actor is not None else None
    return {**asdict(found), "name": who, "message": problems()[found.problem]}


def _names(findings: Sequence[Finding]) -> dict[int, str]:
    actors = {each.actor for each in findings if each.actor is not None}
    return {each.id: each.name for each in people(ids=actors).values()}


def _show(console: Console, verdict: Verdict, compared: Compared | None) -> None:
    said = {"entries": verdict.state.entries, "seals": verdict.state.seals, "count": verdict.count}
    if not verdict.count:
        console.print(
            _("Sound: every hash is as it must be. Entries: %(entries)s, seals: %(seals)s.") % said
        )
    else:
        console.print(_("Not sound. Places that are not as they were written: %(count)s.") % said)
        _show_findings(console, verdict)
    for line in (*_about_seals(verdict.state), *_about_anchors(compared)):
        console.print(line, highlight=False, soft_wrap=True)


def _show_findings(console: Console, verdict: Verdict) -> None:
    names = _names(verdict.findings)
    lines = [_line(each, names) for each in verdict.findings]
    console.print(_("The first: %(what)s") % {"what": _in_words(verdict.findings[0], names)})
    headers = (_("Seal"), _("Entry"), _("Chain"), _("Number"), _("By"), _("At"), _("What is wrong"))
    console.print(table(headers, lines))
    if verdict.count > len(lines):
        console.print(_("And %(count)s more.") % {"count": verdict.count - len(lines)})
    console.print(
        _("Compare from there on with a backup: somebody wrote past Legato, or the disk failed.")
    )


def _line(found: Finding, names: dict[int, str]) -> tuple[object, ...]:
    told = _told(found, names)
    entry = f"#{found.entry}" if found.entry is not None else None
    number = str(found.number) if found.number is not None else None
    seal = str(found.seal) if found.seal is not None else None
    at = f"{found.at[:16].replace('T', ' ')} UTC" if found.at is not None else None
    return seal, entry, found.chain, number, told["name"], at, told["message"]


def _in_words(found: Finding, names: dict[int, str]) -> str:
    seal, entry, chain, number, name, at, message = _line(found, names)
    place = [f"{chain} {number}" if chain else None, entry, name, at]
    where = ", ".join(str(each) for each in place if each)
    return f"{where or _('seal %(seal)s') % {'seal': seal}}: {message}."


def _about_seals(state: State) -> list[str]:
    lines = []
    if state.last_seal is not None:
        said = {"seal": state.last_seal, "sha256": state.last_sha256}
        lines.append(_("The last seal: %(seal)s, SHA-256 %(sha256)s.") % said)
    if state.unsealed:
        said = {"count": state.unsealed, "age": age_of(state)}
        lines.append(waiting() % said)
    return lines


def waiting() -> str:
    """What has no place in the chain over all yet."""
    return _("Entries that wait for their seal: %(count)s, the oldest for %(age)s.")


def age_of(state: State) -> str:
    """How long the oldest entry without a seal has waited, in words."""
    now = datetime.now(UTC)
    return timesince(now - timedelta(seconds=state.unsealed_for or 0), now)


def _about_anchors(compared: Compared | None) -> list[str]:
    if compared is None:
        return [_("No anchors were compared: whoever owns the database could rewrite all of it.")]
    said = {"count": compared.anchors, "file": compared.path, "others": compared.of_others}
    lines = [_("Anchors of this database in %(file)s: %(count)s.") % said]
    if compared.last is not None:
        lines.append(_("The last anchor: seal %(seal)s, %(at)s.") % asdict(compared.last))
    if compared.of_others:
        lines.append(_("Anchors of other databases: %(others)s.") % said)
    if compared.unreadable:
        numbers = ", ".join(map(str, compared.unreadable))
        lines.append(_("Lines that are no anchors: %(lines)s.") % {"lines": numbers})
    return lines


for each in (verify, anchor, seal):
    ledger.add_command(each)
