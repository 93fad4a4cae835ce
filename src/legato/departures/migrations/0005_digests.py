"""Entries summed up for whoever is told of them. What is sealed already is told to nobody."""

import django.db.models.deletion
from django.db import migrations, models

BEGIN = """
INSERT INTO departures_told (id, seal) SELECT 1, coalesce(max(number), 0) FROM ledger_seal;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON departures_digest
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("departures", "0002_closing"), ("ledger", "0005_reading")]

    operations = [
        migrations.CreateModel(
            name="Digest",
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
                ("moved", models.PositiveBigIntegerField()),
                ("givers", models.JSONField()),
                ("receivers", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("seal", models.PositiveBigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="departures_one_told"
                    )
                ],
            },
        ),
        migrations.RunSQL(BEGIN),
    ]
