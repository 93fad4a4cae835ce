"""What is typed, or written into an address, and cannot be: each page says so, and none breaks."""

import pytest
from tests import example
from tests.pages import Site, open_case, reader, site

from legato.planning.models import Assignment, Plan

pytestmark = pytest.mark.django_db
LARGE = "9" * 24
FAR = "9999-12-31"
NUL = "a\x00b"


def asked(where: Site, path: str) -> str:
    unit = Assignment.objects.filter(plan=where.plan).order_by("pk").values_list("unit", flat=True)
    return path.format(plan=where.plan, case=where.case, unit=unit[0], mei=where.cast.mei)


def status(method: str, path: str, data: dict[str, str] | None = None) -> int:
    where = site()
    client = reader(where.cast.mei)
    client.raise_request_exception = False
    sent = {name: asked(where, value) for name, value in (data or {}).items()}
    return int(getattr(client, method)(asked(where, path), sent).status_code)


@pytest.mark.parametrize("page", ["/plans/{plan}/", "/plans/{plan}/units/{unit}/"])
@pytest.mark.parametrize("to", ["²", LARGE, "9" * 5000])
def test_a_person_that_is_no_number_leads_nowhere(page: str, to: str) -> None:
    assert status("get", f"{page}?to={to}") == 404


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/plans/{plan}/again/", {"weight-tie": "1", "give-x": "1"}),
        ("/plans/{plan}/again/", {"weight-tie": "1", "give-²": "1"}),
        ("/plans/{plan}/again/", {"weight-tie": "1", "give-1": LARGE}),
        ("/plans/{plan}/again/", {"weight-tie": "1", "lock": "²"}),
        ("/plans/{plan}/again/", {"weight-tie": "1", "row": f"²:{LARGE}"}),
        ("/plans/{plan}/again/", {"weight-tie": "1", "left_out": LARGE}),
        ("/cases/new/", {"person": "²"}),
    ],
)
def test_what_was_typed_is_shown_again_where_it_is_no_number(
    path: str, typed: dict[str, str]
) -> None:
    assert status("post", path, typed) == 422


@pytest.mark.parametrize("what", ["reports:²", f"reports:{LARGE}", "reports:" + "9" * 480])
def test_a_signature_for_what_is_no_number_is_refused(what: str) -> None:
    assert status("post", "/cases/{case}/signatures/", {"what": what, "reason": "x"}) == 409


@pytest.mark.parametrize("seen", ["²", "٣", "9" * 5000])
def test_giving_with_a_count_that_is_no_number_is_refused(seen: str) -> None:
    typed = {"record": "1", "to": "1", "seen": seen, "case": "²"}
    assert status("post", "/book/give/", typed) in (404, 409)


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("get", "/book/?search=%00a", {}),
        ("get", "/book/?%00=a", {}),
        ("get", "/cases/{case}/book/?search=%00a", {}),
        ("get", "/session/company/a%00/", {}),
        ("post", "/cases/{case}/note/", {"reason": NUL}),
        ("post", "/cases/{case}/note/", {"reason": "a", "key": NUL}),
        ("post", "/plans/{plan}/question/", {"text": NUL}),
        ("post", "/book/views/new/", {"name": NUL, "query": ""}),
        ("post", "/my-log-in/sessions/", {"only": NUL}),
        ("post", "/session/", {"username": NUL, "password": NUL}),
    ],
)
def test_text_that_cannot_be_kept_is_not_understood(
    method: str, path: str, sent: dict[str, str]
) -> None:
    where = site()
    client = reader(where.cast.mei)
    answer = getattr(client, method)(asked(where, path), sent)
    assert answer.status_code == 400
    assert "This request cannot be read" in answer.content.decode()


@pytest.mark.parametrize("until", ["30.06.2026", "2026-02-30", FAR, "soon"])
def test_an_end_that_cannot_be_read_makes_no_plan_for_good(until: str) -> None:
    cast = example.company()
    example.records(how_many=2, owner=cast.olga)
    case = open_case(cast)
    answer = reader(cast.mei).post(f"/cases/{case}/plan/", {"until": until, "key": "x"})
    assert answer.status_code == 422
    assert f'value="{until}"' in answer.content.decode()
    assert "until-problem" in answer.content.decode()
    assert not Plan.objects.exists()


@pytest.mark.parametrize(("until", "is_for_good"), [("", True), ("2099-06-30", False)])
def test_a_plan_is_for_good_where_no_end_is_given(until: str, is_for_good: bool) -> None:
    cast = example.company()
    example.records(how_many=2, owner=cast.olga)
    case = open_case(cast)
    answer = reader(cast.mei).post(f"/cases/{case}/plan/", {"until": until, "key": "x"})
    assert answer.status_code == 303
    assert (Plan.objects.get().interim_until is None) is is_for_good


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/cases/{case}/protection/", {"by": "{mei}", "until": FAR}),
        ("/cases/{case}/facts/", {"kind": "leave", "last_day": FAR, "to_competitor": "no"}),
        ("/cases/{case}/facts/", {"kind": "leave", "return_on": FAR, "to_competitor": "no"}),
        (
            "/cases/{case}/facts/",
            {"kind": "leave", "last_day": "0001-01-01", "to_competitor": "no"},
        ),
    ],
)
def test_a_day_too_far_to_count_from_is_said_beside_its_field(
    path: str, typed: dict[str, str]
) -> None:
    where = site()
    sent = {name: asked(where, value) for name, value in typed.items()}
    answer = reader(where.cast.mei).post(asked(where, path), sent)
    assert answer.status_code == 422
    assert "Enter a day from 1900 to 2999." in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"/cases/{{case}}/protection/?by={{mei}}&until={FAR}", 200),
        (f"/audit/?to={FAR}", 404),
        ("/audit/?from=0001-01-01", 404),
        ("/settings/policy/new/?novice_days=999999999", 200),
        ("/settings/policy/new/?cover_days=999999999", 200),
        ("/settings/policy/new/?cover_days=999999999999999999", 200),
        ("/settings/policy/new/?cover_days=²", 200),
        ("/settings/policy/new/?undo_hours=999999999&burning_hours=999999999", 200),
        ("/settings/policy/?novice_days=999999999", 200),
    ],
)
def test_a_day_or_a_rule_out_of_bounds_breaks_no_page(path: str, expected: int) -> None:
    assert status("get", path) == expected
