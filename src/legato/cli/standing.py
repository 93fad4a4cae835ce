"""How a case stands, at the command line: what is to be decided, what points to who leaves, whether
everything is somewhere."""

from dataclasses import asdict
from typing import Any

from rich.console import Console

from legato.cli.frame import table
from legato.cli.language import ours as _
from legato.departures.queries import Conservation, Rest, Standing
from legato.web import words
from legato.web.joining import labelled, listed
from legato.web.matters import matter, outcome, rest


def facts(found: Standing) -> dict[str, Any]:
    """For machines."""
    return {
        "matters": [
            {"code": each.code, "is_open": each.is_open, "says": matter(each), **dict(each.facts)}
            for each in found.matters
        ],
        "rests": [asdict(each) for each in found.rests],
        "signed": [asdict(each) for each in found.signed],
        "conservation": asdict(found.conservation),
        "unchanged": [asdict(each) for each in found.unchanged],
    }


def show(console: Console, found: Standing) -> None:
    _show_matters(console, found)
    _show_conservation(console, found.conservation)
    if found.rests:
        headers = (_("Why it cannot be closed"), _("Count"), _("Such as"), _("Sign with"))
        console.print(table(headers, [_line(each) for each in found.rests]))
    if found.signed:
        of_signatures = (_("Rests signed for"), _("Count"), _("By"), _("On"), _("Why"))
        lines = [
            (rest(each.what), each.count, each.signer, each.at, each.reason)
            for each in found.signed
        ]
        console.print(table(of_signatures, lines))
    for each in found.unchanged:
        console.print(
            _("%(what)s %(entry)s changed owners and nothing else: SHA-256 %(sha256)s")
            % {"what": words.happening(each.kind), "entry": each.entry, "sha256": each.sha256},
            highlight=False,
            soft_wrap=True,
        )


def _show_matters(console: Console, found: Standing) -> None:
    for is_open, title in ((True, _("To be decided")), (False, _("What has happened"))):
        told = [matter(each) for each in found.matters if each.is_open == is_open]
        if told:
            console.print(f"\n{title}")
            for each in told:
                console.print(f"  - {each}", highlight=False, markup=False)


def _show_conservation(console: Console, found: Conservation) -> None:
    headers = (
        _("Kind"), _("Listed"), _("With others"), _("Covered"), _("With the person"), _("Closed"),
        _("Why closed"),
    )  # fmt: skip
    lines = [
        (
            words.kind(each.kind),
            each.listed.count,
            each.moved.count,
            each.covered.count,
            each.kept.count,
            each.closed.count,
            listed(labelled(outcome(why), count) for why, count in each.outcomes.items()),
        )
        for each in found.fates
    ]
    if lines:
        agrees = _("Both counts agree.") if found.agrees else _("The two counts differ!")
        console.print(table(headers, lines, title=_("What became of the book")))
        console.print(agrees)


def _line(each: Rest) -> tuple[object, ...]:
    names = listed(
        words.pointing(each.what, name=one.name, detail=one.detail) for one in each.listed[:3]
    )
    return rest(each.what), each.count, names, each.what
