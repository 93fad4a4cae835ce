"""Protecting a book: an interim owner and limits in one step, all of it taken back by one undo."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from tests import example
from tests.example import NOW, Cast
from tests.pages import account, open_case, reader, site

from legato.books.models import Record
from legato.departures import operations as departures
from legato.departures import queries
from legato.departures.operations import CannotCover, CoverEndsPast, Protected
from legato.domain.exports import ExportLimit
from legato.domain.policy import ExportRule
from legato.ledger.models import Entry
from legato.people import operations as people
from legato.people.models import Limit, Person, Taking
from legato.people.queries import MayNotManage
from legato.people.queries import people as known
from legato.planning import operations as planning

pytestmark = pytest.mark.django_db
BOTH = ("export", "log_in")


def opened(cast: Cast, *, how_many: int = 3) -> int:
    example.records(how_many=how_many, owner=cast.olga)
    return open_case(cast)


def protect(case: int, cast: Cast, **different: Any) -> Protected:
    asked: dict[str, Any] = {
        "by": cast.mei, "until": NOW + timedelta(days=30), "limits": BOTH, "actor": cast.mei,
        "now": NOW, "reason": "So that nobody waits",
    }  # fmt: skip
    return departures.protect(case_id=case, **(asked | different))


def standing(person: int) -> set[str]:
    return set(Limit.objects.filter(person=person, lifted_at=None).values_list("what", flat=True))


def owners() -> set[int]:
    return set(Record.objects.values_list("owner", flat=True))


def test_one_entry_gives_the_book_and_places_the_limits() -> None:
    cast = example.company()
    done = protect(opened(cast), cast)
    assert (done.records, done.limits, owners()) == (3, BOTH, {cast.mei})
    assert standing(cast.olga) == set(BOTH)
    assert Entry.objects.get(pk=done.cover).facts["limits"] == ["export", "log_in"]


def test_the_undo_gives_back_and_lifts_and_its_undo_protects_again() -> None:
    cast = example.company()
    done = protect(opened(cast), cast)
    undone = planning.undo(entry_id=done.cover, actor=cast.mei, now=NOW, reason="Too early")
    assert (owners(), standing(cast.olga)) == ({cast.olga}, set())
    planning.undo(entry_id=undone.undo, actor=cast.mei, now=NOW, reason="It was right")
    assert (owners(), standing(cast.olga)) == ({cast.mei}, set(BOTH))


def test_limits_alone_can_be_taken_back() -> None:
    cast = example.company()
    case = opened(cast)
    protect(case, cast, limits=())
    done = protect(case, cast, limits=("export",), now=NOW + timedelta(minutes=1))
    assert done.records == 0
    later = NOW + timedelta(minutes=2)
    planning.undo(entry_id=done.cover, actor=cast.mei, now=later, reason="She needs them")
    assert (owners(), standing(cast.olga)) == ({cast.mei}, set())


def test_the_same_key_does_it_once() -> None:
    cast = example.company()
    case = opened(cast)
    assert protect(case, cast, key="once") == protect(case, cast, key="once")
    assert Entry.objects.filter(kind="cover").count() == 1


@pytest.mark.parametrize(
    ("different", "refusal"),
    [
        ({"until": NOW}, CoverEndsPast),
        ({"by": "olga"}, CannotCover),
        ({"actor": "ivo"}, MayNotManage),
    ],
)
def test_what_is_refused_changes_nothing(
    different: dict[str, Any], refusal: type[Exception]
) -> None:
    cast = example.company()
    case = opened(cast)
    named = {name: getattr(cast, str(one), one) for name, one in different.items()}
    with pytest.raises(refusal):
        protect(case, cast, **named)
    assert (owners(), standing(cast.olga)) == ({cast.olga}, set())


def test_the_log_in_ends_at_once_and_works_again_after_the_undo() -> None:
    cast = example.company()
    case, olga = opened(cast), reader(cast.olga)
    assert olga.get("/").status_code == 200
    done = protect(case, cast)
    assert olga.get("/")["Location"].startswith("/session/")
    planning.undo(entry_id=done.cover, actor=cast.mei, now=NOW, reason="Too early")
    assert reader(cast.olga).get("/").status_code == 200


@pytest.mark.parametrize("has_account", [True, False])
@pytest.mark.parametrize("door", ["company", "password"])
def test_a_log_in_that_is_switched_off_stays_off_whatever_gives_it(
    door: str, has_account: bool
) -> None:
    cast = example.company()
    case = opened(cast)
    if has_account:
        account(cast.olga)
    done, later = protect(case, cast), NOW + timedelta(minutes=1)
    if door == "company":
        people.account_for_company(person=cast.olga, now=later)
    else:
        people.give_log_in(
            person=cast.olga, user_name=None, password="a long one", actor=cast.sam, now=later
        )
    assert not User.objects.get(person=cast.olga).is_active
    planning.undo(entry_id=done.cover, actor=cast.mei, now=later, reason="Too early")
    assert User.objects.get(person=cast.olga).is_active


def test_the_limits_end_with_a_departure_that_was_withdrawn() -> None:
    cast = example.company()
    case = opened(cast)
    reader(cast.olga)
    protect(case, cast)
    departures.withdraw(case_id=case, actor=cast.mei, now=NOW, reason="She stays")
    assert standing(cast.olga) == set()
    assert reader(cast.olga).get("/").status_code == 200


def test_the_log_in_of_who_has_gone_stays_off_when_the_case_is_closed() -> None:
    cast = example.company()
    case = opened(cast)
    reader(cast.olga)
    protect(case, cast)
    after = datetime(2026, 5, 1, 9, tzinfo=NOW.tzinfo)
    departures.end_last_day(case_id=case, now=after)
    departures.sign(
        case_id=case, what="record", number=None, actor=cast.mei, now=after, reason="Mine now"
    )
    departures.close_case(case_id=case, actor=cast.mei, now=after, reason="Done")
    user = Person.objects.get(pk=cast.olga).user
    assert standing(cast.olga) == set()
    assert user is not None
    assert not user.is_active


def limit(**tiers: int) -> None:
    people.set_policy(values={"exports": tiers}, now=NOW, actor=None, reason="Less")


def take(person: int, rows: int, *, at: datetime = NOW) -> None:
    people.take(person=person, what="receipt", about=1, rows=rows, now=at)


def test_split_and_slow_taking_is_added_up_until_it_is_too_long_ago() -> None:
    cast = example.company()
    limit(rep=10, days=30)
    take(cast.ivo, 6)
    take(cast.ivo, 4, at=NOW + timedelta(days=20))
    with pytest.raises(ExportLimit) as refused:
        take(cast.ivo, 1, at=NOW + timedelta(days=29))
    assert refused.value.facts == {
        "name": "Ivo Novak", "rows": 1, "taken": 10, "most": 10, "days": 30
    }  # fmt: skip
    take(cast.ivo, 6, at=NOW + timedelta(days=31))
    assert Taking.objects.count() == 3


def test_a_leaver_takes_less_than_their_role_does() -> None:
    cast = example.company()
    limit(manager=100, leaver=5)
    lea = example.person(name="Lea", role="manager", manager=cast.ada)
    example.record(owner=lea)
    take(lea, 5)
    protect(open_case(cast, leaver=lea), cast, limits=("export",))
    with pytest.raises(ExportLimit):
        take(lea, 1)


def test_without_rules_a_leaver_takes_nothing_and_others_what_they_need() -> None:
    assert ExportRule().leaver == 0
    cast = example.company()
    take(cast.sam, 10**6)


def test_every_download_of_a_receipt_is_counted_and_refused_above_the_limit() -> None:
    found = site()
    limit(manager=10)
    mei = reader(found.cast.mei)
    assert mei.get(f"/receipts/{found.commit}.csv").status_code == 200
    assert mei.get(f"/receipts/{found.commit}.json").status_code == 409
    assert [each.rows for each in Taking.objects.all()] == [8]
    assert Entry.objects.get(kind="rows_taken").facts["rows"] == 8


def test_a_case_file_counts_too() -> None:
    found = site()
    limit(manager=10)
    with pytest.raises(ExportLimit):
        export(found.case, actor=found.cast.mei)


def export(case: int, *, actor: int) -> None:
    from legato.departures.operations import exporting

    exporting.export_body(case_id=case, actor=actor, now=NOW, reason="For the file")


def test_the_diff_says_what_goes_to_whom_and_what_stays() -> None:
    cast = example.company()
    case = opened(cast, how_many=5)
    held = list(Record.objects.filter(owner=cast.olga, kind="account").order_by("pk"))
    example.give(record=held[0].pk, to=cast.kenji)
    protect(case, cast)
    example.record(owner=cast.mei, kind="opportunity", account=held[1].pk)
    seen = queries.protection(known(ids={cast.mei})[cast.mei], case_id=case, now=NOW)
    assert (seen.moves[cast.mei], seen.moves[cast.kenji]) == (4, 5)
    assert [(each.why, each.records) for each in seen.kept[cast.mei]] == [
        ("theirs", 1), ("given", 1)
    ]  # fmt: skip
    again = protect(case, cast, until=NOW + timedelta(days=20))
    assert again.records == seen.moves[cast.mei]
    assert seen.limits == {"export", "log_in"}


def test_who_leaves_too_is_nobody_to_hold_a_book() -> None:
    cast = example.company()
    case = opened(cast)
    open_case(cast, leaver=cast.kenji)
    seen = queries.protection(known(ids={cast.mei})[cast.mei], case_id=case, now=NOW)
    assert [each.name for each in seen.caretakers] == ["Mei Lin"]


def test_a_day_that_cannot_be_read_is_said_and_what_was_typed_is_kept() -> None:
    cast = example.company()
    case = opened(cast)
    typed = {"by": cast.kenji, "until": "soon", "export": "on", "reason": "Ill"}
    answer = reader(cast.mei).post(f"/cases/{case}/protection/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in ('value="soon"', 'value="Ill"', f'value="{cast.kenji}" lang'):
        assert said in page
    assert owners() == {cast.olga}


def test_a_day_that_is_over_is_refused_on_the_same_page() -> None:
    cast = example.company()
    case = opened(cast)
    typed = {"by": cast.kenji, "until": date(2020, 1, 1).isoformat()}
    answer = reader(cast.mei).post(f"/cases/{case}/protection/", typed)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/cases/{case}/protection/", {"by": "{mei}", "until": "2020-11-01"}),
        ("/cases/{case}/plan/", {"until": "2020-11-01"}),
        ("/cases/new/", {"person": "{kenji}", "kind": "dismissal", "last_day": "2020-11-01",
                         "to_competitor": "no"}),
    ],
)  # fmt: skip
def test_a_day_that_is_over_is_said_once_and_as_pages_write_days(
    path: str, typed: dict[str, str]
) -> None:
    cast = example.company()
    ids = {"case": opened(cast), "mei": cast.mei, "kenji": cast.kenji}
    sent = {name: value.format(**ids) for name, value in typed.items()}
    answer = reader(cast.mei).post(path.format(**ids), sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert page.count('id="refusal"') == 1
    said = page.partition('id="refusal"')[2].partition("</div>")[0]
    assert "1 Nov 2020" in said
    assert "00:00" not in said


def test_a_cover_without_a_day_asks_for_one() -> None:
    cast = example.company()
    case = opened(cast)
    page = reader(cast.mei).get(f"/cases/{case}/protection/?by={cast.mei}&until=")
    assert "The cover needs a last day" in page.content.decode()
    assert "until ." not in page.content.decode()
