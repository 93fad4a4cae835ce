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
        self.numbered = 0
        """The last number of a case that was given out."""
        self.plans: dict[int, Plan] = {}
        self.entries: dict[int, Entry] = {}
        self.imports: list[Import] = []
        self.bars: set[tuple[str, str]] = set()
        self.rules = {"undo_hours": 72, "max_leave_days": 10, "weight_account": 1000}
        self.version = 0

    # What follows from it

    def is_held(self, who: str) -> bool:
        """Who is employed again is not held for having left."""
        now = self.people[who].employment
        return any(each.employment == now for each in self.open_cases_of(who))

    def open_cases_of(self, who: str) -> list[Case]:
        return [each for each in self.cases.values() if each.person == who and each.is_open]

    def today(self, who: str) -> date:
        return self.now.astimezone(ZoneInfo(self.people[who].zone)).date()

    def owned(self, who: str) -> list[str]:
        return [key for key, each in self.records.items() if each.is_open and each.owner == who]

    def has_left(self, case: Case) -> bool:
        """Whether the employment that the case is about has ended."""
        someone = self.people[case.person]
        return not someone.is_employed or someone.employment != case.employment

    def had_for_good(self, key: str) -> str | None:
        """Who had the record last without an end; what was undone counts as if it had not been."""
        for was, by, _ in reversed(self.records[key].past):
            if was.interim is None and self.entries[by].kind != "undo":
                return was.owner
        return None

    def covered(self, case: Case) -> set[str]:
        """What of the case's book an interim owner keeps."""
        return {
            key for key in case.book
            if (each := self.records[key]).is_open and each.given.interim
            and self.had_for_good(key) == case.person
        }  # fmt: skip

    def came_with(self, key: str) -> str | None:
        """The covered account by which the record came to whoever covers that."""
        record = self.records[key]
        if record.account is None or record.given.interim or not record.is_open:
            return None
        account = self.records[record.account]
        came = account.given.interim and account.owner == record.owner
        return record.account if came and record.given.entry > self._has_since(account) else None

    def _has_since(self, record: Record) -> int:
        """The entry since which the owner has it, whether for an interim or not."""
        since = record.given.entry
        for was, *_ in reversed(record.past):
            if was.owner != record.owner:
                break
            since = was.entry
        return since

    def undecided(self, case: Case) -> set[str]:
        """What of the departure has no new permanent owner yet."""
        own = set() if self.has_left(case) else set(self.owned(case.person))
        covered = self.covered(case)
        return own | covered | {key for key in self.records if self.came_with(key) in covered}

    def waits(self, key: str, leaver: str) -> str | None:
        """Who waits for the record and could get it."""
        then = self.records[key].given.then
        return then if then and then != leaver and self.people[then].is_employed else None

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
        refuse("case_already_open", self.open_cases_of(who))
        refuse("last_day_needed", gone and last_day is None)
        is_over = last_day is not None and last_day < self.today(who)
        refuse("last_day_before_start", last_day is not None and last_day < someone.started)
        refuse("last_day_past", is_over and not gone)
        ends = kind in ENDING
        self.numbered += 1  # Also where it is refused now: the number is gone.
        refuse("is_last_resort", ends and is_over and who == self.last_resort)
        case = self.cases[self.numbered] = Case(
            person=who, kind=kind, employment=someone.employment, last_day=last_day,
            book=set(self.owned(who)),
        )  # fmt: skip
        someone.ends_on = last_day if ends else someone.ends_on
        return self._end(case) if ends and is_over else ""

    def cover(self, number: int, by: str, until: datetime, actor: str) -> list[str]:
        case = self.open_case(number)
        self.may(actor, leavers=[case.person])
        refuse("cover_ends_past", until <= self.now)
        refuse("cannot_cover", by == case.person or not self.people[by].is_employed)
        refuse("cannot_cover", self.is_held(by))
        moved = {key for key in self.undecided(case) if self._covers_anew(key, by, until)}
        entry = self.enter("cover", actor)
        case.book |= set(self.owned(case.person))
        for key, then in [(key, self._after_cover(key, case)) for key in moved]:
            self.records[key].give(self.newly(by, entry, interim=until, then=then), entry)
        return list(moved)

    def _covers_anew(self, key: str, by: str, until: datetime) -> bool:
        """Whoever covers already covers until the new end."""
        interim = self.records[key].given.interim
        return self.records[key].owner != by or bool(interim and interim != until)

    def _after_cover(self, key: str, case: Case) -> str | None:
        """Who is on leave gets it back, unless it was somebody else's; else who waits already."""
        was_theirs = self.had_for_good(key) == case.person or not self.records[key].given.interim
        return case.person if case.kind == "leave" and was_theirs else self.waits(key, case.person)

    def withdraw(self, number: int, actor: str) -> tuple[int, int]:
        """How many come back that were only covered; how many of the book stay with others."""
        case = self.open_case(number)
        self.may(actor, leavers=[case.person])
        someone = self.people[case.person]
        refuse("employment_over", self.has_left(case))
        back = [k for k in self.undecided(case) if self.records[k].owner != case.person]
        entry = self.enter("case_withdrawn")
        for key in back:
            self.records[key].give(self.newly(case.person, entry), entry)
        case.is_open, someone.ends_on = False, None
        book = [self.records[key] for key in case.book]
        return len(back), sum(each.is_open and each.owner != case.person for each in book)

    def end_last_days(self) -> int:
        over = [case for case in self.cases.values() if self._is_over(case)]
        for case in over:
            self._end(case)
        return len(over)

    def end_interims(self) -> int:
        over = [
            each for each in self.records.values()
            if each.is_open and each.given.interim and each.given.interim <= self.now
            and each.given.then and self._may_return(each.given.then)
        ]  # fmt: skip
        entry = self.enter("interim_ended") if over else 0
        for each in over:
            each.give(self.newly(str(each.given.then), entry), entry)
        return len(over)

    def _may_return(self, who: str) -> bool:
        """Nobody is given back what they would have to hand over again."""
        leaving = any(each.kind != "leave" for each in self.open_cases_of(who))
        return self.people[who].is_employed and not leaving

    def _is_over(self, case: Case) -> bool:
        """The last resort stays until another is named."""
        is_here = not self.has_left(case)
        has_day = case.is_open and case.kind in ENDING and case.last_day is not None
        is_over = has_day and case.last_day < self.today(case.person)  # type: ignore[operator]
        return is_over and is_here and case.person != self.last_resort

    def _end(self, case: Case) -> str:
        who = case.person
        manager, entry = self.manager_of(who), self.enter("employment_ended")
        case.book |= set(self.owned(who))
        for key in self.owned(who):
            then, interim = self.waits(key, who), self.records[key].given.interim
            is_kept = then and interim and interim > self.now
            until = interim if is_kept else self.now + timedelta(days=30)
            self.records[key].give(self.newly(manager, entry, interim=until, then=then), entry)
        self.people[who].is_employed = False
        return manager
