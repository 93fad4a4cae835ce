"""What a plan answers when it is asked, as somebody reads it."""

import pytest
from django.utils import translation

from legato.domain.problem import Skill
from legato.solver.asking import Instead, Off
from legato.solver.changes import Comparison
from legato.solver.infeasible import Shortage
from legato.solver.portions import Part
from legato.solver.ways_out import WayOut
from legato.web import why, words

NAMES = {7: "Anna", 8: "Boris", 9: "Chie"}
BORIS = Instead(
    block=5, holder=7, person=8, holder_fit=510, fit=550, why="hot_full", at_least=70
)  # fmt: skip


def reason(code: str, **facts: int | str) -> str:
    named = [(name.replace("_", "."), value) for name, value in facts.items()]
    return words.reason({"code": code, "facts": named}, names=NAMES)


def test_a_reason_names_the_parts_of_the_fit_and_who_fits_better() -> None:
    told = reason(
        "fair_share",
        fit=510,
        fit_tie=210,
        fit_territory=300,
        alternative=8,
        alternative_why="hot_full",
        alternative_by=40,
        alternative_cost=85,
    )
    assert told == (
        "fits well, and the shares stay fair; has worked with them +210; same territory +300; "
        "Boris fits 40 points better, but has a full share of hot ones "
        "(the team would lose about 85 points)"
    )


def test_a_reason_of_an_earlier_plan_is_told_without_a_cost() -> None:
    told = reason("best_fit", alternative=9, alternative_why="less_fit", alternative_by=1)
    assert told == "fits best; Chie fits 1 point less"


def test_all_alternatives_are_told_in_their_order() -> None:
    facts = [
        ("alternative", 8), ("alternative.fit", 9), ("alternative.why", "less_fit"),
        ("alternative.by", 0), ("alternative.2", 12), ("alternative.2.fit", 5),
        ("alternative.2.why", "less_fit"), ("alternative.2.by", 4),
    ]  # fmt: skip
    told = words.alternatives({"facts": facts}, names=NAMES)
    assert told == ["Boris fits as well", "#12 fits 4 points less"]


def test_a_group_that_cannot_be_taken_whole_says_which_of_it_and_why() -> None:
    told = words.removal("group_member:2:lacks_skill:language=ru")
    assert told == "cannot take the whole group (#2: lacks a needed skill (Language: ru))"


def test_a_tier_is_named_with_its_heat() -> None:
    assert words.hindrance("hot/2_full") == "has a full share of hot ones (tier 2)"
    assert why.measure("hot/2") == "Hot, tier 2"


def test_another_person_at_once() -> None:
    assert why.instead(BORIS, names=NAMES) == [
        "Boris fits 40 points better, but has a full share of hot ones.",
        "Giving it to Boris would cost the team about 70 points.",
    ]


def test_another_person_exactly() -> None:
    told = Instead(
        block=5, holder=7, person=8, holder_fit=510, fit=550, why="hot_full", at_least=70,
        cost=85, fit_lost=80, is_exact=True, moves=((5, 7, 8), (6, 8, 9), (2, 9, 7), (1, 7, 9)),
        off=(Off(person=9, of="value", before=12, after=31),),
    )  # fmt: skip
    assert why.instead(told, names=NAMES) == [
        "Boris fits 40 points better, but has a full share of hot ones.",
        "Giving it to Boris costs the team 85 points.",
        "3 others would change hands with it.",
        "Chie, Value: 3.1% from the fair share instead of 1.2%.",
    ]
    assert why.moves(told, names=NAMES, blocks={5: "Acme", 6: "Bolt"}) == [
        "Acme: Anna → Boris", "Bolt: Boris → Chie", "#2: Chie → Anna", "#1: Anna → Chie",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            Instead(block=5, holder=7, person=8, removed="lacks_skill:language=ja"),
            "Boris may not take it: lacks a needed skill (Language: ja).",
        ),
        (
            Instead(block=5, holder=7, person=8, why="less_fit", is_possible=False),
            "It cannot go to Boris: no exchange with others would keep numbers even.",
        ),
        (
            Instead(block=5, holder=7, person=8, why="less_fit", cost=-1, moves=((5, 7, 8),)),
            "Giving it to Boris gains the team 1 point, at the price of fairness.",
        ),
        (
            Instead(
                block=5,
                holder=7,
                person=8,
                why="less_fit",
                cost=0,
                is_fair=False,
                moves=((5, 7, 8),),
            ),
            "Exchanges alone would leave value or work less even than permitted; a new plan with "
            "it locked to Boris looks for another way.",
        ),
        (
            Instead(block=5, holder=7, person=8, why="less_fit", cost=2, moves=((5, 7, 8),)),
            "Nothing else would move.",
        ),
        (
            Instead(block=5, holder=7, person=8, why="less_fit", at_least=0),
            "Giving it to Boris costs the team nothing that the plan's prices show.",
        ),
        (
            Instead(block=5, holder=7, person=8, why="less_fit", cost=0, moves=((5, 7, 8),)),
            "Giving it to Boris costs the team nothing.",
        ),
        (
            Instead(block=5, holder=7, person=8, why="less_fit", cost=2, moves=((5, 7, 8),)),
            "Giving it to Boris would cost the team about 2 points.",
        ),
    ],
)
def test_what_else_another_person_may_mean(told: Instead, said: str) -> None:
    assert said in why.instead(told, names=NAMES)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("in_proportion", "in proportion to free capacity"),
        ("only_they_may", "more: nobody but Anna may take 6 of it"),
        ("they_may_not", "less: Anna may not take 2.5 of it"),
        ("others_must", "less: some of the others must have what nobody else may take"),
    ],
)
def test_why_a_share_is_what_it_is(code: str, said: str) -> None:
    part = Part(
        of="hot", got=1, proportional=1, target=1, why=code, only_theirs=6000, closed=2500
    )  # fmt: skip
    assert why.part(part, person="Anna") == said


