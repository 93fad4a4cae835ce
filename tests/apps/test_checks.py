"""``legato check``: on sound data every invariant holds, and each one broken on purpose is seen."""

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dj_database_url
import pytest
from django.db import connections, transaction
from tests import example

from legato.cli import run
from legato.cli.checking import meanings, names
from legato.departures.models import Case
from legato.departures.operations import open_case
from legato.domain.departure import Announcement
from legato.ledger import queries as ledger
from legato.ledger.operations import seal
from legato.people import operations as people
from legato.planning import operations as planning
from legato.postgres.addresses import Addresses
from legato.web.checks import INVARIANTS, check_all, overdue_covers

GUARDED = (
    "books_record",
    "books_span",
    "books_item",
    "ledger_entry",
    "ledger_seal",
    "people_person",
    "planning_plan",
    "planning_assignment",
    "planning_move",
    "planning_approval",
    "planning_commit",
    "planning_undo",
)
IMPORTED = (
    "INSERT INTO books_import (source, digest, at, entry_id, report) VALUES ('example', 'x', now(),"
    " {{plan}}, jsonb_build_object('counts', jsonb_build_object('lead', jsonb_build_object("
    "'new', {new}, 'changed', {changed}, 'rejected', {rejected})),"
    " 'rejected', jsonb_build_object('count', 0)))"
)
ANSWERED = (
    "INSERT INTO ledger_answer (key, asked_sha256, answer, entry_id)"
    " VALUES ('k', 'x', '{{{{\"commit\": 1}}}}', {entry})"
)
ANOTHER_SPAN = (
    "INSERT INTO books_span (record_id, owner_id, since, until, began_by_id, ended_by_id,"
    " given_to_id, owner_was_ours)"
    " SELECT record_id, owner_id, since, until, {began}, {{plan}}, given_to_id, owner_was_ours"
    " FROM books_span WHERE record_id = {{record}} AND ended_by_id = {{commit}}"
)
NAMED = re.compile(r"(?:SELECT|SELECT DISTINCT|THEN|ELSE)\s+'([a-z_]+)'")
"""A problem's code, where a check selects one."""
WITHOUT_ITS_KEY = "ALTER TABLE books_span DROP CONSTRAINT books_span_follows_once"
RECEIVERS = "(SELECT DISTINCT given_to_id FROM books_span WHERE ended_by_id = {commit})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Olga's book was divided, taken back, and divided again."""

    cast: example.Cast
    accounts: list[int]
    undo: int
    commit: int
    plan: int

    @property
    def names(self) -> dict[str, int]:
        """What the statements below may name."""
        return {
            "olga": self.cast.olga,
            "kenji": self.cast.kenji,
            "mei": self.cast.mei,
            "record": self.accounts[0],
            "commit": self.commit,
            "plan": self.plan,
            "undo": self.undo,
        }


@pytest.fixture
def story(fresh_database: Addresses) -> Story:
    """Real commits, after which we are the owner: nobody else could break anything."""
    cast = example.company()
    accounts = [example.record(owner=cast.olga).pk for _ in range(5)]
    for account in accounts:
        example.record(owner=cast.olga, kind="opportunity", account=account, value=1000)
    by: dict[str, Any] = {"now": example.NOW, "reason": "Because"}
    announced = Announcement(kind="resignation", last_day=date(2026, 4, 30))
    case = open_case(person_id=cast.olga, announced=announced, actor=cast.mei, **by)
    first = _divide(cast, case.case, hours=1)
    later: dict[str, Any] = {"now": example.NOW + timedelta(hours=2), "reason": "Because"}
    undone = planning.undo(entry_id=first.commit, actor=cast.mei, **later)
    again = _divide(cast, case.case, hours=3)
    seal()
    connections["default"].close()
    connections.settings["default"].update(dj_database_url.parse(fresh_database.owner))
    return Story(
        cast=cast,
        accounts=accounts,
        undo=undone.undo,
        commit=again.commit,
        plan=again.plan,
    )


