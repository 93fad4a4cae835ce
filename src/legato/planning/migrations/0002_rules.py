from pathlib import Path

from django.db import migrations

RULES = Path(__file__).parents[1] / "sql" / "planning.sql"


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_initial"), ("books", "0002_rules")]
    operations = [migrations.RunSQL(RULES.read_text())]
