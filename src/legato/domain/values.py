"""What a cell means: the one door to blanks, booleans, dates, numbers, stages and statuses.

Every parser answers with the value or a ``Problem``; columns are decided before cells are parsed.
"""

from legato.domain.cells import Problem, is_blank, parse_boolean, tidy
from legato.domain.dates import DateOrder, Decision, Order, date_order, parse_moment
from legato.domain.numbers import NumberStyle, Style, currency, number_style, parse_number
from legato.domain.stages import (
    Depth,
    StageClass,
    Status,
    is_known_stage,
    stage_class,
    stage_depth,
    stage_key,
    status_class,
)

__all__ = [
    "DateOrder",
    "Decision",
    "Depth",
    "NumberStyle",
    "Order",
    "Problem",
    "StageClass",
    "Status",
    "Style",
    "currency",
    "date_order",
    "is_blank",
    "is_known_stage",
    "number_style",
    "parse_boolean",
    "parse_moment",
    "parse_number",
    "stage_class",
    "stage_depth",
    "stage_key",
    "status_class",
    "tidy",
]
