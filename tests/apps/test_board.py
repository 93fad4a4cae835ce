"""The board of a plan, from the making to the undo, as its pages do it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import example
from tests.example import NOW, Cast
from tests.pages import open_case, reader

from legato.books.models import Record
from legato.ledger.models import Entry
from legato.people.models import Message
from legato.people.queries import Someone, people
from legato.planning import operations as planning
from legato.planning import queries
from legato.planning.models import Approval, Assignment, Plan, Remark

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Olga's open departure; Mei manages it, Ada approves, Kenji and Lin receive."""

    cast: Cast
    case: int
    lin: int
    mei: Client
    ada: Client
    kenji: Client

    def planned(self, **sent: Any) -> int:
        """Mei asks for a plan; its number."""
        answer = self.mei.post(f"/cases/{self.case}/plan/", sent)
        assert answer.status_code == 303, text_of(answer)
        return int(answer["Location"].split("/")[2])

    def sent(self) -> int:
        plan = self.planned()
        assert self.mei.post(f"/plans/{plan}/request/").status_code == 303
        return plan


@pytest.fixture
def board() -> Board:
    return made(accounts=6)


def made(*, accounts: int) -> Board:
    cast = example.company()
    lin = example.person(
        name="Lin Wei", manager=cast.mei, team="East", capacity=Decimal(50), country="CN"
    )
    for number in range(accounts):
        held = example.record(owner=cast.olga, name=f"Customer {number}")
        example.record(
            owner=cast.olga, kind="opportunity", account=held.pk, value=Decimal(1000 + number)
        )
    return Board(
        cast=cast, case=open_case(cast), lin=lin, mei=reader(cast.mei), ada=reader(cast.ada),
        kenji=reader(cast.kenji),
    )  # fmt: skip


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return text_of(answer)


def weights(**changed: int) -> dict[str, Any]:
    """The what-if form as it comes, but for what is changed."""
    fit = {"tie": 400, "territory": 150, "language": 150, "industry": 100, "product": 100}
    return {
        f"weight-{part}": str(points) for part, points in {**fit, "family": 100, **changed}.items()
    }


def owners() -> set[int]:
    return set(Record.objects.values_list("owner_id", flat=True))


def given(plan: int) -> dict[int, int]:
    return dict(Assignment.objects.filter(plan=plan).values_list("unit_id", "person_id"))


def test_the_page_before_a_plan_says_what_it_would_decide_and_makes_none(board: Board) -> None:
    assert "12 records have no new owner for good yet." in text(
        board.mei, f"/cases/{board.case}/plan/"
    )
    assert not Plan.objects.exists()


def test_a_plan_is_made_by_its_form_once_and_moves_nothing(board: Board) -> None:
    first, again = board.planned(key="one"), board.planned(key="one")
    assert first == again
    assert owners() == {board.cast.olga}
    assert "It decides 6 units" in text(board.mei, f"/plans/{first}/")


def test_other_weights_make_another_plan_that_says_what_changed(board: Board) -> None:
    plan = board.planned()
    answer = board.mei.post(f"/plans/{plan}/again/", weights(tie=0, language=900))
    made = Plan.objects.latest("pk")
    assert answer["Location"] == f"/plans/{made.pk}/"
    assert made.parent_id == plan
    assert (made.options["weights"]["tie"], made.options["weights"]["language"]) == (0, 900)
    assert f"What is other than in plan {plan}" in text(board.mei, f"/plans/{made.pk}/")


def test_several_are_locked_and_given_at_once_and_unlocked_again(board: Board) -> None:
    plan = board.planned()
    has = given(plan)
    stays, goes = sorted(has)[:2]
    other = board.lin if has[goes] == board.cast.kenji else board.cast.kenji
    rows = [f"{unit}:{person}" for unit, person in has.items()]
    sent = {**weights(), "row": rows, "lock": [str(stays)], f"give-{goes}": str(other)}
    board.mei.post(f"/plans/{plan}/again/", sent)
    locked = Plan.objects.latest("pk")
    assert given(locked.pk)[stays] == has[stays]
    assert given(locked.pk)[goes] == other
    codes = dict(Assignment.objects.filter(plan=locked).values_list("unit_id", "reason__code"))
    assert {unit for unit, code in codes.items() if code == "pinned"} == {stays, goes}
    rows = [f"{unit}:{person}" for unit, person in given(locked.pk).items()]
    board.mei.post(f"/plans/{locked.pk}/again/", {**weights(), "row": rows, "lock": [str(goes)]})
    free = Plan.objects.latest("pk")
    assert free.options["pins"] == [[f"#{goes}", other]]


