"""What happened: entries chained per subject inside their transaction, sealed together later.

The database fills number, times and hashes itself and refuses every later change
(``sql/ledger.sql``), so that nothing here can be written after the fact.
"""

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One operation: who did what, when, why; ``facts`` hold what changed where no receipt does."""

    chain = models.TextField()
    """What it is about, such as ``case:12``; entries of one chain follow each other."""
    number = models.PositiveBigIntegerField(db_default=0)
    kind = models.TextField()
    actor_id = models.BigIntegerField(null=True)
    """The person; null when the clock did it."""
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    reason = models.TextField()
    facts = models.JSONField(db_default={})
    receipt_sha256 = models.TextField(db_default="")
    transaction_id = models.BigIntegerField(db_default=0)
    """The database transaction that wrote it; rows it changes must be written by the same."""
    previous_sha256 = models.TextField(db_default="")
    sha256 = models.TextField(db_default="")
    form = models.PositiveSmallIntegerField(db_default=2)
    """Which text was hashed (``hashing.py``)."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="ledger_entry_in_its_chain"),
            models.CheckConstraint(condition=~models.Q(kind=""), name="ledger_entry_has_a_kind"),
        ]
        indexes = [
            # Whoever sees departures alone counts and pages without touching the entries.
            models.Index(
                models.Func(
                    models.F("chain"),
                    models.Value(":"),
                    models.Value(1),
                    function="split_part",
                    output_field=models.TextField(),
                ),
                models.F("id"),
                name="ledger_entry_about",
                include=["chain"],
            ),
            models.Index(fields=["kind", "id"], include=["chain"], name="ledger_entry_of_kind"),
            models.Index(fields=["actor_id", "id"], include=["chain"], name="ledger_entry_by"),
            models.Index(fields=["at"], include=["chain"], name="ledger_entry_at"),
        ]


class Answer(models.Model):
    """What a command with an idempotency key was answered, so that asking again does nothing."""

    key = models.TextField(primary_key=True)
    asked_sha256 = models.TextField()
    answer = models.JSONField()
    entry = models.ForeignKey(Entry, on_delete=models.DO_NOTHING, related_name="+")


class Seal(models.Model):
    """An entry's place in the chain over all chains."""

    number = models.PositiveBigIntegerField(primary_key=True, db_default=0)
    entry = models.OneToOneField(Entry, on_delete=models.DO_NOTHING, related_name="seal")
    previous_sha256 = models.TextField(db_default="")
    sha256 = models.TextField(db_default="")
    sealed_at = models.DateTimeField(db_default=Now())
    form = models.PositiveSmallIntegerField(db_default=2)


class Verification(models.Model):
    """The whole ledger computed anew: when somebody asked for it, and what was found."""

    asked_by = models.BigIntegerField(null=True)
    """The person; null where it was its time."""
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    entries = models.PositiveBigIntegerField(null=True)
    last_seal = models.PositiveBigIntegerField(null=True)
    problems = models.PositiveBigIntegerField(null=True)
    findings = models.JSONField(db_default=[])
    """The first of them, as `verifying.Finding`."""
    anchors = models.PositiveBigIntegerField(null=True)
    """Anchors outside of the database that were met; null where there is no file of them."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(problems__isnull=False),
                name="ledger_verification_says_what_was_found",
            )
        ]


class Identity(models.Model):
    """Its one row says which database this is, so that an anchor knows its own."""

    id = models.BooleanField(primary_key=True, default=True)
    uuid = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=True), name="ledger_one_identity")
        ]


class Rehearsal(models.Model):
    """Its one row says that time may be chosen here. Written by the first migration alone."""

    id = models.BooleanField(primary_key=True, default=True)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=True), name="ledger_one_row")]