def _divide(cast: example.Cast, case: int, *, hours: int) -> planning.Committed:
    by: dict[str, Any] = {"now": example.NOW + timedelta(hours=hours), "reason": "Because"}
    made = planning.propose(
        books=[Case.objects.get(pk=case).book_id],
        chain=f"case:{case}",
        options=planning.Options(),
        actor=cast.sam,
        **by,
    )
    planning.approve(plan_id=made.plan, approver=cast.mei, **by)
    return planning.commit(plan_id=made.plan, digest=made.digest, actor=cast.mei, **by)


def _problems(story: Story, *statements: str) -> dict[str, set[str]]:
    """What is found after these statements, by invariant; they are taken back afterwards."""
    with transaction.atomic():
        with connections["default"].cursor() as cursor:
            for table in GUARDED:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                cursor.execute(statement.format(**story.names))
                assert cursor.rowcount != 0, statement
        found = [*check_all(), ledger.checked()]
        transaction.set_rollback(True)
    return {each.invariant: {row.problem for row in each.rows} for each in found}


def test_after_a_departure_every_invariant_holds(story: Story) -> None:
    assert _problems(story) == {
        name: set() for name in ("I1", "I2", "I4", "I7", "I10", "I12", "ledger")
    }


BREAKS: dict[str, dict[str, str | tuple[str, ...]]] = {
    "I1": {
        "owner_is_not_employed": "UPDATE people_person SET employment_id = NULL WHERE id = {kenji}",
        "time_is_infinite": "UPDATE books_record SET owner_since = 'infinity' WHERE id = {record}",
        "nobody_follows": "DELETE FROM books_span WHERE record_id = {record}"
        " AND ended_by_id = {undo}",
        "gap": "UPDATE books_span SET until = until - interval '1 hour' WHERE record_id = {record}"
        " AND ended_by_id = {commit}",
        "overlap": "UPDATE books_span SET until = until + interval '1 hour'"
        " WHERE record_id = {record} AND ended_by_id = {undo}",
        "other_person": "UPDATE books_span SET owner_id = {mei} WHERE record_id = {record}"
        " AND ended_by_id = {commit}",
        "two_follow": (WITHOUT_ITS_KEY, ANOTHER_SPAN.format(began="began_by_id")),
        "two_beginnings": ANOTHER_SPAN.format(began=1),
    },
    "I4": {
        "entry_is_missing": "UPDATE books_record SET entry_id = 999999 WHERE id = {record}",
        "no_time": "UPDATE ledger_entry SET at = 'infinity' WHERE id = {commit}",
        "nobody_did_it": "UPDATE ledger_entry SET actor_id = NULL WHERE id = {commit}",
        "receipt_differs": "UPDATE books_span SET given_to_id = {mei} WHERE record_id = {record}"
        " AND ended_by_id = {commit}",
        "receipt_is_missing": "UPDATE ledger_entry SET receipt_sha256 = '' WHERE id = {undo}",
    },
    "I7": {
        "answer_without_entry": ANSWERED.format(entry=999_999),
        "answer_names_another_entry": ANSWERED.format(entry="{commit}"),
        "done_without_entry": "UPDATE planning_undo SET entry_id = 999999",
        "entry_of_another_kind": "UPDATE ledger_entry SET kind = 'cover' WHERE id = {commit}",
        "entry_without_what_was_done": "DELETE FROM planning_undo",
        "entry_of_another_plan": "UPDATE ledger_entry SET facts ="
        " jsonb_set(facts, '{{plan}}', '999999') WHERE id = {commit}",
        "commit_without_approval": "UPDATE planning_approval SET entry_id = 999999"
        " WHERE plan_id = {plan}",
        "imported_but_not_there": IMPORTED.format(new=5, changed=0, rejected=0),
        "changed_but_not_kept": IMPORTED.format(new=0, changed=5, rejected=0),
        "rejected_but_not_listed": IMPORTED.format(new=0, changed=0, rejected=5),
    },
    "I10": {
        "record_is_lost": "DELETE FROM books_record WHERE id = {record}",
        "left_behind": "UPDATE books_record SET owner_id = {olga} WHERE id = {record}",
        "planned_but_not_moved": "DELETE FROM books_span WHERE record_id = {record}"
        " AND ended_by_id = {commit}",
        "moved_but_not_planned": "DELETE FROM planning_move WHERE record_id = {record}"
        " AND plan_id = {plan}",
        "moved_otherwise": "UPDATE books_span SET given_to_id = {mei} WHERE record_id = {record}"
        " AND ended_by_id = {commit}",
        "moved_but_not_listed": "DELETE FROM books_item WHERE record_id = {record}",
        "counted_otherwise": "UPDATE planning_commit SET moved = 1 WHERE entry_id = {commit}",
        "value_differs": "DELETE FROM planning_move WHERE record_id = {record}"
        " AND plan_id = {plan}",
        "undo_does_not_add_up": "UPDATE planning_undo SET restored = restored - 1",
    },
    "I12": {
        "digest_is_missing": "UPDATE planning_plan SET digest = '' WHERE id = {plan}",
        "digest_differs": "UPDATE planning_plan SET digest = repeat('0', 64) WHERE id = {plan}",
        "explanation_is_missing": "UPDATE planning_plan SET certificate = '{{}}' WHERE id = {plan}",
        "assigned_but_not_proposed": "UPDATE planning_plan SET proposal ="
        " jsonb_set(proposal, '{{placements}}', (proposal -> 'placements') - 0) WHERE id = {plan}",
        "proposed_but_not_assigned": "DELETE FROM planning_assignment WHERE plan_id = {plan}"
        " AND unit_id = {record}",
        "assigned_otherwise": "UPDATE planning_assignment SET person_id = {mei}"
        " WHERE plan_id = {plan} AND unit_id = {record}",
        "asked_but_not_decided": "UPDATE planning_plan SET problem ="
        " jsonb_set(problem, '{{units}}', (problem -> 'units') - 0) WHERE id = {plan}",
        "moves_otherwise": "UPDATE planning_move SET new_owner_id = {mei} WHERE plan_id = {plan}"
        " AND record_id = {record}",
        "decided_but_not_moving": "DELETE FROM planning_move WHERE plan_id = {plan}"
        " AND record_id = {record}",
        "orphans_counted_otherwise": "UPDATE planning_plan SET certificate ="
        " jsonb_set(certificate, '{{orphans}}', '7') WHERE id = {plan}",
    },
    "ledger": {
        "entry_was_changed": "UPDATE ledger_entry SET reason = 'Another' WHERE id = {commit}",
        "entry_is_missing": "DELETE FROM ledger_entry WHERE kind = 'plan' AND number = 2",
        "sealed_entry_is_missing": "DELETE FROM ledger_entry WHERE id = {commit}",
        "seal_is_missing": "DELETE FROM ledger_seal WHERE number = 3",
        "receipt_differs": "UPDATE books_span SET given_to_id = {mei} WHERE record_id = {record}"
        " AND ended_by_id = {commit}",
    },
}


