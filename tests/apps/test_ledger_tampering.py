"""An owner of the database with the triggers off: whatever they change is found and named."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dj_database_url
import pytest
from django.db import connections, transaction
from tests import example

from legato.cli import run
from legato.cli.ledger import problems
from legato.departures.operations import cover, open_case
from legato.domain.departure import Announcement
from legato.ledger import anchors, queries
from legato.ledger.hashing import entry_sha256, seal_sha256
from legato.ledger.operations import seal
from legato.ledger.queries import Finding
from legato.postgres.addresses import Addresses

pytestmark = pytest.mark.breaks_invariants
TABLES = ("ledger_entry", "ledger_seal", "ledger_identity", "books_span")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A case of three entries (opened, covered, covered again) between others, all sealed."""

    cast: example.Cast
    chain: str
    second: int
    third: int
    record: int
    anchors: Path


@pytest.fixture
def story(fresh_database: Addresses, tmp_path: Path) -> Story:
    """Real commits and an anchor, after which we are the tables' owner."""
    cast = example.company()
    record = example.record(owner=cast.olga).pk
    by: dict[str, Any] = {"actor": cast.mei, "reason": "Because"}
    announced = Announcement(kind="resignation", last_day=date(2026, 4, 30))
    case = open_case(person_id=cast.olga, announced=announced, now=example.NOW, **by).case
    second = _covered(case, cast.mei, hours=1, **by)
    seal()
    kept = tmp_path / "anchors.jsonl"
    anchors.append(kept, now=example.NOW)
    third = _covered(case, cast.ada, hours=2, **by)
    example.entry(chain="later")
    seal()
    anchors.append(kept, now=example.NOW)
    connections["default"].close()
    connections.settings["default"].update(dj_database_url.parse(fresh_database.owner))
    chain = f"case:{case}"
    return Story(cast=cast, chain=chain, second=second, third=third, record=record, anchors=kept)


def _covered(case: int, by: int, *, hours: int, actor: int, reason: str) -> int:
    now = example.NOW + timedelta(hours=hours)
    until = now + timedelta(days=9)
    done = cover(case_id=case, by=by, until=until, actor=actor, now=now, reason=reason)
    return done.cover


