"""Attacks on the heart by raw SQL, as the application's role: PostgreSQL refuses each of them.

What comes before the attack itself is legal; the attack is the last statement, or the commit.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import dj_database_url
import psycopg
import pytest
from django.db import connections, transaction
from psycopg import IsolationLevel, errors
from pytest_django import DjangoDbBlocker
from tests import example

from legato.books.models import Book, Record
from legato.people.models import Employment
from legato.planning.models import Approval, Assignment, Move, Plan, PlanBook
from legato.postgres.addresses import Addresses, database_of, with_database
from legato.postgres.databases import connection, copy_database, drop_database

ENTRY = (
    "INSERT INTO ledger_entry (chain, kind, actor_id, at, reason)"
    " VALUES ('attack', 'attack', {mei}, '2026-03-31 10:00+00', 'Attack')"
)
THIS = "currval('ledger_entry_id_seq')"
AT = "'2026-03-31 10:00+00'::timestamptz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Olga owns ``record``; ``left`` has left and owns ``closed``; Sam proposed ``plan``."""

    app: str
    owner: str
    names: dict[str, int]


@pytest.fixture(scope="module")
def target(template: Addresses, django_db_blocker: DjangoDbBlocker) -> Iterator[Target]:
    """One database for all attacks: none of them changes anything."""
    name = f"{database_of(template.owner)}_attacked"
    owner = copy_database(template.owner, name=name)
    app = with_database(template.app, name)
    with django_db_blocker.unblock():
        connections.close_all()
        before = dict(connections.settings["default"])
        connections.settings["default"].update(dj_database_url.parse(app))
        yield Target(app=app, owner=owner, names=_names())
        connections.close_all()
        connections.settings["default"].update(before)
    drop_database(owner)


def _names() -> dict[str, int]:
    """What the attacks may name, by its id."""
    cast = example.company()
    left = example.person(name="Lena Left", manager=cast.mei)
    closed = example.record(owner=left, is_open=False)
    example.leave(person=left, at=example.HIRED)
    record = example.record(owner=cast.olga)
    approved = _plan(cast, record)
    with transaction.atomic():
        Approval.objects.create(
            plan_id=approved, approver_id=cast.mei, at=example.NOW, entry=example.entry()
        )
    return {
        "ada": cast.ada,
        "mei": cast.mei,
        "olga": cast.olga,
        "kenji": cast.kenji,
        "sam": cast.sam,
        "left": left,
        "record": record.pk,
        "closed": closed.pk,
        "opportunity": example.record(owner=cast.olga, kind="opportunity").pk,
        "given": _given(cast),
        "entry": record.entry_id,
        "ended": Employment.objects.get(person=left).pk,
        "olgas": Employment.objects.get(person=cast.olga).pk,
        "plan": _plan(cast, record),
        "approved": approved,
    }


def _given(cast: example.Cast) -> int:
    """A record with a past, which is Legato's."""
    record = example.record(owner=cast.olga)
    example.give(record=record.pk, to=cast.mei)
    return record.pk


def _plan(cast: example.Cast, record: Record) -> int:
    """Sam proposes that Kenji takes one record of Olga."""
    with transaction.atomic():
        entry = example.entry(kind="plan", actor=cast.sam)
        book = Book.objects.create(holder_id=cast.olga, taken_at=example.NOW, entry=entry)
        plan = Plan.objects.create(
            digest="",
            seed=1,
            options={},
            policy_version=0,
            proposer_id=cast.sam,
            made_at=example.NOW,
            problem={},
            proposal={},
            certificate={},
            entry=entry,
        )
        PlanBook.objects.create(plan=plan, book=book)
        Assignment.objects.create(
            plan=plan, unit=record, person_id=cast.kenji, is_orphan=False, reason={}
        )
        Move.objects.create(
            plan=plan,
            record=record,
            unit=record,
            expected_owner_id=cast.olga,
            expected_entry_id=record.entry_id,
            new_owner_id=cast.kenji,
        )
    return plan.pk


