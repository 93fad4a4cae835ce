"""What pages read of the ledger by, and when all of it was last computed anew."""

from django.db import migrations, models

ABOUT = models.Func(
    models.F("chain"),
    models.Value(":"),
    models.Value(1),
    function="split_part",
    output_field=models.TextField(),
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_forms")]

    operations = [
        migrations.CreateModel(
            name="Verification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_by", models.BigIntegerField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("began_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("entries", models.PositiveBigIntegerField(null=True)),
                ("last_seal", models.PositiveBigIntegerField(null=True)),
                ("problems", models.PositiveBigIntegerField(null=True)),
                ("findings", models.JSONField(db_default=[])),
                ("anchors", models.PositiveBigIntegerField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("problems__isnull", False), _connector="OR"
                        ),
                        name="ledger_verification_says_what_was_found",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            "entry",
            models.Index(ABOUT, models.F("id"), name="ledger_entry_about", include=["chain"]),
        ),
        migrations.AddIndex(
            "entry",
            models.Index(fields=["kind", "id"], include=["chain"], name="ledger_entry_of_kind"),
        ),
        migrations.AddIndex(
            "entry",
            models.Index(fields=["actor_id", "id"], include=["chain"], name="ledger_entry_by"),
        ),
        migrations.AddIndex(
            "entry", models.Index(fields=["at"], include=["chain"], name="ledger_entry_at")
        ),
    ]
