"""The company that every walk begins with, written into a database and believed by a model."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from tests import example, importing
from tests.model.doors import files_of
from tests.model.plans import Model
from tests.model.values import Person, Row

from legato.people import operations as staff

NOW = datetime(2026, 3, 31, 9, tzinfo=UTC)
BEGAN = date(2024, 1, 15)
LAST_RESORT = "Ada"
PEOPLE = {
    "Ada": {"role": "director", "manager": None},
    "Mei": {"role": "manager", "manager": "Ada"},
    "Olga": {"role": "rep", "manager": "Mei", "zone": "Asia/Tokyo"},
    "Kenji": {"role": "rep", "manager": "Mei", "capacity": 4},
    "Ivo": {"role": "rep", "manager": "Ada", "capacity": 3, "zone": "America/Los_Angeles"},
    "Sam": {"role": "operations", "manager": "Ada"},
}
ROWS = {
    "A1": Row(kind="account", owner="Olga"),
    "A2": Row(kind="account", owner="Olga"),
    "A3": Row(kind="account", owner="Olga"),
    "A4": Row(kind="account", owner="Kenji"),
    "A5": Row(kind="account", owner="Ivo"),
    "A6": Row(kind="account", owner="Sam"),
    "D1": Row(kind="opportunity", owner="Olga", account="A1", stage="Proposal"),
    "D2": Row(kind="opportunity", owner="Kenji", account="A2", stage="Proposal"),
    "D3": Row(kind="opportunity", owner="Olga", account="A4", stage="Proposal"),
    "D4": Row(kind="opportunity", owner="Olga", account="A6", stage="Proposal"),
    "D5": Row(kind="opportunity", owner="Olga", account="A3", stage="Won"),
    "L1": Row(kind="lead", owner="Olga", stage="Open"),
    "L2": Row(kind="lead", owner="Ivo", stage="Open"),
}


def people() -> dict[str, Person]:
    return {name: Person(started=BEGAN, **each) for name, each in PEOPLE.items()}  # type: ignore[arg-type]


def found(folder: Path) -> None:
    """Writes the company into the present database: its people by hand, its book from files."""
    numbers: dict[str | None, int] = {}
    for name, each in people().items():
        numbers[name] = example.person(
            name=name,
            role=each.role,
            manager=numbers.get(each.manager),
            time_zone=each.zone,
            capacity=Decimal(each.capacity),
            started_on=each.started,
        )
    staff.name_last_resort(person=numbers[LAST_RESORT], now=NOW, actor=None)
    importing.read(importing.write(folder, files_of(ROWS)), now=NOW)


def believed() -> Model:
    """The model of the same company."""
    model = Model(NOW, people(), LAST_RESORT)
    model.read(ROWS)
    return model
