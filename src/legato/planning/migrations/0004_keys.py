"""A run knows the key of whoever asked for it, so that its plan is made once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("planning", "0003_scopes")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="key",
            field=models.TextField(db_default=""),
        ),
    ]
