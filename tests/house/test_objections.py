"""What is wrong with a plan's file, as somebody reads it."""

import re

import pytest
from django.utils import translation

from legato.domain.claims import Violation
from legato.web import objections, words

FOUND = [
    (Violation(code="not_eligible", unit=7, person=3, facts=(("why", "no_arc"),)),
     "may not take it by the rules"),
    (Violation(code="over_capacity", person=3, facts=(("room", 1500), ("gained", 2000))),
     "has room for 1.5, gets 2"),
    (Violation(code="tier_cap", person=3, facts=(("of", "hot/1"), ("cap", 1), ("got", 2))),
     "Hot, tier 1: gets 2, at most 1 are allowed"),
    (Violation(code="pin_broken", unit=7, person=3, facts=(("pinned", 4),)), "pinned to #4"),
    (Violation(code="owner_passed_over", unit=7, facts=(("owner", 4),)), "the account is #4's"),
    (Violation(code="needless_orphan", unit=7, facts=(("taker", 4),)), "#4 has room"),
    (Violation(code="group_split", unit=7, facts=(("group", 9),)), "parent group #9"),
    (Violation(code="share_untrue", person=3, facts=(("of", "value"), ("why", "narrow"))),
     "Value: the limits stated are narrower than permitted, which makes the gap look smaller"),
    (Violation(code="tolerance_untrue", facts=(("said", 50), ("worst", 1213))),
     "5 % is said, 121.3 % is so"),
    (Violation(code="proven_untrue", facts=(("said", 1200), ("fit", 1300))),
     "at most 1,200 points are said, 1,300 are reached"),
    (Violation(code="certificate_untrue", facts=(("of", "gap"), ("said", 10), ("found", 1500))),
     "gap to the bound, %: 0.01 is said, 1.5 is so"),
    (Violation(code="certificate_untrue", person=3, facts=(("of", "persons"),)),
     "what somebody gets"),
    (Violation(code="digest_untrue", facts=(("said", "a" * 64), ("found", "b" * 64))),
     "aaaaaaaaaaaa… is said, bbbbbbbbbbbb… is so"),
    (Violation(code="pin_impossible", facts=(("unit", 7), ("person", 3), ("why", "held"))),
     "gets nothing new at present"),
    (Violation(code="unknown_pin", facts=(("unit", 7), ("person", 3))), ""),
    (Violation(code="not_placed", unit=7), ""),
]  # fmt: skip


@pytest.mark.parametrize(("each", "said"), FOUND)
def test_an_objection_is_told_in_words(each: Violation, said: str) -> None:
    assert objections.detail(each) == said


@pytest.mark.parametrize("language", ["ja", "zh-hans", "ru"])
@pytest.mark.parametrize("each", [each for each, _said in FOUND])
def test_no_code_is_left_in_an_objection(language: str, each: Violation) -> None:
    with translation.override(language):
        told = f"{words.violation(each.code)} {objections.detail(each)}"
    assert not re.search(r"[a-z]+_[a-z]+|narrow|said|found", told)


def test_a_record_is_named_where_the_file_names_it() -> None:
    each = Violation(code="unknown_pin", facts=(("unit", 7), ("person", 3)))
    assert objections.record(each, names={7: "Acme"}) == "Acme (#7)"
    assert objections.record(each, names={}) == "#7"
    assert objections.person(each) == "#3"
    assert objections.record(Violation(code="digest_untrue"), names={}) == ""
