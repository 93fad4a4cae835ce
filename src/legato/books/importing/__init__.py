"""Reads people and records from files: staged in chunks, understood, applied in one transaction.

The same files again change nothing; what cannot be used is written back with its reason; nothing is
lost for want of an owner, and no owner that Legato has set is overwritten.
"""

from legato.books.importing.asking import Ask, Question
from legato.books.importing.running import ImportRunning, import_files
from legato.books.importing.steps import Wanted
from legato.books.importing.undoing import undo
from legato.connectors.files import NotWritable

__all__ = ["Ask", "ImportRunning", "NotWritable", "Question", "Wanted", "import_files", "undo"]
