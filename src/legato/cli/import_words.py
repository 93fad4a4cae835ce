"""What an import asks at the command line; its other words are those of the pages."""

from legato.books.importing import Question
from legato.cli.language import ours as _
from legato.web.import_words import problem

__all__ = ["problem", "question"]


def question(asked: Question) -> str:
    """What is asked, before the choices."""
    if asked.what == "last_resort":
        return _("Who gets what nobody else can take?")
    if asked.what == "date_order":
        said = _("%(file)s, column %(column)s: how is %(value)s to be read?")
    else:
        said = _("%(file)s, column %(column)s: what is meant by %(value)s?")
    return said % {"file": asked.file, "column": asked.column, "value": asked.value}
