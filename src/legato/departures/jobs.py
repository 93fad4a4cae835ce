"""What departures owe without being asked: last days and interims that are over; and long plans."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from legato.departures.operations import carry_out, end_interims, end_last_days
from legato.domain.errors import Refused

EVERY_5_MINUTES = "*/5 * * * *"


@app.periodic(cron=EVERY_5_MINUTES)
@app.task(queueing_lock="last days", lock="last days", name="departures.end_last_days")
def sweep_last_days(timestamp: int) -> int:
    """Puts what is left under the manager's cover; how many departures. Safe to run twice."""
    return end_last_days(now=datetime.now(UTC))


@app.periodic(cron=EVERY_5_MINUTES)
@app.task(queueing_lock="interims", lock="interims", name="departures.end_interims")
def sweep_interims(timestamp: int) -> int:
    """Gives what an interim owner has had long enough to who comes next. Safe to run twice."""
    return end_interims(now=datetime.now(UTC))


@app.task(lock="plans", name="departures.make_plan")
def make_plan(run: int) -> int | None:
    """Makes the plan of a run, one at a time. A refusal is kept with the run."""
    try:
        made = carry_out(run_id=run, clock=lambda: datetime.now(UTC))
    except Refused:
        return None
    return made.plan if made else None
