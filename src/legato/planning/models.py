"""Plans, who approved them, and what was carried out. A plan is never changed: an edit is another.

A commit is its ledger entry; what it did row by row are the spans that entry ended.
"""

from django.db import models

from legato.books.models import Book, Record
from legato.ledger.models import Entry
from legato.people.models import Person


class Plan(models.Model):
    scope = models.TextField(db_default="case")
    """``case``: the books alone; ``team``, ``company``: everybody's accounts there as well."""
    parent = models.ForeignKey("self", models.DO_NOTHING, null=True, related_name="+")
    digest = models.TextField()
    """SHA-256 over everything the plan was made from."""
    seed = models.BigIntegerField()
    options = models.JSONField()
    """Pins, excluded persons and weights, as they were asked for."""
    policy_version = models.PositiveIntegerField()
    proposer = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    made_at = models.DateTimeField()
    interim_until = models.DateTimeField(null=True)
    """The new owners are interim ones until then; null is for good."""
    problem = models.JSONField()
    """The facts the solver was given, so that anybody can check the plan; of a reorganisation
    without its units, which are in `Arrays`."""
    proposal = models.JSONField()
    certificate = models.JSONField()
    entry = models.OneToOneField(Entry, models.DO_NOTHING, related_name="+")


class PlanBook(models.Model):
    """A book that the plan gives away."""

    pk = models.CompositePrimaryKey("plan_id", "book_id")
    plan = models.ForeignKey(Plan, models.DO_NOTHING, related_name="books")
    book = models.ForeignKey(Book, models.DO_NOTHING, related_name="plans")


class BookClosed(models.Model):
    """The departure the book was taken for is over: nothing gives it away by a plan any more."""

    book = models.OneToOneField(Book, models.DO_NOTHING, primary_key=True, related_name="closing")
    at = models.DateTimeField()
    entry = models.OneToOneField(Entry, models.DO_NOTHING, related_name="+")


class Arrays(models.Model):
    """The units of a reorganisation and its prices, too many for JSON: what ``verify`` reads."""

    plan = models.OneToOneField(Plan, models.DO_NOTHING, primary_key=True, related_name="arrays")
    content = models.BinaryField()
    """Compressed arrays of numpy, by name."""


class Assignment(models.Model):
    """One unit decided: an account with what goes along, or a record by itself."""

    pk = models.CompositePrimaryKey("plan_id", "unit_id")
    plan = models.ForeignKey(Plan, models.DO_NOTHING, related_name="assignments")
    unit = models.ForeignKey(Record, models.DO_NOTHING, related_name="+")
    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    is_orphan = models.BooleanField()
    """Nobody could take it; the person is the manager."""
    heat = models.TextField(db_default="cold")
    value = models.BigIntegerField(db_default=0)
    """Heat and value are those that the plan was made from."""
    value_known = models.BooleanField(db_default=True)
    reason = models.JSONField()


class Move(models.Model):
    """A record that changes hands with its unit, and what it must look like for that."""

    pk = models.CompositePrimaryKey("plan_id", "record_id")
    plan = models.ForeignKey(Plan, models.DO_NOTHING, related_name="moves")
    record = models.ForeignKey(Record, models.DO_NOTHING, related_name="+")
    unit = models.ForeignKey(Record, models.DO_NOTHING, related_name="+")
    expected_owner = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    expected_entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")
    """The record's last change when the plan was made: anything later refuses the commit."""
    is_covered = models.BooleanField(db_default=False)
    """The expected owner is an interim one: the commit makes even the same person permanent."""
    new_owner = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")


class Approval(models.Model):
    plan = models.OneToOneField(Plan, models.DO_NOTHING, primary_key=True, related_name="approval")
    approver = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    at = models.DateTimeField()
    entry = models.OneToOneField(Entry, models.DO_NOTHING, related_name="+")


class Remark(models.Model):
    """What somebody says about a plan before it is carried out, and what stays with it."""

    entry = models.OneToOneField(Entry, models.DO_NOTHING, primary_key=True, related_name="+")
    plan = models.ForeignKey(Plan, models.DO_NOTHING, related_name="remarks")
    kind = models.TextField()
    """``request``: it waits for approval. ``question``, ``answer``. ``objection``: of somebody who
    receives in it. ``rejection``: a second person's no, after which nobody approves it."""
    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()


class Commit(models.Model):
    entry = models.OneToOneField(Entry, models.DO_NOTHING, primary_key=True, related_name="+")
    plan = models.OneToOneField(Plan, models.DO_NOTHING, related_name="commit")
    at = models.DateTimeField()
    moved = models.PositiveIntegerField()


class Undo(models.Model):
    """A commit, cover or undo taken back, at most once."""

    entry = models.OneToOneField(Entry, models.DO_NOTHING, primary_key=True, related_name="+")
    undone = models.OneToOneField(Entry, models.DO_NOTHING, related_name="+")
    at = models.DateTimeField()
    restored = models.PositiveIntegerField()
    conflicts = models.JSONField()


class Run(models.Model):
    """A plan in the making: how far it is, and the prices from which it can be taken up again."""

    case_ids = models.JSONField(db_default=[])
    options = models.JSONField()
    actor = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    reason = models.TextField()
    key = models.TextField(db_default="")
    """The idempotency key of whoever asked for it; empty where there is none."""
    began_at = models.DateTimeField()
    state = models.TextField(db_default="running")
    """``waiting``, ``running``, ``cancelling``, ``cancelled``, ``refused``, ``done``."""
    phase = models.TextField(db_default="")
    step = models.PositiveIntegerField(db_default=0)
    steps = models.PositiveIntegerField(db_default=0)
    prices = models.BinaryField(null=True)
    """The last prices, compressed, with the persons and measures they belong to."""
    refusal = models.JSONField(null=True)
    """Code and facts."""
    plan = models.OneToOneField(Plan, models.DO_NOTHING, null=True, related_name="run")
    ended_at = models.DateTimeField(null=True)
