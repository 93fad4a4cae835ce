"""Persons and what decides who may be given work: employment, absence, hold, skill, capacity.

A person is employed exactly while they point to an open employment of their own; the database
holds the two together (``sql/people.sql``).
"""

from typing import Any

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Now

from legato.ledger.models import Entry

LIMITS = ("export", "log_in")
ROLES = ("rep", "manager", "operations", "hr", "director", "administrator")
MAILS = ("off", "queued", "sending", "sent", "failed", "uncertain")


class Team(models.Model):
    name = models.TextField(unique=True)
    manager = models.ForeignKey("Person", models.DO_NOTHING, null=True, related_name="+")


class Person(models.Model):
    source = models.TextField()
    key = models.TextField()
    """The CRM's id of the person, unique within the source."""
    name = models.TextField()
    email = models.TextField(blank=True, db_default="")
    title = models.TextField(blank=True, db_default="")
    role = models.TextField(db_default="rep")
    language = models.TextField(blank=True, db_default="")
    country = models.TextField(blank=True, db_default="")
    time_zone = models.TextField(db_default="UTC")
    team = models.ForeignKey(Team, models.DO_NOTHING, null=True, related_name="members")
    manager = models.ForeignKey("self", models.DO_NOTHING, null=True, related_name="reports")
    capacity = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    """Weighted accounts; null where nobody said."""
    employment = models.ForeignKey("Employment", models.DO_NOTHING, null=True, related_name="+")
    is_employed = models.GeneratedField(
        expression=models.ExpressionWrapper(
            models.Q(employment__isnull=False), output_field=models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    user = models.OneToOneField(
        "auth.User", models.DO_NOTHING, null=True, related_name="person", db_constraint=True
    )
    entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")
    """The ledger's entry of the last change."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="people_person_of_source"),
            models.UniqueConstraint(fields=["id", "is_employed"], name="people_person_employed"),
            models.CheckConstraint(
                condition=models.Q(role__in=ROLES), name="people_person_has_a_role"
            ),
            models.CheckConstraint(
                condition=~models.Q(manager=models.F("id")), name="people_person_not_own_manager"
            ),
            models.CheckConstraint(
                condition=models.Q(capacity__gte=0), name="people_capacity_not_negative"
            ),
        ]


class Employment(models.Model):
    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="employments")
    started_on = models.DateField(null=True)
    """Null where the company's records do not say."""
    ends_on = models.DateField(null=True)
    """The last day, once it is known."""
    ended_at = models.DateTimeField(null=True)
    is_open = models.GeneratedField(
        expression=models.ExpressionWrapper(
            models.Q(ended_at__isnull=True), output_field=models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(ended_at__isnull=True),
                name="people_one_open_employment",
            ),
            models.UniqueConstraint(
                fields=["id", "person", "is_open"], name="people_employment_open"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("started_on")),
                name="people_employment_ends_after_start",
            ),
        ]


class Skill(models.Model):
    """What somebody can serve: a ``territory``, ``language``, ``industry`` or ``product``."""

    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="skills")
    kind = models.TextField()
    value = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "value"], name="people_skill_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=("territory", "language", "industry", "product")),
                name="people_skill_of_a_known_kind",
            ),
        ]


class Absence(models.Model):
    """Away from the first day through the last; both are days away."""

    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.TextField(blank=True, db_default="")
    entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="people_absence_ends_after_start",
            )
        ]


class Holiday(models.Model):
    """A day off in a country, besides the weekend."""

    country = models.TextField()
    day = models.DateField()
    name = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["country", "day"], name="people_holiday_once")
        ]


class Hold(models.Model):
    """While it stands, the person is given nothing new. Released is a time, not a deletion."""

    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="holds")
    why = models.TextField()
    """A code: ``departure``, or another app's."""
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(Entry, models.DO_NOTHING, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(released_at__isnull=True, released_by__isnull=True)
                | models.Q(released_at__gte=models.F("placed_at"), released_by__isnull=False),
                name="people_hold_released_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["person", "why"],
                condition=models.Q(released_at__isnull=True),
                name="people_one_hold_of_a_kind",
            ),
        ]


class Limit(models.Model):
    """What somebody who leaves may not do for now. Lifted is a time, not a deletion."""

    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="limits")
    what = models.TextField()
    """A code of `LIMITS`: ``export``, only what a leaver may take; ``log_in``, no way in."""
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Entry, models.DO_NOTHING, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(what__in=LIMITS), name="people_limit_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | models.Q(lifted_at__gte=models.F("placed_at"), lifted_by__isnull=False),
                name="people_limit_lifted_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["person", "what"],
                condition=models.Q(lifted_at__isnull=True),
                name="people_one_limit_of_a_kind",
            ),
        ]


class Taking(models.Model):
    """Rows that somebody took out of the book; never changed."""

    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="takings")
    at = models.DateTimeField()
    what = models.TextField()
    """A code: ``receipt``, ``case_file`` or another app's."""
    rows = models.PositiveIntegerField()
    entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["person", "at"], name="people_taking_of_person")]


class Company(models.Model):
    """One row: the person of last resort, who stays employed as long as they are it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last_resort = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="people_one_company")]


class Policy(models.Model):
    """A version of the company's rules; ``values`` hold what differs from ``domain.policy``."""

    version = models.PositiveIntegerField(primary_key=True)
    values = models.JSONField()
    since = models.DateTimeField(db_default=Now())
    entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")


class Session(AbstractBaseSession):
    """Somebody's browser, logged in; a row that is deleted ends it at once."""

    user = models.ForeignKey("auth.User", models.DO_NOTHING, null=True, related_name="+")
    agent = models.TextField(blank=True, db_default="")
    """What the browser said of itself at the log-in."""
    since = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    """When it last asked for something, within five minutes."""

    def save(self, **how: Any) -> None:
        """Saving again leaves alone when it began and was seen."""
        if how.get("force_update"):
            how["update_fields"] = ["session_data", "expire_date", "user", "agent"]
        super().save(**how)


class Message(models.Model):
    """Something told to one person, once for each entry; a mail is a copy of it.

    ``mail`` is ``off`` (in Legato alone), ``queued``, ``sending``, ``sent``, ``failed``, or
    ``uncertain``: handed over to the server, which never said whether it took it.
    """

    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="messages")
    entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")
    """What it tells of."""
    kind = models.TextField()
    facts = models.JSONField(db_default={})
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail = models.TextField(db_default="off")
    mail_at = models.DateTimeField(null=True)
    mail_said = models.TextField(db_default="")
    """What the server said last."""
    tries = models.PositiveSmallIntegerField(db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "entry"], name="people_message_once"),
            models.CheckConstraint(
                condition=models.Q(mail__in=MAILS), name="people_message_mail_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"],
                condition=models.Q(read_at__isnull=True),
                name="people_message_unread",
            ),
            models.Index(
                fields=["mail"],
                condition=~models.Q(mail__in=("off", "sent")),
                name="people_message_mail_open",
            ),
        ]


class Muting(models.Model):
    """While it stands, the person is told in Legato alone."""

    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="mutings")
    since = models.DateTimeField()
    entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(until__isnull=True),
                name="people_one_muting",
            )
        ]
