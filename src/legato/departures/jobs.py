"""What departures owe without being asked: last days and interims that are over; and long plans."""

from datetime import UTC, datetime

from django.core.mail import EmailMessage
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from legato.departures.letters import write
from legato.departures.operations import carry_out, digest_new, end_interims, end_last_days
from legato.domain.errors import Refused
from legato.people.mailing import UNADDRESSABLE, Unaddressable, hand_over
from legato.people.operations import begin_mail, settle_mail

# The sixth field of the pattern is seconds.
EVERY_15_SECONDS = "* * * * * */15"
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


@app.periodic(cron=EVERY_15_SECONDS)
@app.task(queueing_lock="digests", lock="digests", name="departures.digest")
def digest(timestamp: int) -> int:
    """Tells people of the changes of owners that were sealed since. Safe to run twice."""
    return digest_new(now=datetime.now(UTC))


class MailWaits(Exception):
    """The server did not take the mail now; the job is tried again."""


class Patience(BaseRetryStrategy):
    """Again after one minute, two, four, …; how often at most, the message itself counts."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, MailWaits):
            return None
        return RetryDecision(retry_in={"seconds": 60 * 2**job.attempts})


@app.task(retry=Patience(), name="departures.mail")
def mail(message: int) -> str | None:
    """Mails a message once; what became of it, None where another run has it in hand."""
    letter = _written(message)
    if not begin_mail(message=message, now=datetime.now(UTC)):
        return None
    outcome = hand_over(letter) if letter else UNADDRESSABLE
    state = settle_mail(message=message, outcome=outcome, now=datetime.now(UTC))
    if state == "queued":
        raise MailWaits(outcome.said)
    return state


def _written(message: int) -> EmailMessage | None:
    """The mail; None where there is no address to send it to."""
    try:
        return write(message)
    except Unaddressable:
        return None
