"""The note to the team: short, thankful, in each language that somebody there reads."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from legato.departures.queries import Note
from legato.web.render import tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """``lang`` as HTML has it, with the language's own name."""

    lang: str
    language: str
    text: str


def texts(note: Note, *, sender: str) -> list[Text]:
    """One for each language of the team that we have, the reader's own where there is none."""
    wanted = [code for each in note.languages if (code := _ours(each))]
    names = dict(settings.LANGUAGES)
    return [
        Text(lang=tag(code), language=names[code], text=_text(note, code, sender))
        for code in dict.fromkeys(wanted or [translation.get_language()])
    ]


def _ours(language: str) -> str | None:
    """A person's language as Django names it: zh is zh-hans."""
    return next((code for code, _name in settings.LANGUAGES if code.partition("-")[0] == language),
                None)  # fmt: skip


def _text(note: Note, code: str, sender: str) -> str:
    with translation.override(code):
        said = {"name": note.case.person, "sender": sender}
        if note.case.last_day:
            said["day"] = date_format(note.case.last_day, "DATE_FORMAT")
            first = _("%(name)s is leaving our team. The last day is %(day)s.") % said
        else:
            first = _("%(name)s is leaving our team. The last day is not settled yet.") % said
        more = (
            _("Thank you, %(name)s, for the work we did together.") % said,
            _("Every customer keeps a person to turn to; who takes over what is being settled. "
              "Please leave it to us to tell customers."),
            _("Questions? Ask %(sender)s.") % said,
        )  # fmt: skip
        return "\n".join([_("Dear all,"), first, *more])
