"""Writes what is known of people.

Each operation is one transaction with one ledger entry, unless it takes its caller's ``entry``:
then it needs the caller's transaction.
"""

from legato.domain.policy import SKILLS
from legato.people.operations.company import (
    WrongPolicyValue,
    add_holiday,
    name_last_resort,
    set_policy,
)
from legato.people.operations.hiring import (
    AlreadyEmployed,
    Details,
    EmailTaken,
    ManagerLoop,
    NegativeCapacity,
    Skills,
    StartsBeforeEnd,
    UnknownDetail,
    UnknownTimeZone,
    change,
    hire,
    rehire,
)
from legato.people.operations.holding import (
    AbsenceBackwards,
    AlreadyHeld,
    NotHeld,
    add_absence,
    place_hold,
    release_hold,
)
from legato.people.operations.leaving import (
    IsLastResort,
    StillOwnsRecords,
    end_employment,
    set_last_day,
)
from legato.people.operations.letting_in import (
    NoPassword,
    UserNameTaken,
    WrongUserName,
    give_log_in,
    password_for,
)
from legato.people.operations.limiting import (
    lift_limits,
    note_taking,
    place_limits,
    take,
    turn_limits_back,
)
from legato.people.operations.shared import NotEmployed

__all__ = [
    "SKILLS",
    "AbsenceBackwards",
    "AlreadyEmployed",
    "AlreadyHeld",
    "Details",
    "EmailTaken",
    "IsLastResort",
    "ManagerLoop",
    "NegativeCapacity",
    "NoPassword",
    "NotEmployed",
    "NotHeld",
    "Skills",
    "StartsBeforeEnd",
    "StillOwnsRecords",
    "UnknownDetail",
    "UnknownTimeZone",
    "UserNameTaken",
    "WrongPolicyValue",
    "WrongUserName",
    "add_absence",
    "add_holiday",
    "change",
    "end_employment",
    "give_log_in",
    "hire",
    "lift_limits",
    "name_last_resort",
    "note_taking",
    "password_for",
    "place_hold",
    "place_limits",
    "rehire",
    "release_hold",
    "set_last_day",
    "set_policy",
    "take",
    "turn_limits_back",
]
