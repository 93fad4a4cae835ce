from django.db import migrations, models


class Migration(migrations.Migration):
    """What each possible caretaker carries already is counted by an index of its own."""

    dependencies = [("books", "0007_drafts")]

    operations = [
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                models.F("owner"),
                condition=models.Q(("is_open", True), ("kind", "account")),
                name="books_accounts_of_owner",
            ),
        ),
    ]
