import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Imports put together on pages: drafts, their files in pieces, and what was decided for files
    of a shape; and the keys of imports that changed nothing."""

    dependencies = [
        ("books", "0006_looks"),
        ("people", "0002_rules"),
    ]

    operations = [
        migrations.AddField("import", "key", models.TextField(db_default="")),
        migrations.AddField("import", "asked", models.JSONField(db_default={})),
        migrations.AddConstraint(
            "import",
            models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True),
                fields=("key",),
                name="books_import_once",
            ),
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("state", models.TextField(db_default="asking")),
                ("wants", models.TextField(db_default="test")),
                ("reached", models.SmallIntegerField(db_default=2)),
                ("source", models.TextField(db_default="file")),
                ("said", models.JSONField(db_default={})),
                ("seen", models.JSONField(db_default={})),
                ("rows_done", models.IntegerField(db_default=0)),
                ("started_at", models.DateTimeField(null=True)),
                ("beat_at", models.DateTimeField(null=True)),
                ("test", models.JSONField(db_default={})),
                ("refusal", models.JSONField(db_default={})),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "importing",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="books.import",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    "asking",
                                    "waiting",
                                    "reading",
                                    "writing",
                                    "paused",
                                    "tested",
                                    "refused",
                                    "done",
                                    "given_up",
                                ),
                            )
                        ),
                        name="books_draft_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wants__in", ("test", "import"))),
                        name="books_draft_wants_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_given", models.BooleanField(db_default=True)),
                ("name", models.TextField()),
                ("size", models.BigIntegerField()),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="uploads",
                        to="books.draft",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Piece",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "upload_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.IntegerField()),
                ("content", models.BinaryField()),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="pieces",
                        to="books.upload",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Shape",
            fields=[
                ("headers_sha256", models.TextField(primary_key=True, serialize=False)),
                ("source", models.TextField()),
                ("said", models.JSONField(db_default={})),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
