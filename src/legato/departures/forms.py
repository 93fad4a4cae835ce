"""What people type on the pages of a departure, as the operations take it."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from legato.domain.departure import Announcement
from legato.web.asked import FIRST_DAY, LAST_DAY, number

LONGEST = 500
LIMITS = ("export", "log_in")


class DayInput(forms.DateInput):
    """A calendar of the browser; its value is always written as ISO has it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(**options: Any) -> forms.DateField:
    """A day that rules can count on from."""
    return forms.DateField(
        widget=DayInput(), input_formats=["%Y-%m-%d"], validators=[_near], **options
    )


def _near(day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(_("Enter a day from 1900 to 2999."), code="far")


KINDS = (
    ("resignation", _("resignation")), ("dismissal", _("dismissal")),
    ("transfer", _("transfer")), ("leave", _("leave")),
)  # fmt: skip
ANSWERS = (("unknown", _("unknown")), ("yes", _("yes")), ("no", _("no")))


class AnnouncementForm(forms.Form):
    """What is known of a departure."""

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data, label_suffix="")

    kind = forms.ChoiceField(label=_("What kind of departure"), choices=KINDS)
    last_day = day_field(
        label=_("Last day"), required=False, help_text=_("Leave it empty while it is unknown.")
    )
    notice_on = day_field(label=_("Day notice was given"), required=False)
    return_on = day_field(
        label=_("Back on"), required=False, help_text=_("Only where the person comes back.")
    )
    to_competitor = forms.ChoiceField(label=_("Goes to a competitor"), choices=ANSWERS)
    kept_away = forms.BooleanField(
        label=_("Kept away: no longer works, though still employed"), required=False
    )
    already_gone = forms.BooleanField(label=_("Already gone"), required=False)
    reason = forms.CharField(label=_("Reason (optional)"), max_length=LONGEST, required=False)

    @property
    def said(self) -> dict[str, Any]:
        """The fields of an `Announcement`, as they were typed."""
        names = [each.name for each in fields(Announcement)]
        return {name: self.cleaned_data[name] for name in names}


class OpenForm(AnnouncementForm):
    """The same, of somebody; and whether their way in ends with it."""

    log_in = forms.BooleanField(label=_("Switch the leaver’s log-in off at once"), required=False)
    person = forms.TypedChoiceField(label=_("Who leaves"), coerce=int)
    field_order = ("person", "kind", "last_day", "notice_on", "return_on", "to_competitor",
                   "kept_away", "already_gone", "log_in", "reason")  # fmt: skip

    def __init__(
        self, data: Mapping[str, Any] | None, *, employees: Sequence[tuple[int, str]]
    ) -> None:
        super().__init__(data)
        nobody = ("", _("Choose somebody"))
        self.fields["person"].choices = [nobody, *employees]  # type: ignore[attr-defined]

    @property
    def limits(self) -> tuple[str, ...]:
        return ("log_in",) if self.cleaned_data["log_in"] else ()


class SignForm(forms.Form):
    """Which rest may stand, a kind or ``kind:number``, and why."""

    what = forms.CharField()
    reason = forms.CharField(max_length=LONGEST)

    @property
    def named(self) -> tuple[str, int | None]:
        kind, _colon, one = self.cleaned_data["what"].partition(":")
        return kind, number(one)


class ProtectForm(forms.Form):
    """Who holds the book until when, and what the leaver may not do meanwhile."""

    by = forms.TypedChoiceField(coerce=int)
    until = day_field()
    export = forms.BooleanField(required=False)
    log_in = forms.BooleanField(required=False)
    reason = forms.CharField(max_length=LONGEST, required=False)

    def __init__(self, data: Mapping[str, Any], *, could: Sequence[int]) -> None:
        super().__init__(data)
        self.fields["by"].choices = [(each, str(each)) for each in could]  # type: ignore[attr-defined]

    @property
    def limits(self) -> tuple[str, ...]:
        return tuple(each for each in LIMITS if self.cleaned_data[each])

    @property
    def until_instant(self) -> datetime:
        """The end of the day, in the reader's zone."""
        return end_of(self.cleaned_data["until"])


class PlanForm(forms.Form):
    """Whether a plan is for a time only: then until the end of that day."""

    until = day_field(required=False)

    @property
    def until_instant(self) -> datetime | None:
        """The end of the day, in the reader's zone; None for good."""
        day = self.cleaned_data["until"]
        return None if day is None else end_of(day)


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), timezone.get_current_timezone())


def given(request: HttpRequest) -> dict[str, Any]:
    """What was typed, or what the address asks to be shown; empty at first."""
    return (request.POST if request.method == "POST" else request.GET).dict()
