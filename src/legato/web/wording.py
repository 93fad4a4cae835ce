"""The sentences for refusals, in the reader's language: what happened, what was not done, what now.

A refusal carries a code and facts; each code has one sentence here, filled from the facts by name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from legato.domain.errors import Refused
from legato.web.figures import figure
from legato.web.joining import labelled, listed, parts, reasons
from legato.web.words import fact, kept, one, removal, unread, violation


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the ids in a refusal are called, as far as whoever tells it has looked it up."""

    records: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)


NAMELESS = Names()


When = Callable[[str, date], str]
"""How a day or an instant is written, given the name of the fact that it is."""


def stamped(_name: str, value: date) -> str:
    """As one types it and logs have it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M %Z")
    return value.isoformat()


def sentence(refused: Refused, *, names: Names = NAMELESS, when: When = stamped) -> str:
    """The sentence for a refusal. A code without one is a bug, found by the house tests."""
    facts = {name: _said(name, value, when) for name, value in refused.facts.items()}
    ids = {name: called(name, refused.facts, names) for name in ids_in(refused.facts)}
    return sentences()[refused.code] % {**facts, **ids, "example": _example(refused.facts)}


RECORDS, PEOPLE = ("record", "unit"), ("person",)


def ids_in(facts: Mapping[str, Any]) -> dict[str, tuple[str, int]]:
    """The facts that are the id of a record or of a person: which of both, and the id."""
    found = {name: ("record", facts[name]) for name in RECORDS if name in facts}
    found |= {name: ("person", facts[name]) for name in PEOPLE if name in facts}
    if facts.get("what") in ("record", "person"):
        found["name"] = (str(facts["what"]), facts.get("name"))
    return {name: each for name, each in found.items() if isinstance(each[1], int)}


def called(fact_name: str, facts: Mapping[str, Any], names: Names) -> str:
    """A record by name and number, a person by name; by number alone where no name is known."""
    what, number = ids_in(facts)[fact_name]
    if what == "person":
        return names.people.get(number, f"#{number}")
    name = names.records.get(number)
    return f"#{number}" if name is None else f"{name} (#{number})"


def _example(facts: Mapping[str, Any]) -> str:
    """The first of the rows that a refusal lists, in words."""
    told = {"differences": difference, "violations": breach, "conflicts": conflict}
    return next((say(facts[name][0]) for name, say in told.items() if facts.get(name)), "")


def difference(row: Mapping[str, Any]) -> str:
    """A row that is not as it was when a plan was made."""
    what = kept(str(row["what"]))
    return labelled(row["name"], what) if row.get("name") else what


def breach(row: Mapping[str, Any]) -> str:
    """What of a plan breaks a rule."""
    whom = " → ".join(str(row[name]) for name in ("name", "person") if row.get(name))
    what = parts([violation(row["code"]), *([removal(row["why"])] if row.get("why") else [])])
    return labelled(whom, what) if whom else what


def conflict(row: Mapping[str, Any]) -> str:
    """Who gets what a conflict of interest keeps from them."""
    return f"{row['name']} (#{row['record']}) → {row['person']}"


COUNTED = ("count", "records", "rejected", "most", "blocks", "limit", "first", "second")
"""Facts that are amounts; every other number is that of a row, a case, a plan."""
CODED = ("why", "what", "detail", "kind", "code", "expected", "state")
"""Facts that carry a code; every other text is somebody's own and stays as it is."""


def _said(name: str, value: object, when: When) -> object:
    """A fact as a sentence carries it: lists with commas, rows and codes in words."""
    if isinstance(value, Mapping):
        return reasons(_said(key, each, when) for key, each in value.items() if each)
    if isinstance(value, list | tuple | set | frozenset):
        say = ROWS.get(name)
        return listed(
            say(each) if say and _is_row(each) else _said(name, each, when) for each in value
        )
    if isinstance(value, date):
        return when(name, value)
    if name in COUNTED and isinstance(value, int | float):
        return figure(value)
    return fact(value) if name in CODED and isinstance(value, str) else value


def _is_row(value: object) -> bool:
    return isinstance(value, list | tuple)


def _someone(row: Sequence[Any]) -> str:
    number, name, *more = row
    return f"{name} ({listed(['#' + str(number), *filter(None, more)])})"


def _record(row: Sequence[Any]) -> str:
    number, kind, name = row
    return f"{one(kind)} {name} (#{number})"


