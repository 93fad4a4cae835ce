"""What one does on a departure's pages: opened, corrected, told, withdrawn, signed for, closed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests import example
from tests.example import Cast
from tests.pages import open_case, reader, site

from legato.departures.models import Case, Signature
from legato.ledger.models import Entry
from legato.people.models import Hold, Limit

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()


def announced(who: int, **different: Any) -> dict[str, Any]:
    typed = {
        "person": who, "kind": "resignation", "last_day": TODAY + timedelta(days=20),
        "notice_on": "", "return_on": "", "to_competitor": "unknown", "reason": "A new life",
    }  # fmt: skip
    return typed | different


def do(client: Client, path: str, **typed: Any) -> tuple[int, str]:
    """The status, and the page to which the answer leads."""
    answer = client.post(path, typed)
    led = client.get(answer["Location"]) if answer.status_code == 303 else answer
    return answer.status_code, " ".join(led.content.decode().split())


def test_a_departure_is_opened_and_today_waits_for_its_book() -> None:
    cast = example.company()
    example.records(how_many=3, owner=cast.olga)
    status, page = do(reader(cast.mei), "/cases/new/", **announced(cast.olga))
    case = Case.objects.get()
    assert (status, case.person_id, case.opened_by_id) == (303, cast.olga, cast.mei)
    assert Hold.objects.filter(person=cast.olga, released_at=None).exists()
    assert "The departure of Olga Petrova is open." in page
    assert "3 records are still with the leaver." in page


def test_before_it_is_opened_what_would_be_listed_is_counted() -> None:
    cast = example.company()
    example.records(how_many=3, owner=cast.olga)
    page = reader(cast.mei).get(f"/cases/new/?person={cast.olga}").content.decode()
    assert "<dt>Accounts</dt><dd>3</dd>" in page
    assert not Case.objects.exists()


@pytest.mark.parametrize("typed", ["nobody", "²", "9" * 30])
def test_an_address_that_names_nobody_counts_nothing(typed: str) -> None:
    page = reader(example.company().mei).get("/cases/new/", {"person": typed})
    assert page.status_code == 200


def test_who_is_dismissed_today_loses_the_way_in_first() -> None:
    cast = example.company()
    example.records(how_many=3, owner=cast.olga)
    olga = reader(cast.olga)
    typed = announced(cast.olga, kind="dismissal", last_day=timezone.now().date(), log_in="on")
    assert do(reader(cast.mei), "/cases/new/", **typed)[0] == 303
    assert olga.get("/").status_code == 302
    page = reader(cast.mei).get("/").content.decode()
    assert "log-in is off" in page
    assert "Protect now" in page


def test_who_has_already_gone_is_covered_at_once() -> None:
    cast = example.company()
    example.records(how_many=3, owner=cast.olga)
    gone = announced(cast.olga, last_day=TODAY - timedelta(days=3), already_gone="on")
    status, page = do(reader(cast.mei), "/cases/new/", **gone)
    assert status == 303
    assert "covers 3 records until" in page


def test_an_unknown_last_day_is_left_empty() -> None:
    cast = example.company()
    assert do(reader(cast.mei), "/cases/new/", **announced(cast.olga, last_day=""))[0] == 303
    assert Case.objects.get().last_day is None


@pytest.mark.parametrize(
    ("different", "status", "said"),
    [
        ({"last_day": TODAY - timedelta(days=3)}, 409, "If the person has already gone"),
        ({"last_day": "soon"}, 422, "Enter a valid date."),
        ({"person": "987654"}, 422, "Select a valid choice."),
    ],
)
def test_what_is_refused_keeps_what_was_typed(
    different: dict[str, Any], status: int, said: str
) -> None:
    cast = example.company()
    typed = announced(cast.olga, **different)
    answer = do(reader(cast.mei), "/cases/new/", **typed)
    assert answer[0] == status
    assert said in answer[1]
    assert 'value="A new life"' in answer[1]
    assert not Case.objects.exists()


def facts(**different: Any) -> dict[str, Any]:
    """Olga's departure as `open_case` has it."""
    typed = announced(0, last_day=TODAY + timedelta(days=60), reason="Moved", **different)
    return {name: value for name, value in typed.items() if name != "person"}


def opened() -> tuple[Cast, int]:
    cast = example.company()
    example.records(how_many=3, owner=cast.olga)
    status, _page = do(reader(cast.mei), "/cases/new/", **announced(cast.olga))
    assert status == 303
    return cast, Case.objects.get().pk


def test_a_date_that_moves_is_corrected() -> None:
    cast, case = opened()
    status, page = do(reader(cast.mei), f"/cases/{case}/facts/", **facts(to_competitor="yes"))
    found = Case.objects.get()
    assert (status, found.last_day) == (303, TODAY + timedelta(days=60))
    assert found.to_competitor == "yes"
    assert "is corrected." in page


