"""Faults seeded on purpose: each changes one text of the product, and names who must notice it."""

from dataclasses import dataclass

DOMAIN = "src/legato/domain"
BOOKS = "src/legato/books"
PLANNING = "src/legato/planning"
DEPARTURES = "src/legato/departures/operations"
QUERIES = "src/legato/departures/queries"
LEDGER = "src/legato/ledger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    what: str
    where: str
    """A file, from the root of the tree."""
    right: str
    """A text of it, which occurs once."""
    wrong: str
    caught_by: str
    """A test, or a file of tests."""

    def applied(self, text: str) -> str:
        """The text with the fault. Raises `Moved`."""
        if text.count(self.right) != 1:
            raise Moved(
                f"{self.what}: its text occurs {text.count(self.right)} times in {self.where}"
            )
        return text.replace(self.right, self.wrong)


class Moved(Exception):
    """The code is no longer what the fault was written for."""


FAULTS = (
    Fault(
        what="an open record may have an owner who left",
        where=f"{BOOKS}/sql/books.sql",
        right="WHERE p.id IS NULL OR (n.is_open AND NOT p.is_employed);",
        wrong="WHERE p.id IS NULL;",
        caught_by="tests/apps/test_attacks_at_once.py"
        "::test_who_is_just_leaving_cannot_be_given_a_record",
    ),
    Fault(
        what="somebody leaves and still owns records",
        where=f"{BOOKS}/sql/books.sql",
        right="WHERE r.is_open AND r.owner_id = ANY (left_ids);",
        wrong="WHERE false;",
        caught_by="tests/apps/test_people.py"
        "::test_somebody_who_owns_open_records_may_not_leave_and_hears_how_many",
    ),
    Fault(
        what="a change of owner leaves no span",
        where=f"{BOOKS}/sql/books.sql",
        right="WHERE n.owner_entry_id <> o.owner_entry_id\n        ORDER BY o.id;",
        wrong="WHERE false;",
        caught_by="tests/apps/test_planning.py"
        "::test_a_commit_changes_every_owner_and_leaves_a_receipt",
    ),
    Fault(
        what="records are not locked before they are given",
        where=f"{BOOKS}/operations.py",
        right="ORDER BY r.id FOR UPDATE OF r",
        wrong="ORDER BY r.id",
        caught_by="tests/apps/test_planning_at_once.py"
        "::test_a_commit_waits_for_who_changes_a_record_and_names_it",
    ),
    Fault(
        what="who had to wait takes records as they were before",
        where=f"{BOOKS}/operations.py",
        right="while listed.changed:",
        wrong="while listed.changed is True:",
        caught_by="tests/apps/test_planning_at_once.py"
        "::test_a_cover_waits_for_who_changes_a_record_and_takes_it_as_it_is_then",
    ),
    Fault(
        what="an undo overwrites what others changed since",
        where=f"{BOOKS}/operations.py",
        right='AND stands AND r.is_open AND p.is_employed\n"""',
        wrong='AND r.is_open AND p.is_employed\n"""',
        caught_by="tests/apps/test_planning.py"
        "::test_undo_spares_what_somebody_changed_since_and_says_who_and_when",
    ),
    Fault(
        what="who left gets records back by an undo",
        where=f"{BOOKS}/operations.py",
        right='AND stands AND r.is_open AND p.is_employed\n"""',
        wrong='AND stands AND r.is_open\n"""',
        caught_by="tests/apps/test_planning.py::test_nobody_who_left_gets_anything_back",
    ),
    Fault(
        what="the end of an interim is forgotten",
        where=f"{BOOKS}/operations.py",
        right="interim_until = g.interim_until, next_owner_id = g.next_owner_id",
        wrong="interim_until = NULL, next_owner_id = NULL",
        caught_by="tests/apps/test_planning_again.py"
        "::test_an_interim_plan_gives_for_a_time_and_for_that_time_alone",
    ),
    Fault(
        what="an import overwrites an owner whom Legato set",
        where=f"{BOOKS}/importing/statement.py",
        right="(c.owner_said IS NULL OR c.present_is_ours OR",
        wrong="(c.owner_said IS NULL OR",
        caught_by="tests/apps/test_import_owners.py"
        "::test_what_legato_has_given_is_drift_and_not_written",
    ),
    Fault(
        what="a commit takes any digest",
        where=f"{PLANNING}/operations/committing.py",
        right="if digest != plan.digest:",
        wrong="if False:",
        caught_by="tests/apps/test_planning.py::test_another_digest_is_refused",
    ),
    Fault(
        what="a commit compares nothing with the world",
        where=f"{PLANNING}/operations/committing.py",
        right="found = differences(plan)",
        wrong="found = differences(plan)[:0]",
        caught_by="tests/apps/test_planning.py"
        "::test_a_world_that_moved_refuses_the_commit_and_names_the_row",
    ),
    Fault(
        what="a commit does not look at its receivers again",
        where=f"{PLANNING}/operations/committing.py",
        right="    if broken:\n        raise PlanBreaksRule",
        wrong="    if not plan:\n        raise PlanBreaksRule",
        caught_by="tests/apps/test_planning.py"
        "::test_a_receiver_who_may_not_receive_any_more_refuses_the_commit",
    ),
    Fault(
        what="the proposer may approve, says the rule",
        where=f"{PLANNING}/operations/approving.py",
        right='"is_proposer": person_id == plan.proposer_id,',
        wrong='"is_proposer": False,',
        caught_by="tests/apps/test_planning.py::test_the_wrong_person_does_not_approve",
    ),
    Fault(
        what="the proposer may approve, says the database",
        where=f"{PLANNING}/sql/scopes.sql",
        right="WHERE p.id = NEW.plan_id AND p.proposer_id = NEW.approver_id",
        wrong="WHERE false",
        caught_by="tests/apps/test_attacks.py::test_postgresql_refuses",
    ),
    Fault(
        what="an undo is never too late",
        where=f"{PLANNING}/operations/undoing.py",
        right="if now > undone.at + window:",
        wrong="if False:",
        caught_by="tests/apps/test_planning.py::test_undo_just_inside_and_just_outside_its_window",
    ),
    Fault(
        what="a hold hinders nobody from receiving",
        where=f"{DOMAIN}/taking.py",
        right='("held", person.held),',
        wrong='("held", False),',
        caught_by="tests/domain/test_eligibility.py",
    ),
    Fault(
        what="the second count of an inventory is the first",
        where=f"{DEPARTURES}/opening.py",
        right="second = second_count(owner=holder)",
        wrong="second = {k: (line.count, line.value) for k, line in inventory_of(held).items()}",
        caught_by="tests/apps/test_planning_at_once.py"
        "::test_what_is_closed_between_the_two_counts_refuses_the_opening",
    ),
    Fault(
        what="what nobody can take falls to a manager who has left or is leaving",
        where=f"{PLANNING}/operations/committing.py",
        right="broken = (*broken, *_orphaned(plan))",
        wrong="broken = (*broken,)",
        caught_by="tests/apps/test_moving_world.py"
        "::test_a_commit_whose_orphans_would_go_to_a_manager_who_has_left_refuses_by_name",
    ),
    Fault(
        what="an interim never ends",
        where=f"{DEPARTURES}/returning.py",
        right="WHERE r.is_open AND r.interim_until <= %(now)s",
        wrong="WHERE false",
        caught_by="tests/model/test_model.py::test_a_tour_goes_past_every_rule_refusal_and_event",
    ),
    Fault(
        what="a last day ends at midnight in London",
        where=f"{DEPARTURES}/ending.py",
        right="now.astimezone(ZoneInfo(leaver.time_zone)).date()",
        wrong="now.astimezone(ZoneInfo('UTC')).date()",
        caught_by="tests/apps/test_departures.py"
        "::test_the_last_day_ends_at_midnight_where_the_leaver_is",
    ),
    Fault(
        what="who covers a last day is chosen once, before anybody is locked",
        where=f"{DEPARTURES}/ending.py",
        right="while chosen != (manager := manager_of(person=case.person_id)):",
        wrong="while not chosen and (manager := manager_of(person=case.person_id)):",
        caught_by="tests/apps/test_ending_at_once.py",
    ),
    Fault(
        what="a key is ignored",
        where=f"{LEDGER}/operations.py",
        right="if key is None:",
        wrong="if True:",
        caught_by="tests/apps/test_planning.py"
        "::test_the_same_key_gives_the_same_answer_and_another_body_is_refused",
    ),
    Fault(
        what="an entry is written by a connection of its own",
        where=f"{LEDGER}/operations.py",
        right="with connection.cursor() as cursor:\n        cursor.execute(\n"
        '            "INSERT INTO ledger_entry',
        wrong='with __import__("django").db.connections["owner"].cursor() as cursor:\n'
        '        cursor.execute(\n            "INSERT INTO ledger_entry',
        caught_by="tests/apps/test_import_owners.py"
        "::test_another_owner_in_the_file_changes_the_owner_and_leaves_a_span",
    ),
    Fault(
        what="the seal skips an entry",
        where=f"{LEDGER}/operations.py",
        right='" ORDER BY e.id LIMIT %s ON CONFLICT',
        wrong='" ORDER BY e.id LIMIT %s OFFSET 1 ON CONFLICT',
        caught_by="tests/apps/test_ledger.py::test_sealing_links_every_entry_once",
    ),
    Fault(
        what="an entry of the ledger can be changed by who owns the tables",
        where=f"{LEDGER}/sql/ledger.sql",
        right="ARRAY['ledger_entry', 'ledger_seal',",
        wrong="ARRAY['ledger_seal',",
        caught_by="tests/apps/test_ledger.py"
        "::test_not_even_who_owns_the_tables_changes_what_is_written",
    ),
    Fault(
        what="a conflict of interest does not keep a record that is given by hand",
        where=f"{QUERIES}/giving.py",
        right="THEN 'barred'",
        wrong="THEN ''",
        caught_by="tests/apps/test_book.py"
        "::test_who_has_a_conflict_of_interest_with_it_or_its_account_is_not_given_it",
    ),
    Fault(
        what="giving by hand tells who leaves of their own departure",
        where=f"{QUERIES}/giving.py",
        right="WHEN d.is_own THEN 'not_yours'",
        wrong="WHEN d.is_own THEN 'in_departure'",
        caught_by="tests/apps/test_own_departure.py"
        "::test_what_one_has_oneself_is_not_said_to_be_of_a_departure",
    ),
    Fault(
        what="a manager who leaves vanishes from the list of caretakers",
        where=f"{QUERIES}/protecting.py",
        right="p.id = %(viewer)s OR NOT EXISTS",
        wrong="NOT EXISTS",
        caught_by="tests/apps/test_own_departure.py::test_who_could_hold_a_book_is_the_same",
    ),
    Fault(
        what="the history shows a plan for several to those who leave in it",
        where=f"{QUERIES}/auditing.py",
        right="WHERE b.holder_id = %(person)s",
        wrong="WHERE false",
        caught_by="tests/apps/test_audit.py::test_a_plan_for_several_is_hidden_from_each_of_them",
    ),
    Fault(
        what="the history shows a run to those who leave in it",
        where=f"{QUERIES}/auditing.py",
        right="WHERE r.case_ids @> to_jsonb(c.id)\n",
        wrong="WHERE false\n",
        caught_by="tests/apps/test_audit.py::test_a_plan_for_several_is_hidden_from_each_of_them",
    ),
    Fault(
        what="a cell of the history's file is a formula",
        where="src/legato/departures/audit.py",
        right="guarded(cell).replace",
        wrong="cell.replace",
        caught_by="tests/apps/test_audit.py::test_no_cell_of_the_file_is_a_formula",
    ),
    Fault(
        what="another password lets in whose log-in is switched off",
        where="src/legato/people/operations/letting_in.py",
        right="user.is_active = not is_kept_out(person=person)",
        wrong="user.is_active = True",
        caught_by="tests/apps/test_protecting.py"
        "::test_a_log_in_that_is_switched_off_stays_off_whatever_gives_it",
    ),
)
