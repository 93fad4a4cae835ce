"""The sample company: what is promised of it, whatever the day, and the files it exports."""

import csv
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from legato.connectors import files
from legato.domain.columns import Mapping, propose
from legato.domain.heat import Signs, heat_of
from legato.domain.names import fold
from legato.domain.policy import Policy
from legato.domain.values import (
    Problem,
    date_order,
    is_known_stage,
    number_style,
    parse_moment,
    parse_number,
    stage_class,
    stage_depth,
    status_class,
)
from legato.sample import Company, company, write
from legato.sample.company import Record

NOW = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
DAYS = [
    NOW,
    datetime(2026, 1, 1, 0, 0, tzinfo=UTC),
    datetime(2027, 12, 31, 23, 59, tzinfo=UTC),
    datetime(2028, 2, 29, 14, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
]
KINDS = ("account", "contact", "opportunity", "lead", "activity", "commitment", "ticket")
LANGUAGES = ("ja", "zh", "ru", "en")


@cache
def sample(now: datetime = NOW, seed: int = 1) -> Company:
    return company(now=now, seed=seed)


@pytest.fixture(scope="module")
def tables(folder: Path) -> list[files.Table]:
    return list(files.tables(folder))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sample")
    write(sample(), made)
    return made


def of_leaver(told: Company, kind: str) -> list[Record]:
    return [each for each in told.of_kind(kind) if each.owner == told.cast.leaver]


def test_the_staff_is_as_promised() -> None:
    roles = Counter(each.role for each in sample().colleagues)
    assert roles == {"rep": 25, "manager": 6, "director": 1, "operations": 1}


def test_every_manager_reports_to_the_director_and_every_rep_to_a_manager() -> None:
    roles = {each.name: each.role for each in sample().colleagues}
    above = {(each.role, roles.get(each.manager)) for each in sample().colleagues}
    assert above == {
        ("director", None),
        ("operations", "director"),
        ("manager", "director"),
        ("rep", "manager"),
    }


def test_the_cast_plays_its_parts() -> None:
    told = sample()
    leaver, successor = told.colleague(told.cast.leaver), told.colleague(told.cast.successor)
    assert leaver.manager == successor.manager == told.cast.manager
    assert told.colleague(told.cast.outsider).team != leaver.team
    assert told.colleague(told.cast.undecided).role == "rep"
    assert told.colleague(told.cast.operations).role == "operations"


@pytest.mark.parametrize("now", DAYS)
def test_the_leaver_holds_420_of_2000_accounts(now: datetime) -> None:
    told = sample(now)
    assert len(told.of_kind("account")) == 2000
    assert len(of_leaver(told, "account")) == 420


@pytest.mark.parametrize("now", DAYS)
def test_five_promises_of_the_leaver_are_due_within_48_hours_and_none_is_overdue(
    now: datetime,
) -> None:
    told = sample(now)
    still_open = [r for r in of_leaver(told, "commitment") if status_class(r.stage) == "open"]
    due = [each.due for each in still_open if isinstance(each.due, datetime)]
    assert len(due) == len(still_open)
    assert sum(each <= now + timedelta(hours=48) for each in due) == 5
    assert min(due) > now


@pytest.mark.parametrize("now", DAYS)
def test_those_promises_fall_into_two_time_zones_and_a_holiday(now: datetime) -> None:
    told = sample(now)
    due = [
        each.due
        for each in of_leaver(told, "commitment")
        if isinstance(each.due, datetime) and now < each.due <= now + timedelta(hours=48)
    ]
    assert {each.utcoffset() for each in due} == {timedelta(hours=9), timedelta(hours=10)}
    (holiday,) = told.holidays
    successor = told.colleague(told.cast.successor)
    there = ZoneInfo(successor.time_zone)
    assert holiday.country == successor.country
    assert holiday.day in {each.astimezone(there).date() for each in due}


@pytest.mark.parametrize("now", DAYS)
def test_nothing_else_of_the_leaver_is_due_so_soon(now: datetime) -> None:
    told = sample(now)
    soon = (now + timedelta(days=3)).date()
    for kind in ("activity", "ticket", "opportunity"):
        still_open = [r for r in of_leaver(told, kind) if not r.closed]
        assert [r for r in still_open if isinstance(r.due, date) and r.due <= soon] == []


def test_hot_warm_and_cold_accounts_are_all_well_represented() -> None:
    told = sample()
    by_account = heats_by_account(told)
    heats = Counter(by_account[each.key] for each in of_leaver(told, "account"))
    assert min(heats.values()) > 60
    assert heats.keys() == {"hot", "warm", "cold"}


def heats_by_account(told: Company) -> dict[str, str]:
    """As the default policy has it, from each account's own records."""
    touched = {each.key: each.touched for each in told.of_kind("account")}
    depth: dict[str, str] = {}
    steps: dict[str, datetime] = {}
    for record in told.records:
        if record.kind == "opportunity" and stage_depth(record.stage) == "late":
            depth[record.account] = "late"
        if record.kind in ("activity", "commitment") and record.due and not record.closed:
            day = record.due if isinstance(record.due, datetime) else midnight(record.due)
            steps[record.account] = min(day, steps.get(record.account, day))
    rule = Policy().heat
    return {
        key: heat_of(
            signs=Signs(
                depth=depth.get(key, ""),
                touched_at=midnight(day) if day else None,
                next_step_at=steps.get(key),
            ),
            rule=rule,
            now=told.now,
        )[0]
        for key, day in touched.items()
    }


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_value_is_heavy_tailed() -> None:
    amounts = sorted((each.amount or 0 for each in sample().of_kind("opportunity")), reverse=True)
    assert sum(amounts[: len(amounts) // 10]) > 0.4 * sum(amounts)


def test_opportunities_are_won_lost_and_open_in_all_depths_and_some_without_an_amount() -> None:
    told = sample().of_kind("opportunity")
    outcomes = Counter(stage_class(each.stage) for each in told)
    depths = Counter(stage_depth(each.stage) for each in told if stage_class(each.stage) == "open")
    assert min(outcomes.values()) > 500
    assert min(depths[depth] for depth in ("early", "middle", "late")) > 100
    assert all(is_known_stage(each.stage) for each in told)
    assert sum(not each.amount and bool(each.product) for each in told) > 50


def test_no_two_records_share_a_key_and_no_two_accounts_a_name() -> None:
    told = sample()
    keys = Counter((each.kind, each.key) for each in told.records)
    names = Counter(fold(each.name) for each in told.of_kind("account"))
    assert max(keys.values()) == max(names.values()) == 1


def test_every_owner_account_parent_and_product_is_there() -> None:
    told = sample()
    people = {each.name for each in told.colleagues}
    accounts = {each.key for each in told.of_kind("account")} | {""}
    products = {each.name for each in told.products} | {""}
    for record in told.records:
        assert record.owner in people
        assert record.account in accounts
        assert record.parent in accounts
        assert record.product in products


def test_parent_groups_lie_within_one_book_and_across_two() -> None:
    accounts = {each.key: each for each in sample().of_kind("account")}
    pairs = [(each.owner, accounts[each.parent].owner) for each in accounts.values() if each.parent]
    assert any(one == other == sample().cast.leaver for one, other in pairs)
    assert any(one != other for one, other in pairs)


def test_the_leaver_has_work_on_colleagues_accounts_and_on_none() -> None:
    told = sample()
    owners = {each.key: each.owner for each in told.of_kind("account")}
    deals = of_leaver(told, "opportunity")
    assert sum(not each.account for each in deals) == 6
    assert sum(bool(each.account) and owners[each.account] != each.owner for each in deals) == 9


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_kind_of_record(language: str) -> None:
    kinds = Counter(each.kind for each in sample().records if each.language == language)
    assert set(kinds) == set(KINDS)
    assert kinds["account"] > 200


def test_what_happened_lies_behind_and_what_is_planned_ahead() -> None:
    told = sample()
    today = told.now.date()
    for record in told.records:
        past = [day for day in (record.opened, record.touched, record.closed) if day]
        assert all(day <= today for day in past)


def test_the_same_seed_and_now_give_the_same_company() -> None:
    assert company(now=NOW, seed=1) == sample()


def test_another_seed_gives_another_company() -> None:
    assert company(now=NOW, seed=2).records != sample().records


def test_the_same_company_is_written_byte_for_byte_alike(folder: Path, tmp_path: Path) -> None:
    write(company(now=NOW, seed=1), tmp_path)
    for file in sorted(folder.iterdir()):
        again = tmp_path / file.name
        if file.suffix == ".xlsx":  # it carries the time of its making
            assert cells(again) == cells(file)
        else:
            assert again.read_bytes() == file.read_bytes()


def cells(file: Path) -> list[list[str]]:
    return [row for table in files.tables(file) for _line, row in table.rows()]


def test_every_file_is_understood_without_a_column_left_over(tables: list[files.Table]) -> None:
    kinds = Counter[str]()
    for table in tables:
        mapping = propose(table.headers, table.samples, table.file.name, sheet=table.sheet)
        assert isinstance(mapping, Mapping)
        assert (mapping.confidence, mapping.unmapped) == ("sure", ())
        kinds[mapping.kind] += 1
    assert kinds == dict.fromkeys((*KINDS, "product"), 4) | {"person": 1}


def test_each_branch_writes_its_own_encoding(tables: list[files.Table]) -> None:
    found = {each.file.name[:2]: each.encoding for each in tables if each.format == "csv"}
    assert found == {
        "em": "utf-8-sig",
        "jp": "cp932",
        "cn": "gb18030",
        "ru": "cp1251",
        "gb": "utf-8",
    }


def test_there_are_text_files_a_workbook_and_a_table_of_html(tables: list[files.Table]) -> None:
    assert Counter(each.format for each in tables) == {"csv": 31, "xlsx": 1, "html": 1}


@pytest.mark.parametrize("now", DAYS[:2])
def test_every_day_and_amount_can_be_read_without_a_doubt(now: datetime, tmp_path: Path) -> None:
    write(sample(now), tmp_path)
    for table in files.tables(tmp_path):
        mapping = propose(table.headers, table.samples, table.file.name, sheet=table.sheet)
        assert isinstance(mapping, Mapping)
        rows = [row for _line, row in table.rows()]
        for field in ("opened", "closed", "due", "touched", "started"):
            values = column(rows, mapping, field)
            order = date_order(values)
            assert order.decision not in ("ambiguous", "mixed"), (table.file.name, field)
            parsed = [parse_moment(value, order.decision, UTC) for value in values]
            assert not [each for each in parsed if isinstance(each, Problem)]
        amounts = column(rows, mapping, "amount")
        style = number_style(amounts).style
        assert not [v for v in amounts if isinstance(parse_number(v, style), Problem)]


def column(rows: list[list[str]], mapping: Mapping, field: str) -> set[str]:
    index = mapping.fields.get(field)
    return set() if index is None else {row[index] for row in rows} - {""}


def test_the_staff_list_reads_back(folder: Path) -> None:
    with (folder / "employees.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 33
    assert [row["Full name"] for row in rows if not row["Manager"]] == [sample().cast.director]
