"""The mirror of the CRM: every record with its one responsible person, and who was before.

A record names its present owner and since when; a past span is written by the database itself
when the owner changes (``sql/books.sql``), so no owner can be replaced without leaving a trace.
Keys of hot tables are checked there too, once per statement instead of once per row.
"""

from django.db import models
from django.db.models.functions import Now

from legato.ledger.models import Entry
from legato.people.models import Person

KINDS = ("account", "contact", "opportunity", "lead", "activity", "commitment", "ticket", "rule")
OUTCOMES = ("", "won", "lost", "done")


def _key(to: type[models.Model] | str, *, null: bool = False) -> "models.ForeignKey[object]":
    """A reference that ``sql/books.sql`` checks set by set; Django must not add a key per row."""
    return models.ForeignKey(
        to, models.DO_NOTHING, null=null, db_constraint=False, db_index=False, related_name="+"
    )


class Product(models.Model):
    source = models.TextField()
    key = models.TextField()
    name = models.TextField()
    series = models.TextField(db_default="")
    list_price = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    fields = models.JSONField(db_default={})
    entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="books_product_of_source")
        ]


class Record(models.Model):
    """Anything that has an owner. Unknown text is empty, unknown numbers and dates are null."""

    kind = models.TextField()
    source = models.TextField()
    key = models.TextField()
    """The CRM's id, unique within source and kind."""
    name = models.TextField()
    account = _key("self", null=True)
    parent = _key("self", null=True)
    """The parent account, of an account."""
    product = _key(Product, null=True)

    owner = _key(Person)
    owner_since = models.DateTimeField()
    owner_entry = _key(Entry)
    """The ledger's entry that gave it to the owner."""
    owner_is_ours = models.BooleanField(db_default=False)
    """Legato has given it to somebody: files and connectors no longer change the owner."""
    interim_until = models.DateTimeField(null=True)
    next_owner = _key(Person, null=True)
    """Who takes over when the interim ends; null asks the manager."""

    is_open = models.BooleanField()
    outcome = models.TextField(db_default="")
    stage = models.TextField(db_default="")
    depth = models.TextField(db_default="")
    """How far the stage is: early, middle, late; empty where the name says nothing."""
    category = models.TextField(db_default="")
    """The type of an activity, the kind of a commitment, the source of a lead."""
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    value = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    """Of an opportunity: its amount, else the product's list price; else unknown."""
    value_is_estimated = models.BooleanField(db_default=False)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(null=True)
    """The last known contact or change in the CRM."""
    next_step = models.TextField(db_default="")
    email = models.TextField(db_default="")
    phone = models.TextField(db_default="")
    country = models.TextField(db_default="")
    territory = models.TextField(db_default="")
    language = models.TextField(db_default="")
    industry = models.TextField(db_default="")
    fields = models.JSONField(db_default={})
    """The CRM's other columns, as they came."""
    entry = _key(Entry)
    """The ledger's entry of the last change of anything."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "key"], name="books_record_of_source"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=KINDS), name="books_record_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=OUTCOMES)
                & (models.Q(is_open=False) | models.Q(outcome="")),
                name="books_open_record_has_no_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(interim_until__gt=models.F("owner_since"))
                | models.Q(interim_until__isnull=True, next_owner__isnull=True),
                name="books_interim_ends_later",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="account", account__isnull=True)
                | (~models.Q(kind="account") & models.Q(parent__isnull=True)),
                name="books_accounts_have_parents_others_accounts",
            ),
        ]
        indexes = [
            models.Index("owner", condition=models.Q(is_open=True), name="books_open_of_owner"),
            models.Index(
                "owner",
                condition=models.Q(is_open=True, kind="account"),
                name="books_accounts_of_owner",
            ),
            models.Index(
                "account",
                condition=models.Q(account__isnull=False),
                name="books_record_of_account",
            ),
            models.Index(
                "parent", condition=models.Q(parent__isnull=False), name="books_child_of_parent"
            ),
            models.Index(
                "due_at",
                condition=models.Q(is_open=True, due_at__isnull=False),
                name="books_open_by_due",
            ),
        ]


class Span(models.Model):
    """Who was responsible for a record, from ``since`` until just before ``until``.

    Written by the database alone. The spans ended by one entry are that entry's receipt.
    """

    pk = models.CompositePrimaryKey("ended_by_id", "record_id")
    record = _key(Record)
    owner = _key(Person)
    since = models.DateTimeField()
    until = models.DateTimeField()
    began_by = _key(Entry)
    ended_by = _key(Entry)
    given_to = _key(Person)
    interim_until = models.DateTimeField(null=True)
    next_owner = _key(Person, null=True)
    owner_was_ours = models.BooleanField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("since")), name="books_span_never_backwards"
            ),
            # What an entry began ends once; also finds the spans of a record.
            models.UniqueConstraint(fields=["record", "began_by"], name="books_span_follows_once"),
        ]


class Book(models.Model):
    """A list of records taken at one instant: the book of a departing person."""

    holder = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    taken_at = models.DateTimeField()
    entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")


class Item(models.Model):
    """A record in a book, as it was when it was listed."""

    pk = models.CompositePrimaryKey("book_id", "record_id")
    book = models.ForeignKey(Book, models.DO_NOTHING, related_name="items")
    record = models.ForeignKey(Record, models.DO_NOTHING, related_name="+")
    kind = models.TextField()
    heat = models.TextField()
    heat_why = models.TextField()
    value = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    value_is_estimated = models.BooleanField(db_default=False)
    entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")


class Bar(models.Model):
    """A conflict of interest: while it stands, the person is not given the record."""

    record = models.ForeignKey(Record, models.DO_NOTHING, related_name="+")
    person = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    placed_by = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")
    released_by = models.ForeignKey(Entry, models.DO_NOTHING, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "person"],
                condition=models.Q(released_by__isnull=True),
                name="books_one_bar",
            )
        ]


class Look(models.Model):
    """A way of looking at lists of records that somebody keeps: a state of the address by name."""

    maker = models.ForeignKey(Person, models.DO_NOTHING, related_name="+")
    name = models.TextField()
    query = models.TextField()
    """As `web.lists.query_of` writes it, without its question mark."""
    is_shared = models.BooleanField()
    """The maker's team sees it as well."""
    is_pinned = models.BooleanField()
    """It stands before the others."""
    entry = models.ForeignKey(Entry, models.DO_NOTHING, related_name="+")
    """The ledger's entry of its last change."""
    removed_by = models.ForeignKey(Entry, models.DO_NOTHING, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["maker", "name"],
                condition=models.Q(removed_by__isnull=True),
                name="books_look_named_once",
            )
        ]


class Import(models.Model):
    """One run of reading files: what was read, understood, rejected; applied by its entry."""

    source = models.TextField()
    digest = models.TextField()
    """SHA-256 over the files and how they are to be read: the same again resumes."""
    at = models.DateTimeField()
    files = models.JSONField(db_default=[])
    report = models.JSONField(db_default={})
    """The answer of the command, as it was given."""
    entry = models.OneToOneField(Entry, models.DO_NOTHING, null=True, related_name="+")
    """Null until it is applied."""
    undone_by = models.OneToOneField(Entry, models.DO_NOTHING, null=True, related_name="+")
    started_at = models.DateTimeField(db_default=Now())


class Change(models.Model):
    """A record that an import created (``before`` is null) or changed."""

    pk = models.CompositePrimaryKey("importing_id", "record_id")
    importing = models.ForeignKey(Import, models.DO_NOTHING, related_name="changes")
    record = _key(Record)
    before = models.JSONField(null=True)
    """The columns that changed, with their earlier values."""


class Drift(models.Model):
    """A file named another owner for a record that Legato has given to somebody."""

    importing = models.ForeignKey(Import, models.DO_NOTHING, related_name="drifts")
    record = _key(Record)
    named = models.TextField()
    """The owner as the file has it."""
