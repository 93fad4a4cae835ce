"""Gathers the facts a plan is made from: units, candidates and rules, in a few set-based queries.

What goes along is decided here: the holder's own records go with their account, a record on
somebody else's account is decided by itself and prefers that owner.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from legato.books.snapshots import Held, undecided
from legato.domain.calendar import working_days
from legato.domain.names import fold
from legato.domain.policy import Policy
from legato.domain.problem import Candidate, Pin, Problem, Rules, Skill, Unit

LEAVE_HORIZON_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a plan decides: its records, and for each the unit it moves with."""

    held: tuple[Held, ...]
    unit_of: dict[int, int]

    @property
    def units(self) -> list[Held]:
        return [each for each in self.held if self.unit_of[each.id] == each.id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """Where the capacity of those without one of their own came from; thousandths."""

    assumed: int
    largest_book: int
    largest_holder: int | None


def scope_of(
    *, book: int, holder: int, pinned: Collection[int], policy: Policy, now: datetime
) -> Scope:
    """The undecided records of a book and what they move with."""
    held = undecided(book=book, holder=holder, rule=policy.heat, now=now)
    accounts = {each.id for each in held if each.kind == "account"}
    unit_of = {
        each.id: each.account
        if each.account in accounts and each.id not in pinned and each.account is not None
        else each.id
        for each in held
    }
    return Scope(held=tuple(held), unit_of=unit_of)


def problem_of(
    *,
    scope: Scope,
    holder: int,
    pins: Iterable[Pin],
    excluded: frozenset[int],
    policy: Policy,
    now: datetime,
) -> tuple[Problem, Capacity]:
    """The problem as the solver takes it, and how capacity was counted."""
    pins = tuple(pins)
    skills = _skills()
    recorded = frozenset().union(*skills.values())
    units = _units(scope=scope, holder=holder, recorded=recorded, policy=policy, now=now)
    pinned = {pin.person: 0 for pin in pins} | {unit.preferred: 0 for unit in units}
    for pin in pins:
        pinned[pin.person] += sum(unit.weight for unit in units if unit.id == pin.unit)
    candidates, capacity = _candidates(
        scope=scope, holder=holder, asked=pinned, skills=skills, policy=policy, now=now
    )
    rules = Rules(
        max_leave_days=policy.max_leave_days,
        novice_days=policy.novice_days,
        fit=policy.fit,
        recorded=recorded,
    )
    problem = Problem(
        units=tuple(units), candidates=tuple(candidates), rules=rules, pins=pins, excluded=excluded
    )
    return problem, capacity


def _units(
    *, scope: Scope, holder: int, recorded: frozenset[Skill], policy: Policy, now: datetime
) -> list[Unit]:
    units = scope.units
    ids = [unit.id for unit in units]
    accounts = {unit.id: unit.id if unit.kind == "account" else unit.account for unit in units}
    ties = _ties({each for each in accounts.values() if each is not None}, holder=holder)
    groups, family = _groups([unit.id for unit in units if unit.kind == "account"])
    products = _products(ids)
    key_value = _key_value(policy, now=now)
    spelt = {(skill.kind, fold(skill.value)): skill for skill in recorded}
    return [
        _unit(
            unit,
            ties=ties.get(accounts[unit.id] or 0, ()),
            group=groups.get(unit.id),
            family=family.get(unit.id, frozenset()),
            products=products.get(unit.id, frozenset()),
            key_value=key_value,
            spelt=spelt,
            policy=policy,
        )
        for unit in units
    ]


def _unit(
    unit: Held,
    *,
    ties: tuple[tuple[int, int], ...],
    group: int | None,
    family: frozenset[int],
    products: frozenset[str],
    key_value: Decimal | None,
    spelt: Mapping[tuple[str, str], Skill],
    policy: Policy,
) -> Unit:
    is_account = unit.kind == "account"
    value = max(unit.value or Decimal(), Decimal())
    asked = [
        ("language", unit.language),
        ("territory", unit.territory or unit.country),
        ("industry", unit.industry),
        *(("product", product) for product in products),
    ]
    known = frozenset(
        spelt.get((kind, fold(value)), Skill(kind=kind, value=value))
        for kind, value in asked
        if value
    )
    return Unit(
        id=unit.id,
        heat=unit.heat,
        value=round(value),
        value_known=unit.value is not None,
        weight=policy.weight_account if is_account else policy.weight_alone,
        group=group,
        is_key=is_account and key_value is not None and value >= key_value and value > 0,
        needs=frozenset(skill for skill in known if skill.kind in policy.hard_skills),
        wants=frozenset(skill for skill in known if skill.kind in policy.soft_skills),
        ties=ties,
        preferred=None if is_account else unit.account_owner,
        family_owners=family,
    )


# Candidates are the reps, the holder (to say why not), and whoever is asked for besides: they get
# what they are asked to take and no share of the rest.
# Load is what they own besides the plan's records: accounts, and records on no account of theirs.
CANDIDATES = """
WITH loads AS (
    SELECT r.owner_id,
        count(*) FILTER (WHERE r.kind = 'account') AS accounts,
        count(*) FILTER (WHERE r.kind <> 'account' AND a.owner_id IS DISTINCT FROM r.owner_id)
            AS alone
    FROM books_record r LEFT JOIN books_record a ON a.id = r.account_id
    WHERE r.is_open AND NOT r.id = ANY (%(scope)s)
    GROUP BY r.owner_id
)
SELECT p.id, p.role, p.capacity, e.ends_on, e.started_on, p.country,
    EXISTS (SELECT FROM people_hold h WHERE h.person_id = p.id AND h.released_at IS NULL),
    EXISTS (SELECT FROM people_hold h
            WHERE h.person_id = p.id AND h.released_at IS NULL AND h.why = 'departure'),
    coalesce(l.accounts, 0), coalesce(l.alone, 0)
FROM people_person p
JOIN people_employment e ON e.id = p.employment_id
LEFT JOIN loads l ON l.owner_id = p.id
ORDER BY p.id
"""


def _candidates(
    *,
    scope: Scope,
    holder: int,
    asked: Mapping[int | None, int],
    skills: Mapping[int, frozenset[Skill]],
    policy: Policy,
    now: datetime,
) -> tuple[list[Candidate], Capacity]:
    ids = [each.id for each in scope.held]
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, {"scope": ids})
        rows = cursor.fetchall()
    loads = {row[0]: row[8] * policy.weight_account + row[9] * policy.weight_alone for row in rows}
    capacity = _capacity(loads, scope=scope, holder=holder, policy=policy)
    leaves = _leaves(now=now)
    today = now.date()
    candidates = [
        Candidate(
            id=row[0],
            capacity=loads[row[0]] + asked.get(row[0], 0)
            if row[1] != "rep"
            else capacity.assumed
            if row[2] is None
            else int(row[2] * 1000),
            load=loads[row[0]],
            skills=skills.get(row[0], frozenset()),
            ends_on=row[3],
            held=row[6],
            leave_days=leaves.get(row[0], 0),
            employed_days=(today - row[4]).days if row[4] else 100_000,
            has_open_case=row[7],
            is_leaver=row[0] == holder,
        )
        for row in rows
        if row[1] == "rep" or row[0] == holder or row[0] in asked
    ]
    return candidates, capacity