@pytest.mark.parametrize("invariant", BREAKS)
def test_whatever_breaks_an_invariant_is_named(
    story: Story, subtests: pytest.Subtests, invariant: str
) -> None:
    for problem, said in BREAKS[invariant].items():
        statements = (said,) if isinstance(said, str) else said
        with subtests.test(problem):
            assert problem in _problems(story, *statements)[invariant]


# The ledger's clock says what stood when the commit was made, so it is set back here.
INELIGIBLE = {
    "held": "INSERT INTO people_hold (person_id, why, placed_at, placed_by_id)"
    f" SELECT r, 'other', now(), 1 FROM {RECEIVERS} given (r)",
    "not_employed": "WITH gone AS (UPDATE people_person SET employment_id = NULL"
    f" WHERE id IN {RECEIVERS}) UPDATE people_employment SET ended_at = now(), entry_id = 1"
    f" WHERE person_id IN {RECEIVERS}",
    "on_leave": "INSERT INTO people_absence (person_id, first_day, last_day, entry_id)"
    f" SELECT r, '2026-03-01', '2026-06-01', 1 FROM {RECEIVERS} given (r)",
    "end_was_known": "INSERT INTO departures_case SELECT (jsonb_populate_record(c,"
    " jsonb_build_object('id', 99, 'person_id', r, 'entry_id', 1, 'book_id', 99))).*"
    f" FROM departures_case c, {RECEIVERS} given (r) LIMIT 1",
    "over_capacity": "UPDATE planning_plan SET problem = replace(problem::text,"
    " '\"capacity\": 50000', '\"capacity\": 0')::jsonb WHERE id = {plan}",
    "skill_is_missing": "UPDATE planning_plan SET problem = replace(replace(problem::text,"
    " '\"needs\": []', '\"needs\": [1]'), '\"recorded\": []', '\"recorded\": [1]')::jsonb"
    " WHERE id = {plan}",
    "not_a_candidate": "UPDATE planning_plan SET problem ="
    " jsonb_set(problem, '{{candidates}}', '[]') WHERE id = {plan}",
}


