"""The departure case: who leaves, when, how, and the book that must change hands."""

from django.db import models

from legato.books.models import Book
from legato.ledger.models import Entry
from legato.people.models import Employment, Hold, Person

KINDS = ("resignation", "dismissal", "transfer", "leave")
ANSWERS = ("yes", "no", "unknown")


class Case(models.Model):
    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="cases")
    employment = models.ForeignKey(Employment, models.DO_NOTHING, related_name="+")
    kind = models.TextField()
    notice_on = models.DateField(null=True)
    last_day = models.DateField(null=True)
    """Null while it is unknown."""
    return_on = models.DateField(null=True)
    kept_away = models.BooleanField()
    already_gone = models.BooleanField()
    to_competitor = models.TextField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    hold = models.ForeignKey(Hold, models.DO_NOTHING, related_name="+")
    book = models.OneToOneField(Book, models.DO_NOTHING, related_name="case")
    entry = models.OneToOneField(Entry, models.DO_NOTHING, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.OneToOneField(Entry, models.DO_NOTHING, null=True, related_name="+")
    """The entry that closed or withdrew it, with the reason."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(closed_at__isnull=True),
                name="departures_one_open_case",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=KINDS), name="departures_case_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(to_competitor__in=ANSWERS),
                name="departures_destination_is_answered",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_by__isnull=True)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="departures_case_closed_by_somebody",
            ),
        ]


class Signature(models.Model):
    """Something that still points to who leaves, and that a person lets stand; the entry says why.

    What comes to be like it later is not signed.
    """

    pk = models.CompositePrimaryKey("case_id", "what", "number")
    case = models.ForeignKey(Case, models.DO_NOTHING, related_name="signatures")
    what = models.TextField()
    """A code of `domain.rests`."""
    number = models.BigIntegerField()
    """The id of the record, person, team, plan or run."""
    signer = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    at = models.DateTimeField()
    entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")


class Digest(models.Model):
    """An entry that changed owners, summed up for who is told of it and who reads the history."""

    entry = models.OneToOneField(Entry, models.DO_NOTHING, primary_key=True, related_name="+")
    moved = models.PositiveBigIntegerField()
    givers = models.JSONField()
    receivers = models.JSONField()
    """Ids of people, with how many records each."""


class Told(models.Model):
    """One row: up to which place in the chain over all people have been told."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seal = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="departures_one_told")]
