"""What a plan cannot be asked for: an option that would change nothing is a mistake of whoever
typed it, and is refused before anything is done."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

from legato.cli.language import ours as _
from legato.planning.operations import record_called
from legato.planning.queries import PlanView

Each = TypeVar("Each", bound=Hashable)


def check_plan(
    *,
    cases: Sequence[int],
    earlier: PlanView | None,
    resume: int | None,
    background: bool,
    said: Mapping[str, Any],
) -> None:
    """Raises `click.UsageError` for an option of ``legato plan`` that would have no effect."""
    if resume is not None:
        _check_alone(resume, cases=cases, earlier=earlier, background=background, said=said)
        return
    case = twice(cases)
    if case is not None:
        raise _wrong(_("Case %(case)s is named twice. No plan was made. Name it once."), case=case)
    width = said["scope"] or (earlier.scope if earlier else "case")
    if cases and width == "company":
        raise _wrong(
            _(
                "A plan for the whole company takes every open departure along. No plan was made. "
                "Leave out the case, or --scope."
            )
        )
    if cases and width == "team" and said["teams"]:
        raise _wrong(
            _(
                "A plan for a team takes the open departures there along. No plan was made. Leave "
                "out the case, or --team."
            )
        )
    team = said["teams"] or (earlier is not None and earlier.options.get("team")) or cases
    if width == "team" and not team:
        raise _wrong(_("Which team is not said. No plan was made. Name it with --team."))
    _check_unpinned(said["unpinned"], earlier)


def check_options(*, scope: str, said: Mapping[str, Any]) -> None:
    """The same for what a plan and a simulation can both be asked for."""
    if scope == "company" and said["teams"]:
        raise _wrong(
            _(
                "The whole company is more than a team. No plan was made. Leave out --team, or "
                "write --scope team."
            )
        )
    if scope == "team" and len(said["teams"]) > 1:
        raise _wrong(_("--scope team takes one team. No plan was made. Give --team once."))
    record = twice(record_called(reference) for reference, _person in said["pins"])
    if record is not None:
        raise _wrong(
            _("Record #%(record)s is pinned twice. No plan was made. Pin it once."), record=record
        )
    part = twice(part for part, _points in said["weights"])
    if part is not None:
        raise _wrong(
            _("The weight of %(part)s is given twice. No plan was made. Give it once."), part=part
        )


def twice(named: Iterable[Each]) -> Each | None:
    """The first that is named more than once."""
    return next((each for each, times in Counter(named).items() if times > 1), None)


def _check_alone(
    run: int,
    *,
    cases: Sequence[int],
    earlier: PlanView | None,
    background: bool,
    said: Mapping[str, Any],
) -> None:
    """A run that is taken up is asked for what it was asked for before."""
    names = {"pins": "pin", "excluded": "exclude", "teams": "team", "weights": "weight"}
    given = {**said, "from": earlier, "background": background}
    idle = [
        f"--{names.get(name, 'unpin' if name == 'unpinned' else name)}"
        for name, value in given.items()
        if value not in (None, False, ())
    ]
    if cases or idle:
        left_out = ", ".join([*map(str, cases), *sorted(idle)])
        raise _wrong(
            _(
                "Run %(run)s goes on with what it was asked for. No plan was made. Leave out: "
                "%(options)s"
            ),
            run=run,
            options=left_out,
        )


def _check_unpinned(unpinned: Sequence[str], earlier: PlanView | None) -> None:
    if not unpinned:
        return
    if earlier is None:
        raise _wrong(
            _(
                "--unpin drops a pin of an earlier plan. No plan was made. Name that plan with "
                "--from, or leave out --unpin."
            )
        )
    pinned = {record_called(reference) for reference, _person in earlier.options["pins"]}
    for reference in unpinned:
        if record_called(reference) not in pinned:
            raise _wrong(
                _("Plan %(plan)s pins no record %(record)s. No plan was made. Leave out --unpin."),
                plan=earlier.id,
                record=reference,
            )


def _wrong(sentence: str, **facts: object) -> click.UsageError:
    return click.UsageError(sentence % facts)