def test_amounts_are_written_in_the_units_people_use() -> None:
    assert why.amount("value", 1234567) == "1,234,567"
    assert why.amount("total", 1500) == "1.5"
    assert why.amount("total", 1234567000) == "1,234,567"


def test_a_shortage_and_its_ways_out() -> None:
    short = Shortage(
        code="no_room",
        units=(1, 2, 3),
        orphans=(3,),
        people=(7,),
        needs=(Skill(kind="language", value="ja"),),
        weight=3000,
        room=2000,
        missing=1000,
        removed=(("lacks_skill:language=ja", 2), ("held", 1)),
    )
    assert why.shortage(short, names=NAMES) == [
        "Only these may take these 3 units: Anna.",
        "All of them need: Language: ja.",
        "They have room for 2, and 3 is needed: 1 is missing.",
        "2 other people: lacks a needed skill (Language: ja).",
        "1 other person: gets nothing new at present.",
    ]


@pytest.mark.parametrize(
    ("code", "facts", "said"),
    [
        ("raise_capacity", {"person": 7, "by": 1500}, "Raise the capacity of Anna by 1.5."),
        ("raise_tier_cap", {"to": 3}, "Let newcomers get up to 3 accounts so demanding."),
        (
            "soften_skill",
            {"kind": "language", "value": "ja", "units": 2},
            "Do without Language: ja for 2 units.",
        ),
        (
            "allow_person",
            {"person": 8, "why": "excluded"},
            "Let Boris receive all the same, who is left out now: was excluded.",
        ),
        (
            "allow_key",
            {"units": 1},
            "Let newcomers, and people with an open departure, take 1 key account.",
        ),
        (
            "split_group",
            {"group": 4, "units": 3},
            "Let the 3 units of the parent group go to different people.",
        ),
        ("unpin", {"unit": 11, "person": 7}, "Unlock Acme, which is locked to Anna."),
    ],
)
def test_every_way_out_is_a_sentence(code: str, facts: dict[str, int], said: str) -> None:
    way = WayOut(code=code, facts=tuple(facts.items()), size=1)
    assert why.way_out(way, names=NAMES, records={11: "Acme"}) == said


def test_a_comparison_is_one_sentence() -> None:
    found = Comparison(moved=((1, 7, 8),), fit=(100, 90), persons=())
    assert why.comparison(found) == "1 unit goes elsewhere; the fit is 90 points instead of 100."


def test_numbers_are_written_as_the_readers_language_writes_them() -> None:
    with translation.override("ru"):
        assert why.amount("value", 1234567) == "1\u00a0234\u00a0567"
        assert why.amount("total", 1500) == "1,5"
        told = words.alternative(person="Boris", why="hot_full", points=1234, cost=0)
        assert "1\u00a0234" in told


def test_a_group_that_moves_is_named_whole() -> None:
    told = Instead(
        block=5, holder=7, person=8, why="less_fit", cost=1, moves=((5, 7, 8), (2, 8, 7)),
        units=((5, 6), (2,)),
    )  # fmt: skip
    assert why.moves(told, names=NAMES, blocks={2: "Corp", 5: "Acme", 6: "Bolt"}) == [
        "Acme, Bolt: Anna → Boris", "Corp: Boris → Anna",
    ]  # fmt: skip
    assert "2 others would change hands with it." in why.instead(told, names=NAMES)
