"""People as files name them: who is new, who changed, who manages whom, and in which team.

Everything is decided before anything is written; a file never ends an employment, because that is
what a departure is for, and never takes a skill away.
"""

from legato.people.importing.deciding import plan
from legato.people.importing.falling_back import (
    How,
    LastResortNeeded,
    LastResortUnknown,
    last_resort,
)
from legato.people.importing.plans import Plan, Row, Someone, key_without_id
from legato.people.importing.writing import held, set_last_resort, write

__all__ = [
    "How",
    "LastResortNeeded",
    "LastResortUnknown",
    "Plan",
    "Row",
    "Someone",
    "held",
    "key_without_id",
    "last_resort",
    "plan",
    "set_last_resort",
    "write",
]
