"""Plans, from the first proposal to the last undo."""

from datetime import timedelta

from hypothesis import strategies as st
from tests.model.case_rules import CaseRules
from tests.model.steps import PICK, SOMETIMES, may_happen, one
from tests.model.values import Plan

from legato.planning import operations as planning


class PlanRules(CaseRules):
    @may_happen(often=2, when=lambda self: self.model.cases,
        cases=PICK, boss=PICK, seed=st.integers(1, 3), pin=PICK, to=PICK, pins=st.booleans(),
        excluded=PICK, excludes=SOMETIMES, hours=st.sampled_from([None, None, 30, 24 * 20, -1]),
        returns=st.booleans(), origin=SOMETIMES,
    )  # fmt: skip
    def plan(
        self, *, cases: int, boss: int, seed: int, pin: int, to: int, pins: bool, excluded: int,
        excludes: bool, hours: int | None, returns: bool, origin: bool,
    ) -> None:  # fmt: skip
        numbers, actor = list(self.model.cases), self.boss(boss)
        plan = Plan(
            cases=tuple(sorted({one(numbers, cases), one(numbers, cases // 7)})),
            proposer=actor,
            until=None if hours is None else self.model.now + timedelta(hours=hours),
            returns=returns and hours is not None,
            excluded=frozenset([self.somebody(excluded)] if excludes else []),
            pins={self.pinned(pin): self.somebody(to)} if pins else {},
        )
        parent = one([*self.model.plans, 0], seed) if origin else 0
        self.both_plan(plan, seed, parent, actor)

    def pinned(self, number: int) -> str:
        """Most often something that a plan may be about."""
        leavers = {each.person for each in self.model.cases.values()}
        records = self.model.records
        theirs = [key for key, each in records.items() if each.owner in leavers]
        return one([*theirs, *theirs, *records], number)

    def both_plan(self, plan: Plan, seed: int, parent: int, actor: str) -> None:
        _, made = self.keyed_both(
            f"{actor} plans case {' and '.join(map(str, plan.cases))}, seed {seed}{_asked(plan)}",
            lambda: self.model.may_plan(plan, actor),
            lambda key: self.doors.plan(plan, seed, parent, key=key, **self.said(actor)),
        )
        assert made.violations == (), self.told(f"{made.violations} in the plan")
        given = self.doors.given(made.plan)
        number = self.model.planned(plan, given)
        self.doors.plans[number] = made
        assert made.moved == len(self.model.moving(number))
        self.reached("a plan with orphans", None in given.values())
        self.tell(f"That is plan {number}: {given}")

    @may_happen(
        often=6,
        when=lambda self: self.open_cases(),
        case=PICK,
        hours=st.sampled_from([None, None, 30]),
    )
    def proceed(self, *, case: int, hours: int | None) -> None:
        """The next thing for a case, done by whoever may."""
        number = one(self.open_cases(), case)
        plans = [n for n, each in self.model.plans.items() if each.cases == (number,)]
        bosses = [name for name in self.model.people if self.model.sees(name, number)]
        if not bosses:
            return
        actor = one(bosses, case // 7)
        last = self.model.plans[plans[-1]] if plans else None
        if last is None or last.commit or self.model.stale(last):
            until = None if hours is None else self.model.now + timedelta(hours=hours)
            self.both_plan(Plan(cases=(number,), proposer=actor, until=until), 1, 0, actor)
        elif not last.approver:
            able = sorted(self.model.approvers(last)) or [actor]
            self.both_approve(plans[-1], one(able, case // 7))
        else:
            self.both_commit(plans[-1], actor, wrong=False)

    def open_cases(self) -> list[int]:
        return [number for number, each in self.model.cases.items() if each.is_open]

    @may_happen(when=lambda self: self.model.plans, plan=PICK, boss=PICK)
    def approve(self, *, plan: int, boss: int) -> None:
        self.both_approve(one(list(self.model.plans)[::-1], plan // 4), self.boss(boss))

    def both_approve(self, number: int, approver: str) -> None:
        self.keyed_both(
            f"{approver} approves plan {number}",
            lambda: self.model.approve(number, approver),
            lambda key: planning.approve(
                plan_id=self.doors.plans[number].plan, approver=self.doors.people[approver],
                now=self.model.now, reason="", key=key,
            ),
        )  # fmt: skip

    @may_happen(when=lambda self: self.model.plans, plan=PICK, boss=PICK, wrong=SOMETIMES)
    def commit(self, *, plan: int, boss: int, wrong: bool) -> None:
        able = [n for n, each in self.model.plans.items() if each.approver][::-1]
        number = one([*able, *self.model.plans], plan // 4)
        self.both_commit(number, self.boss(boss), wrong=wrong)

    def both_commit(self, number: int, actor: str, *, wrong: bool) -> None:
        made = self.doors.plans[number]
        moved, answer = self.keyed_both(
            f"{actor} commits plan {number}{' with a wrong digest' if wrong else ''}",
            lambda: self.model.commit(number, actor, is_right=not wrong),
            lambda key: planning.commit(
                plan_id=made.plan, digest="0" * 64 if wrong else made.digest, key=key,
                **self.said(actor),
            ),
        )  # fmt: skip
        self.entered(answer.commit)
        self.reached("a commit that moves something", moved)
        assert answer.moved == len(moved)

    @may_happen(often=3, when=lambda self: self.doors.entries, entry=PICK, boss=PICK)
    def undo(self, *, entry: int, boss: int) -> None:
        number = one(list(self.doors.entries)[::-1], entry // 4)
        actor = one([*sorted(self.model.entries[number].may), self.boss(boss)], boss)
        expected, answer = self.keyed_both(
            f"{actor} takes {self.model.entries[number].kind} {number} back",
            lambda: self.model.undo(number, actor),
            lambda key: planning.undo(
                entry_id=self.doors.entries[number], key=key, **self.said(actor)
            ),
        )
        restored, left = expected
        self.entered(answer.undo)
        self.reached("an undo of " + self.model.entries[number].kind)
        for why in left.values():
            self.reached("an undo that leaves: " + why)
        names = {pk: key for key, pk in self.doors.records.items()}
        assert answer.restored == restored
        assert {names[each.record]: each.why for each in answer.conflicts} == left, self.told("")


def _asked(plan: Plan) -> str:
    asked = [
        f"{plan.pins} pinned" if plan.pins else "",
        f"without {', '.join(plan.excluded)}" if plan.excluded else "",
        f"until {plan.until:%d %b %H:%M}" if plan.until else "",
    ]
    return "".join(f", {each}" for each in asked if each)