def change(what: str, *, of: str = "record") -> str:
    return f"UPDATE books_record SET {what} WHERE id = {{{of}}}"


def give(to: str, *, of: str = "record", since: str = AT) -> str:
    """A change of owner in its lawful form."""
    return change(
        f"owner_id = {to}, owner_since = {since}, owner_entry_id = {THIS}, entry_id = {THIS},"
        " owner_is_ours = true",
        of=of,
    )


def entry_at(at: str) -> str:
    return ENTRY.replace("2026-03-31 10:00+00", at)


def create(*, owner: str = "{olga}", since: str = AT, is_open: str = "true", **more: str) -> str:
    columns = "".join(f", {name}" for name in more)
    values = "".join(f", {value}" for value in more.values())
    return (
        "INSERT INTO books_record (kind, source, key, name, owner_id, owner_since, owner_entry_id,"
        f" entry_id, is_open, owner_is_ours{columns}) VALUES ('lead', 'attack', 'attack', 'Attack',"
        f" {owner}, {since}, {THIS}, {THIS}, {is_open}, false{values})"
    )


EMPLOYED = "books_open_record_has_an_employed_owner"
BY_ITS_ENTRY = "books_owner_changes_by_its_entry"
NAMES_ITS_ENTRY = "books_change_names_its_entry"
IDENTITY = "books_record_keeps_its_identity"
STILL_OWNS = "books_nobody_leaves_with_open_records|at READ COMMITTED alone"
OPEN_AND_OWN = "people_person_employment_is_open_and_own"
APPEND_ONLY = "permission denied for table"
NO_RIGHT = "permission denied|must be owner"

SECOND_PERSON = "approved by a second person"

OWN_SPAN = (
    "INSERT INTO books_span (record_id, owner_id, since, until, began_by_id, ended_by_id,"
    " given_to_id, owner_was_ours)"
    " VALUES ({record}, {kenji}, now(), now(), {entry}, {entry}, {olga}, true)"
)
APPROVE = "INSERT INTO public.planning_approval (plan_id, approver_id, at, entry_id) VALUES"
COMMIT = (
    "INSERT INTO planning_commit (entry_id, plan_id, at, moved)"
    f" VALUES ({THIS}, {{plan}}, now(), 1)"
)

