"""The sentences for refusals, in the reader's language: what happened, what was not done, what now.

A refusal carries a code and facts; each code has one sentence here, filled from the facts by name.
"""

from django.utils.translation import gettext as _

from legato.domain.errors import Refused


def sentence(refused: Refused) -> str:
    """The sentence for a refusal. A code without one is a bug, found by the house tests."""
    return sentences()[refused.code] % refused.facts


def sentences() -> dict[str, str]:
    """Every code with its sentence, in the active language."""
    return {
        "not_found": _("There is no such thing here. Nothing was done. Check its name or number."),
        "not_a_rehearsal": _(
            "This database is in real use, so the time cannot be chosen. Nothing was done. "
            "Use --now only on a database created with LEGATO_REHEARSAL=1."
        ),
        "database_is_newer": _(
            "A later version of Legato has changed this database (%(migrations)s). "
            "Nothing was done. Update Legato, or restore an earlier backup elsewhere."
        ),
        "not_our_server": _(
            "DATABASE_URL names a server that Legato does not run. It was left as it is. "
            "Start and stop it with its own tools."
        ),
        "port_taken": _(
            "Something else already listens on %(host)s:%(port)s. Nothing was started. "
            "Stop it, or choose another --port."
        ),
        "postgres_programs_missing": _(
            "No PostgreSQL server was found at %(path)s. Nothing was started. Install Legato "
            "again, set LEGATO_PG_BIN to a bin directory, or DATABASE_URL to a server."
        ),
        "postgres_files_out_of_reach": _(
            "As root the database runs as another account, which cannot use %(path)s. Nothing "
            "was started. Choose another LEGATO_HOME, or run Legato as an ordinary user."
        ),
        "postgres_failed": _(
            "The embedded server did not obey (%(last)s). Nothing was done. Read %(log)s."
        ),
        "postgres_other_major": _(
            "The data in %(path)s was written by PostgreSQL %(found)s, and the programs are "
            "%(programs)s. Nothing was started. Set LEGATO_PG_BIN to the older programs, make a "
            "backup, and restore it into a new LEGATO_HOME."
        ),
        "not_postgresql": _(
            "%(setting)s names no PostgreSQL database (%(scheme)s). Nothing was done. Legato "
            "works on PostgreSQL 15 or later alone; write postgresql://role@host/database."
        ),
        "postgres_too_old": _(
            "The server is PostgreSQL %(found)s. Nothing was done. "
            "Legato needs %(needed)s or later; upgrade the server."
        ),
        "database_unreachable": _(
            "The database %(database)s does not answer (%(why)s). Nothing was done. "
            "Check that the server runs and that the address is right."
        ),
        "not_a_backup": _(
            "%(file)s is no backup of a Legato database, or not a whole one. Nothing was "
            "changed. Give a file that legato db backup has written."
        ),
        "database_not_empty": _(
            "The database %(database)s holds work already. Nothing was changed. "
            "Back it up, then restore with --replace."
        ),
        "backup_failed": _(
            "The backup could not be written to %(file)s (%(why)s). No file was left there."
        ),
        "restore_failed": _("%(file)s could not be restored (%(why)s). The database is as it was."),
    }