def _unread_file(row: Sequence[Any]) -> str:
    name, why = row
    return f"{name} ({unread(why)})"


ROWS: dict[str, Callable[[Sequence[Any]], str]] = {
    "candidates": _someone,
    "found": _record,
    "files": _unread_file,
}
"""Facts that list rows."""


def sentences() -> dict[str, str]:
    """Every code with its sentence, in the active language."""
    return {
        "not_found": _(
            "There is no %(what)s %(name)s here. Nothing was done. Check its name or number."
        ),
        "not_a_rehearsal": _(
            "This database is in real use, so the time cannot be chosen. Nothing was done. "
            "Use --now only on a database created with LEGATO_REHEARSAL=1."
        ),
        "anchors_not_writable": _(
            "No anchor could be written to %(path)s (%(why)s). Nothing was added. Choose another "
            "file, or set LEGATO_ANCHORS."
        ),
        "anchors_not_readable": _(
            "The anchors in %(path)s cannot be read (%(why)s). Nothing was verified. Name the file "
            "with --anchors."
        ),
        "nothing_to_anchor": _(
            "The ledger is empty, so there is nothing to anchor. Nothing was written."
        ),
        "may_not_export": _(
            "%(name)s may not give out the file of case %(case)s. Nothing was written. A manager, "
            "a director, sales operations or HR may."
        ),
        "export_out_of_date": _(
            "Names or dates of case %(case)s have changed since export %(export)s was made with "
            "this key. Nothing was written. Export it again with another key."
        ),
        "case_file_not_writable": _(
            "Nothing can be written to %(path)s (%(why)s). Nothing was exported. Choose another "
            "place."
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
            "The embedded server could not be controlled (%(last)s). Nothing was done. "
            "Read %(log)s."
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
        "person_ambiguous": _(
            "Several people are called %(name)s: %(candidates)s. Nothing was done. "
            "Use the number, such as '#12', or the e-mail address."
        ),
        "no_last_resort": _(
            "Nobody is named to whom records fall when there is no manager. Nothing was done. "
            "Name somebody: legato person last-resort NAME"
        ),
        "case_already_open": _(
            "The departure of %(name)s is open already: case %(case)s. Nothing was done."
        ),
        "employment_over": _(
            "The employment of %(name)s that case %(case)s is about has ended. Nothing was done. "
            "To employ somebody again: legato person rehire %(name)s"
        ),
        "nothing_to_correct": _("Case %(case)s says all of that already. Nothing was done."),
        "still_points": _(
            "%(count)s things still point to who left (%(rests)s). Case %(case)s was not closed. "
            "Settle them, or sign for each."
        ),
        "books_differ": _(
            "Two independent counts of what became of the book differ. Case %(case)s was not "
            "closed. Run legato check, and report this."
        ),
        "nothing_to_sign": _(
            "%(what)s is not among the things that still point to who left. Nothing was signed. "
            "See what is: legato case show %(case)s"
        ),
        "reason_needed": _("Nobody said why. Nothing was signed. Give the reason."),
        "case_closed": _("Case %(case)s is closed. Nothing was done. Open a new one if need be."),
        "may_not_manage": _(
            "%(name)s may not manage this departure. Nothing was done. A manager, director, "
            "sales operations or HR may: --as PERSON"
        ),
        "may_not_administer": _(
            "%(name)s may not change people or rules. Nothing was done. A manager, director, "
            "sales operations, HR or an administrator may: --as PERSON"
        ),
        "no_log_in": _(
            "%(name)s has no log-in. Nothing was done. Give one with legato person log-in."
        ),
        "inventory_disagrees": _(
            "Two independent counts of the book differ (%(kind)s: %(first)s and %(second)s). "
            "Nothing was done. Run legato check, and report this."
        ),
        "cannot_cover": _(
            "%(name)s cannot cover: %(why)s. Nothing has changed. Choose somebody else."
        ),
        "cannot_receive": _(
            "%(name)s leaves, gets nothing new at present, or is away for long. Nothing has "
            "changed. Choose somebody else."
        ),
        "look_needs_name": _(
            "A view is kept by a name of 1 to %(longest)s letters. Nothing was kept."
        ),
        "look_name_taken": _(
            "You keep another view by the name %(name)s. Nothing was kept. Choose another name."
        ),
        "selection_changed": _(
            "You were shown %(seen)s records that change hands; now it would be %(now)s, because "
            "something has changed since. Nothing was done. Look at what it would do now."
        ),
        "nothing_to_give": _(
            "Everything that was chosen stays where it is. Nothing was done. The reasons are below."
        ),
        "cover_ends_past": _(
            "The cover would end on %(until)s, which is over. Nothing has changed. "
            "Give a later day."
        ),
        "export_limit": _(
            "%(name)s may take %(most)s rows out within %(days)s days and has taken %(taken)s; "
            "these would be %(rows)s more. Nothing was given out. The manager of the departure, "
            "or whoever sets the rules, can lift the limit."
        ),
        "last_day_past": _(
            "The last day %(last_day)s is over. Nothing was done. If the person has already gone, "
            "say so too; else give the right day."
        ),
        "last_day_before_notice": _(
            "The last day %(last_day)s comes before the notice of %(notice)s. Nothing was done. "
            "Correct one of the two."
        ),
        "last_day_before_start": _(
            "The last day %(last_day)s comes before the first day of employment, %(started_on)s. "
            "Nothing was done. Correct it."
        ),
        "return_before_last_day": _(
            "The return on %(return_on)s is not after the last day %(last_day)s. Nothing was "
            "done. Correct one of the two."
        ),
        "last_day_needed": _(
            "Somebody who has already gone had a last day. Nothing was done. Give it."
        ),
        "record_unclear": _(
            "%(reference)s is the name of several records: %(found)s. No plan was made. "
            "Use the number, such as '#12'."
        ),
        "nothing_to_plan": _(
            "Every record this plan would be for is closed or has its new owner. No plan was made."
        ),
        "no_case_named": _(
            "Nothing says what the plan is for. No plan was made. Name a case, or a scope: "
            "legato plan CASE, legato plan --scope company"
        ),
        "interim_ends_past": _(
            "The interim would end on %(until)s, which is over. No plan was made. Give a later day."
        ),
        "run_over": _("Run %(run)s has ended already: %(state)s. Nothing was done."),
        "run_cancelled": _(
            "Run %(run)s was cancelled. No plan was made. Go on where it stopped: "
            "legato plan --resume %(run)s"
        ),
        "run_not_cancelled": _(
            "Run %(run)s is not cancelled but %(state)s. Nothing was done. Only a cancelled run is "
            "taken up again; see them: legato plan runs"
        ),
        "already_barred": _("%(name)s is already kept from %(record)s. Nothing was done."),
        "not_barred": _(
            "Nothing keeps %(record)s from %(name)s. Nothing was done. See them: "
            "legato person show %(name)s"
        ),
        "pin_impossible": _(
            "%(unit)s cannot be locked to %(person)s: %(why)s. No plan was made. "
            "Leave it unlocked, or choose somebody else."
        ),
        "not_in_plan": _(
            "%(name)s has no part in the plan's split, so there is nothing to explain. What nobody "
            "could take: legato explain PLAN. Every decision: legato show PLAN"
        ),
        "plan_file_unreadable": _(
            "The file is no plan that can be checked (%(where)s: %(why)s). Nothing was checked. "
            "Give a file as legato has written it."
        ),
        "too_large_to_prove": _(
            "An exact proof can be had for at most %(most)s units, and here are %(blocks)s. No "
            "plan was made. Leave out --exact; the certificate still says how near the best it is."
        ),
        "unknown_pin": _(
            "%(unit)s or %(person)s is not part of this plan. No plan was made. "
            "Lock records of the case to people who can receive."
        ),
        "may_not_approve": _(
            "%(name)s may not approve this plan: %(why)s. It is not approved. These may: %(others)s"
        ),
        "nobody_may_approve": _(
            "Nobody may approve plan %(plan)s: every manager and director proposed it, leaves, or "
            "receives in it. It is not approved. Add a second person: "
            "legato person add NAME --role director"
        ),
        "already_approved": _("Plan %(plan)s is approved already, by %(by)s. Nothing was done."),
        "already_rejected": _(
            "Plan %(plan)s was rejected by %(by)s. Nothing was done. Make a new plan from it."
        ),
        "words_needed": _("There are no words. Nothing was kept. Say in a sentence what you mean."),
        "not_approved": _(
            "Plan %(plan)s is not approved. Nothing has moved. A second person approves it: "
            "legato approve %(plan)s --as PERSON"
        ),
        "already_committed": _(
            "Plan %(plan)s was carried out before: commit %(commit)s. Nothing has moved again."
        ),
        "digest_differs": _(
            "The digest is not that of plan %(plan)s. Nothing has moved. Look at the plan again "
            "and quote the digest it shows."
        ),
        "receipts_not_writable": _(
            "No receipt can be written to %(path)s (%(why)s). Nothing has moved. Choose another "
            "folder with --receipts."
        ),
        "later_change_first": _(
            "What %(entry)s gave was changed again by %(later)s. Nothing has moved. Take that "
            "back first: legato undo %(later)s"
        ),
        "given_on_since": _(
            "What %(entry)s gave was given on since by %(later)s, which is not taken back. Nothing "
            "has moved. See who has it now: legato receipt %(later)s"
        ),
        "given_later": _(
            "Somebody gave %(record)s away at the same moment, a little later than this step. "
            "Nothing has moved. Look at who has it now, then try again."
        ),
        "departure_over": _(
            "The departure of %(name)s was withdrawn or closed, so its book is given away no more. "
            "Nothing has moved. Open a new one if need be: legato depart %(name)s"
        ),
        "plan_stale": _(
            "The book is not what plan %(plan)s was made from. Nothing has moved. Make a new plan. "
            "Differences: %(count)s, first %(example)s"
        ),
        "plan_breaks_rule": _(
            "Plan %(plan)s would now break a rule. Nothing has moved. Make a new plan. Breaches: "
            "%(count)s, first %(example)s"
        ),
        "plan_has_conflicts": _(
            "Plan %(plan)s gives somebody what a conflict of interest keeps from them. It is not "
            "approved. Make a new plan. Conflicts: %(count)s, first %(example)s"
        ),
        "undo_too_late": _(
            "%(entry)s was done more than %(hours)s hours ago. Nothing has moved. Assign the "
            "records that must change by a new plan."
        ),
        "already_undone": _("%(entry)s was taken back before: undo %(undo)s. Nothing has moved."),
        "nothing_to_undo": _(
            "Entry %(entry)s changed no owner. Nothing has moved. Give the number that commit or "
            "cover printed."
        ),
        "may_not_undo": _("%(name)s may not take this back. Nothing has moved. These may: %(may)s"),
        "key_already_used": _(
            "The key %(key)s belongs to another command. Nothing was done. Choose a new key."
        ),
        "policy_needs_reason": _(
            "Say why the rules change: whoever asks later finds it there. Nothing was changed."
        ),
        "policy_unchanged": _(
            "These are the values in force (version %(version)s). Nothing was changed."
        ),
        "policy_changed_since": _(
            "Somebody changed the rules while you were looking: version %(version)s is in force, "
            "you saw version %(seen)s. Nothing was changed. Look again."
        ),
        "nothing_to_send": _("This mail is not one to send again. Nothing was done."),
        "mail_is_off": _(
            "No server for mail is named (EMAIL_URL). Nothing was sent; the message is in Legato."
        ),
        "policy_value_unknown": _(
            "There is no rule called %(name)s. Nothing was changed. Rules: %(known)s"
        ),
        "not_the_demos_database": _(
            "The database %(database)s is no rehearsal. It was left as it is. The demo makes a "
            "database of that name anew: rename yours, or let DATABASE_URL name another."
        ),
        "cannot_create_demo_database": _(
            "%(role)s may not create the database %(database)s. Nothing was done. Give that role "
            "CREATEDB, or unset DATABASE_URL to use the embedded server."
        ),
        "demo_import_incomplete": _(
            "The sample company was not read whole (%(rejected)s rows rejected). The demo ended. "
            "Its files are in %(folder)s; legato import says what is wrong with them."
        ),
        "demo_check_failed": _(
            "The demo broke %(broken)s and ended. Its database was kept; legato check there says "
            "which rows."
        ),
        "not_employed": _(
            "%(name)s is not employed here. Nothing was done. Check the name; to take somebody "
            "back: legato person rehire NAME"
        ),
        "starts_before_end": _(
            "%(name)s was employed here until %(ended_on)s, so a new employment cannot start on "
            "%(started_on)s. Nothing was done. Give a later day with --started."
        ),
        "already_employed": _("%(name)s is employed already. Nothing was done."),
        "already_held": _("%(name)s is given nothing new already. Nothing was done."),
        "hold_already_released": _("Hold %(hold)s was released before. Nothing was done."),
        "still_owns_records": _(
            "%(name)s still owns %(records)s open records and cannot leave before they are given "
            "to somebody. Nothing was done. Open the departure: legato depart %(name)s"
        ),
        "is_last_resort": _(
            "%(name)s is the person of last resort. Nothing was done. Name another first: "
            "legato person last-resort NAME"
        ),
        "manager_loop": _(
            "%(manager)s stands below %(name)s already. Nothing was changed. Choose a manager who "
            "does not."
        ),
        "email_taken": _(
            "%(email)s belongs to %(name)s. Nothing was done. Give another address, or change "
            "that person instead."
        ),
        "person_detail_unknown": _(
            "%(value)s is no %(detail)s. Nothing was done. These are known: %(known)s"
        ),
        "time_zone_unknown": _(
            "%(time_zone)s is no time zone. Nothing was done. Write one like Asia/Tokyo."
        ),
        "capacity_negative": _(
            "A capacity of %(capacity)s cannot be. Nothing was done. Give a number from 0 up."
        ),
        "absence_backwards": _(
            "The last day %(last_day)s comes before the first, %(first_day)s. Nothing was done. "
            "Correct one of the two."
        ),
        "user_name_taken": _(
            "Another log-in is called %(user_name)s. Nothing was done. Choose another with --user."
        ),
        "user_name_wrong": _(
            "%(user_name)s is no user name. Nothing was done. Give one of at most 150 letters, "
            "digits and @ . + - _ with --user."
        ),
        "password_empty": _(
            "The password for %(name)s is empty. Nothing was done. Write it to standard input, or "
            "leave out --password-stdin."
        ),
        "policy_value_wrong": _(
            "The rule %(name)s cannot be %(value)s. Nothing was changed. It takes: %(expected)s"
        ),
        "unreadable_file": _(
            "%(file)s cannot be read: %(why)s. Nothing was taken from it. Export it again as CSV "
            "or .xlsx."
        ),
        "too_large": _(
            "%(file)s is too large: %(what)s over %(limit)s. Nothing was taken from it. Split it, "
            "or look for a quote that is never closed."
        ),
        "hostile_file": _(
            "%(file)s would take far more memory than a table needs (%(why)s, limit %(limit)s). It "
            "was not opened. Save it as CSV."
        ),
        "map_invalid": _(
            "The mapping cannot say this: %(line)s (%(why)s). Nothing was imported. Allowed: "
            "%(allowed)s"
        ),
        "not_writable": _(
            "Nothing can be written to %(path)s (%(why)s). Nothing was imported. Choose another "
            "folder with --rejected."
        ),
        "nothing_to_import": _(
            "No table that Legato can read was found: %(files)s. Nothing was imported. Check the "
            'path, or say what the rows are: write the two lines ["%(first)s"] and '
            'kind = "account" into a file, for example map.toml, and add --map map.toml.'
        ),
        "no_table_chosen": _(
            "No table is left to be read: %(files)s. Nothing was done. Choose of at least one "
            "what each of its rows is."
        ),
        "import_not_tested": _(
            "Since the test that you saw, something was answered otherwise. Nothing was imported. "
            "Test it again, and look at what would change."
        ),
        "import_running": _(
            "Another import is at work. Nothing was imported. Try again when it is done."
        ),
        "import_at_work": _(
            "The import is at work or over, so nothing about it can be changed now. Look at how "
            "far it is."
        ),
        "no_files_given": _("No file was chosen, or it is empty. Nothing was sent. Choose one."),
        "upload_too_large": _(
            "The files have more than %(limit)s MB together. None was kept. Split them, or use "
            "legato import."
        ),
        "import_already_undone": _("Import %(importing)s was taken back before. Nothing was done."),
        "import_changed_nothing": _(
            "Import %(importing)s changed nothing, so there is nothing to take back."
        ),
        "last_resort_needed": _(
            "No manager is known, so somebody must be named to whom records fall. Nothing was "
            "imported. Add --last-resort NAME; these are known: %(candidates)s"
        ),
        "last_resort_unknown": _(
            "%(name)s is not among the people. Nothing was imported. Name somebody who is for "
            "--last-resort."
        ),
        "records_moved_meanwhile": _(
            "Somebody changed %(records)s records while the files were read. Nothing was imported. "
            "Import them again."
        ),
        "earlier_than_records": _(
            "The import is of %(at)s, but owners were set later (%(latest)s). Nothing was "
            "imported. Choose a later --now."
        ),
    }