def tampered(story: Story, *statements: str) -> None:
    """What an owner can do: switch the triggers off, and write."""
    named = {
        "second": story.second,
        "third": story.third,
        "chain": story.chain,
        "olga": story.cast.olga,
        "record": story.record,
    }
    with transaction.atomic(), connections["default"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for statement in statements:
            cursor.execute(statement.format(**named))
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")


def first(story: Story, *, with_anchors: bool = False) -> Finding | None:
    verdict, _compared = queries.verify(anchors=story.anchors if with_anchors else None)
    return verdict.findings[0] if verdict.findings else None


def test_untouched_it_is_sound(story: Story) -> None:
    assert first(story, with_anchors=True) is None


COLUMNS = {
    "chain": "'case:99'",
    "number": "77",
    "kind": "'undo'",
    "actor_id": "{olga}",
    "at": "at - interval '1 microsecond'",
    "recorded_at": "recorded_at - interval '1 microsecond'",
    "reason": "reason || ' '",
    "facts": """facts || '{{"by": 0}}'""",
    "receipt_sha256": "repeat('0', 64)",
    "transaction_id": "transaction_id + 1",
    "previous_sha256": "repeat('0', 64)",
    "sha256": "repeat('0', 64)",
    "form": "1",
}


@pytest.mark.parametrize("column", COLUMNS)
def test_an_edited_column_names_the_entry(story: Story, column: str) -> None:
    tampered(story, f"UPDATE ledger_entry SET {column} = {COLUMNS[column]} WHERE id = {{second}}")
    found = first(story)
    assert found is not None
    assert (found.problem, found.entry) == ("entry_was_changed", story.second)


def test_no_column_is_left_out(story: Story) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT * FROM ledger_entry LIMIT 0")
        assert {column.name for column in cursor.description} == COLUMNS.keys() | {"id"}


def test_an_edited_id_is_found(story: Story) -> None:
    """Spans name their entry by it: another id is another receipt."""
    tampered(
        story,
        "UPDATE ledger_entry SET id = 999999 WHERE id = {second}",
        "UPDATE ledger_seal SET entry_id = 999999 WHERE entry_id = {second}",
    )
    found = first(story)
    assert found is not None
    assert (found.problem, found.entry) == ("entry_was_changed", 999999)


def test_an_entry_set_back_before_our_era_is_found(story: Story) -> None:
    """Its digits would be the same."""
    tampered(
        story,
        "UPDATE ledger_entry SET at = (to_char(at, 'YYYY-MM-DD HH24:MI:SS.US') || '+00 BC')"
        "::timestamptz WHERE id = {second}",
    )
    found = first(story)
    assert found is not None
    assert found.entry == story.second


def test_two_swapped_entries_are_found(story: Story) -> None:
    tampered(
        story,
        "UPDATE ledger_entry SET number = 1000 WHERE id = {second}",
        "UPDATE ledger_entry SET number = 2 WHERE id = {third}",
        "UPDATE ledger_entry SET number = 3 WHERE id = {second}",
    )
    found = first(story)
    assert found is not None
    assert (found.problem, found.entry) == ("entry_was_changed", story.second)


def test_an_entry_removed_from_the_middle_is_named(story: Story) -> None:
    tampered(story, "DELETE FROM ledger_entry WHERE id = {second}")
    verdict, _compared = queries.verify()
    gone, next_one = verdict.findings[:2]
    assert (gone.problem, gone.entry) == ("sealed_entry_is_missing", story.second)
    assert (next_one.problem, next_one.chain) == ("entry_is_missing", story.chain)
    assert (next_one.number, next_one.entry) == (2, story.third)


def test_a_removed_chain_is_found_with_its_first_seal(story: Story) -> None:
    tampered(
        story,
        "DELETE FROM ledger_seal WHERE entry_id IN"
        " (SELECT id FROM ledger_entry WHERE chain = '{chain}')",
        "DELETE FROM ledger_entry WHERE chain = '{chain}'",
    )
    found = first(story)
    assert found is not None
    assert found.problem == "seal_is_missing"


CUT = (
    "DELETE FROM ledger_seal WHERE number > (SELECT number FROM ledger_seal"
    " WHERE entry_id = {second})",
    "DELETE FROM ledger_entry WHERE id > {second}",
)


def test_a_cut_tail_is_found_by_the_anchors_alone(story: Story) -> None:
    tampered(story, *CUT)
    assert first(story) is None
    found = first(story, with_anchors=True)
    assert found is not None
    last = queries.state().last_seal
    assert (found.problem, found.seal, found.entry) == ("tail_is_cut", (last or 0) + 1, None)


REWRITTEN = f"""
DO $$
DECLARE one record; before text;
BEGIN
    FOR one IN SELECT id, chain, number FROM ledger_entry ORDER BY id LOOP
        UPDATE ledger_entry e SET previous_sha256 = coalesce((SELECT p.sha256 FROM ledger_entry p
            WHERE p.chain = one.chain AND p.number = one.number - 1), '') WHERE e.id = one.id;
        UPDATE ledger_entry e SET sha256 = {entry_sha256()} WHERE e.id = one.id;
    END LOOP;
    before := '';
    FOR one IN SELECT number FROM ledger_seal ORDER BY number LOOP
        UPDATE ledger_seal s SET previous_sha256 = before WHERE s.number = one.number;
        UPDATE ledger_seal s SET sha256 = {seal_sha256()} FROM ledger_entry e
            WHERE e.id = s.entry_id AND s.number = one.number RETURNING s.sha256 INTO before;
    END LOOP;
END $$
""".replace("{", "{{").replace("}", "}}")


def test_a_history_rewritten_with_all_hashes_is_found_by_the_anchors_alone(story: Story) -> None:
    tampered(
        story, "UPDATE ledger_entry SET reason = 'She asked for it' WHERE id = {third}", REWRITTEN
    )
    assert first(story) is None
    found = first(story, with_anchors=True)
    assert found is not None
    assert (found.problem, found.entry) == ("history_was_rewritten", story.third)
    assert (found.chain, found.number, found.actor) == (story.chain, 3, story.cast.mei)


def test_a_cut_tail_that_grew_again_is_found(story: Story) -> None:
    tampered(story, *CUT)
    for _ in range(3):
        example.entry(chain="instead")
    seal()
    found = first(story, with_anchors=True)
    assert found is not None
    assert found.problem == "history_was_rewritten"


def test_another_identity_does_not_hide_from_the_anchors(story: Story) -> None:
    tampered(story, "UPDATE ledger_identity SET uuid = gen_random_uuid()")
    found = first(story, with_anchors=True)
    assert found is not None
    assert found.problem == "other_database"


INSERTED = (
    "INSERT INTO ledger_entry (chain, number, kind, actor_id, at, recorded_at, reason,"
    " previous_sha256, transaction_id, form) SELECT chain, {number}, 'cover', actor_id, at,"
    " recorded_at - interval '{days} days', 'Never was', {previous}, 1, 2"
    " FROM ledger_entry WHERE id = {{third}}"
)
HASHED = f"UPDATE ledger_entry e SET sha256 = {entry_sha256()} WHERE reason = 'Never was'".replace(
    "{", "{{"
).replace("}", "}}")


def test_an_entry_put_into_the_middle_is_found(story: Story) -> None:
    tampered(
        story,
        "ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_in_its_chain",
        INSERTED.format(number=2, days=0, previous="previous_sha256"),
        HASHED,
    )
    found = first(story)
    assert found is not None
    assert (found.problem, found.number) == ("entry_was_inserted", 2)


def test_a_back_dated_entry_is_found_though_its_hash_is_right(story: Story) -> None:
    tampered(story, INSERTED.format(number=4, days=9, previous="sha256"), HASHED)
    seal()
    found = first(story)
    assert found is not None
    assert (found.problem, found.chain, found.number) == ("entry_is_back_dated", story.chain, 4)


def test_a_back_dated_entry_of_a_chain_of_its_own_is_found(story: Story) -> None:
    tampered(
        story,
        INSERTED.format(number=1, days=9, previous="''").replace("chain, 1", "'case:77', 1"),
        HASHED,
    )
    seal()
    found = first(story)
    assert found is not None
    assert (found.problem, found.chain) == ("entry_is_back_dated", "case:77")


SEAL_COLUMNS = {
    "number": "number + 1000",
    "entry_id": "(SELECT id FROM ledger_entry ORDER BY id DESC LIMIT 1)",
    "previous_sha256": "repeat('0', 64)",
    "sha256": "repeat('0', 64)",
    "sealed_at": "sealed_at - interval '1 day'",
    "form": "1",
}


@pytest.mark.parametrize("column", SEAL_COLUMNS)
def test_an_edited_seal_is_found(story: Story, column: str) -> None:
    tampered(
        story,
        "DELETE FROM ledger_seal WHERE entry_id = (SELECT max(id) FROM ledger_entry)",
        f"UPDATE ledger_seal SET {column} = {SEAL_COLUMNS[column]} WHERE entry_id = {{second}}",
    )
    found = first(story)
    assert found is not None
    assert found.problem in {"seal_was_changed", "seal_is_missing", "entry_is_back_dated"}


def test_no_column_of_a_seal_is_left_out(story: Story) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT * FROM ledger_seal LIMIT 0")
        assert {column.name for column in cursor.description} == SEAL_COLUMNS.keys()


SPANS = {
    "edited": "UPDATE books_span SET owner_id = given_to_id WHERE ended_by_id = {second}",
    "removed": "DELETE FROM books_span WHERE ended_by_id = {second}",
    "added": "INSERT INTO books_span (record_id, owner_id, since, until, began_by_id, ended_by_id,"
    " given_to_id, owner_was_ours) SELECT record_id + 1, owner_id, since, until, began_by_id,"
    " ended_by_id, given_to_id, owner_was_ours FROM books_span WHERE ended_by_id = {second}",
}


@pytest.mark.parametrize("how", SPANS)
def test_rows_of_a_receipt_that_differ_name_their_entry(story: Story, how: str) -> None:
    tampered(story, SPANS[how])
    found = first(story)
    assert found is not None
    assert (found.problem, found.entry) == ("receipt_differs", story.second)


def test_a_function_that_lies_about_hashes_is_not_asked(story: Story) -> None:
    tampered(
        story,
        "CREATE OR REPLACE FUNCTION ledger_entry_text_sha256(entry ledger_entry) RETURNS text"
        " LANGUAGE sql AS 'SELECT entry.sha256'",
        "UPDATE ledger_entry SET reason = 'Another' WHERE id = {second}",
    )
    assert (found := first(story)) is not None
    assert found.entry == story.second


def test_a_search_path_that_hides_the_ledger_is_not_followed(story: Story) -> None:
    tampered(
        story,
        "CREATE SCHEMA clean CREATE TABLE ledger_entry (LIKE public.ledger_entry)",
        "UPDATE ledger_entry SET reason = 'Another' WHERE id = {second}",
    )
    with connections["default"].cursor() as cursor:
        cursor.execute("SET search_path = clean, public")
        assert (found := first(story)) is not None
        cursor.execute("RESET search_path")
    assert found.entry == story.second


def test_the_command_names_the_first_in_words_and_json(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    tampered(story, "UPDATE ledger_entry SET reason = 'Another' WHERE id = {second}")
    assert run(["ledger", "verify", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert not told["sound"]
    assert (told["first"]["entry"], told["first"]["chain"]) == (story.second, story.chain)
    assert (told["first"]["number"], told["first"]["name"]) == (2, "Mei Lin")
    assert run(["ledger", "verify"]) == 1
    said = capsys.readouterr().out
    assert f"The first: {story.chain} 2, #{story.second}, Mei Lin, 2026-03-31 10:00 UTC" in said


def test_the_command_compares_with_the_anchors(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ledger", "verify", "--anchors", str(story.anchors), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["anchors"]["anchors"] == 2
    tampered(story, *CUT)
    assert run(["ledger", "verify", "--anchors", str(story.anchors)]) == 1
    assert problems()["tail_is_cut"] in capsys.readouterr().out


def test_every_problem_has_its_words(story: Story) -> None:
    from legato.ledger import verifying

    codes: Callable[[str], bool] = problems().__contains__
    for query in (verifying.ENTRIES, verifying.SEALS, verifying.RECEIPTS):
        named = [part for part in query.split("'") if part.startswith(("entry_", "seal", "chain_"))]
        assert named or "receipt_differs" in query
        assert all(map(codes, named))
