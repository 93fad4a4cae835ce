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
    lock_limited,
    lock_people,
    note_taking,
    place_limits,
    take,
    turn_limits_back,
)
from legato.people.operations.log_ins import (
    NoLogIn,
    account_for_company,
    changing_factors,
    choose_password,
    end_sessions,
    forget_old_sessions,
    reset_factors,
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
    "NoLogIn",
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
    "account_for_company",
    "add_absence",
    "add_holiday",
    "change",
    "changing_factors",
    "choose_password",
    "end_employment",
    "end_sessions",
    "forget_old_sessions",
    "give_log_in",
    "hire",
    "lift_limits",
    "lock_limited",
    "lock_people",
    "name_last_resort",
    "note_taking",
    "password_for",
    "place_hold",
    "place_limits",
    "rehire",
    "release_hold",
    "reset_factors",
    "set_last_day",
    "set_policy",
    "take",
    "turn_limits_back",
]
