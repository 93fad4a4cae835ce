from pathlib import Path

from django.db import migrations

RULES = Path(__file__).parents[1] / "sql" / "books.sql"


class Migration(migrations.Migration):
    dependencies = [("books", "0001_initial"), ("people", "0002_rules")]
    operations = [migrations.RunSQL(RULES.read_text())]