def test_a_lock_that_is_not_in_sight_stays(board: Board) -> None:
    plan = board.planned()
    unit, person = next(iter(given(plan).items()))
    sent = {**weights(), "row": [f"{unit}:{person}"], "lock": [str(unit)]}
    board.mei.post(f"/plans/{plan}/again/", sent)
    locked = Plan.objects.latest("pk")
    board.mei.post(f"/plans/{locked.pk}/again/", weights())
    assert Plan.objects.latest("pk").options["pins"] == [[f"#{unit}", person]]


def test_what_cannot_be_a_weight_is_said_beside_it_and_what_was_typed_is_kept(
    board: Board,
) -> None:
    plan = board.planned()
    answer = board.mei.post(f"/plans/{plan}/again/", weights(tie=5000))
    assert answer.status_code == 422
    assert 'value="5000"' in answer.content.decode()
    assert "less than or equal to 1000" in text_of(answer)
    assert Plan.objects.count() == 1


def test_a_lock_against_a_rule_is_refused_on_the_board(board: Board) -> None:
    plan = board.planned()
    unit = next(iter(given(plan)))
    sent = {**weights(), "row": [f"{unit}:{board.cast.kenji}"], f"give-{unit}": board.cast.olga}
    answer = board.mei.post(f"/plans/{plan}/again/", sent)
    assert answer.status_code == 409
    assert "No plan was made." in text_of(answer)
    assert Record.objects.get(pk=unit).name in text_of(answer).partition("No plan was made.")[0]
    assert Plan.objects.count() == 1


def test_the_page_of_a_unit_says_why_and_what_somebody_else_would_mean(board: Board) -> None:
    plan = board.planned()
    unit, person = next(iter(given(plan).items()))
    other = board.lin if person == board.cast.kenji else board.cast.kenji
    page = text(board.mei, f"/plans/{plan}/units/{unit}/")
    assert "And if somebody else got it?" in page
    assert "costs the team" in text(board.mei, f"/plans/{plan}/units/{unit}/?to={other}")
    assert board.mei.get(f"/plans/{plan}/units/{unit}/?to={board.cast.ivo + 99}").status_code == 404


def test_two_plans_stand_side_by_side(board: Board) -> None:
    first = board.planned()
    second = board.planned()
    page = text(board.mei, f"/plans/{first}/compare/{second}/")
    assert f"Plans {first} and {second}" in page
    assert "Nothing: everything goes to the same people." in page


def test_who_may_approve_finds_it_once_it_is_sent_and_approves_in_two_steps(board: Board) -> None:
    plan = board.planned()
    assert "No plan waits for you" in text(board.ada, "/approvals/")
    board.mei.post(f"/plans/{plan}/request/", {"text": "Please by noon"})
    assert "12 records" not in text(board.mei, "/approvals/")
    waiting = board.ada.get("/approvals/").content.decode()
    assert f'href="/plans/{plan}/approval/"' in waiting
    page = text(board.ada, f"/plans/{plan}/approval/")
    assert "12 of 12 records get exactly one employed owner, without a gap" in page
    assert "Please by noon" in page
    assert board.ada.post(f"/plans/{plan}/approval/").status_code == 303
    assert Approval.objects.get(plan=plan).approver_id == board.cast.ada
    assert owners() == {board.cast.olga}


def told(person: int) -> list[tuple[str, int]]:
    """The kinds of what somebody was told, and of which plan."""
    rows = Message.objects.filter(person=person).order_by("pk")
    return [(each.kind, each.facts["plan"]) for each in rows]


def test_a_plan_that_is_sent_asks_the_proposers_manager_and_its_answer_comes_back(
    board: Board,
) -> None:
    plan = board.sent()
    assert told(board.cast.ada) == [("plan_sent", plan)]
    assert "Your approval is asked" in text(board.ada, "/messages/")
    board.ada.post(f"/plans/{plan}/approval/")
    assert told(board.cast.mei) == [("approval", plan)]
    assert Message.objects.count() == 2


def test_who_objects_is_told_of_the_answer_and_led_to_their_own_part(board: Board) -> None:
    plan = board.sent()
    board.kenji.post(f"/plans/{plan}/objection/", {"text": "Not all of them"})
    assert told(board.cast.mei) == [("plan_objection", plan)]
    board.mei.post(f"/plans/{plan}/answer/", {"text": "Only the first ones"})
    assert told(board.cast.kenji) == [("plan_answer", plan)]
    message = Message.objects.get(person=board.cast.kenji).pk
    page = board.kenji.get(f"/messages/{message}/").content.decode()
    assert f'href="/plans/{plan}/mine/"' in page
    page = text(board.kenji, f"/plans/{plan}/mine/")
    assert page.index("Not all of them") < page.index("Only the first ones")


