"""Files as tables: CSV and spreadsheets of any encoding in, rejected rows and exports out.

Reading promises that a hostile file is refused before it can take memory, that nothing is replaced
silently, and that what is written is safe to open in a spreadsheet and reads back as it was.
"""

from legato.connectors.files.reading import sources, tables
from legato.connectors.files.table import (
    CODECS,
    FOUND_OUT,
    REASON_MARK,
    Defective,
    Format,
    Hostile,
    How,
    Limits,
    Row,
    Table,
    TooLarge,
    Unreadable,
)
from legato.connectors.files.text import SEPARATORS
from legato.connectors.files.writing import (
    NotWritable,
    ensure_writable,
    guarded,
    settle,
    table_bytes,
    unguarded,
    write_rejected,
    write_table,
    write_whole,
)

__all__ = [
    "CODECS",
    "FOUND_OUT",
    "REASON_MARK",
    "SEPARATORS",
    "Defective",
    "Format",
    "Hostile",
    "How",
    "Limits",
    "NotWritable",
    "Row",
    "Table",
    "TooLarge",
    "Unreadable",
    "ensure_writable",
    "guarded",
    "settle",
    "sources",
    "table_bytes",
    "tables",
    "unguarded",
    "write_rejected",
    "write_table",
    "write_whole",
]
