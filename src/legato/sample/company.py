"""What the sample company consists of, as plain values: nothing here is computed or stored."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody of the company. ``manager`` is a name; ``capacity`` is in accounts."""

    key: str
    name: str
    email: str
    role: str
    title: str
    manager: str = ""
    team: str
    country: str
    time_zone: str
    languages: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    capacity: int | None = None
    started: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    key: str
    name: str
    series: str
    price: int
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A row of a CRM. ``language`` is of the branch whose CRM has it; empty text is unknown."""

    kind: str
    key: str
    name: str
    owner: str
    language: str
    account: str = ""
    """The account's key."""
    parent: str = ""
    stage: str = ""
    amount: int | None = None
    opened: date | None = None
    closed: date | None = None
    due: date | datetime | None = None
    """A promise is due at an instant, everything else on a day."""
    touched: date | None = None
    next_step: str = ""
    product: str = ""
    category: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    territory: str = ""
    industry: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    name: str
    first_day: date
    last_day: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    country: str
    day: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who plays which part in every story told of the company, by name."""

    leaver: str
    manager: str
    successor: str
    operations: str
    director: str
    outsider: str
    undecided: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    name: str
    now: datetime
    seed: int
    cast: Cast
    colleagues: tuple[Colleague, ...]
    products: tuple[Product, ...]
    records: tuple[Record, ...]
    absences: tuple[Absence, ...]
    holidays: tuple[Holiday, ...]

    def of_kind(self, kind: str) -> tuple[Record, ...]:
        return tuple(record for record in self.records if record.kind == kind)

    def colleague(self, name: str) -> Colleague:
        return next(each for each in self.colleagues if each.name == name)
