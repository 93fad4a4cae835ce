"""A whole walk: where it begins, and besides people, cases and plans: files, hands, time, keys."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from tests.model.plan_rules import PlanRules
from tests.model.steps import PICK, SOMETIMES, anything, may_happen, one
from tests.model.values import Plan, Row, refuse

from legato.departures import operations as departures
from legato.ledger.models import Entry
from legato.ledger.operations import seal
from legato.ledger.queries import state
from legato.people import operations as staff

WAITS = (1, 9, 24, 73, 24 * 6, 24 * 31)
"""Hours: within a day, into the next, past the window of undo, past most last days and covers."""
STARTS = (
    "quiet",
    "leaving",
    "on leave, covered",
    "approved",
    "committed",
    "covered, committed",
    "undone",
)
EDITS = {None: "touches", False: "closes", True: "opens"}


class Company(PlanRules):
    """What befalls the company of `starting`."""

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, *, start: str) -> None:
        """Some way into a departure; what is done for that does not count as reached."""
        self.counts = False
        done = STARTS.index(start)
        if done >= 1:
            kind = "leave" if done == 2 else "resignation"
            self.depart(who=0, boss=0, kind=kind, day=(20, False))
        if done in (2, 5):
            self.cover(case=0, by=3, boss=0, hours=240)
        if done >= 3:
            self.both_plan(Plan(cases=(1,), proposer="Mei"), 1, 0, "Mei")
            self.approve(plan=0, boss=1)
        if done >= 4:
            self.commit(plan=0, boss=0, wrong=False)
        if done == 6:
            self.undo(entry=0, boss=0)
        self.counts = True

    @may_happen(record=PICK, to=PICK, is_open=st.sampled_from([None, None, False, True]))
    def by_hand(self, *, record: int, to: int, is_open: bool | None) -> None:
        key = one(list(self.model.records), record)
        name = self.somebody(to) if is_open is None and to % 4 else None
        self.both(
            f"Somebody gives {key} to {name}" if name else f"Somebody {EDITS[is_open]} {key}",
            lambda: self.model.edit(key, to=name, is_open=is_open),
            lambda: self.doors.edit(key, self.model.now, to=name, is_open=is_open),
        )

    @may_happen(
        row=PICK, owner=PICK, how=st.sampled_from(["new", "owner", "stage", "same", "back", "back"])
    )
    def files(self, *, row: int, owner: int, how: str) -> None:
        if how == "back" and (many := len(self.model.imports)) > 1:
            # Seldom the first one, after which nothing is left.
            self.undo_import(one(range(1, many)[::-1], row // 8) if row < 59 else 0)
        else:
            self.read(row, owner, how)

    def read(self, row: int, owner: int, how: str) -> None:
        key, name = one(list(self.rows), row), self.somebody(owner)
        was = self.rows[key]
        said = {
            "new": (f"L{len(self.rows)}", Row(kind="lead", owner=name, stage="Open")),
            "owner": (key, replace(was, owner=name)),
            "stage": (key, replace(was, stage=_other_stage(was))),
        }.get(how, (key, was))
        rows = self.rows = self.rows | dict([said])
        expected, answer = self.keyed_both(
            f"The CRM's files are read, with {said[1]} as {said[0]}",
            lambda: self.model.read(rows),
            lambda key: self.doors.read(rows, key=key, now=self.model.now),
        )
        counts = answer["counts"].values()
        found = tuple(sum(each[name] for each in counts) for name in ("new", "changed"))
        assert (*found, answer["drift"]) == expected, self.told(f"{found} {answer['drift']}")
        self.reached("an import that finds drift", answer["drift"])
        if self.model.imports[-1].entry is None:
            self.keyed.pop()  # What changed nothing is not kept, and may be said again.

    def undo_import(self, number: int) -> None:
        (closed, restored, stays), answer = self.both(
            f"Import {number} is taken back",
            lambda: self.model.undo_import(number),
            lambda: self.doors.undo_import(number, self.model.now),
        )
        names = {pk: key for key, pk in self.doors.records.items()}
        assert (answer["closed"], answer["restored"]) == (closed, restored)
        assert {names[each["record"]] for each in answer["conflicts"]} == stays
        self.reached("an undo of an import that leaves something", stays)

    @may_happen(often=2, hours=st.sampled_from(WAITS), jobs=st.booleans())
    def wait(self, *, hours: int, jobs: bool) -> None:
        self.model.now += timedelta(hours=hours)
        self.tell(f"{hours} hours have passed")
        if jobs:
            self.jobs()

    def jobs(self) -> None:
        """What runs by itself: ends of last days, ends of interims, seals."""
        ended, answer = self.both(
            "Last days end",
            self.model.end_last_days,
            lambda: departures.end_last_days(now=self.model.now),
        )
        returned, given = self.both(
            "Interims end",
            self.model.end_interims,
            lambda: departures.end_interims(now=self.model.now),
        )
        assert (answer, given) == (ended, returned), self.told(f"{answer}, {given}")
        waiting = state().unsealed
        assert (seal(), state().unsealed) == (waiting, 0)
        self.reached("a last day that ends", ended)
        self.reached("an interim that ends", returned)

    # Keys

    @may_happen(when=lambda self: self.keyed, command=PICK, otherwise=SOMETIMES)
    def repeat(self, *, command: int, otherwise: bool) -> None:
        key, door, answer = one(self.keyed[::-1], command // 4)
        if otherwise:
            self.reuse(key)
            return
        before = Entry.objects.count()
        self.tell(f"The command with {key} is repeated")
        assert door(key) == answer, self.told("Another answer to the same command")
        assert Entry.objects.count() == before, self.told("Done again")

    def reuse(self, key: str) -> None:
        self.both(
            f"Somebody is hired with {key}",
            lambda: refuse("key_already_used", applies=True),
            lambda: staff.hire(name="Nobody", now=self.model.now, actor=None, key=key),
        )

    @rule(what=st.deferred(anything))
    def happens(self, *, what: tuple[str, dict[str, Any]]) -> None:
        name, drawn = what
        getattr(self, name)(**drawn)

    @invariant()
    def agrees(self) -> None:
        self.compare()


def _other_stage(row: Row) -> str:
    return {"account": "", "lead": "Working" if row.stage == "Open" else "Open"}.get(
        row.kind, "Won" if row.stage == "Proposal" else "Proposal"
    )