def test_an_answer_is_shown_after_ones_own_remark_and_to_nobody_who_made_none(
    board: Board,
) -> None:
    plan = board.sent()
    lin = reader(board.lin)
    board.ada.post(f"/plans/{plan}/question/", {"text": "Why so many?"})
    board.mei.post(f"/plans/{plan}/answer/", {"text": "That was the question of Ada"})
    board.kenji.post(f"/plans/{plan}/objection/", {"text": "Not all of them"})
    board.mei.post(f"/plans/{plan}/answer/", {"text": "Only the first ones"})
    page = text(board.kenji, f"/plans/{plan}/mine/")
    assert "Only the first ones" in page
    assert "the question of Ada" not in page
    assert "Why so many?" not in page
    assert "Only the first ones" not in text(lin, f"/plans/{plan}/mine/")


def test_who_proposed_it_cannot_approve_it_and_reads_who_can(board: Board) -> None:
    plan = board.sent()
    answer = board.mei.post(f"/plans/{plan}/approval/")
    assert answer.status_code == 409
    assert "proposed it" in text_of(answer)
    assert "Ada Okafor" in text_of(answer)
    assert not Approval.objects.exists()


def test_a_no_needs_its_reason_and_ends_the_plan(board: Board) -> None:
    plan = board.sent()
    assert "There are no words" in text_of(board.ada.post(f"/plans/{plan}/rejection/"))
    board.ada.post(f"/plans/{plan}/rejection/", {"text": "Kenji gets too much"})
    assert "Kenji gets too much" in text(board.mei, f"/plans/{plan}/")
    answer = board.ada.post(f"/plans/{plan}/approval/")
    assert "was rejected by Ada Okafor" in text_of(answer)
    assert (answer.status_code, Approval.objects.count()) == (409, 0)


def test_an_approved_plan_is_not_rejected(board: Board) -> None:
    plan = board.sent()
    board.ada.post(f"/plans/{plan}/approval/")
    answer = board.ada.post(f"/plans/{plan}/rejection/", {"text": "On second thoughts"})
    assert answer.status_code == 409
    assert queries.plan(plan_id=plan).state == "approved"


@pytest.mark.breaks_invariants
def test_the_database_refuses_a_no_beside_a_yes_and_a_yes_beside_a_no(board: Board) -> None:
    yes, no = board.sent(), board.sent()
    board.ada.post(f"/plans/{yes}/approval/")
    board.ada.post(f"/plans/{no}/rejection/", {"text": "Not so"})
    entry = example.entry()
    with pytest.raises(IntegrityError, match="rejected"), transaction.atomic():
        Approval.objects.create(plan_id=no, approver_id=board.cast.ada, at=entry.at, entry=entry)
    with pytest.raises(IntegrityError, match="approved"), transaction.atomic():
        Remark.objects.create(
            plan_id=yes, kind="rejection", person_id=board.cast.ada, text="No", at=entry.at,
            entry=entry,
        )  # fmt: skip


def test_a_question_and_its_answer_stay_on_the_plan(board: Board) -> None:
    plan = board.sent()
    board.ada.post(f"/plans/{plan}/question/", {"text": "Why Kenji?", "key": "q"})
    board.ada.post(f"/plans/{plan}/question/", {"text": "Why Kenji?", "key": "q"})
    board.mei.post(f"/plans/{plan}/answer/", {"text": "He knows them"})
    said = [(each.kind, each.text) for each in queries.panel(_viewer(board), plan_id=plan).remarks]
    assert said[1:] == [("question", "Why Kenji?"), ("answer", "He knows them")]
    assert Entry.objects.filter(kind="plan_question").count() == 1


def _viewer(board: Board) -> Someone:
    return people(ids={board.cast.ada})[board.cast.ada]


def test_a_receiver_sees_their_own_part_once_it_is_sent_and_nothing_of_others(
    board: Board,
) -> None:
    plan = board.planned()
    assert board.kenji.get(f"/plans/{plan}/mine/").status_code == 404
    board.mei.post(f"/plans/{plan}/request/")
    page = text(board.kenji, f"/plans/{plan}/mine/")
    mine = {unit for unit, person in given(plan).items() if person == board.cast.kenji}
    names = dict(Record.objects.values_list("pk", "name"))
    for unit in given(plan):
        assert (names[unit] in page) == (unit in mine)
    assert "Lin Wei" not in page
    assert f"/plans/{plan}/mine/" in board.kenji.get("/plans/").content.decode()
    for path in ("", "approval/", "commit/", f"compare/{plan}/", f"units/{next(iter(mine))}/"):
        assert board.kenji.get(f"/plans/{plan}/{path}").status_code == 404


@pytest.mark.parametrize("who", ["olga", "sam", "mei"])
def test_who_receives_nothing_finds_no_part(who: str, board: Board) -> None:
    plan = board.sent()
    client = reader(getattr(board.cast, who))
    assert client.get(f"/plans/{plan}/mine/").status_code == 404
    assert client.post(f"/plans/{plan}/objection/", {"text": "No"}).status_code == 404
    assert not Remark.objects.filter(kind="objection").exists()


