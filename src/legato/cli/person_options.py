"""What can be said of a person at the command line."""

from decimal import Decimal, InvalidOperation
from typing import Any, cast

import click

from legato.cli.language import ours as _
from legato.people import queries
from legato.people.models import ROLES
from legato.people.operations import SKILLS, Details


class Skill(click.ParamType[tuple[str, str]]):
    """A kind of skill and its value, such as ``language=ja``."""

    name = "KIND=VALUE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        kind, equals, what = str(value).partition("=")
        if not (equals and what and kind in SKILLS):
            kinds = ", ".join(SKILLS)
            self.fail(_("%(value)s is no skill. Kinds: %(kinds)s.") % locals(), param, ctx)
        return kind, what


class Amount(click.ParamType[Decimal]):
    name = "NUMBER"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite():
            self.fail(_("%(value)s is no number.") % locals(), param, ctx)
        return amount


def described(function: Any) -> Any:
    """The options that say something of a person."""
    options = [
        click.option("--email", help=_("E-mail address.")),
        click.option("--manager", metavar="PERSON", help=_("Whom they report to.")),
        click.option("--team", help=_("Team, made where it is new.")),
        click.option("--role", type=click.Choice(ROLES), help=_("What they may do.")),
        click.option("--language", help=_("Their own language, such as ja.")),
        click.option("--country", help=_("Country code, such as JP.")),
        click.option("--time-zone", help=_("Time zone, such as Asia/Tokyo.")),
        click.option("--capacity", type=Amount(), help=_("How many weighted accounts.")),
        click.option(
            "--skill", "skills", type=Skill(), multiple=True, help=_("What they can serve.")
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def details_of(said: dict[str, Any]) -> Details:
    """What was said on the command line; the manager by id."""
    details = {name: value for name, value in said.items() if value is not None}
    if "manager" in details:
        details["manager"] = queries.person(name=details["manager"]).id
    return cast(Details, details)
