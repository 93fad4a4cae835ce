"""What dates, amounts and stages mean, decided once per column over its distinct values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from legato.books.importing import lookups
from legato.books.importing.asking import Answers, Question
from legato.books.importing.parts import RECORDS, Part
from legato.domain.values import (
    Decision,
    Problem,
    date_order,
    is_blank,
    number_style,
    parse_boolean,
    parse_moment,
    parse_number,
    stage_class,
    stage_depth,
    status_class,
    tidy,
)

DATES = ("opened", "closed", "due", "touched")
NUMBERS = ("amount", "list_price")
STATUS = ("outcome", "stage")
NOON = time(12, tzinfo=UTC)
"""A date without a time counts from here: the same day in nearly every office of the world."""
LARGEST = Decimal(10) ** 16
ALWAYS_OPEN = ("account", "contact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """How one column was read; ``example`` is the value that decided."""

    part: int
    column: str
    how: str
    example: str | None


def understand(parts: Sequence[Part], *, importing: int, ask: Answers) -> list[Decided]:
    """Fills the tables of dates, numbers and stages for the records among the parts."""
    decided: list[Decided] = []
    for part in (part for part in parts if part.kind in RECORDS):
        for field in (field for field in DATES if field in part.staged):
            values = lookups.distinct([field], importing=importing, file=part.number)
            order = dates_order(part, field, values, ask=ask, decided=decided)
            lookups.fill("import_dates", _dates(part.number, field, values, order))
        if "amount" in part.staged:
            values = lookups.distinct(["amount"], importing=importing, file=part.number)
            lookups.fill("import_numbers", _numbers(part, "amount", values, decided))
        if fields := [field for field in STATUS if field in part.staged]:
            values = lookups.distinct(fields, importing=importing, file=part.number)
            lookups.fill("import_stages", _stages(part, fields, values))
    return decided


def dates_order(
    part: Part, field: str, values: Sequence[str], *, ask: Answers, decided: list[Decided]
) -> Decision:
    """The order of a column's dates. One that fits several is asked, else it stays ambiguous."""
    order = date_order(value for value in values if not is_blank(value))
    how = order.decision
    if how == "ambiguous" and order.example:
        answer = ask(
            Question(
                what="date_order",
                file=part.file,
                column=part.header(field),
                value=order.example,
                choices=order.fits,
            )
        )
        how = how if answer is None else order.fits[answer]
    decided.append(
        Decided(part=part.number, column=part.header(field), how=how, example=order.example)
    )
    return how


def number_of(raw: str, style: Any) -> Decimal | Problem | None:
    """The amount to the cent; None for a blank cell."""
    if is_blank(raw):
        return None
    number = parse_number(raw, style)
    if isinstance(number, Problem):
        return number
    return Problem(code="number_too_large") if abs(number) >= LARGEST else round(number, 2)


def numbers_style(part: Part, field: str, values: Sequence[str], decided: list[Decided]) -> str:
    style = number_style(value for value in values if not is_blank(value))
    if style.example:
        decided.append(
            Decided(
                part=part.number, column=part.header(field), how=style.style, example=style.example
            )
        )
    return style.style


def _dates(
    file: int, field: str, values: Sequence[str], order: Decision
) -> Iterator[tuple[Any, ...]]:
    for raw in values:
        if is_blank(raw):
            continue
        moment = parse_moment(raw, order, UTC)
        if isinstance(moment, Problem):
            yield file, field, raw, None, None, f"{field}:{moment.code}"
        elif isinstance(moment, datetime):
            yield file, field, raw, moment.astimezone(UTC).date(), moment, None
        else:
            yield file, field, raw, moment, datetime.combine(moment, NOON), None


def day_of(raw: str, order: Decision) -> date | Problem | None:
    """The day of a moment; None for a blank cell."""
    if is_blank(raw):
        return None
    moment = parse_moment(raw, order, UTC)
    return moment.date() if isinstance(moment, datetime) else moment


def _numbers(
    part: Part, field: str, values: Sequence[str], decided: list[Decided]
) -> Iterator[tuple[Any, ...]]:
    style = numbers_style(part, field, values, decided)
    for raw in values:
        number = number_of(raw, style)
        if isinstance(number, Problem):
            yield part.number, field, raw, None, f"{field}:{number.code}"
        elif number is not None:
            yield part.number, field, raw, number, None


def _stages(part: Part, fields: Sequence[str], values: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    for raw in values:
        said = dict(zip(fields, raw.split(lookups.MIXED), strict=True))
        stage = "" if is_blank(said.get("stage", "")) else tidy(said.get("stage", ""))
        ended = "" if is_blank(said.get("outcome", "")) else said.get("outcome", "")
        is_open, outcome = _meaning(part.kind, stage, ended)
        depth = (stage_depth(stage) or "") if part.kind == "opportunity" else ""
        yield part.number, raw, stage or tidy(ended), is_open, outcome, depth


def _meaning(kind: str, stage: str, ended: str) -> tuple[bool, str]:
    """Whether a record is open, and how it ended where it is not."""
    if kind in ALWAYS_OPEN:
        return True, ""
    if kind == "opportunity":
        found = stage_class(ended) if stage_class(ended) != "open" else stage_class(stage)
        return found == "open", "" if found == "open" else found
    is_done = status_class(stage) == "done" or parse_boolean(stage) is True
    return not is_done, "done" if is_done else ""
