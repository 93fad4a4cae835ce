"""One walk that was written down: it goes past every rule, refusal and event that must be reached.

Chance goes much farther, but not everywhere each time.
"""

from collections.abc import Iterator
from typing import Any

from tests.model.machine import Company

Stop = tuple[str, dict[str, Any]]
MEI, ADA, OLGA = 0, 1, 7
"""As who acts."""
PLAN: dict[str, Any] = {
    "cases": 0, "boss": MEI, "seed": 1, "pin": 0, "to": 0, "pins": False, "excluded": 0,
    "excludes": False, "hours": None, "returns": False, "origin": False,
}  # fmt: skip
AMONG_PEOPLE = {"ada": 0, "mei": 1, "olga": 2, "kenji": 3, "ivo": 4, "sam": 5, "new": 6}
WHO_LEAVES = {"olga": 0, "kenji": 1, "ada": 2, "ivo": 6, "sam": 7}


def tour(walk: Company) -> None:
    walk.begin(start="quiet")
    for name, drawn in [*people(), *cases(), *late(), *given_on(), *files()]:
        getattr(walk, name)(**drawn)
        walk.compare()


def people() -> Iterator[Stop]:
    for boss, capacity in ((MEI, -1), (OLGA, 3), (MEI, 3)):
        yield "hire", {"boss": boss, "role": "manager", "capacity": capacity}
    for otherwise in (False, True):
        yield "repeat", {"command": 0, "otherwise": otherwise}
    for who, comes in (("olga", 0), ("ada", 0), ("new", 0), ("new", 1), ("new", 0), ("new", 1)):
        yield "come_or_go", {"who": AMONG_PEOPLE[who], "boss": MEI, "comes": bool(comes)}
    yield "come_or_go", {"who": AMONG_PEOPLE["new"], "boss": MEI, "comes": False}
    yield "govern", {"who": AMONG_PEOPLE["new"], "boss": MEI, "said": None}
    yield "govern", {"who": 0, "boss": MEI, "said": ("undo_hours", -1)}
    for first, days in ((1, -1), (40, 5)):
        yield "absent", {"who": AMONG_PEOPLE["ivo"], "boss": MEI, "first": first, "days": days}
    for pick, record, on in ((3, 0, True), (1, 0, True), (0, 1, False), (1, 0, False)):
        yield "bar", {"who": pick, "record": record, "boss": MEI, "on": on}
    yield "by_hand", {"record": 0, "to": AMONG_PEOPLE["new"], "is_open": None}


def leaves(who: str, day: Any, *, boss: int = MEI, kind: str = "resignation") -> Stop:
    return "depart", {"who": WHO_LEAVES[who], "boss": boss, "kind": kind, "day": day}


def covers(case: int, by: str, hours: int = 48) -> Stop:
    return "cover", {"case": case, "by": AMONG_PEOPLE[by], "boss": MEI, "hours": hours}


def capacities(capacity: int) -> Iterator[Stop]:
    for who in ("kenji", "ivo"):
        said = {"who": AMONG_PEOPLE[who], "boss": MEI, "capacity": capacity}
        yield "set_capacity", said


def goes_on(case: int, steps: int) -> list[Stop]:
    return [("proceed", {"case": case, "hours": None})] * steps


def cases() -> Iterator[Stop]:
    """Olga's departure, up to its commit and that undone."""
    for day in ((-1, False), (None, True), (-900, True)):
        yield leaves("olga", day)
    yield leaves("olga", (20, False), boss=OLGA)
    for _time in range(2):
        yield leaves("olga", (20, False))
    yield from (covers(0, "olga"), covers(0, "kenji", 0))
    yield "plan", PLAN | {"hours": -1}
    yield "plan", PLAN | {"pins": True, "pin": 0, "to": AMONG_PEOPLE["olga"]}
    yield "plan", PLAN | {"pins": True, "pin": 19, "to": AMONG_PEOPLE["ivo"]}
    yield "plan", PLAN | {"boss": ADA, "pins": True, "to": AMONG_PEOPLE["mei"]}
    yield "approve", {"plan": 0, "boss": ADA}
    yield from [*capacities(0), ("plan", PLAN), *capacities(4), ("plan", PLAN)]
    yield "commit", {"plan": 0, "boss": MEI, "wrong": False}
    for boss in (MEI, ADA, ADA):
        yield "approve", {"plan": 0, "boss": boss}
    yield "commit", {"plan": 0, "boss": MEI, "wrong": True}
    yield "by_hand", {"record": 0, "to": 0, "is_open": None}
    yield "commit", {"plan": 0, "boss": MEI, "wrong": False}
    yield from [*goes_on(0, 2), *capacities(0), *goes_on(0, 1), *capacities(5), *goes_on(0, 1)]
    yield "commit", {"plan": 0, "boss": MEI, "wrong": False}
    yield "plan", PLAN
    yield "by_hand", {"record": 0, "to": AMONG_PEOPLE["sam"], "is_open": None}
    yield "by_hand", {"record": 1, "to": 0, "is_open": False}
    for entry, boss in ((0, 2), (0, 0), (4, 0), (0, 0)):
        yield "undo", {"entry": entry, "boss": boss}


def late() -> Iterator[Stop]:
    """What comes to an end: covers, windows of undo, last days, employments."""
    yield covers(0, "ada")
    yield "undo", {"entry": 0, "boss": 0}
    yield "wait", {"hours": 73, "jobs": False}
    yield "undo", {"entry": 0, "boss": 0}
    yield from [leaves("kenji", (20, False), kind="leave"), covers(1, "sam"), *goes_on(1, 3)]
    for entry in (4, 0, 8):
        yield "undo", {"entry": entry, "boss": 0}
    yield from [covers(1, "sam"), ("wait", {"hours": 73, "jobs": True})]
    yield from [leaves("ivo", (20, False)), *goes_on(2, 3)]
    yield "come_or_go", {"who": AMONG_PEOPLE["ivo"], "boss": MEI, "comes": False}
    yield "undo", {"entry": 0, "boss": 0}
    yield "wait", {"hours": 744, "jobs": True}
    yield "plan", PLAN | {"cases": 8}
    for case in (0, 1, 1):
        yield "withdraw", {"case": case, "boss": MEI}
    yield "approve", {"plan": 0, "boss": ADA}


def given_on() -> Iterator[Stop]:
    """Who covered has gone since, and with them what could be taken back."""
    yield from [leaves("kenji", (20, False)), covers(3, "sam"), leaves("sam", (-1, True))]
    yield "undo", {"entry": 0, "boss": 0}


def files() -> Iterator[Stop]:
    yield "files", {"row": 0, "owner": AMONG_PEOPLE["kenji"], "how": "new"}
    yield "by_hand", {"record": 13, "to": 0, "is_open": None}
    for how in ("back", "back", "owner", "same", "back"):
        yield "files", {"row": 0, "owner": AMONG_PEOPLE["kenji"], "how": how}