def _capacity(loads: dict[int, int], *, scope: Scope, holder: int, policy: Policy) -> Capacity:
    """The largest book of a colleague and the policy's margin.

    Where no colleague holds anything yet, the holder's own book is the only measure there is.
    """
    others = {person: load for person, load in loads.items() if person != holder and load}
    largest = max(others.items(), key=lambda each: (each[1], -each[0]), default=None)
    accounts = sum(each.kind == "account" for each in scope.held)
    book = largest[1] if largest else accounts * policy.weight_account
    return Capacity(
        assumed=book * (100 + policy.capacity_margin_percent) // 100,
        largest_book=book,
        largest_holder=largest[0] if largest else None,
    )


def _skills() -> dict[int, frozenset[Skill]]:
    """Who has recorded what; several spellings of one skill are one, the first in order."""
    rows = _rows(
        "SELECT s.person_id, s.kind, s.value FROM people_skill s"
        " JOIN people_person p ON p.id = s.person_id AND p.is_employed ORDER BY s.kind, s.value"
    )
    found: dict[int, set[Skill]] = defaultdict(set)
    spelt: dict[tuple[str, str], Skill] = {}
    for person, kind, value in rows:
        skill = spelt.setdefault((kind, fold(value)), Skill(kind=kind, value=value))
        found[person].add(skill)
    return {person: frozenset(skills) for person, skills in found.items()}