def test_an_objection_is_shown_to_who_proposed_and_who_approves(board: Board) -> None:
    plan = board.sent()
    assert board.kenji.post(f"/plans/{plan}/objection/", {"text": ""}).status_code == 409
    board.kenji.post(f"/plans/{plan}/objection/", {"text": "I am full in June"})
    assert "I am full in June" in text(board.mei, f"/plans/{plan}/")
    assert "I am full in June" in text(board.ada, f"/plans/{plan}/approval/")
    assert "1 objection" in text(board.ada, "/approvals/")
    assert "I am full in June" in text(board.kenji, f"/plans/{plan}/mine/")
    assert "I am full in June" not in text(reader(board.lin), f"/plans/{plan}/mine/")


def test_a_plan_that_was_rejected_comes_to_nobody(board: Board) -> None:
    plan = board.sent()
    own = f"/plans/{plan}/mine/"
    assert own in board.kenji.get("/plans/").content.decode()
    planning.reject(plan_id=plan, actor=board.cast.ada, now=NOW, reason="Not fair")
    assert own not in board.kenji.get("/plans/").content.decode()
    assert board.kenji.get(own).status_code == 404


def test_the_panel_carries_it_out_with_the_digest_it_shows_and_the_board_counts_the_hours(
    board: Board,
) -> None:
    plan = board.sent()
    board.ada.post(f"/plans/{plan}/approval/")
    page = board.mei.get(f"/plans/{plan}/commit/").content.decode()
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert digest
    wrong = board.mei.post(f"/plans/{plan}/commit/", {"digest": "0" * 64})
    assert wrong.status_code == 409
    assert owners() == {board.cast.olga}
    board.mei.post(f"/plans/{plan}/commit/", {"digest": digest[1]})
    assert board.cast.olga not in owners()
    said = text(board.mei, f"/plans/{plan}/")
    assert "hours left" in said
    assert "Nobody has changed any of these records since." in said


def test_a_second_manager_who_carries_it_out_reads_that_it_was_done(board: Board) -> None:
    plan = board.sent()
    board.ada.post(f"/plans/{plan}/approval/")
    digest = Plan.objects.get(pk=plan).digest
    board.mei.post(f"/plans/{plan}/commit/", {"digest": digest, "key": "mei"})
    before = owners()
    answer = board.ada.post(f"/plans/{plan}/commit/", {"digest": digest, "key": "ada"})
    assert answer.status_code == 409
    assert "was carried out before" in text_of(answer)
    assert owners() == before


def test_the_board_takes_as_many_statements_however_much_it_shows() -> None:
    counted = []
    for accounts in (3, 30):
        found = made(accounts=accounts)
        plan = found.planned()
        found.mei.post(f"/plans/{plan}/again/", weights(tie=0))
        path = f"/plans/{Plan.objects.latest('pk').pk}/"
        found.mei.get(path)
        with CaptureQueriesContext(connection) as many:
            found.mei.get(path)
        counted.append(len(many))
    assert counted[0] == counted[1] <= 40


def test_who_is_left_out_gets_nothing_until_they_are_let_in_again(board: Board) -> None:
    plan = board.planned()
    board.mei.post(f"/plans/{plan}/again/", {**weights(), "left_out": [str(board.cast.kenji)]})
    without = Plan.objects.latest("pk").pk
    assert board.cast.kenji not in given(without).values()
    page = board.mei.get(f"/plans/{without}/").content.decode()
    assert f'<option value="{board.cast.kenji}" selected>' in page
    board.mei.post(f"/plans/{without}/again/", weights())
    assert board.cast.kenji in given(Plan.objects.latest("pk").pk).values()


def test_a_plan_for_a_time_ends_with_the_day_that_was_chosen(board: Board) -> None:
    plan = Plan.objects.get(pk=board.planned(until="2099-05-01"))
    assert plan.interim_until is not None
    assert plan.interim_until.date().isoformat() in ("2099-05-01", "2099-05-02")
    assert "The new owners are interim ones until" in text(board.mei, f"/plans/{plan.pk}/")


def test_what_fits_nobody_is_said_with_what_would_help() -> None:
    cast = example.company()
    example.records(how_many=120, owner=cast.olga)
    mei, case = reader(cast.mei), open_case(cast)
    path = mei.post(f"/cases/{case}/plan/")["Location"]
    page = text(mei, path)
    assert "What fits nobody, and what would help" in page
    assert "Raise the capacity of" in page


def test_the_part_of_a_person_says_what_is_fair_and_why(board: Board) -> None:
    plan = board.planned()
    page = text(board.mei, f"/plans/{plan}/people/{board.cast.kenji}/")
    assert "Kenji Sato" in page
    assert "in proportion to free capacity" in page
    assert board.mei.get(f"/plans/{plan}/people/987654/").status_code == 404
