"""What Legato ought to do with people, rules, departures and covers, in plain Python.

Every verb of the model either raises `No` with the code of the refusal and changes nothing, or
changes the model.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.model.values import Case, Entry, Given, Import, Person, Plan, Record, refuse

SEES_CASES = ("manager", "director", "operations")
ENDING = ("resignation", "dismissal")


class Company:
    def __init__(self, now: datetime, people: dict[str, Person], last_resort: str) -> None:
        self.now, self.people, self.last_resort = now, people, last_resort
        self.records: dict[str, Record] = {}
        self.cases: dict[int, Case] = {}
        self.plans: dict[int, Plan] = {}
        self.entries: dict[int, Entry] = {}
        self.imports: list[Import] = []
        self.bars: set[tuple[str, str]] = set()
        self.rules = {"undo_hours": 72, "max_leave_days": 10, "weight_account": 1000}
        self.version = 0

    # What follows from it

    def is_held(self, who: str) -> bool:
        return any(case.person == who and case.is_open for case in self.cases.values())

    def today(self, who: str) -> date:
        return self.now.astimezone(ZoneInfo(self.people[who].zone)).date()

    def owned(self, who: str) -> list[str]:
        return [key for key, each in self.records.items() if each.is_open and each.owner == who]

    def manager_of(self, who: str) -> str:
        above, seen = self.people[who].manager, {who}
        while above is not None and above not in seen:
            if self.people[above].is_employed and not self.is_held(above):
                return above
            seen.add(above)
            above = self.people[above].manager
        return self.last_resort

    def may(self, actor: str, *, leavers: Iterable[str] = (), code: str = "may_not_manage") -> None:
        someone = self.people[actor]
        refuse(code, actor in leavers)
        refuse(code, not someone.is_employed or someone.role not in SEES_CASES)

    def sees(self, who: str, case: int) -> bool:
        someone = self.people[who]
        return someone.is_employed and someone.role in SEES_CASES and who != self.cases[case].person

    def enter(self, kind: str, *may: str) -> int:
        number = len(self.entries) + 1
        self.entries[number] = Entry(kind=kind, at=self.now, may=frozenset(may))
        return number

    def open_case(self, number: int) -> Case:
        refuse("case_closed", not self.cases[number].is_open)
        return self.cases[number]

    def newly(self, owner: str, entry: int, **more: object) -> Given:
        given = Given(owner=owner, since=self.now, stands=frozenset({entry}))
        return replace(given, **more)  # type: ignore[arg-type]

    # People and rules

    def hire(self, name: str, person: Person, actor: str) -> None:
        self.may(actor, code="may_not_administer")
        refuse("capacity_negative", person.capacity < 0)
        refuse("not_employed", person.manager and not self.people[person.manager].is_employed)
        self.people[name] = person

    def rehire(self, who: str, actor: str) -> None:
        self.may(actor, code="may_not_administer")
        someone = self.people[who]
        refuse("already_employed", someone.is_employed)
        someone.is_employed, someone.ends_on = True, None
        someone.employment, someone.started = someone.employment + 1, self.now.date()

    def leave(self, who: str) -> None:
        someone = self.people[who]
        refuse("not_employed", not someone.is_employed)
        refuse("is_last_resort", who == self.last_resort)
        refuse("still_owns_records", self.owned(who))
        someone.is_employed = False

    def absent(self, who: str, first: date, last: date, actor: str) -> None:
        self.may(actor, code="may_not_administer")
        refuse("absence_backwards", last < first)
        self.people[who].away.add((first, last))

    def set_capacity(self, who: str, capacity: int, actor: str) -> None:
        self.may(actor, code="may_not_administer")
        refuse("capacity_negative", capacity < 0)
        self.people[who].capacity = capacity

    def name_last_resort(self, who: str, actor: str) -> None:
        self.may(actor, code="may_not_administer")
        refuse("not_employed", not self.people[who].is_employed)
        self.last_resort = who

    def set_rule(self, name: str, value: int, actor: str) -> None:
        self.may(actor, code="may_not_administer")
        refuse("policy_value_wrong", value < 0)
        self.rules[name], self.version = value, self.version + 1

    def bar(self, who: str, key: str, actor: str, *, on: bool) -> None:
        self.may(actor, code="may_not_administer")
        standing = (who, key) in self.bars
        refuse("already_barred" if on else "not_barred", standing is on)
        self.bars ^= {(who, key)}

    # Departures

    def depart(self, who: str, kind: str, last_day: date | None, actor: str, *, gone: bool) -> str:
        """Who covers from the start; '' for nobody."""
        someone = self.people[who]
        self.may(actor, leavers=[who])
        refuse("not_employed", not someone.is_employed)
        refuse("case_already_open", self.is_held(who))
        refuse("last_day_needed", gone and last_day is None)
        is_over = last_day is not None and last_day < self.today(who)
        refuse("last_day_past", is_over and not gone)
        refuse("last_day_before_start", last_day is not None and last_day < someone.started)
        ends = kind in ENDING
        refuse("is_last_resort", ends and is_over and who == self.last_resort)
        self.cases[len(self.cases) + 1] = Case(
            person=who, kind=kind, employment=someone.employment, last_day=last_day,
            book=set(self.owned(who)),
        )  # fmt: skip
        someone.ends_on = last_day if ends else someone.ends_on
        return self._end(who) if ends and is_over else ""

    def cover(self, number: int, by: str, until: datetime, actor: str) -> list[str]:
        case = self.open_case(number)
        self.may(actor, leavers=[case.person])
        refuse("cannot_cover", by == case.person or not self.people[by].is_employed)
        refuse("cannot_cover", self.is_held(by))
        refuse("cover_ends_past", until <= self.now)
        entry = self.enter("cover", actor)
        then = case.person if case.kind == "leave" else None
        moved = [
            key for key in case.book
            if (each := self.records[key]).is_open and each.owner != by
            and (each.owner == case.person or each.given.interim)
        ]  # fmt: skip
        for key in moved:
            self.records[key].give(self.newly(by, entry, interim=until, then=then), entry)
        return moved

    def withdraw(self, number: int, actor: str) -> int:
        case = self.open_case(number)
        self.may(actor, leavers=[case.person])
        someone = self.people[case.person]
        is_same = someone.is_employed and someone.employment == case.employment
        refuse("not_employed", not is_same)
        case.is_open, someone.ends_on = False, None
        book = [self.records[key] for key in case.book]
        return sum(each.is_open and each.owner != case.person for each in book)

    def end_last_days(self) -> int:
        over = [case for case in self.cases.values() if self._is_over(case)]
        for case in over:
            self._end(case.person)
        return len(over)

    def end_interims(self) -> int:
        over = [
            each for each in self.records.values()
            if each.is_open and each.given.interim and each.given.interim <= self.now
            and each.given.then and self.people[each.given.then].is_employed
        ]  # fmt: skip
        entry = self.enter("interim_ended") if over else 0
        for each in over:
            each.give(self.newly(str(each.given.then), entry), entry)
        return len(over)

    def _is_over(self, case: Case) -> bool:
        """The last resort stays until another is named."""
        someone = self.people[case.person]
        is_here = someone.is_employed and someone.employment == case.employment
        has_day = case.is_open and case.kind in ENDING and case.last_day is not None
        is_over = has_day and case.last_day < self.today(case.person)  # type: ignore[operator]
        return is_over and is_here and case.person != self.last_resort

    def _end(self, who: str) -> str:
        manager, entry = self.manager_of(who), self.enter("employment_ended")
        until = self.now + timedelta(days=30)
        for key in self.owned(who):
            self.records[key].give(self.newly(manager, entry, interim=until), entry)
        self.people[who].is_employed = False
        return manager
