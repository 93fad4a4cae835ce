"""``legato policy``: the rules in force, and changing them."""

import json
from collections.abc import Sequence
from typing import Any

import click

from legato.cli.acting import named
from legato.cli.frame import Frame, command, table
from legato.cli.language import ours as _
from legato.cli.language import pgettext
from legato.domain.policy import policy_values
from legato.people import operations, queries


class Rule(click.ParamType[tuple[str, Any]]):
    """A rule and its value in JSON, such as ``undo_hours=48`` or ``heat.next_step_within=7``."""

    name = "NAME=VALUE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Any]:
        name, _equals, text = str(value).partition("=")
        try:
            return name, json.loads(text)
        except ValueError:
            self.fail(
                _("%(value)s is no rule. Write it like undo_hours=48.") % locals(), param, ctx
            )


@command("show", about=_("Show the rules in force."))
def show_policy(frame: Frame) -> None:
    values = policy_values(queries.policy())
    lines = [(name, json.dumps(value)) for name, value in _flat(values)]
    frame.answer(
        values, show=lambda to: to.print(table((_("Rule"), pgettext("rule", "Value")), lines))
    )


@command("set", about=_("Change rules; plans made before keep theirs."), writes=True)
@click.argument("rules", type=Rule(), nargs=-1, required=True)
def set_policy(frame: Frame, *, rules: Sequence[tuple[str, Any]]) -> None:
    version = operations.set_policy(
        values=_nested(rules),
        now=frame.now,
        actor=named(frame),
        reason=frame.reason,
        key=frame.key,
    )
    frame.answer({"version": version})
    frame.say(_("Version %(version)s of the rules is in force.") % {"version": version})


def _flat(values: dict[str, Any]) -> list[tuple[str, Any]]:
    """Groups as dotted names."""
    return [
        (f"{name}.{part}" if part else name, inner)
        for name, value in values.items()
        for part, inner in (value.items() if isinstance(value, dict) else [("", value)])
    ]


def _nested(rules: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Dotted names as groups."""
    values: dict[str, Any] = {}
    for name, value in rules:
        group, dot, part = name.partition(".")
        if dot:
            values.setdefault(group, {})[part] = value
        else:
            values[name] = value
    return values


policy = click.Group(
    "policy", help=_("Show and change the rules."), commands=[show_policy, set_policy]
)
