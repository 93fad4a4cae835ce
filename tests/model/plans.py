"""What Legato ought to do with plans: which may be made, approved, carried out and taken back.

Who gets what is the solver's choice; the model is told, and says whether it may be so.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from tests.model.files import Files
from tests.model.values import Given, No, Plan, Record, refuse

UNDOABLE = ("commit", "cover", "undo")


class Model(Files):
    """All of it."""

    # What a plan decides

    def leavers(self, plan: Plan) -> set[str]:
        return {self.cases[number].person for number in plan.cases}

    def scope(self, plan: Plan) -> dict[str, str]:
        """Record to its unit: what has no new permanent owner yet."""
        decided = set[str]().union(*(self.undecided(self.cases[n]) for n in plan.cases))
        return {key: self._unit(key, decided, plan) for key in decided}

    def _unit(self, key: str, decided: set[str], plan: Plan) -> str:
        account = self.records[key].account
        goes_along = account in decided and key not in plan.pins
        return str(account) if goes_along else key

    def leaver_of(self, key: str, plan: Plan) -> str:
        """Who leaves the record behind: who has it, else who had it for good."""
        cases = [self.cases[number] for number in plan.cases]
        owner = self.records[key].owner
        if owner in {case.person for case in cases if not self.has_left(case)}:
            return owner
        if any(key in self.covered(case) for case in cases):
            return str(self.had_for_good(key))
        return str(self.had_for_good(str(self.came_with(key))))

    def candidates(self, plan: Plan, units: set[str]) -> set[str]:
        """The reps, and who is asked for besides."""
        asked = set(plan.pins.values()) | {str(self._preferred(unit)) for unit in units}
        return {
            name for name, each in self.people.items()
            if each.is_employed and (each.role == "rep" or name in asked)
        }  # fmt: skip

    def _preferred(self, unit: str) -> str | None:
        """A record on somebody else's account goes to that owner."""
        account = self.records[unit].account
        return self.records[account].owner if account else None

    def hinders(self, unit: str, who: str, plan: Plan, scope: dict[str, str]) -> bool:
        """Whether a hard rule keeps the person from the unit."""
        someone, account = self.people[who], self.records[unit].account
        stays = plan.until and someone.ends_on and someone.ends_on >= plan.until.date()
        weight = self._weight(unit)
        return bool(
            who in self.leavers(plan) | plan.excluded
            or (someone.ends_on and not stays)
            or self.is_held(who)
            or self.leave_days(who, plan) > self.rules["max_leave_days"]
            or {(who, unit), (who, account)} & self.bars
            or (weight and weight > self.room(who, plan, scope))
        )

    def _weight(self, unit: str) -> int:
        return self.rules["weight_account"] if self.records[unit].kind == "account" else 0

    def room(self, who: str, plan: Plan, scope: dict[str, str]) -> int:
        """Thousandths of an account; who is no rep has room for what is pinned to them."""
        held = sum(self._weight(key) for key in self.owned(who) if key not in scope)
        if self.people[who].role != "rep":
            units = set(scope.values())
            return sum(self._weight(u) for u, to in plan.pins.items() if to == who and u in units)
        return max(0, self.people[who].capacity * 1000 - held)

    def leave_days(self, who: str, plan: Plan) -> int:
        """Working days of the longest leave that runs now or begins soon."""
        today = self.now.date()
        horizon = plan.until.date() if plan.until else today + timedelta(days=30)
        soon = [each for each in self.people[who].away if each[1] >= today and each[0] <= horizon]
        return max((_working_days(max(first, today), min(last, horizon) if plan.until else last)
                    for first, last in soon), default=0)  # fmt: skip

    def broken(self, plan: Plan) -> set[str]:
        """The rules that the plan would break now."""
        return set(self._broken(plan))

    def _broken(self, plan: Plan) -> Iterator[str]:
        scope = self.scope(plan)
        units = set(scope.values())
        people = self.candidates(plan, units)
        gained: Counter[str] = Counter()
        if units != set(plan.given):
            yield "not_placed"
            return
        for unit, who in plan.given.items():
            wanted = self._preferred(unit)
            settled = wanted in people and not self.hinders(unit, str(wanted), plan, scope)
            if unit not in plan.pins and settled and who != wanted:
                yield "owner_passed_over"
            if who is not None:
                gained[who] += self._weight(unit)
                if who not in people or self.hinders(unit, who, plan, scope):
                    yield "not_eligible"
        if any(many > self.room(who, plan, scope) for who, many in gained.items()):
            yield "over_capacity"

    # Verbs

    def may_plan(self, plan: Plan, actor: str) -> None:
        """Before the solver is asked."""
        for number in plan.cases:
            self.open_case(number)
        self.may(actor, leavers=self.leavers(plan))
        refuse("interim_ends_past", plan.until and plan.until <= self.now)
        refuse("not_found", any(not self.records[unit].is_open for unit in plan.pins))
        scope = self.scope(plan)
        refuse("nothing_to_plan", not scope)
        units = set(scope.values())
        people = self.candidates(plan, units)
        refuse("unknown_pin", any(unit not in units or who not in people
                                  for unit, who in plan.pins.items()))  # fmt: skip
        refuse("pin_impossible", any(self.hinders(unit, who, plan, scope)
                                     for unit, who in plan.pins.items()))  # fmt: skip
        pinned = Counter[str]()
        for unit, who in plan.pins.items():
            pinned[who] += self._weight(unit)
        refuse("pin_impossible", any(
            many > self.room(who, plan, scope) for who, many in pinned.items()))  # fmt: skip

    def planned(self, plan: Plan, given: dict[str, str | None]) -> int:
        """Notes the solver's choice, which must break no rule; the plan's number."""
        plan.given, plan.version, scope = given, self.version, self.scope(plan)
        assert not self.broken(plan), f"the plan breaks {self.broken(plan)}"
        plan.receives = {
            unit: who or self.manager_of(self.leaver_of(unit, plan)) for unit, who in given.items()
        }
        for key, unit in scope.items():
            each = self.records[key]
            plan.moves[key] = unit, each.owner, each.entry, each.given.interim is not None
            for number in plan.cases:
                if self.cases[number].person == self.leaver_of(key, plan):
                    self.cases[number].book.add(key)
        plan.entry = len(self.entries)
        number = len(self.plans) + 1
        self.plans[number] = plan
        return number

    def approve(self, number: int, approver: str) -> None:
        plan = self.plans[number]
        refuse("already_approved", plan.approver)
        self.refuse_over(plan)
        able = self.approvers(plan)
        refuse("nobody_may_approve", not able)
        refuse("may_not_approve", approver not in able)
        refuse("plan_has_conflicts", any(
            {(who, key), (who, self.records[key].account)} & self.bars
            for key, (unit, *_) in plan.moves.items() if (who := plan.receives[unit])
        ))  # fmt: skip
        plan.approver = approver

    def refuse_over(self, plan: Plan) -> None:
        refuse("departure_over", any(not self.cases[number].is_open for number in plan.cases))

    def approvers(self, plan: Plan) -> set[str]:
        """Neither who proposed, nor who leaves, nor who receives."""
        involved = self.leavers(plan) | {plan.proposer} | set(plan.receives.values())
        return {
            name for name, each in self.people.items()
            if each.is_employed and each.role in ("manager", "director") and name not in involved
        }  # fmt: skip

    def stale(self, plan: Plan) -> bool:
        """Whether anything of what it was made from differs."""
        cases = [self.cases[number] for number in plan.cases]
        leavers = {case.person for case in cases if not self.has_left(case)}
        return self.version != plan.version or any(
            each.entry != plan.moves[key][2] or each.owner != plan.moves[key][1] or not each.is_open
            if key in plan.moves
            else each.is_open and (each.owner in leavers or self._came_later(key, plan))
            for key, each in self.records.items()
        )

    def _came_later(self, key: str, plan: Plan) -> bool:
        """To whoever covers an account of the plan, since it was made."""
        is_later = self.records[key].entry > plan.entry
        return is_later and self.came_with(key) in {unit for unit, *_ in plan.moves.values()}

    def commit(self, number: int, actor: str, *, is_right: bool) -> list[str]:
        """What changes hands."""
        plan = self.plans[number]
        self.may(actor, leavers=self.leavers(plan))
        refuse("digest_differs", not is_right)
        refuse("already_committed", plan.commit)
        refuse("not_approved", not plan.approver)
        self.refuse_over(plan)
        refuse("plan_stale", self.stale(plan))
        refuse("plan_breaks_rule", (plan.until and plan.until <= self.now) or self.broken(plan))
        moving = self.moving(number)
        refuse("plan_breaks_rule", any(self._falls_to_nobody(key, plan) for key in moving))
        entry = plan.commit = self.enter("commit", plan.proposer, str(plan.approver))
        for key in moving:
            then = self._returns_to(key, plan) if plan.returns else None
            to = plan.receives[plan.moves[key][0]]
            self.records[key].give(self.newly(to, entry, interim=plan.until, then=then), entry)
        return moving

    def _falls_to_nobody(self, key: str, plan: Plan) -> bool:
        """An orphan whose manager has left, or is about to."""
        unit = plan.moves[key][0]
        manager = plan.receives[unit]
        is_orphan = plan.given[unit] is None
        return is_orphan and (self.is_held(manager) or not self.people[manager].is_employed)

    def moving(self, number: int) -> list[str]:
        """Whom somebody covers even gets from themselves, for good."""
        plan = self.plans[number]
        return [
            key for key, (unit, owner, _, is_covered) in plan.moves.items()
            if plan.receives[unit] != owner or is_covered
        ]  # fmt: skip

    def _returns_to(self, key: str, plan: Plan) -> str:
        """The leaver in whose book it is, the earliest case first."""
        return next(self.cases[n].person for n in sorted(plan.cases) if key in self.cases[n].book)

    def undo(self, entry: int, actor: str) -> tuple[int, dict[str, str]]:
        """How many go back, and what is left as it is, and why."""
        undone = self.entries[entry]
        refuse("nothing_to_undo", undone.kind not in UNDOABLE)
        refuse("already_undone", undone.undone)
        window = timedelta(hours=self.rules["undo_hours"])
        refuse("undo_too_late", self.now > undone.at + window)
        refuse("may_not_undo", actor not in self.may_undo(undone.may))
        was = {
            key: given for key, each in self.records.items()
            if (given := each.ended_by(entry)) is not None
        }  # fmt: skip
        refuse("nothing_to_undo", not was)
        left = {
            key: why for key, given in was.items() if (why := self._why_left(key, entry, given))
        }
        if len(left) == len(was) and set(left.values()) == {"owner_changed_since"}:
            last = self.entries[max(self.records[key].given.entry for key in left)]
            raise No("later_change_first" if last.kind in UNDOABLE else "given_on_since")
        number = self.enter("undo", actor, *undone.may)
        undone.undone = True
        for key in was.keys() - left.keys():
            self._restore(self.records[key], was[key], number)
        return len(was) - len(left), left

    def may_undo(self, may: frozenset[str]) -> set[str]:
        """Those who are still here, else those to whom their work falls."""
        here = {who for who in may if self.people[who].is_employed}
        return here or {self.manager_of(who) for who in may}

    def _why_left(self, key: str, entry: int, was: Given) -> str:
        record = self.records[key]
        if entry not in record.given.stands:
            return "owner_changed_since"
        if not record.is_open:
            return "closed_since"
        return "" if self.people[was.owner].is_employed else "owner_has_left"

    def _restore(self, record: Record, was: Given, entry: int) -> None:
        """A cover that ended meanwhile is over at once, so that nobody takes it for permanent."""
        interim = was.interim and max(was.interim, self.now + timedelta(seconds=1))
        stands = was.stands | {entry}
        record.give(replace(was, since=self.now, stands=stands, interim=interim), entry)


def _working_days(first: date, last: date) -> int:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(day.weekday() < 5 for day in days)
