"""What departures owe without being asked: a last day that is over ends the employment."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from legato.departures.operations import end_last_days

EVERY_5_MINUTES = "*/5 * * * *"


@app.periodic(cron=EVERY_5_MINUTES)
@app.task(queueing_lock="last days", lock="last days", name="departures.end_last_days")
def sweep_last_days(timestamp: int) -> int:
    """Puts what is left under the manager's cover; how many departures. Safe to run twice."""
    return end_last_days(now=datetime.now(UTC))