def test_the_form_of_a_correction_begins_with_what_is_known() -> None:
    cast, case = opened()
    page = reader(cast.mei).get(f"/cases/{case}/facts/").content.decode()
    assert f'value="{TODAY + timedelta(days=20)}"' in page


def test_nothing_to_correct_is_said() -> None:
    cast, case = opened()
    status, page = do(
        reader(cast.mei), f"/cases/{case}/facts/", **facts() | {"last_day": TODAY + timedelta(20)}
    )
    assert (status, "says all of that already" in page) == (409, True)


def test_the_team_is_told_in_its_languages_and_that_is_noted() -> None:
    cast, case = opened()
    mei = reader(cast.mei)
    page = mei.get(f"/cases/{case}/note/").content.decode()
    assert 'lang="ja"' in page
    assert "Olga Petrova さん" in page
    assert "dismissal" not in page
    status, page = do(mei, f"/cases/{case}/note/", back="case")
    assert (status, "Noted: the team knows that Olga Petrova leaves." in page) == (303, True)
    assert Entry.objects.filter(kind="team_told").count() == 1
    assert "The team was told" in mei.get(f"/cases/{case}/note/").content.decode()


def test_whoever_stays_gets_back_what_was_covered() -> None:
    cast, case = opened()
    mei = reader(cast.mei)
    cover = {"by": cast.mei, "until": TODAY + timedelta(days=9), "export": "on"}
    assert do(mei, f"/cases/{case}/protection/", **cover)[0] == 303
    shown = mei.get(f"/cases/{case}/withdrawal/").content.decode()
    assert "3 records that are only covered go back." in shown
    status, page = do(mei, f"/cases/{case}/withdrawal/", reason="She stays")
    assert status == 303
    assert "Olga Petrova stays. 3 records that were only covered are back." in page
    assert not Limit.objects.filter(lifted_at=None).exists()


def test_what_still_points_to_who_leaves_is_signed_for_and_the_case_is_closed() -> None:
    found = site()
    mei = reader(found.cast.mei)
    shown = mei.get(f"/cases/{found.case}/closing/").content.decode()
    assert "still points to who leaves" in shown
    status, page = do(mei, f"/cases/{found.case}/closing/")
    assert (status, "was not closed" in page and 'role="alert"' in page) == (409, True)
    path = f"/cases/{found.case}/signatures/"
    assert do(mei, path, what="still_employed", reason="")[0] == 409
    assert not Signature.objects.exists()
    assert do(mei, path, what="still_employed", reason="Ends in April")[0] == 303
    status, page = do(mei, f"/cases/{found.case}/closing/", reason="Done")
    assert (status, "is closed." in page) == (303, True)
    assert Case.objects.get().closed_at is not None


def test_the_file_of_a_case_is_given_out_and_that_is_in_it() -> None:
    found = site()
    answer = reader(found.cast.mei).post(f"/cases/{found.case}/file/", {"reason": "For the lawyer"})
    lines = [json.loads(line) for line in answer.content.decode().splitlines()]
    assert answer["Content-Disposition"].startswith("attachment")
    assert "For the lawyer" in answer.content.decode()
    assert len(lines) > 10


def test_what_is_over_has_no_acts_left() -> None:
    cast = example.company()
    case = open_case(cast)
    mei = reader(cast.mei)
    assert do(mei, f"/cases/{case}/withdrawal/")[0] == 303
    for act in ("protection", "facts", "withdrawal", "closing", "signatures", "note"):
        assert mei.get(f"/cases/{case}/{act}/").status_code == 404, act
        assert mei.post(f"/cases/{case}/{act}/").status_code == 404, act


def test_a_form_that_is_sent_twice_counts_once() -> None:
    cast = example.company()
    mei = reader(cast.mei)
    typed = announced(cast.olga, key="the same")
    assert do(mei, "/cases/new/", **typed)[0] == 303
    assert do(mei, "/cases/new/", **typed)[0] == 303
    assert Case.objects.count() == 1


def test_what_ends_a_case_is_answered_the_same_again_by_its_key() -> None:
    cast = example.company()
    case = open_case(cast)
    mei, typed = reader(cast.mei), {"key": "the same"}
    assert do(mei, f"/cases/{case}/withdrawal/", **typed)[0] == 303
    assert do(mei, f"/cases/{case}/withdrawal/", **typed)[0] == 303
    assert Entry.objects.filter(kind="case_withdrawn").count() == 1
    assert reader(cast.sam).post(f"/cases/{case}/withdrawal/", typed).status_code == 404
    assert mei.post(f"/cases/{case}/withdrawal/", {"key": "another"}).status_code == 404
