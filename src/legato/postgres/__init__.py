"""PostgreSQL as Legato needs it: an embedded server or any other, two roles, copies and backups.

Nothing here knows Django. The wheel's binaries are called, its Python code is never imported.
"""
