"""What people type on the pages of a departure, as the operations take it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST = 500
LIMITS = ("export", "log_in")


class DayInput(forms.DateInput):
    """A calendar of the browser; its value is always written as ISO has it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(**options: Any) -> forms.DateField:
    return forms.DateField(widget=DayInput(), input_formats=["%Y-%m-%d"], **options)


class ReasonForm(forms.Form):
    """An act that needs nothing but why."""

    reason = forms.CharField(label=_("Reason (optional)"), max_length=LONGEST, required=False)


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


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), timezone.get_current_timezone())


def given(request: HttpRequest) -> dict[str, Any]:
    """What was typed, or what the address asks to be shown; empty at first."""
    return (request.POST if request.method == "POST" else request.GET).dict()
