from django.db import migrations, models


class Migration(migrations.Migration):
    """A span's record was in an index by itself; the key is that index and a rule besides."""

    dependencies = [("books", "0003_bars")]

    operations = [
        migrations.AddConstraint(
            model_name="span",
            constraint=models.UniqueConstraint(
                fields=("record", "began_by"), name="books_span_follows_once"
            ),
        ),
        migrations.RemoveIndex(model_name="span", name="books_span_of_record"),
    ]
