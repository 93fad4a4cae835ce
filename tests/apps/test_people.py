"""What is written of people: hired, changed, away, held, left, and what is refused."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from tests import example

from legato.domain.errors import NotFound, Refused
from legato.domain.policy import UnknownPolicyValue
from legato.ledger.models import Entry
from legato.ledger.operations import KeyAlreadyUsed
from legato.people import operations as people
from legato.people import queries
from legato.people.models import Absence, Employment, Hold, Holiday, Person, Policy, Skill

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"now": example.NOW, "actor": None, "reason": "Because"}


def test_a_person_is_hired_with_all_that_is_said_of_them() -> None:
    cast = example.company()
    pk = people.hire(
        name="Yuki Ito",
        email="yuki@example.com",
        manager=cast.mei,
        team="East",
        time_zone="Asia/Tokyo",
        capacity=Decimal("12.5"),
        skills=[("language", "ja"), ("territory", "kanto")],
        started_on=date(2026, 3, 1),
        **BY,
    )
    hired = Person.objects.get(pk=pk)
    assert hired.is_employed
    assert (hired.manager_id, hired.capacity) == (cast.mei, Decimal("12.5"))
    assert queries.skills_of(person=pk) == [("language", "ja"), ("territory", "kanto")]


def test_the_ledger_keeps_no_name_or_address_of_a_person() -> None:
    pk = people.hire(name="Yuki Ito", email="yuki@example.com", **BY)
    people.change(person=pk, name="Yuki Abe", **BY)
    kept = str([entry.facts for entry in Entry.objects.filter(chain=f"person:{pk}")]).lower()
    assert "yuki" not in kept


def test_a_change_is_kept_with_before_and_after() -> None:
    cast = example.company()
    people.change(person=cast.kenji, capacity=Decimal(60), **BY)
    facts = Entry.objects.get(kind="person_changed").facts
    assert (facts["before"], facts["after"]) == ({"capacity": "50.000"}, {"capacity": "60"})


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"role": "king"}, "person_detail_unknown"),
        ({"skills": [("hobby", "go")]}, "person_detail_unknown"),
        ({"time_zone": "Mars/Olympus"}, "time_zone_unknown"),
        ({"capacity": Decimal(-1)}, "capacity_negative"),
        ({"email": "TAKEN@example.com"}, "email_taken"),
        ({"manager": 999_999}, "not_found"),
    ],
)
def test_nobody_is_hired_on_impossible_terms(said: dict[str, Any], code: str) -> None:
    people.hire(name="First", email="taken@example.com", **BY)
    with pytest.raises(Refused) as refused:
        people.hire(name="Second", **said, **BY)
    assert refused.value.code == code


def test_hiring_twice_with_one_key_is_once() -> None:
    once = people.hire(name="Yuki Ito", key="k", **BY)
    assert people.hire(name="Yuki Ito", key="k", **BY) == once


def test_a_hiring_is_answered_again_though_who_did_it_has_left() -> None:
    example.company()
    hr = people.hire(name="Hana Mori", role="hr", **BY)
    said = BY | {"actor": hr}
    once = people.hire(name="Yuki Ito", key="k", **said)
    example.leave(person=hr)
    assert people.hire(name="Yuki Ito", key="k", **said) == once


def test_a_key_serves_one_command_only() -> None:
    people.hire(name="Yuki Ito", key="k", **BY)
    with pytest.raises(KeyAlreadyUsed):
        people.hire(name="Someone Else", key="k", **BY)


def test_a_chain_of_managers_has_no_loop() -> None:
    cast = example.company()
    with pytest.raises(people.ManagerLoop):
        people.change(person=cast.ada, manager=cast.olga, **BY)


def test_nobody_manages_themselves() -> None:
    cast = example.company()
    with pytest.raises(people.ManagerLoop):
        people.change(person=cast.ada, manager=cast.ada, **BY)


def test_somebody_who_left_becomes_nobodys_manager() -> None:
    cast = example.company()
    example.leave(person=cast.olga)
    with pytest.raises(people.NotEmployed):
        people.change(person=cast.kenji, manager=cast.olga, **BY)


def test_days_away_said_twice_are_noted_once() -> None:
    cast = example.company()
    days: dict[str, Any] = {"first_day": date(2026, 4, 1), "last_day": date(2026, 4, 3)}
    once = people.add_absence(person=cast.kenji, **days, **BY)
    assert people.add_absence(person=cast.kenji, **days, **BY) == once
    assert Absence.objects.count() == 1


def test_an_absence_does_not_end_before_it_starts() -> None:
    cast = example.company()
    with pytest.raises(people.AbsenceBackwards):
        people.add_absence(
            person=cast.kenji, first_day=date(2026, 4, 3), last_day=date(2026, 4, 1), **BY
        )


def test_an_absence_of_nobody_is_not_found() -> None:
    with pytest.raises(NotFound):
        people.add_absence(
            person=999_999, first_day=date(2026, 4, 1), last_day=date(2026, 4, 3), **BY
        )


def test_a_hold_stands_until_it_is_released() -> None:
    cast = example.company()
    with transaction.atomic():
        entry = example.entry()
        hold = people.place_hold(person=cast.olga, why="departure", entry=entry)
    assert queries.managers_of(people={cast.kenji}) == {cast.kenji: cast.mei}
    with transaction.atomic():
        people.release_hold(hold=hold.pk, entry=example.entry())
    assert Hold.objects.get().released_at == example.NOW


def test_a_hold_of_one_kind_is_placed_once() -> None:
    cast = example.company()
    with transaction.atomic():
        entry = example.entry()
        people.place_hold(person=cast.olga, why="departure", entry=entry)
        with pytest.raises(people.AlreadyHeld):
            people.place_hold(person=cast.olga, why="departure", entry=entry)


def test_a_hold_is_released_once() -> None:
    cast = example.company()
    with transaction.atomic():
        entry = example.entry()
        hold = people.place_hold(person=cast.olga, why="departure", entry=entry)
        people.release_hold(hold=hold.pk, entry=entry)
        with pytest.raises(people.NotHeld):
            people.release_hold(hold=hold.pk, entry=entry)


def test_somebody_who_owns_nothing_open_may_leave() -> None:
    cast = example.company()
    example.record(owner=cast.olga, is_open=False)
    example.leave(person=cast.olga)
    assert not Person.objects.get(pk=cast.olga).is_employed
    assert Employment.objects.get(person=cast.olga).ended_at == example.NOW


def test_somebody_who_owns_open_records_may_not_leave_and_hears_how_many() -> None:
    cast = example.company()
    example.records(how_many=3, owner=cast.olga)
    with pytest.raises(people.StillOwnsRecords) as refused:
        example.leave(person=cast.olga)
    assert refused.value.facts == {"name": "Olga Petrova", "records": 3}


def test_the_last_resort_may_not_leave() -> None:
    cast = example.company()
    with pytest.raises(people.IsLastResort):
        example.leave(person=cast.ada)


def test_nobody_leaves_twice() -> None:
    cast = example.company()
    example.leave(person=cast.olga)
    with pytest.raises(people.NotEmployed):
        example.leave(person=cast.olga)


def test_somebody_who_left_may_come_back() -> None:
    cast = example.company()
    example.leave(person=cast.olga)
    people.rehire(person=cast.olga, started_on=date(2026, 9, 1), **BY)
    assert Person.objects.get(pk=cast.olga).is_employed
    assert Employment.objects.filter(person=cast.olga).count() == 2


def test_the_last_day_is_set_and_unset() -> None:
    cast = example.company()
    with transaction.atomic():
        people.set_last_day(person=cast.olga, day=date(2026, 5, 1), entry=example.entry())
    assert queries.person(name="Olga Petrova").ends_on == date(2026, 5, 1)
    with transaction.atomic():
        people.set_last_day(person=cast.olga, day=None, entry=example.entry())
    assert queries.person(name="Olga Petrova").ends_on is None


def test_somebody_who_left_is_nobodys_last_resort() -> None:
    cast = example.company()
    example.leave(person=cast.olga)
    with pytest.raises(people.NotEmployed):
        people.name_last_resort(person=cast.olga, **BY)


def test_a_policy_is_a_new_version_over_the_old() -> None:
    people.set_policy(values={"undo_hours": 48, "hard_skills": ["language"]}, **BY)
    people.set_policy(values={"heat": {"next_step_within": 7}}, **BY)
    rules = queries.policy()
    assert (rules.version, rules.undo_hours, rules.hard_skills) == (2, 48, ("language",))
    assert (rules.heat.next_step_within, rules.heat.late_touched_within) == (7, 30)


@pytest.mark.parametrize(
    "values",
    [{"undo_hours": "48"}, {"undo_hours": True}, {"heat": 5}, {"undo_hours": {"x": 1}}],
)
def test_a_rule_of_another_type_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(people.WrongPolicyValue):
        people.set_policy(values=values, **BY)
    assert not Policy.objects.exists()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"undo_hours": -4}, "whole_number"),
        ({"heat": {"warm_touched_within": -5}}, "whole_number"),
        ({"max_leave_days": -1}, "whole_number"),
        ({"capacity_margin_percent": -100}, "whole_number"),
        ({"fit": {"tie": -1}}, "whole_number"),
        ({"undo_hours": 10**9}, "whole_number"),
        ({"key_account_percent": 900}, "percentage"),
        ({"hard_skills": ["mood"]}, "kinds_of_skill"),
        ({"hard_skills": [["language"]]}, "kinds_of_skill"),
        ({"heat": 5}, "group"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(values: dict[str, Any], expected: str) -> None:
    with pytest.raises(people.WrongPolicyValue) as refused:
        people.set_policy(values=values, **BY)
    assert refused.value.facts["expected"] == expected
    assert not Policy.objects.exists()


def test_the_number_of_the_policy_is_no_rule() -> None:
    with pytest.raises(UnknownPolicyValue) as refused:
        people.set_policy(values={"version": -1}, **BY)
    assert "version" not in str(refused.value.facts["known"])


@pytest.mark.parametrize("values", [{"mood": 1}, {"heat": {"mood": 1}}, {"version": 9}])
def test_a_rule_nobody_knows_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(UnknownPolicyValue):
        people.set_policy(values=values, **BY)
    assert not Policy.objects.exists()


def test_the_roster_says_who_holds_what() -> None:
    cast = example.company()
    example.record(owner=cast.olga)
    example.record(owner=cast.olga, is_open=False)
    with transaction.atomic():
        people.place_hold(person=cast.olga, why="departure", entry=example.entry())
    olga = next(each for each in queries.roster() if each.id == cast.olga)
    assert (olga.manager, olga.team, olga.is_held, olga.open_records) == (
        "Mei Lin",
        "East",
        True,
        1,
    )


def test_a_skill_can_be_taken_back(db: None) -> None:
    kenji = example.person(name="Kenji Sato", skills=[("language", "ja"), ("language", "ru")])
    dropped = [("language", "ru"), ("language", "th")]
    people.change(person=kenji, drop_skills=dropped, now=example.NOW, actor=None)
    assert list(Skill.objects.filter(person=kenji).values_list("value", flat=True)) == ["ja"]


DAYS: dict[str, Any] = {"first_day": date(2026, 4, 1), "last_day": date(2026, 4, 3)}
CHANGES: dict[str, Callable[[example.Cast, dict[str, Any]], object]] = {
    "hire": lambda cast, by: people.hire(name="New", **by),
    "change": lambda cast, by: people.change(person=cast.olga, role="director", **by),
    "rehire": lambda cast, by: people.rehire(person=cast.olga, started_on=None, **by),
    "absence": lambda cast, by: people.add_absence(person=cast.kenji, **DAYS, **by),
    "last resort": lambda cast, by: people.name_last_resort(person=cast.mei, **by),
    "log-in": lambda cast, by: people.give_log_in(
        person=cast.mei, user_name="mei", password="p", **by
    ),
    "holiday": lambda cast, by: people.add_holiday(
        country="JP", day=date(2026, 4, 29), name="Showa", **by
    ),
    "policy": lambda cast, by: people.set_policy(values={"undo_hours": 1}, **by),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_rep_changes_neither_people_nor_rules(change: Any) -> None:
    cast = example.company()
    before = Entry.objects.count()
    with pytest.raises(queries.MayNotAdminister) as refused:
        change(cast, BY | {"actor": cast.olga})
    assert refused.value.facts == {"name": "Olga Petrova"}
    assert Entry.objects.count() == before


def test_whoever_manages_changes_people_and_rules_while_employed() -> None:
    cast = example.company()
    people.set_policy(values={"undo_hours": 1}, **BY | {"actor": cast.sam})
    example.leave(person=cast.sam)
    with pytest.raises(queries.MayNotAdminister):
        people.set_policy(values={"undo_hours": 2}, **BY | {"actor": cast.sam})


def log_in(person: int, *, user_name: str | None = None, password: str = "Oak 7 stone") -> str:
    return people.give_log_in(person=person, user_name=user_name, password=password, **BY)


def test_somebody_employed_is_let_in_by_their_address_or_first_name() -> None:
    cast = example.company()
    mail = Person.objects.get(pk=cast.mei).email
    nobody = example.person(name="Алла Ёлкина", email="")
    assert [log_in(cast.mei), log_in(nobody)] == [mail, "алла"]
    user = authenticate(username=mail, password="Oak 7 stone")
    assert user is not None
    assert queries.person_of_user(user_id=user.pk).id == cast.mei


def test_a_second_log_in_sets_another_password_and_keeps_the_user_name() -> None:
    cast = example.company()
    log_in(cast.mei, user_name="mei")
    assert log_in(cast.mei, password="Another 1") == "mei"
    assert authenticate(username="mei", password="Oak 7 stone") is None
    assert authenticate(username="mei", password="Another 1") is not None


def test_the_ledger_keeps_neither_password_nor_user_name() -> None:
    cast = example.company()
    log_in(cast.mei, user_name="mei.lin")
    kept = Entry.objects.get(kind="log_in_given")
    assert "Oak 7" not in str(kept.facts)
    assert "mei.lin" not in str(kept.facts)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"user_name": "MEI"}, "user_name_taken"),
        ({"user_name": "olga petrova"}, "user_name_wrong"),
        ({"user_name": "o" * 151}, "user_name_wrong"),
        ({"password": ""}, "password_empty"),
    ],
)
def test_an_impossible_log_in_is_refused(said: dict[str, Any], code: str) -> None:
    cast = example.company()
    log_in(cast.mei, user_name="mei")
    with pytest.raises(Refused) as refused:
        log_in(cast.olga, **said)
    assert refused.value.code == code


def test_nobody_who_left_is_let_in() -> None:
    cast = example.company()
    example.leave(person=cast.olga)
    with pytest.raises(people.NotEmployed):
        log_in(cast.olga)


def test_a_holiday_said_twice_is_one() -> None:
    for name in ("Showa", "Showa Day"):
        people.add_holiday(country="JP", day=date(2026, 4, 29), name=name, **BY)
    assert [each.name for each in Holiday.objects.all()] == ["Showa Day"]