# By name: why it is refused, and the statements.
ATTACKS: dict[str, tuple[str, list[str]]] = {
    # An owner at every instant: no overlap, no gap.
    "a second owner by a span of one's own": (
        APPEND_ONLY,
        [OWN_SPAN],
    ),
    "a span is edited": (APPEND_ONLY, ["UPDATE books_span SET owner_id = {kenji}"]),
    "a span is deleted": (APPEND_ONLY, ["DELETE FROM books_span"]),
    "all spans are deleted": (APPEND_ONLY, ["TRUNCATE books_span"]),
    "an owner without an entry": (
        BY_ITS_ENTRY,
        [ENTRY, change(f"owner_id = {{kenji}}, entry_id = {THIS}")],
    ),
    "another beginning of the same owner": (
        BY_ITS_ENTRY,
        [ENTRY, change(f"owner_since = owner_since + interval '1 hour', entry_id = {THIS}")],
    ),
    "a beginning later than its entry": (
        BY_ITS_ENTRY,
        [ENTRY, give("{kenji}", since=f"{AT} + interval '1 hour'")],
    ),
    "a beginning earlier than its entry": (
        BY_ITS_ENTRY,
        [ENTRY, give("{kenji}", since=f"{AT} - interval '1 hour'")],
    ),
    "a change dated back before the last": (
        "books_span_never_backwards",
        [
            entry_at("2020-01-01 00:00+00"),
            give("{kenji}", since="'2020-01-01 00:00+00'::timestamptz"),
        ],
    ),
    "an owner given twice by one entry": (
        BY_ITS_ENTRY,
        [ENTRY, give("{kenji}"), give("{mei}")],
    ),
    "another end of an interim": (
        BY_ITS_ENTRY,
        [ENTRY, change(f"interim_until = now(), entry_id = {THIS}")],
    ),
    "no owner": ("not-null", [ENTRY, give("NULL")]),
    "no beginning": ("not-null", [ENTRY, give("{kenji}", since="NULL")]),
    # Infinity is no instant.
    "an entry at infinity": ("finite time", [entry_at("infinity")]),
    "an entry at minus infinity": ("finite time", [entry_at("-infinity")]),
    "a beginning at infinity": (BY_ITS_ENTRY, [ENTRY, give("{kenji}", since="'infinity'")]),
    "a beginning at minus infinity": (BY_ITS_ENTRY, [ENTRY, give("{kenji}", since="'-infinity'")]),
    "a new record since minus infinity": (
        "books_owner_begins_by_its_entry",
        [ENTRY, create(since="'-infinity'")],
    ),
    "an interim without end": (
        "books_interim_is_finite",
        [ENTRY, create(interim_until="'infinity'")],
    ),
    "a promise that is never due": ("books_due_is_finite", [ENTRY, create(due_at="'infinity'")]),
    "an employment that ends at infinity": (
        "people_employment_is_finite",
        ["UPDATE people_employment SET ends_on = 'infinity'"],
    ),
    "an absence without end": (
        "people_absence_is_finite",
        [
            "INSERT INTO people_absence (person_id, first_day, last_day, entry_id)"
            " VALUES ({kenji}, '2026-04-01', 'infinity', {entry})"
        ],
    ),
    "a hold from minus infinity": (
        "people_hold_is_finite",
        [
            "INSERT INTO people_hold (person_id, why, placed_at, placed_by_id)"
            " VALUES ({kenji}, 'departure', '-infinity', {entry})"
        ],
    ),
    # An employed owner.
    "an open record for somebody who left": (EMPLOYED, [ENTRY, create(owner="{left}")]),
    "an open record for nobody there is": (EMPLOYED, [ENTRY, create(owner="999999")]),
    "a closed record for nobody there is": (
        EMPLOYED,
        [ENTRY, create(owner="999999", is_open="false")],
    ),
    "an open record is given to somebody who left": (EMPLOYED, [ENTRY, give("{left}")]),
    "a closed record of somebody who left is opened": (
        EMPLOYED,
        [ENTRY, change(f"is_open = true, entry_id = {THIS}", of="closed")],
    ),
    "a successor there is not": (
        "books_next_owner_is_real",
        [ENTRY, create(interim_until=f"{AT} + interval '1 day'", next_owner_id="999999")],
    ),
    "somebody who left gets a record by an upsert": (
        EMPLOYED,
        [
            ENTRY,
            create()
            .replace("'attack', 'attack'", "'example', key_of", 1)
            .replace("key_of", "(SELECT key FROM books_record WHERE id = {record})")
            .replace("'lead'", "'account'")
            + f" ON CONFLICT (source, kind, key) DO UPDATE SET owner_id = {{left}},"
            f" owner_since = {AT}, owner_entry_id = {THIS}, entry_id = {THIS}",
        ],
    ),
    "somebody who left gets a record by a merge": (
        EMPLOYED,
        [
            ENTRY,
            "MERGE INTO books_record r USING (SELECT 1) s ON r.id = {record} WHEN MATCHED THEN"
            f" UPDATE SET owner_id = {{left}}, owner_since = {AT}, owner_entry_id = {THIS},"
            f" entry_id = {THIS}",
        ],
    ),
    "somebody who owns open records has left": (
        STILL_OWNS,
        ["UPDATE people_person SET employment_id = NULL WHERE id = {olga}"],
    ),
    "somebody leaves in the statement that gives to them": (
        f"{STILL_OWNS}|{EMPLOYED}",
        [
            ENTRY,
            "WITH gone AS (UPDATE people_person SET employment_id = NULL WHERE id = {kenji})"
            f" {give('{kenji}')}",
        ],
    ),
    "somebody leaves in the transaction that gave to them": (
        STILL_OWNS,
        [
            ENTRY,
            give("{kenji}"),
            "UPDATE people_person SET employment_id = NULL WHERE id = {kenji}",
        ],
    ),
    "an employment ends though its person stays": (
        OPEN_AND_OWN,
        ["UPDATE people_employment SET ended_at = now() WHERE id = {olgas}"],
    ),
    "somebody is employed by another's employment": (
        OPEN_AND_OWN,
        ["UPDATE people_person SET employment_id = {olgas} WHERE id = {kenji}"],
    ),
    "somebody is employed by an ended employment": (
        OPEN_AND_OWN,
        ["UPDATE people_person SET employment_id = {ended} WHERE id = {left}"],
    ),
    "an employment passes to another person": (
        OPEN_AND_OWN,
        ["UPDATE people_employment SET person_id = {left} WHERE id = {olgas}"],
    ),
    "somebody is said to be employed": (
        "can only be updated to DEFAULT",
        ["UPDATE people_person SET is_employed = true WHERE id = {left}"],
    ),
    "an owner's number is changed": (
        "append-only",
        [
            "WITH moved AS (UPDATE people_employment SET person_id = 999999 WHERE id = {olgas})"
            " UPDATE people_person SET id = 999999 WHERE id = {olga}"
        ],
    ),
    "the last resort leaves": (
        "people_last_resort_is_employed",
        ["UPDATE people_person SET employment_id = NULL WHERE id = {ada}"],
    ),
    "the last resort becomes nobody": (
        "not-null",
        [
            "UPDATE people_company SET last_resort_id = NULL",
        ],
    ),
    "the last resort becomes somebody who left": (
        "people_last_resort_is_employed",
        ["UPDATE people_company SET last_resort_id = {left}"],
    ),
    "the last resort is deleted": (APPEND_ONLY, ["DELETE FROM people_company"]),
    "a second company": (
        "people_one_company",
        ["INSERT INTO people_company (id, last_resort_id, entry_id) VALUES (2, {mei}, {entry})"],
    ),
    # Nothing is deleted.
    "a record is deleted": (APPEND_ONLY, ["DELETE FROM books_record WHERE id = {record}"]),
    "all records are deleted": (APPEND_ONLY, ["TRUNCATE books_record CASCADE"]),
    "a person is deleted": (APPEND_ONLY, ["DELETE FROM people_person WHERE id = {left}"]),
    "all people are deleted": (APPEND_ONLY, ["TRUNCATE people_person CASCADE"]),
    "an employment is deleted": (APPEND_ONLY, ["DELETE FROM people_employment"]),
    "a hold is deleted": (APPEND_ONLY, ["DELETE FROM people_hold"]),
    "an entry is deleted": (APPEND_ONLY, ["DELETE FROM ledger_entry"]),
    "all entries are deleted": (APPEND_ONLY, ["TRUNCATE ledger_entry CASCADE"]),
    "an item of a book is deleted": (APPEND_ONLY, ["DELETE FROM books_item"]),
    # A record stays what it is.
    "a record becomes another": (IDENTITY, [ENTRY, change(f"id = 999999, entry_id = {THIS}")]),
    "a record changes its kind": (
        IDENTITY,
        [ENTRY, change(f"kind = 'lead', entry_id = {THIS}", of="opportunity")],
    ),
    "a record changes its key": (IDENTITY, [ENTRY, change(f"key = 'x', entry_id = {THIS}")]),
    "a record changes its source": (IDENTITY, [ENTRY, change(f"source = 'x', entry_id = {THIS}")]),
    "a record is no longer ours": (
        IDENTITY,
        [ENTRY, change(f"owner_is_ours = false, entry_id = {THIS}", of="given")],
    ),
    "a record of an account there is not": (
        "books_record_of_a_real_account",
        [ENTRY, create(account_id="999999")],
    ),
    "a record of an account that is none": (
        "books_record_of_a_real_account",
        [ENTRY, change(f"account_id = id, entry_id = {THIS}", of="opportunity")],
    ),
    "a record of a product there is not": (
        "books_record_of_a_real_product",
        [ENTRY, create(product_id="999999")],
    ),
    "an open record that was won": (
        "books_open_record_has_no_outcome",
        [
            ENTRY,
            create(outcome="'won'"),
        ],
    ),
    # Every change has its entry, of the same transaction.
    "a change without an entry": (NAMES_ITS_ENTRY, [change("name = 'x'")]),
    "a change by an entry there is not": (
        NAMES_ITS_ENTRY,
        [
            change("name = 'x', entry_id = 999999"),
        ],
    ),
    "a change by the entry of another transaction": (
        NAMES_ITS_ENTRY,
        [change("name = 'x', entry_id = {entry}", of="given")],
    ),
    "a new record by the entry of another transaction": (
        NAMES_ITS_ENTRY,
        [ENTRY, create().replace(THIS, "{entry}")],
    ),
    "an entry is edited": (APPEND_ONLY, ["UPDATE ledger_entry SET reason = 'x'"]),
    "a seal is edited": (APPEND_ONLY, ["UPDATE ledger_seal SET sha256 = 'x'"]),
    "an entry by nobody there is": (
        "ledger_entry_actor",
        [ENTRY.replace("{mei}", "999999")],
    ),
    "an entry without a kind": (
        "ledger_entry_has_a_kind",
        [
            ENTRY.replace("'attack', {mei}", "'', {mei}"),
        ],
    ),
    "a seal for an entry there is not": (
        "ledger_seal_entry",
        ["INSERT INTO ledger_seal (entry_id) VALUES (999999)"],
    ),
    "a database in use becomes a rehearsal": (
        APPEND_ONLY,
        ["INSERT INTO ledger_rehearsal (id) VALUES (true)"],
    ),
    "a policy is edited": (APPEND_ONLY, ["UPDATE people_policy SET values = '{{}}'"]),
    # Plans: written once, approved by another, then committed.
    "a plan is edited": (APPEND_ONLY, ["UPDATE planning_plan SET digest = 'x'"]),
    "an assignment is edited": (APPEND_ONLY, ["UPDATE planning_assignment SET person_id = {mei}"]),
    "a plan gives away another book": (APPEND_ONLY, ["UPDATE planning_planbook SET book_id = 1"]),
    "a plan is deleted": (APPEND_ONLY, ["DELETE FROM planning_plan"]),
    "a plan is added to": (
        "planning_plan_is_written_once",
        [
            "INSERT INTO planning_assignment (plan_id, unit_id, person_id, is_orphan, reason)"
            " VALUES ({plan}, {given}, {mei}, false, '{{}}')"
        ],
    ),
    "a move is added to a plan": (
        "planning_plan_is_written_once",
        [
            "INSERT INTO planning_move (plan_id, record_id, unit_id, expected_owner_id,"
            " expected_entry_id, new_owner_id)"
            " VALUES ({plan}, {given}, {record}, {mei}, {entry}, {kenji})"
        ],
    ),
    **{
        f"a plan is approved by {whom}": (
            SECOND_PERSON,
            [f"{APPROVE} ({{plan}}, {{{who}}}, now(), {{entry}})"],
        )
        for whom, who in {
            "its proposer": "sam",
            "who leaves": "olga",
            "who receives": "kenji",
        }.items()
    },
    "a plan is approved twice": (
        "planning_approval_pkey",
        [APPROVE + " ({approved}, {ada}, now(), {entry})"],
    ),
    "a plan is committed without approval": (
        "planning_commit_is_approved",
        [
            ENTRY,
            COMMIT,
        ],
    ),
    "an approval is withdrawn": (APPEND_ONLY, ["DELETE FROM planning_approval"]),
    "an objection is put in other words": (APPEND_ONLY, ["UPDATE planning_remark SET text = ''"]),
    "an objection is forgotten": (APPEND_ONLY, ["DELETE FROM planning_remark"]),
    # A table of one's own in the place of ours.
    "one's own plan is approved behind a table of the same name": (
        SECOND_PERSON,
        [
            "CREATE TEMPORARY TABLE planning_plan (id bigint, proposer_id bigint)",
            APPROVE + " ({plan}, {sam}, now(), {entry})",
        ],
    ),
    "an unapproved plan is committed behind a table of the same name": (
        "planning_commit_is_approved",
        [
            "CREATE TEMPORARY TABLE planning_approval AS SELECT {plan}::bigint AS plan_id",
            ENTRY,
            COMMIT,
        ],
    ),
    "somebody who left owns behind a table of the same name": (
        EMPLOYED,
        [
            "CREATE TEMPORARY TABLE people_person AS"
            " SELECT id, true AS is_employed FROM people_person",
            ENTRY,
            create(owner="{left}"),
        ],
    ),
    # The rules themselves.
    "spans are written by our trigger on a table of one's own": (
        "permission denied for function",
        [
            "CREATE TEMPORARY TABLE mine (LIKE books_record)",
            "CREATE TRIGGER mine AFTER UPDATE ON mine REFERENCING OLD TABLE AS old_rows"
            " NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION books_record_updated()",
        ],
    ),
    "triggers are disabled": (NO_RIGHT, ["ALTER TABLE books_record DISABLE TRIGGER ALL"]),
    "triggers are dropped": (NO_RIGHT, ["DROP TRIGGER updated ON books_record"]),
    "triggers are passed by as a replica": (NO_RIGHT, ["SET session_replication_role = replica"]),
    "a constraint is dropped": (
        NO_RIGHT,
        ["ALTER TABLE people_person DROP CONSTRAINT people_person_employment_is_open_and_own"],
    ),
    "a table is dropped": (NO_RIGHT, ["DROP TABLE books_span"]),
    "a function of ours is replaced": (
        NO_RIGHT,
        [
            "CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN NULL; END'"
        ],
    ),
    "a function is added": (NO_RIGHT, ["CREATE FUNCTION public.f() RETURNS int RETURN 1"]),
    "a table is added": (NO_RIGHT, ["CREATE TABLE public.t ()"]),
    "a trigger is added": (
        NO_RIGHT,
        [
            "CREATE TRIGGER mine BEFORE UPDATE ON books_record"
            " FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"
        ],
    ),
    "a rule is added": (
        NO_RIGHT,
        ["CREATE RULE mine AS ON INSERT TO ledger_entry DO INSTEAD NOTHING"],
    ),
    "a sequence is set back": (NO_RIGHT, ["SELECT setval('ledger_entry_id_seq', 1)"]),
    "a table changes hands": (NO_RIGHT, ["ALTER TABLE books_record OWNER TO CURRENT_USER"]),
}


