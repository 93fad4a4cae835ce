from pathlib import Path

from django.db import migrations, models

RULES = Path(__file__).parents[1] / "sql" / "forms.sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_rules")]
    operations = [
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("uuid", models.UUIDField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", True)), name="ledger_one_identity"
                    )
                ],
            },
        ),
        # What is there already was hashed in the first form.
        migrations.AddField("entry", "form", models.PositiveSmallIntegerField(db_default=1)),
        migrations.AddField("seal", "form", models.PositiveSmallIntegerField(db_default=1)),
        migrations.AlterField("entry", "form", models.PositiveSmallIntegerField(db_default=2)),
        migrations.AlterField("seal", "form", models.PositiveSmallIntegerField(db_default=2)),
        migrations.RunSQL(RULES.read_text()),
    ]
