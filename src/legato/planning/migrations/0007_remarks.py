"""What people say about a plan: sent for approval, asked, objected to, rejected."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

RULES = Path(__file__).parents[1] / "sql" / "remarks.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_forms"),
        ("people", "0002_rules"),
        ("planning", "0005_endings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="ledger.entry",
                    ),
                ),
                ("kind", models.TextField()),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="remarks",
                        to="planning.plan",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(RULES.read_text()),
    ]
