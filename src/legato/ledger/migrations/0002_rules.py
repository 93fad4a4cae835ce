from pathlib import Path

from django.db import migrations

RULES = Path(__file__).parents[1] / "sql" / "ledger.sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(RULES.read_text())]
