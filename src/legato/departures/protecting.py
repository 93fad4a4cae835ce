"""What protecting a book is set to before anybody has changed it."""

from datetime import timedelta

from django.utils import timezone

from legato.departures.queries import CaseView


def defaults(case: CaseView, *, by: int | None, days: int) -> dict[str, str]:
    """The fields of a form: a cover of so many days after the last one, and no rows taken out.

    The way in ends at once for who is dismissed, kept away or gone.
    """
    today = timezone.localdate()
    until = max(today, case.last_day or today) + timedelta(days=days)
    log_in = case.kind == "dismissal" or case.kept_away or case.already_gone
    on = {"export": "on"} | ({"log_in": "on"} if log_in else {})
    return {"by": str(by or ""), "until": until.isoformat(), **on}
