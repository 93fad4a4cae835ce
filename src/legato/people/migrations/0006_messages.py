"""What people are told, each once for each entry, and who wants no mail."""

import django.db.models.deletion
from django.db import migrations, models

KEPT = """
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON people_message
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON people_muting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""


def to(model, name):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.DO_NOTHING, related_name=name, to=model
    )


def number():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_rules"), ("people", "0005_limits")]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", number()),
                ("kind", models.TextField()),
                ("facts", models.JSONField(db_default={})),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("mail", models.TextField(db_default="off")),
                ("mail_at", models.DateTimeField(null=True)),
                ("mail_said", models.TextField(db_default="")),
                ("tries", models.PositiveSmallIntegerField(db_default=0)),
                ("entry", to("ledger.entry", "+")),
                ("person", to("people.person", "messages")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["person"],
                        name="people_message_unread",
                    ),
                    models.Index(
                        condition=models.Q(("mail__in", ("off", "sent")), _negated=True),
                        fields=["mail"],
                        name="people_message_mail_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "entry"), name="people_message_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "mail__in",
                                ("off", "queued", "sending", "sent", "failed", "uncertain"),
                            )
                        ),
                        name="people_message_mail_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Muting",
            fields=[
                ("id", number()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("entry", to("ledger.entry", "+")),
                ("person", to("people.person", "mutings")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("person",),
                        name="people_one_muting",
                    )
                ],
            },
        ),
        migrations.RunSQL(KEPT),
    ]
