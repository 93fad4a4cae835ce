"""The ledger's work in the background: seals, anchors, and the queue's own upkeep."""

from datetime import UTC, datetime

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from legato.ledger import anchors, operations
from legato.ledger.anchors import NothingToAnchor

# The sixth field of the pattern is seconds.
EVERY_15_SECONDS = "* * * * * */15"
EVERY_5_MINUTES = "*/5 * * * *"
EVERY_HOUR = "7 * * * *"
DEAD_AFTER = 30
"""Seconds without a sign of life after which a worker counts as dead."""
KEPT_HOURS = 72
EVERY_NIGHT = "23 2 * * *"


@app.periodic(cron=EVERY_15_SECONDS)
@app.task(queueing_lock="ledger seal", lock="ledger seal", name="ledger.seal")
def seal(timestamp: int) -> int:
    """Gives committed entries their place in the overall chain; safe to run twice."""
    return operations.seal(thorough=False)


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="ledger sweep", lock="ledger seal", name="ledger.sweep")
def sweep(timestamp: int) -> int:
    """Seals what was committed so late that the frequent job passes it by; safe to run twice."""
    return operations.seal()


@app.periodic(cron=EVERY_5_MINUTES)
@app.task(queueing_lock="ledger anchor", lock="ledger anchor", name="ledger.anchor")
def anchor(timestamp: int) -> int | None:
    """Writes where the chain ends into the anchors' file, if it has grown; the seal's number."""
    path = anchors.chosen_path()
    try:
        made = anchors.append(path, now=datetime.now(UTC)) if path else None
    except NothingToAnchor:
        return None
    return made.seal if made else None


@app.periodic(cron=EVERY_NIGHT)
@app.task(queueing_lock="ledger nightly", name="ledger.ask_verification")
def ask_verification(timestamp: int) -> int:
    """Has everything verified, so that the history can say when that was. Safe to run twice."""
    return operations.ask_verification(actor=None, now=datetime.now(UTC))


@app.task(lock="ledger verify", name="ledger.verify")
def verify(verification: int) -> int:
    """Verifies everything; how many problems. Safe to run twice."""
    return operations.carry_out_verification(
        verification=verification, clock=lambda: datetime.now(UTC)
    )


@app.periodic(cron=EVERY_15_SECONDS)
@app.task(
    queueing_lock="retry stalled",
    pass_context=True,
    name="jobs.retry_stalled",
)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Jobs whose worker died are run again by another.

    Where the next one of its kind is queued already, that does the work, once the dead one is out
    of its way: two that wait would break their queueing lock.
    """
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        try:
            await jobs.retry_job(job)
        except UniqueViolation:
            await jobs.finish_job(job, status=Status.ABORTED, delete_job=False)


@app.periodic(cron=EVERY_HOUR)
@app.task(queueing_lock="forget done", pass_context=True, name="jobs.forget_done")
async def forget_done(context: JobContext, timestamp: int) -> None:
    """Jobs that succeeded long ago leave the queue; those that failed stay to be looked at."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)
