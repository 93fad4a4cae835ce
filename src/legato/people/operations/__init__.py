"""Writes what is known of people.

Each operation is one transaction with one ledger entry, unless it takes its caller's ``entry``:
then it needs the caller's transaction.
"""

from legato.domain.policy import SKILLS
from legato.people.operations.company import (
    PolicyChangedSince,
    PolicyNeedsReason,
    PolicyUnchanged,
    WrongPolicyValue,
    add_holiday,
    change_policy,
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
from legato.people.operations.telling import (
    TRIES,
    MailIsOff,
    News,
    NothingToSend,
    begin_mail,
    mark_read,
    send_again,
    set_mail,
    settle_mail,
    tell,
    tell_all,
)

__all__ = [
    "SKILLS",
    "TRIES",
    "AbsenceBackwards",
    "AlreadyEmployed",
    "AlreadyHeld",
    "Details",
    "EmailTaken",
    "IsLastResort",
    "MailIsOff",
    "ManagerLoop",
    "NegativeCapacity",
    "News",
    "NoPassword",
    "NotEmployed",
    "NotHeld",
    "NothingToSend",
    "PolicyChangedSince",
    "PolicyNeedsReason",
    "PolicyUnchanged",
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
    "begin_mail",
    "change",
    "change_policy",
    "end_employment",
    "give_log_in",
    "hire",
    "lift_limits",
    "mark_read",
    "name_last_resort",
    "note_taking",
    "password_for",
    "place_hold",
    "place_limits",
    "rehire",
    "release_hold",
    "send_again",
    "set_last_day",
    "set_mail",
    "set_policy",
    "settle_mail",
    "take",
    "tell",
    "tell_all",
    "turn_limits_back",
]
