"""Imports in the background, one at a time, and the files that are no longer to be kept."""

from datetime import UTC, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from legato.books.importing import uploads, working

EVERY_HOUR = "17 * * * *"
SOON = 5
"""Seconds until another look where somebody else's import was at work."""


@app.task(lock="imports", name="books.carry_on")
def carry_on(draft: int) -> str:
    """The test or the import of a draft; safe to run twice."""
    return working.carry_on(draft=draft, clock=lambda: datetime.now(UTC), again=_soon)


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="old uploads", lock="old uploads", name="books.erase_uploads")
def erase_uploads(timestamp: int) -> int:
    """Erases the content of files that were given long ago. Safe to run twice."""
    return uploads.erase_old(now=datetime.now(UTC), days=settings.LEGATO_UPLOAD_DAYS)


def later(draft: int) -> None:
    """Leaves the draft to a worker, as part of the present transaction."""
    carry_on.defer(draft=draft)


def _soon(draft: int) -> None:
    carry_on.configure(schedule_in={"seconds": SOON}).defer(draft=draft)
