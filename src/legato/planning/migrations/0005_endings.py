"""A book whose departure is over, and what a transfer must not change."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

RULES = Path(__file__).parents[1] / "sql" / "endings.sql"


class Migration(migrations.Migration):
    dependencies = [("books", "0003_bars"), ("planning", "0004_keys")]

    operations = [
        migrations.CreateModel(
            name="BookClosed",
            fields=[
                (
                    "book",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="closing",
                        serialize=False,
                        to="books.book",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ledger.entry",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(RULES.read_text()),
    ]
