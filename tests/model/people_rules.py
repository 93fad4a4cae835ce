"""What befalls people, and the rules of the company."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st
from tests.model.steps import PICK, SOMETIMES, Steps, may_happen, one
from tests.model.values import Person

from legato.people import operations as staff

POLICY = (
    ("undo_hours", 24),
    ("undo_hours", 96),
    ("undo_hours", -1),
    ("max_leave_days", 3),
    ("weight_account", 2000),
)


class PeopleRules(Steps):
    @may_happen(
        boss=PICK, role=st.sampled_from(["rep", "rep", "manager"]), capacity=st.integers(-1, 6)
    )
    def hire(self, *, boss: int, role: str, capacity: int) -> None:
        actor, name = self.boss(boss), f"New{len(self.model.people)}"
        person = Person(role=role, manager="Mei", started=self.model.now.date(), capacity=capacity)
        self.keyed_both(
            f"{actor} hires {name} as {role}, capacity {capacity}",
            lambda: self.model.hire(name, replace(person), actor),
            lambda key: self.doors.hire(name, person, key=key, **self.said(actor)),
        )

    @may_happen(who=PICK, boss=PICK, comes=SOMETIMES)
    def come_or_go(self, *, who: int, boss: int, comes: bool) -> None:
        """Past the door of departures; most often whoever is here goes, and whoever went comes."""
        name = self.somebody(who)
        if self.model.people[name].is_employed is not comes:
            self.leave(name)
        else:
            self.rehire(name, self.boss(boss))

    def leave(self, name: str) -> None:
        self.both(
            f"{name} leaves at once",
            lambda: self.model.leave(name),
            lambda: self.doors.leave(name, self.model.now),
        )

    def rehire(self, name: str, actor: str) -> None:
        self.both(
            f"{actor} hires {name} again",
            lambda: self.model.rehire(name, actor),
            lambda: staff.rehire(
                person=self.doors.people[name], started_on=self.day(0), **self.said(actor)
            ),
        )

    @may_happen(who=PICK, boss=PICK, first=st.integers(-3, 40), days=st.integers(-1, 25))
    def absent(self, *, who: int, boss: int, first: int, days: int) -> None:
        name, actor = self.somebody(who), self.boss(boss)
        start, end = self.day(first), self.day(first + days)
        self.both(
            f"{name} is away from {start} through {end}, says {actor}",
            lambda: self.model.absent(name, start, end, actor),
            lambda: staff.add_absence(
                person=self.doors.people[name], first_day=start, last_day=end, **self.said(actor)
            ),
        )

    @may_happen(who=PICK, boss=PICK, capacity=st.integers(-1, 5))
    def set_capacity(self, *, who: int, boss: int, capacity: int) -> None:
        name, actor = self.somebody(who), self.boss(boss)
        self.both(
            f"{actor} gives {name} a capacity of {capacity}",
            lambda: self.model.set_capacity(name, capacity, actor),
            lambda: staff.change(
                person=self.doors.people[name], capacity=Decimal(capacity), **self.said(actor)
            ),
        )

    @may_happen(who=PICK, boss=PICK, said=st.sampled_from([None, None, *POLICY]))
    def govern(self, *, who: int, boss: int, said: tuple[str, int] | None) -> None:
        actor = self.boss(boss)
        if said is None:
            self.name_last_resort(self.somebody(who), actor)
        else:
            self.set_rule(*said, actor)

    def name_last_resort(self, name: str, actor: str) -> None:
        self.both(
            f"{actor} names {name} the person of last resort",
            lambda: self.model.name_last_resort(name, actor),
            lambda: staff.name_last_resort(person=self.doors.people[name], **self.said(actor)),
        )

    def set_rule(self, name: str, value: int, actor: str) -> None:
        self.both(
            f"{actor} sets {name} to {value}",
            lambda: self.model.set_rule(name, value, actor),
            lambda: staff.set_policy(values={name: value}, **self.said(actor)),
        )

    @may_happen(who=PICK, record=PICK, boss=PICK, on=st.sampled_from([True, True, False]))
    def bar(self, *, who: int, record: int, boss: int, on: bool) -> None:
        anew = self.somebody(who), one(list(self.model.records), record)
        name, key = one([anew, *sorted(self.model.bars)], who)
        actor = self.boss(boss)
        self.both(
            f"{actor} {'bars' if on else 'no longer bars'} {name} from {key}",
            lambda: self.model.bar(name, key, actor, on=on),
            lambda: self.doors.bar(name, key, on=on, **self.said(actor)),
        )