def test_what_was_given_to_somebody_who_could_not_take_it_is_named(
    story: Story, subtests: pytest.Subtests
) -> None:
    for problem, statement in INELIGIBLE.items():
        with subtests.test(problem):
            assert problem in _problems(story, statement)["I2"]


def test_what_happened_to_a_receiver_later_is_not_held_against_the_commit(story: Story) -> None:
    now = example.NOW + timedelta(days=1)
    announced = Announcement(kind="resignation", last_day=date(2026, 5, 29))
    open_case(
        person_id=story.cast.kenji,
        announced=announced,
        actor=story.cast.mei,
        now=now,
        reason="Kenji leaves, too",
    )
    people.add_absence(
        person=story.cast.ivo,
        first_day=date(2026, 4, 2),
        last_day=date(2026, 5, 29),
        now=now,
        actor=None,
    )
    assert _problems(story)["I2"] == set()


def test_a_cover_that_lasts_too_long_is_noted(story: Story) -> None:
    statement = "UPDATE books_record SET interim_until = owner_since + interval '1 second'"
    with transaction.atomic():
        with connections["default"].cursor() as cursor:
            cursor.execute("ALTER TABLE books_record DISABLE TRIGGER USER")
            cursor.execute(statement)
        assert overdue_covers(now=example.NOW + timedelta(days=1)) == 10
        transaction.set_rollback(True)


@pytest.mark.parametrize("file", sorted(INVARIANTS.glob("*.sql")), ids=lambda file: file.stem)
def test_every_problem_that_a_check_can_name_is_provoked_here(file: Path) -> None:
    provoked = INELIGIBLE.keys() if file.stem == "I2" else BREAKS[file.stem].keys()
    assert set(NAMED.findall(file.read_text())) == provoked


def test_a_sound_database_passes_the_command(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    counts = {name: answer[name] for name in ("I1", "I2", "I4", "I7", "I10", "I12", "ledger")}
    assert counts == dict.fromkeys(counts, 0)


@pytest.mark.breaks_invariants
def test_a_broken_database_fails_the_command_and_names_the_rows(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("ALTER TABLE people_person DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE people_person SET employment_id = NULL WHERE id = %s", [story.cast.kenji]
        )
    assert run(["check", "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["I1"] > 0
    assert answer["rows"]["I1"][0]["detail"] == f"person {story.cast.kenji}"
    assert run(["check"]) == 1
    assert "owner_is_not_employed" in capsys.readouterr().out


def test_where_we_own_the_tables_append_only_rests_on_triggers(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["check", "--json"])
    assert any("triggers alone" in note for note in json.loads(capsys.readouterr().out)["notes"])


def test_where_we_do_not_own_them_nothing_is_said(
    fresh_database: Addresses, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["check", "--json"])
    notes = json.loads(capsys.readouterr().out)["notes"]
    assert [each for each in notes if "EMAIL_URL" not in each] == []


def test_every_invariant_has_a_name_and_a_meaning() -> None:
    checked = {*(file.stem for file in INVARIANTS.glob("*.sql")), "ledger"}
    assert names().keys() == meanings().keys() == checked


def test_what_its_holder_took_up_again_was_not_left_behind(story: Story) -> None:
    back = "UPDATE people_hold SET released_at = placed_at, released_by_id = placed_by_id"
    forgotten = BREAKS["I10"]["left_behind"]
    assert isinstance(forgotten, str)
    assert "left_behind" not in _problems(story, back, forgotten)["I10"]


def test_what_was_opened_again_since_was_not_left_behind(story: Story) -> None:
    again = "UPDATE books_record SET owner_id = {olga}, entry_id = {commit} + 1 WHERE id = {record}"
    assert "left_behind" not in _problems(story, again)["I10"]