def _leaves(*, now: datetime) -> dict[int, int]:
    """Working days of the longest leave that runs now or starts within the horizon."""
    today = now.date()
    horizon = today + timedelta(days=LEAVE_HORIZON_DAYS)
    holidays: dict[str, set[date]] = defaultdict(set)
    for country, day in _rows("SELECT country, day FROM people_holiday"):
        holidays[country].add(day)
    longest: dict[int, int] = {}
    for person, country, first, last in _rows(
        "SELECT a.person_id, p.country, a.first_day, a.last_day FROM people_absence a"
        " JOIN people_person p ON p.id = a.person_id"
        " WHERE a.last_day >= %s AND a.first_day <= %s",
        [today, horizon],
    ):
        days = working_days(first=max(first, today), last=last, holidays=holidays[country])
        longest[person] = max(days, longest.get(person, 0))
    return longest


TIES = """
SELECT r.account_id, r.owner_id, count(*)
FROM books_record r JOIN people_person p ON p.id = r.owner_id AND p.is_employed
WHERE r.account_id = ANY (%(accounts)s) AND r.owner_id <> %(holder)s
GROUP BY r.account_id, r.owner_id ORDER BY r.account_id, r.owner_id
"""


def _ties(accounts: set[int], *, holder: int) -> dict[int, tuple[tuple[int, int], ...]]:
    """Who else has worked with an account, as thousandths of the one who did most."""
    worked: dict[int, dict[int, int]] = defaultdict(dict)
    for account, owner, count in _rows(TIES, {"accounts": sorted(accounts), "holder": holder}):
        worked[account][owner] = count
    return {
        account: tuple(
            (owner, 1000 * count // max(of.values())) for owner, count in sorted(of.items())
        )
        for account, of in worked.items()
    }


# Up to each account's root, then down to the whole family. UNION ends a chain that loops.
FAMILIES = """
WITH RECURSIVE up (id, node) AS (
    SELECT r.id, r.id FROM books_record r WHERE r.id = ANY (%(accounts)s)
    UNION
    SELECT up.id, r.parent_id FROM up JOIN books_record r ON r.id = up.node
    WHERE r.parent_id IS NOT NULL
), roots AS (
    SELECT up.id, coalesce(min(up.node) FILTER (WHERE r.parent_id IS NULL), min(up.node)) AS root
    FROM up JOIN books_record r ON r.id = up.node GROUP BY up.id
), family (root, node) AS (
    SELECT DISTINCT root, root FROM roots
    UNION
    SELECT f.root, r.id FROM family f JOIN books_record r ON r.parent_id = f.node
)
SELECT roots.id, roots.root, m.id, m.owner_id
FROM roots JOIN family f ON f.root = roots.root
JOIN books_record m ON m.id = f.node AND m.is_open AND m.id <> roots.id
"""


def _groups(accounts: list[int]) -> tuple[dict[int, int], dict[int, frozenset[int]]]:
    """Accounts of one family in the plan share a group; owners of the family elsewhere add fit."""
    inside, groups = set(accounts), {}
    family: dict[int, set[int]] = defaultdict(set)
    for account, root, member, owner in _rows(FAMILIES, {"accounts": accounts}):
        if member in inside:
            groups[account] = root
        else:
            family[account].add(owner)
    return groups, {account: frozenset(owners) for account, owners in family.items()}


PRODUCTS = """
SELECT DISTINCT CASE WHEN r.id = ANY (%(units)s) THEN r.id ELSE r.account_id END, p.name
FROM books_record r JOIN books_product p ON p.id = r.product_id
WHERE r.is_open AND (r.id = ANY (%(units)s) OR r.account_id = ANY (%(units)s))
"""


def _products(units: list[int]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for unit, product in _rows(PRODUCTS, {"units": units}):
        found[unit].add(product)
    return {unit: frozenset(products) for unit, products in found.items()}


# The value of the last account among the company's most valuable few percent.
KEY_VALUE = """
WITH valued AS (
    SELECT a.id, coalesce(sum(r.value), 0) AS value
    FROM books_record a
    LEFT JOIN books_record r ON r.account_id = a.id AND r.kind = 'opportunity' AND (
        r.is_open OR (r.outcome = 'won' AND r.closed_on <= %(today)s
                      AND r.closed_on > %(today)s::date - interval '12 months'))
    WHERE a.kind = 'account' AND a.is_open
    GROUP BY a.id
)
SELECT value FROM valued ORDER BY value DESC
LIMIT 1 OFFSET greatest(0, (SELECT count(*) FROM valued) * %(percent)s / 100 - 1)
"""


def _key_value(policy: Policy, *, now: datetime) -> Decimal | None:
    rows = _rows(KEY_VALUE, {"today": now.date(), "percent": policy.key_account_percent})
    return rows[0][0] if rows and policy.key_account_percent else None


def _rows(statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
