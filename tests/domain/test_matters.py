"""What a case says: from facts alone, in a fixed order, each with what decides it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from legato.domain.matters import CaseFacts, Going, Matter, PlanFacts, matters
from legato.web.matters import matter

NOTHING = CaseFacts(
    case=3, name="Olga", ends_employment=True, last_day=date(2026, 4, 30), ending=None,
    is_over=True, is_back=False, undecided=0, elsewhere=0, later=0, plan=None, manager="Mei",
    passed_over=None, reports=0, is_last_resort=False, successors=(), coverers=(), followers=(),
    overdue=(), covers_others=0, kept_back=(), undoable=(), rests=0,
)  # fmt: skip
KENJI = Going(name="Kenji", records=4, case=5, last_day=None, has_left=False)
PLAN = PlanFacts(number=7, is_approved=False, approvers=("Ada",), differences=0, receivers=())
UNTIL = datetime(2026, 4, 3, 9, tzinfo=UTC)


def codes(**facts: object) -> list[str]:
    return [each.code for each in matters(replace(NOTHING, **facts))]  # type: ignore[arg-type]


def test_where_nothing_is_left_the_case_is_to_be_closed() -> None:
    assert codes() == ["to_close"]


def test_what_must_be_decided_comes_before_what_is_told() -> None:
    found = matters(replace(NOTHING, undecided=2, rests=2, later=1, undoable=((118, UNTIL),)))
    assert [(each.code, each.is_open) for each in found] == [
        ("to_plan", True), ("listed_later", False), ("can_undo", False), ("still_points", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"is_over": False, "last_day": None}, "last_day_unknown"),
        ({"is_last_resort": True}, "last_resort_leaves"),
        ({"reports": 3}, "has_reports"),
        ({"passed_over": "Mei", "manager": "Ada"}, "manager_leaves"),
        ({"covers_others": 2}, "covers_others"),
        ({"is_back": True}, "came_back"),
        ({"undecided": 1}, "to_plan"),
        ({"plan": PLAN}, "to_approve"),
        ({"plan": replace(PLAN, approvers=())}, "nobody_approves"),
        ({"plan": replace(PLAN, is_approved=True)}, "to_commit"),
        ({"plan": replace(PLAN, differences=2)}, "plan_stale"),
        ({"plan": replace(PLAN, receivers=(KENJI,))}, "receiver_leaves"),
        ({"plan": replace(PLAN, receivers=(replace(KENJI, has_left=True),))}, "receiver_left"),
        ({"successors": (KENJI,)}, "successor_leaves"),
        ({"coverers": (KENJI,)}, "coverer_leaves"),
        ({"followers": (KENJI,)}, "follower_leaves"),
        ({"followers": (replace(KENJI, has_left=True),)}, "follower_left"),
        ({"overdue": (("Mei", 3),)}, "cover_over"),
        ({"kept_back": (("Kenji", 1),)}, "kept_back"),
        ({"later": 1}, "listed_later"),
        ({"undoable": ((118, UNTIL),)}, "can_undo"),
        ({"rests": 1}, "still_points"),
        ({"ending": "withdrawn", "elsewhere": 12}, "given_away"),
        ({"ending": "closed", "is_back": True}, "came_back"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ja", "zh-hans", "ru"])
def test_every_matter_is_said_in_every_language_with_its_facts(
    facts: dict[str, object], code: str, language: str
) -> None:
    told = {each.code: each for each in matters(replace(NOTHING, **facts))}  # type: ignore[arg-type]
    with translation.override(language):
        said = matter(told[code])
    assert said not in ("", code)
    assert "%" not in said
    for value in dict(told[code].facts).values():
        assert not isinstance(value, int | str) or str(value) in said or code in UNSAID


UNSAID = ("receiver_leaves", "receiver_left")
"""They carry the number of the case besides."""


def test_a_plan_that_cannot_be_carried_out_is_not_to_be_approved() -> None:
    assert "to_approve" not in codes(plan=replace(PLAN, differences=1))
    assert "to_commit" not in codes(plan=replace(PLAN, is_approved=True, receivers=(KENJI,)))


def test_who_is_back_is_asked_for_nothing_that_the_old_employment_needed() -> None:
    asked = codes(is_back=True, reports=4, is_last_resort=True, last_day=None)
    assert asked == ["to_close", "came_back"]


def test_a_case_that_is_over_asks_for_nothing() -> None:
    found = matters(
        replace(NOTHING, ending="withdrawn", elsewhere=12, undecided=3, undoable=((118, UNTIL),))
    )
    assert [each.code for each in found] == ["given_away", "can_undo"]
    assert not any(each.is_open for each in found)


def test_a_code_that_nobody_worded_is_told_as_it_is() -> None:
    assert matter(Matter(code="new_one", facts=(), is_open=True)) == "new_one"


def test_one_is_said_as_one() -> None:
    told = Matter(code="to_plan", facts=(("case", 3), ("records", 1)), is_open=True)
    assert matter(told) == "1 record has no new permanent owner. Command: legato plan 3"
