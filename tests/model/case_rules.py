"""Departures and covers, by whoever may and by whoever may not."""

from datetime import timedelta

from hypothesis import strategies as st
from tests.model.people_rules import PeopleRules
from tests.model.steps import PICK, may_happen, one

from legato.departures import operations as departures

KINDS = ("resignation", "dismissal", "leave", "transfer")
LAST_DAYS = (
    (20, False), (1, False), (0, False), (None, False), (-1, False), (-1, True), (45, True),
    (None, True), (-900, True),
)  # fmt: skip
"""Days from now, and whether the person has gone already."""


class CaseRules(PeopleRules):
    @may_happen(
        often=2, who=PICK, boss=PICK, kind=st.sampled_from(KINDS), day=st.sampled_from(LAST_DAYS)
    )
    def depart(self, *, who: int, boss: int, kind: str, day: tuple[int | None, bool]) -> None:
        days, gone = day
        name, actor = one(["Olga", "Kenji", *self.model.people], who), self.boss(boss)
        last_day = None if days is None else self.day(days)
        inventory = len(self.model.owned(name))
        covered, opened = self.keyed_both(
            f"{actor} opens the {kind} of {name}, last day {last_day}{', gone' if gone else ''}",
            lambda: self.model.depart(name, kind, last_day, actor, gone=gone),
            lambda key: self.doors.depart(
                name, kind, last_day, gone=gone, key=key, **self.said(actor)
            ),
        )
        assert sum(line.count for line in opened.inventory.values()) == inventory
        assert opened.covered_by == (self.doors.people[covered] if covered else None)

    @may_happen(
        when=lambda self: self.model.cases,
        case=PICK,
        by=PICK,
        boss=PICK,
        hours=st.sampled_from([48, 24 * 10, 24 * 40, 0]),
    )
    def cover(self, *, case: int, by: int, boss: int, hours: int) -> None:
        number, actor = one(list(self.model.cases), case), self.boss(boss)
        name, until = self.somebody(by), self.model.now + timedelta(hours=hours)
        moved, answer = self.keyed_both(
            f"{actor} gives the book of case {number} to {name} until {until:%d %b %H:%M}",
            lambda: self.model.cover(number, name, until, actor),
            lambda key: departures.cover(
                case_id=number, by=self.doors.people[name], until=until, key=key, **self.said(actor)
            ),
        )
        self.entered(answer.cover)
        assert answer.records == len(moved)

    @may_happen(when=lambda self: self.model.cases, case=PICK, boss=PICK)
    def withdraw(self, *, case: int, boss: int) -> None:
        number, actor = one(list(self.model.cases), case), self.boss(boss)
        expected, answer = self.both(
            f"{actor} withdraws case {number}",
            lambda: self.model.withdraw(number, actor),
            lambda: departures.withdraw(case_id=number, **self.said(actor)),
        )
        assert (answer.returned, answer.elsewhere) == expected