@pytest.mark.parametrize("level", list(IsolationLevel)[1:], ids=lambda level: level.name)
@pytest.mark.parametrize("attack", ATTACKS)
def test_postgresql_refuses(target: Target, attack: str, level: IsolationLevel) -> None:
    why, statements = ATTACKS[attack]
    *before, last = [statement.format(**target.names) for statement in statements]
    with connection(target.app, autocommit=False) as opened:
        opened.isolation_level = level
        for statement in before:
            opened.execute(statement)
        with pytest.raises(psycopg.Error, match=f"(?s){why}"):
            _carry_out(opened, last)
        opened.rollback()


def _carry_out(opened: psycopg.Connection, attack: str) -> None:
    opened.execute(attack)
    opened.commit()


def test_what_is_lawful_is_not_refused(target: Target) -> None:
    """Else the attacks above would prove nothing."""
    lawful = [ENTRY, give("{kenji}"), create()]
    with connection(target.app, autocommit=False) as opened:
        for statement in lawful:
            opened.execute(statement.format(**target.names))
        opened.execute("SET CONSTRAINTS ALL IMMEDIATE")
        opened.rollback()


@pytest.mark.parametrize("right", ["DELETE", "TRUNCATE", "TRIGGER"])
def test_nobody_gives_themselves_a_right(target: Target, right: str) -> None:
    """PostgreSQL only warns of it, and gives nothing."""
    with connection(target.app) as opened:
        opened.execute(f"GRANT {right} ON books_record TO CURRENT_USER")
        held = opened.execute("SELECT has_table_privilege('books_record', %s)", [right]).fetchone()
        assert held == (False,)


