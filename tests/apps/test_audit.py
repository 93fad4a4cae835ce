"""The history as people read it: what they may see of it, in sentences, counted exactly."""

import csv
import io
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests import example
from tests.example import NOW
from tests.pages import Site, open_case, propose, reader, site

from legato.departures import operations as departures
from legato.departures.operations import running
from legato.departures.queries.auditing import Asked, audit
from legato.ledger import jobs
from legato.ledger import operations as ledger
from legato.ledger.models import Entry, Verification
from legato.people import operations as people
from legato.people.queries import people as persons
from legato.planning import operations as planning
from legato.planning.operations import Options

pytestmark = pytest.mark.django_db
QUERIES = 20


@pytest.fixture
def olga() -> Site:
    return site()


def text(client: Client, address: str = "/audit/") -> str:
    return client.get(address).content.decode()


def count(viewer: int, **asked: Any) -> int:
    someone = persons(ids={viewer})[viewer]
    return audit(someone, asked=Asked(**asked), page=1, now=NOW).lines.total


def rows(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/audit.csv{query}")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_an_entry_is_a_sentence_with_who_whose_to_whom_and_by_whose_leave(olga: Site) -> None:
    said = {row["kind"]: row["what"] for row in rows(reader(olga.cast.sam))}
    assert said["cover"] == "Mei Lin put 8 records of Olga Petrova under the cover of Mei Lin."
    assert said["commit"].startswith("Mei Lin gave 8 records of Mei Lin to ")
    assert said["commit"].endswith(f": plan {olga.plan}, approved by Ada Okafor.")
    assert said["case_opened"] == "Mei Lin opened the departure of Olga Petrova."
    assert said["person_hired"] == "Legato added Ada Okafor."


def test_every_entry_is_said_in_a_sentence_of_its_own(olga: Site) -> None:
    kinds = {row["kind"]: row["what"] for row in rows(reader(olga.cast.sam))}
    bare = {kind for kind, said in kinds.items() if said.endswith(f": {kind}")}
    assert bare <= {"record_created", "log_in_given"}


def test_who_answers_for_the_company_sees_every_entry(olga: Site) -> None:
    assert count(olga.cast.sam) == count(olga.cast.ada) == Entry.objects.count()


def test_a_manager_sees_departures_and_what_they_did_themselves(olga: Site) -> None:
    with transaction.atomic():
        example.entry(kind="records_imported", chain="import:7", actor=olga.cast.mei)
    of_departures = Q(chain__regex="^(case|plan|run):")
    seen = Entry.objects.filter(of_departures | Q(actor_id=olga.cast.mei)).count()
    assert seen > Entry.objects.filter(of_departures).count()
    assert count(olga.cast.mei) == seen > 0
    assert not {"person_hired", "policy_set"} & {row["kind"] for row in rows(reader(olga.cast.mei))}
    assert 'value="people"' not in text(reader(olga.cast.mei))


@pytest.mark.parametrize("role", ["manager", "director", "operations", "administrator", "hr"])
def test_nobody_sees_or_counts_an_entry_of_their_own_departure(role: str, olga: Site) -> None:
    leaving = example.person(name="Lea Moreau", role=role, manager=olga.cast.ada)
    example.record(owner=leaving)
    client = reader(leaving)
    before = count(leaving)
    case = open_case(olga.cast, leaver=leaving)
    propose(case, olga.cast)
    assert count(leaving) == before
    assert "Moreau" not in "".join(row["what"] for row in rows(client) if "depart" in row["what"])
    assert f'value="{case}"' not in text(client)
    assert client.get(f"/audit/?case={case}").status_code == 404


@pytest.mark.parametrize("role", ["manager", "director"])
def test_a_plan_for_several_is_hidden_from_each_of_them(role: str, olga: Site) -> None:
    """Also when it was asked for in the background, and the run speaks of it."""
    leaving = example.person(name="Lea Moreau", role=role, manager=olga.cast.ada)
    for each in (leaving, olga.cast.kenji):
        example.record(owner=each)
    client, ada = reader(leaving), reader(olga.cast.ada)
    other = open_case(olga.cast, leaver=olga.cast.kenji)
    own = open_case(olga.cast, leaver=leaving)
    before = count(leaving)
    both = departures.plan(
        cases=[own, other], options=Options(), actor=olga.cast.mei, now=NOW, reason="Both"
    ).plan
    run = running.begin(
        cases=[own, other], options=Options(), actor=olga.cast.mei, now=NOW, reason="Both",
        later=lambda run: None,
    )  # fmt: skip
    running.cancel(run_id=run, actor=olga.cast.mei, now=NOW, reason="No")
    told = {row["about"].partition(" ")[0] for row in rows(ada)}
    assert {f"plan:{both}", f"run:{run}"} <= told
    assert count(leaving) == before
    told = {row["about"].partition(" ")[0] for row in rows(client)}
    assert not told & {f"plan:{both}", f"run:{run}"}


def test_no_cell_of_the_file_is_a_formula(olga: Site) -> None:
    formula = "=cmd|'/c calc'!A0"
    people.change(person=olga.cast.ivo, language="ja", now=NOW, actor=olga.cast.sam, reason=formula)
    reasons = {row["why"] for row in rows(reader(olga.cast.sam))}
    assert "'" + formula in reasons
    assert formula not in reasons


def test_a_rep_finds_nothing(olga: Site) -> None:
    for person in (olga.cast.ivo, olga.cast.kenji, olga.cast.olga):
        for address in ("/audit/", "/audit.csv", "/audit/verification/"):
            assert reader(person).get(address).status_code == 404


def test_it_is_narrowed_by_what_by_whom_by_departure_and_by_day(olga: Site) -> None:
    sam = reader(olga.cast.sam)
    assert {row["kind"] for row in rows(sam, "?what=owners")} == {"cover", "commit"}
    assert {row["by"] for row in rows(sam, f"?by={olga.cast.mei}")} == {"Mei Lin"}
    about = {row["about"].split()[0] for row in rows(sam, f"?case={olga.case}")}
    assert about == {f"case:{olga.case}"}
    days = {row["at"][:10] for row in rows(sam, "?from=2026-03-31&to=2026-03-31")}
    assert days == {"2026-03-31"}
    assert len(rows(sam, "?to=2026-03-30")) + len(rows(sam, "?from=2026-03-31")) == count(
        olga.cast.sam
    )


def test_chips_say_in_words_what_narrows_it(olga: Site) -> None:
    page = text(reader(olga.cast.sam), f"/audit/?case={olga.case}&from=2026-03-31&what=owners")
    for chip in ("departure of Olga Petrova", "from 31 Mar 2026", "Owners changed"):
        assert chip in page


@pytest.mark.parametrize("query", ["?by=999999", "?what=nothing", "?from=yesterday", "?page=99"])
def test_what_cannot_be_asked_is_not_found(query: str, olga: Site) -> None:
    assert reader(olga.cast.sam).get(f"/audit/{query}").status_code == 404


def test_fifty_are_shown_then_more_and_all_are_counted(olga: Site) -> None:
    for _number in range(60):
        example.entry(kind="holiday_added", chain="company")
    sam = reader(olga.cast.sam)
    first, second = text(sam, "/audit/?what=rules"), text(sam, "/audit/?what=rules&page=2")
    assert "1 to 50 of 61" in first
    assert "51 to 61 of 61" in second


def test_an_undo_is_offered_to_who_may_while_it_is_possible(olga: Site) -> None:
    someone = persons(ids={olga.cast.mei, olga.cast.sam})
    shown = audit(someone[olga.cast.mei], asked=Asked(), page=1, now=NOW)
    offered = {line.entry.id for line in shown.lines.rows if line.undo_until}
    assert offered == {olga.cover, olga.commit}
    others = audit(someone[olga.cast.sam], asked=Asked(), page=1, now=NOW)
    assert not [line for line in others.lines.rows if line.undo_until]


def test_what_somebody_gave_by_hand_is_theirs_to_find_and_to_take_back(olga: Site) -> None:
    before = count(olga.cast.mei)
    held = example.record(owner=olga.cast.kenji)
    lin = example.person(name="Lin Wei", manager=olga.cast.mei, team="East")
    given = departures.give(
        records=[held.pk], to=lin, along=False, seen=1, actor=olga.cast.mei, now=NOW,
        reason="Speaks Japanese",
    )  # fmt: skip
    mei = persons(ids={olga.cast.mei})[olga.cast.mei]
    shown = audit(mei, asked=Asked(), page=1, now=NOW).lines
    assert shown.total == before + 1
    line = next(each for each in shown.rows if each.entry.id == given.entry)
    assert line.undo_until
    assert line.has_page
    assert reader(olga.cast.mei).get(f"/receipts/{given.entry}/undo/").status_code == 200


def test_what_was_taken_back_says_by_which_entry(olga: Site) -> None:
    undone = planning.undo(entry_id=olga.commit, actor=olga.cast.ada, now=NOW, reason="Too soon")
    mei = persons(ids={olga.cast.mei})[olga.cast.mei]
    shown = audit(mei, asked=Asked(), page=1, now=NOW)
    lines = {line.entry.id: line for line in shown.lines.rows}
    assert lines[olga.commit].undone_by == undone.undo
    assert lines[olga.commit].undo_until is None


def test_names_carry_their_language_in_a_sentence(olga: Site) -> None:
    people.change(person=olga.cast.olga, name="Ольга <b>Петрова</b>", now=NOW, actor=None)
    page = text(reader(olga.cast.sam))
    assert '<span lang="ru">Ольга &lt;b&gt;Петрова&lt;/b&gt;</span>' in page


def test_the_number_of_queries_is_fixed(
    olga: Site, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sam = reader(olga.cast.sam)
    with django_assert_num_queries(QUERIES):
        sam.get("/audit/")
    for _number in range(40):
        example.entry(kind="holiday_added", chain="company")
    open_case(olga.cast, leaver=olga.cast.kenji)
    with django_assert_num_queries(QUERIES):
        sam.get("/audit/")


def test_whether_it_holds_is_said_of_the_last_time_it_was_computed(olga: Site) -> None:
    sam = reader(olga.cast.sam)
    assert "not verified yet" in text(sam)
    assert sam.post("/audit/verification/").status_code == 303
    assert "Verifying the whole history" in text(sam)
    sam.post("/audit/verification/")  # While one waits, asking again queues no other.
    (asked,) = Verification.objects.all()
    ledger.seal()
    assert jobs.verify(verification=asked.pk) == 0
    page = text(sam)
    assert "intact" in page
    assert f"{Entry.objects.count()} entries" in page
    assert jobs.verify(verification=asked.pk) == 0  # Done already: nothing is written again.
