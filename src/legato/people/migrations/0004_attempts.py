"""Django makes a cache's table by a command of its own; here it comes with the other tables."""

from django.db import migrations

TABLE = """
CREATE TABLE people_attempt (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX people_attempt_expires ON people_attempt (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_sessions")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE people_attempt")]
