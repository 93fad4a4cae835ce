"""The words of an import: why a row cannot be used, what columns mean, how files read."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


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


def field(code: str) -> str:
    """What a column means."""
    words = {
        "": _("keep as a note"),
        "-": _("leave out"),
        "key": _("ID"),
        "name": pgettext("of a record", "Name"),
        "first_name": _("Given name"),
        "last_name": _("Family name"),
        "account": _("Account"),
        "account_key": _("ID of the account"),
        "owner": _("Owner"),
        "owner_id": _("Owner"),
        "owner_key": _("ID of the owner"),
        "owner_email": _("E-mail address of the owner"),
        "stage": _("Stage"),
        "depth": _("How far the opportunity is (early, middle, late)"),
        "outcome": _("Outcome"),
        "is_open": _("Open or closed"),
        "amount": _("Amount"),
        "value": pgettext("of a record", "Value"),
        "opened": _("Opened on"),
        "opened_on": _("Opened on"),
        "closed": _("Close date"),
        "closed_on": _("Close date"),
        "due": pgettext("of a column", "Due"),
        "due_at": pgettext("of a column", "Due"),
        "touched": _("Last touched"),
        "touched_at": _("Last touched"),
        "next_step": _("Next step"),
        "product": _("Product"),
        "product_key": _("ID of the product"),
        "product_id": _("Product"),
        "parent": _("Parent account"),
        "parent_key": _("ID of the parent account"),
        "parent_id": _("Parent account"),
        "account_id": _("Account"),
        "email": _("E-mail address"),
        "phone": _("Phone"),
        "country": _("Country"),
        "territory": _("Territory"),
        "language": _("Language"),
        "industry": _("Industry"),
        "category": _("Category"),
        "currency": _("Currency"),
        "description": _("Description"),
        "value_is_estimated": _("Value known or estimated"),
        "fields": _("Notes"),
        "manager": _("Manager"),
        "manager_email": _("E-mail address of the manager"),
        "team": _("Team"),
        "title": _("Job title"),
        "time_zone": _("Time zone"),
        "active": _("Still employed"),
        "started": _("Employed since"),
        "capacity": _("Capacity"),
        "list_price": _("List price"),
        "series": _("Series"),
    }
    return words.get(code, code)


def sureness(how: str | None) -> str:
    """Why a column is thought to mean that."""
    words = {
        "exact": _("sure: the header says so"),
        "folded": _("sure: the header says so, spelled differently"),
        "content": _("likely: the cells look like it"),
        "given": _("chosen by you"),
        "remembered": _("as last time"),
    }
    return words.get(how or "", _("not known"))


def codec(name: str | None) -> str:
    """An encoding as people call it."""
    words = {
        "utf-8": "UTF-8",
        "utf-8-sig": "UTF-8 (BOM)",
        "cp932": "Shift-JIS (CP932)",
        "gb18030": "GB18030",
        "cp1251": "Windows-1251",
        "cp1252": "Windows-1252",
        "utf-16": "UTF-16",
        "utf-16-le": "UTF-16",
        "utf-16-be": "UTF-16",
    }
    return words.get(name or "", name or "")


def separator(sign: str | None) -> str:
    """What stands between two cells."""
    words = {
        ",": _("comma"),
        ";": _("semicolon"),
        "\t": _("tab"),
        "|": _("vertical bar"),
    }
    return words.get(sign or "", sign or "")


def order(code: str) -> str:
    """How day, month and year follow each other."""
    words = {
        "iso": _("year, month, day"),
        "year_first": _("year, month, day"),
        "day_first": _("day, month, year"),
        "month_first": _("month, day, year"),
        "excel_serial": _("days counted by Excel"),
        "ambiguous": _("unclear"),
        "mixed": _("mixed"),
    }
    return words.get(code, code)


def draft_state(code: str) -> str:
    """How far an import is."""
    words = {
        "asking": _("being put together"),
        "waiting": _("waits for its turn"),
        "reading": _("reading"),
        "writing": _("writing"),
        "paused": _("paused"),
        "tested": _("tested"),
        "refused": _("stopped"),
        "done": pgettext("of an import", "done"),
        "undone": _("taken back"),
        "given_up": _("given up"),
    }
    return words.get(code, code)


def owner_state(code: str) -> str:
    """Why an owner as written cannot simply be given the records."""
    words = {
        "unknown": _("no such person is known"),
        "ambiguous": _("several people have this name"),
        "left": _("has left"),
        "held": _("is given nothing new"),
    }
    return words.get(code, code)


def stays(code: str) -> str:
    """Why the undo of an import leaves a record as it is."""
    words = {
        "touched_since": _("changed since"),
        "owner_has_left": _("its owner of before has left"),
    }
    return words.get(code, code)