def test_what_an_entry_says_of_itself_is_overridden(target: Target) -> None:
    forged = (
        "INSERT INTO ledger_entry (chain, kind, at, reason, number, recorded_at, transaction_id,"
        " previous_sha256, sha256) VALUES ('forged', 'x', {at}, '', 99, '2020-01-01', 1, 'x', 'x')"
        " RETURNING number, recorded_at > now() - interval '1 day', previous_sha256,"
        " transaction_id = pg_current_xact_id()::text::bigint, sha256 = 'x'"
    )
    with connection(target.app, autocommit=False) as opened:
        row = opened.execute(forged.format(at=AT)).fetchone()
        assert row == (1, True, "", True, False)
        opened.rollback()


def test_what_a_seal_says_of_itself_is_overridden(target: Target) -> None:
    forged = (
        "INSERT INTO ledger_seal (entry_id, number, previous_sha256, sha256)"
        " VALUES ({entry}, 99, 'x', 'x') RETURNING number, previous_sha256, sha256 = 'x'"
    )
    with connection(target.app, autocommit=False) as opened:
        assert opened.execute(forged.format(**target.names)).fetchone() == (1, "", False)
        opened.rollback()


def test_a_chain_cannot_be_forked_behind_a_table_of_the_same_name(target: Target) -> None:
    with connection(target.app, autocommit=False) as opened:
        opened.execute("CREATE TEMPORARY TABLE ledger_entry (LIKE public.ledger_entry)")
        opened.execute(
            "INSERT INTO ledger_entry (id, chain, number, kind, at, reason, facts, receipt_sha256,"
            " recorded_at, transaction_id, previous_sha256, sha256, form)"
            " VALUES (1, 'forked', 7, 'x', now(), '', '{}', '', now(), 1, '', 'forged', 2)"
        )
        row = opened.execute(
            "INSERT INTO public.ledger_entry (chain, kind, at, reason)"
            " VALUES ('forked', 'x', now(), '') RETURNING number, previous_sha256"
        ).fetchone()
        assert row == (1, "")
        opened.rollback()


@pytest.mark.parametrize(
    "before", ["SELECT 1", "CREATE TEMPORARY TABLE ledger_rehearsal AS SELECT true AS id"]
)
def test_in_a_database_in_use_nothing_is_of_the_future(
    fresh_database: Addresses, before: str
) -> None:
    with connection(fresh_database.owner) as owner:
        owner.execute("ALTER TABLE ledger_rehearsal DISABLE TRIGGER append_only")
        owner.execute("DELETE FROM ledger_rehearsal")
    with connection(fresh_database.app) as opened:
        opened.execute(before)
        with pytest.raises(errors.CheckViolation, match="of the future"):
            opened.execute(
                "INSERT INTO ledger_entry (chain, kind, at, reason)"
                " VALUES ('attack', 'attack', now() + interval '1 hour', '')"
            )
