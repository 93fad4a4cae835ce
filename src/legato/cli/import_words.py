"""The sentences of an import: why a row was rejected, a file skipped, and what is asked."""

from legato.books.importing import Question
from legato.cli.language import ours as _


def problem(column: str | None, code: str) -> str:
    """Why a row cannot be used, or goes to somebody else, for the person who will mend it."""
    said = problems().get(code, code)
    return f"{column}: {said}" if column else said


def problems() -> dict[str, str]:
    """Every reason by its code."""
    return {
        "row_width": _("the row has more or fewer cells than the header"),
        "undecodable": _("some bytes are no text in the file's encoding"),
        "nul": _("the row holds a NUL character"),
        "unclosed_quote": _("a quotation mark is never closed"),
        "key_missing": _("the id is missing"),
        "no_name": _("neither an id nor a name"),
        "not_a_date": _("not a date"),
        "impossible_date": _("there is no such day"),
        "ambiguous_date": _("day and month cannot be told apart; write 2017-12-31"),
        "not_a_number": _("not a number"),
        "ambiguous_number": _("the decimal sign cannot be told from the thousands sign"),
        "number_too_large": _("the number is too large"),
        "capacity_negative": _("a capacity is not negative"),
        "time_zone_unknown": _("no such time zone; write Asia/Tokyo"),
        "repeated_differently": _("the same id stands in an earlier row with other values"),
        "account_unknown": _("no such account is known"),
        "account_ambiguous": _("several accounts have this name"),
        "product_ambiguous": _("several products have this name"),
        "parent_ambiguous": _("several accounts have this name"),
        "manager_ambiguous": _("several people have this name"),
        "owner_unknown": _("no such person is known"),
        "owner_ambiguous": _("several people have this name"),
        "owner_left": _("the owner has left"),
        "owner_held": _("the owner is given nothing new"),
        "owner_missing": _("no owner is named"),
        "no_candidate": _("nobody works on this account"),
    }


def question(asked: Question) -> str:
    """What is asked, before the choices."""
    if asked.what == "last_resort":
        return _("Who gets what nobody else can take?")
    if asked.what == "date_order":
        said = _("%(file)s, column %(column)s: how is %(value)s to be read?")
    else:
        said = _("%(file)s, column %(column)s: what is meant by %(value)s?")
    return said % {"file": asked.file, "column": asked.column, "value": asked.value}
