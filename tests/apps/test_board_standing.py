"""A plan that the world has left behind, and what of a plan was decided by hand."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import example
from tests.apps.test_board import Board, given, made, text, text_of, weights
from tests.pages import open_case, reader

from legato.books.models import Record
from legato.departures import operations as departures
from legato.domain.departure import Announcement
from legato.planning.models import Assignment, Plan

pytestmark = pytest.mark.django_db
DEAD = "This plan cannot be carried out any more."


@pytest.fixture
def board() -> Board:
    return made(accounts=6)


def moved_on(board: Board) -> None:
    """One customer of the book gets another owner."""
    record = Record.objects.get(name="Customer 0")
    example.give(record=record.pk, to=board.cast.ivo)


def leaves(board: Board, person: int) -> None:
    departures.open_case(
        person_id=person, announced=Announcement(kind="resignation", last_day=None),
        actor=board.cast.mei, now=example.NOW, reason="",
    )  # fmt: skip


def again(board: Board, plan: int, **sent: object) -> Plan:
    """Another plan from this one, with what is in sight as the page has it."""
    rows = [f"{unit}:{person}" for unit, person in given(plan).items()]
    answer = board.mei.post(f"/plans/{plan}/again/", {**weights(), "row": rows, **sent})
    assert answer.status_code == 303, text_of(answer)
    return Plan.objects.latest("pk")


def test_a_plan_left_behind_says_so_and_offers_only_a_new_one(board: Board) -> None:
    plan = board.planned()
    assert DEAD not in text(board.mei, f"/plans/{plan}/")
    moved_on(board)
    page = board.mei.get(f"/plans/{plan}/").content.decode()
    assert DEAD in page
    assert "1 of 12 records have changed since." in page
    assert f'action="/plans/{plan}/request/"' not in page
    assert 'class="main" form="again"' in page


def test_who_approves_a_plan_left_behind_is_offered_neither_yes_nor_commit(board: Board) -> None:
    sent, approved = board.sent(), board.sent()
    board.ada.post(f"/plans/{approved}/approval/")
    moved_on(board)
    for path in (f"/plans/{sent}/approval/", f"/plans/{approved}/commit/"):
        page = board.ada.get(path).content.decode()
        assert DEAD in page
        assert f'action="{path}"' not in page
    waiting = board.ada.get("/approvals/").content.decode()
    assert waiting.count(DEAD) == 2
    assert f'href="/plans/{sent}/approval/"' not in waiting
    assert f'href="/plans/{approved}/commit/"' not in waiting


def test_the_lists_of_approvals_take_as_many_statements_however_many_wait(board: Board) -> None:
    counted = []
    for _time in range(2):
        board.sent()
        board.ada.get("/approvals/")
        with CaptureQueriesContext(connection) as many:
            board.ada.get("/approvals/")
        counted.append(len(many))
    assert counted[0] == counted[1]


def test_a_lock_that_became_impossible_is_left_out_of_the_new_plan_and_told(board: Board) -> None:
    first = board.planned()
    kenjis = [unit for unit, person in given(first).items() if person == board.cast.kenji]
    lins = [unit for unit, person in given(first).items() if person == board.lin]
    stays, goes = lins[0], kenjis[0]
    locked = again(board, first, lock=[str(stays), str(goes)]).pk
    leaves(board, board.cast.kenji)
    new = again(board, locked, lock=[str(stays), str(goes)])
    assert new.options["pins"] == [[f"#{stays}", board.lin]]
    assert new.options["lost"] == [[goes, board.cast.kenji, "departing"]]
    page = text(board.mei, f"/plans/{new.pk}/")
    assert "1 lock of the plan before was not possible any more." in page
    assert f"{Record.objects.get(pk=goes).name} → Kenji Sato is leaving" in page


def test_a_lock_typed_now_is_refused_by_name_and_with_the_reason(board: Board) -> None:
    plan = board.planned()
    leaves(board, board.cast.kenji)
    unit = next(unit for unit, person in given(plan).items() if person == board.lin)
    sent = {**weights(), "row": [f"{unit}:{board.lin}"], f"give-{unit}": str(board.cast.kenji)}
    said = text_of(board.mei.post(f"/plans/{plan}/again/", sent))
    assert f"{Record.objects.get(pk=unit).name} (#{unit})" in said
    assert "Kenji Sato: is leaving. No plan was made." in said


def test_only_who_could_receive_is_offered(board: Board) -> None:
    plan = board.planned()
    kenji = f'<option value="{board.cast.kenji}"'
    selects = board.mei.get(f"/plans/{plan}/").content.decode().partition('id="decisions-rows"')[2]
    assert kenji in selects
    leaves(board, board.cast.kenji)
    selects = board.mei.get(f"/plans/{plan}/").content.decode().partition('id="decisions-rows"')[2]
    assert kenji not in selects


def test_a_later_plan_that_was_taken_back_is_said_to_be(board: Board) -> None:
    first, second = board.planned(), board.sent()
    board.ada.post(f"/plans/{second}/approval/")
    digest = Plan.objects.get(pk=second).digest
    board.mei.post(f"/plans/{second}/commit/", {"digest": digest})
    commit = Plan.objects.get(pk=second).commit.entry_id
    board.mei.post(f"/receipts/{commit}/undo/")
    page = text(board.mei, f"/plans/{first}/")
    assert "A later plan was carried out and taken back." in page
    assert DEAD in page


def test_the_approver_reads_what_was_decided_by_hand(board: Board) -> None:
    first = board.planned()
    assert "Nothing: no locks" in text(board.ada, f"/plans/{first}/approval/")
    unit, person = next(iter(given(first).items()))
    sent = {**weights(tie=100, language=900), "tolerance": "7"}
    plan = again(board, first, **sent, lock=[str(unit)], left_out=[str(board.cast.ivo)]).pk
    assert Assignment.objects.get(plan=plan, unit=unit).person_id == person
    page = text(board.ada, f"/plans/{plan}/approval/")
    assert "1 unit is locked by hand." in page
    assert Record.objects.get(pk=unit).name in page
    assert "Existing tie: 100 points instead of 400 by the rules" in page
    assert "Language: 900 points instead of 150 by the rules" in page
    assert "Left out: Ivo Novak" in page
    assert "at most 7 % from a fair share" in page


def test_a_comparison_says_what_was_asked_for_otherwise(board: Board) -> None:
    first = board.planned()
    unit = next(iter(given(first)))
    sent = weights(tie=100, language=900)
    second = again(board, first, **sent, lock=[str(unit)], left_out=[str(board.cast.ivo)]).pk
    page = text(board.mei, f"/plans/{first}/compare/{second}/")
    name = Record.objects.get(pk=unit).name
    assert "Existing tie: 100 points instead of 400" in page
    assert "1 unit is locked otherwise." in page
    assert f"{name}: not locked →" in page
    assert f"Left out of plan {second} alone: Ivo Novak" in page
    assert "by its own weights, not to be compared" in page
    assert "the fit is" not in text(board.mei, f"/plans/{second}/")


def test_a_comparison_of_what_was_asked_for_alike_says_so(board: Board) -> None:
    first, second = board.planned(), board.planned()
    page = text(board.mei, f"/plans/{first}/compare/{second}/")
    assert "Both were asked for the same" in page
    assert "not to be compared" not in page


def test_what_differs_is_listed_in_pages_by_value_and_leads_to_its_reasons() -> None:
    board = made(accounts=60)
    first = board.planned()
    second = again(board, first, left_out=[str(board.cast.kenji), str(board.cast.ivo)]).pk
    both = given(first), given(second)
    differ = [unit for unit in both[0] if both[0][unit] != both[1][unit]]
    path = f"/plans/{first}/compare/{second}/"
    page = board.mei.get(path).content.decode()
    links = re.findall(rf'href="/plans/{second}/units/(\d+)/"', page)
    values = dict(Assignment.objects.filter(plan=second).values_list("unit_id", "value"))
    assert [int(each) for each in links] == sorted(differ, key=lambda unit: -values[unit])[:50]
    assert board.mei.get(f"{path}?page=9").status_code == 404


def test_decisions_are_found_by_a_part_of_their_name(board: Board) -> None:
    plan = board.planned()
    page = text(board.mei, f"/plans/{plan}/?name=ustomer+3")
    rows = page.partition("New owner")[2]
    assert "Customer 3" in rows
    assert "Customer 4" not in rows


def test_a_note_with_the_yes_is_read_by_who_carries_it_out(board: Board) -> None:
    plan = board.sent()
    board.ada.post(f"/plans/{plan}/approval/", {"text": "Call the hot ones first"})
    for path in ("", "commit/"):
        assert "Call the hot ones first" in text(board.mei, f"/plans/{plan}/{path}")


def test_who_decides_about_a_plan_is_among_the_approvals(board: Board) -> None:
    plan = board.sent()
    for path, place in (("approval/", "/approvals/"), ("commit/", "/approvals/"), ("", "/cases/")):
        page = board.ada.get(f"/plans/{plan}/{path}").content.decode()
        places = page.partition('class="places"')[2].partition("</nav>")[0]
        assert re.findall(r'href="([^"]+)" aria-current', places) == [place]


def test_what_fits_nobody_says_what_would_change_that() -> None:
    cast = example.company()
    example.records(how_many=120, owner=cast.olga)
    mei, case = reader(cast.mei), open_case(cast)
    plan = int(mei.post(f"/cases/{case}/plan/")["Location"].split("/")[2])
    orphan = Assignment.objects.filter(plan=plan, is_orphan=True).values_list("unit_id", flat=True)
    page = text(mei, f"/plans/{plan}/units/{orphan[0]}/")
    assert "Raise the capacity of" in page.partition("What would change it")[2]
