from pathlib import Path

from django.db import migrations

RULES = Path(__file__).parents[1] / "sql" / "people.sql"


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("ledger", "0002_rules")]
    operations = [migrations.RunSQL(RULES.read_text())]
