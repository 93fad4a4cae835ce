"""A day on the command line, in one shape wherever one is asked for."""

from datetime import date

import click

from legato.cli.language import ours as _

EARLIEST, LATEST = date(1990, 1, 1), date(2199, 12, 31)
"""Whatever lies outside was typed wrong, and days counted from it would leave the calendar."""


class Day(click.ParamType[date]):
    """A day, written 2026-03-31."""

    name = "DATE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            day = date.min
        if not EARLIEST <= day <= LATEST:
            self.fail(_("%(value)s is no day. Write it like 2026-03-31.") % locals(), param, ctx)
        return day
