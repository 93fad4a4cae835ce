"""The import: what becomes of good rows, of repeated ones, and of the same files again."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from tests.importing import ACCOUNTS, DEALS, FILES, PEOPLE, numbers, owners, read, write

from legato.books.importing import ImportRunning
from legato.books.importing.parts import NothingToImport
from legato.books.importing.running import ONE_AT_A_TIME
from legato.books.models import Import, Product, Record
from legato.connectors.files import Unreadable
from legato.ledger.models import Entry
from legato.people.models import Person
from legato.postgres.addresses import Addresses
from legato.postgres.databases import connection as connect


@pytest.fixture(autouse=True)
def _real_database(fresh_database: Addresses) -> None:
    """An import commits, so each test has a database of its own."""


def test_a_folder_of_files_becomes_people_accounts_and_opportunities(tmp_path: Path) -> None:
    answer = read(write(tmp_path / "crm", FILES))
    assert numbers(answer, "person") == (3, 0, 0, 0)
    assert numbers(answer, "account") == (2, 0, 0, 0)
    assert numbers(answer, "opportunity") == (2, 0, 0, 0)
    assert answer["stages"] == {"negotiation": 1, "won": 1}
    assert answer["rejected_file"] is None
    open_one = Record.objects.get(key="O1")
    assert (open_one.is_open, open_one.stage, open_one.depth) == (True, "Negotiation", "late")
    assert (open_one.value, open_one.value_is_estimated) == (Decimal("1200.50"), False)
    assert open_one.due_at == datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert open_one.closed_on is None
    won = Record.objects.get(key="O2")
    assert (won.is_open, won.outcome, won.closed_on) == (False, "won", date(2026, 3, 1))


def test_the_same_files_again_change_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", FILES)
    first = read(folder)
    before = list(Record.objects.order_by("id").values())
    again = read(folder, days=1)
    assert again["import"] != first["import"]
    assert again["entry"] is None
    for kind in ("person", "account", "opportunity"):
        assert numbers(again, kind)[:2] == (0, 0)
    assert list(Record.objects.order_by("id").values()) == before
    assert Entry.objects.filter(kind="import").count() == 1


def test_a_changed_row_changes_its_record_and_keeps_what_was(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", FILES)
    read(folder)
    write(folder, {"deals.csv": DEALS.replace("1200.50", "1500")})
    answer = read(folder, days=1)
    assert numbers(answer, "opportunity") == (0, 1, 1, 0)
    record = Record.objects.get(key="O1")
    assert record.value == 1500
    assert record.entry_id == answer["entry"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT record_id, before FROM books_change")
        assert cursor.fetchall() == [(record.pk, '{"value": 1200.50, "amount": 1200.50}')]


def test_columns_that_a_file_lacks_stay_as_they_are(tmp_path: Path) -> None:
    read(write(tmp_path / "crm", FILES))
    thin = write(tmp_path / "thin", {"deals.csv": "Opportunity ID,Deal Stage\nO1,Proposal\n"})
    assert numbers(read(thin, days=1), "opportunity") == (0, 1, 0, 0)
    record = Record.objects.get(key="O1")
    assert (record.stage, record.value, record.account_id is None) == (
        "Proposal",
        Decimal("1200.50"),
        False,
    )
    assert owners()["O1"] == "Olga Petrova"


def test_a_dry_run_says_all_and_writes_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", FILES | {"more.csv": DEALS.replace("O2", "O3") + "O4,Olga\n"})
    told = read(folder, is_dry_run=True)
    assert numbers(told, "opportunity") == (3, 0, 1, 1)
    assert told["dry_run"] is True
    assert not Record.objects.exists()
    assert not Person.objects.exists()
    assert not (tmp_path / "rejected").exists()
    done = read(folder)
    assert done["import"] == told["import"]
    assert done["counts"] == told["counts"]


def test_a_crash_goes_on_after_the_last_staged_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("legato.books.importing.staging.CHUNK", 3)
    rows = "".join(f"O{n},Olga Petrova,Alfa,Proposal,1,\n" for n in range(10, 20))
    folder = write(tmp_path / "crm", FILES | {"deals.csv": DEALS + rows})

    def crash(rows: int) -> None:
        if rows >= 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(folder, progress=crash)
    seen: list[int] = []
    answer = read(folder, progress=seen.append)
    assert seen == [11, 14, 17]
    assert numbers(answer, "opportunity") == (12, 0, 0, 0)
    assert Import.objects.count() == 1


def test_the_same_row_in_another_file_and_format_is_a_repeat(tmp_path: Path) -> None:
    variant = "Opportunity ID;Sales Agent;Account;Deal Stage;Amount;Close Date\n"
    variant += (
        "O2;Kenji Sato;Beta;Won;900,00;01/03/2026\nO9;Olga Petrova;Alfa;Won;1,50;13/03/2026\n"
    )
    answer = read(write(tmp_path / "crm", FILES | {"other.csv": variant}))
    assert numbers(answer, "opportunity") == (3, 0, 1, 0)
    assert answer["repeats"] == {"opportunity": 1}
    decided = {each["column"]: each["how"] for each in answer["mapping"][2]["decided"]}
    assert decided == {"Close Date": "day_first", "Amount": "comma"}


def test_the_same_id_with_other_values_is_rejected_the_second_time(tmp_path: Path) -> None:
    twice = DEALS + "O1,Kenji Sato,Alfa,Proposal,7,\n"
    answer = read(write(tmp_path / "crm", FILES | {"deals.csv": twice}))
    assert numbers(answer, "opportunity") == (2, 0, 0, 1)
    assert answer["rejected"]["listed"][0]["line"] == 4
    assert answer["rejected"]["listed"][0]["why"] == "repeated_differently"
    assert owners()["O1"] == "Olga Petrova"


def test_a_value_that_fits_one_name_after_folding_is_joined_and_listed(tmp_path: Path) -> None:
    deals = "id,Sales Agent,Account,Product,Stage\nO1,olga  petrova,ALFA,GTXPro,Proposal\n"
    products = "Product,Series,Sales Price\nGTX Pro,GTX,4821\n"
    folder = write(tmp_path / "crm", FILES | {"deals.csv": deals, "products.csv": products})
    answer = read(folder)
    joined = {(j["column"], j["from"], j["to"], j["rows"]) for j in answer["joined"]}
    assert ("Product", "GTXPro", "GTX Pro", 1) in joined
    assert ("Account", "ALFA", "Alfa", 1) in joined
    record = Record.objects.get(key="O1")
    assert record.product_id == Product.objects.get(name="GTX Pro").pk
    assert (record.value, record.value_is_estimated) == (Decimal(4821), True)
    assert record.name == "Alfa · GTX Pro"


def test_an_unknown_product_keeps_the_row_and_the_cell(tmp_path: Path) -> None:
    deals = "id,Sales Agent,Account,Product,Stage\nO1,Olga Petrova,Alfa,Zeta,Proposal\n"
    products = "Product,Series,Sales Price\nGTX Pro,GTX,4821\n"
    folder = write(tmp_path / "crm", FILES | {"deals.csv": deals, "products.csv": products})
    answer = read(folder)
    assert answer["unknown"] == [{"column": "Product", "value": "Zeta", "files": ["deals.csv"]}]
    assert Record.objects.get(key="O1").fields == {"Product": "Zeta"}


def test_a_single_file_of_opportunities_brings_its_owners_and_accounts(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", {"deals.csv": DEALS})
    answer = read(folder / "deals.csv", last_resort="Kenji Sato")
    assert answer["created_from_names"]["person"] == ["Kenji Sato", "Olga Petrova"]
    assert answer["created_from_names"]["account"] == ["Alfa", "Beta"]
    assert owners("account") == {"alfa": "Olga Petrova", "beta": "Kenji Sato"}
    assert answer["last_resort"] == {"name": "Kenji Sato", "how": "named"}


def test_an_account_known_by_name_keeps_its_identity_when_a_file_brings_its_id(
    tmp_path: Path,
) -> None:
    read(write(tmp_path / "crm", {"deals.csv": DEALS}), last_resort="Kenji Sato")
    accounts = "Account ID,Account Name,Industry\n001A,Alfa,retail\n001B,Gamma,retail\n"
    later = write(tmp_path / "later", {"accounts.csv": accounts})
    assert numbers(read(later, days=1), "account") == (1, 1, 0, 0)
    assert set(owners("account")) == {"alfa", "beta", "001B"}
    deals = "Opportunity ID,Owner,Account ID,Stage\nO7,Olga Petrova,001A,Proposal\n"
    write(later, {"deals.csv": deals})
    again = read(later, days=2)
    assert numbers(again, "account") == (0, 0, 2, 0)
    assert Record.objects.get(key="O7").account_id == Record.objects.get(key="alfa").pk


def test_parents_are_joined_and_the_crms_own_columns_kept(tmp_path: Path) -> None:
    accounts = "Account,Subsidiary Of,Revenue\nAlfa,,10\nBeta,alfa,20\nGamma,Nobody,30\n"
    read(write(tmp_path / "crm", FILES | {"accounts.csv": accounts}))
    alfa, beta, gamma = (Record.objects.get(key=key) for key in ("alfa", "beta", "gamma"))
    assert beta.parent_id == alfa.pk
    assert beta.fields == {"Revenue": "20"}
    assert beta.value is None
    assert (gamma.parent_id, gamma.fields) == (None, {"Revenue": "30", "Subsidiary Of": "Nobody"})


def test_files_in_many_encodings_mean_the_same(tmp_path: Path) -> None:
    table = "商談 ID\t所有者\t取引先名\tフェーズ\nO5\t佐藤\t東京商事\t受注\n".encode("utf-16")
    read(write(tmp_path / "crm", {"deals.csv": table}))
    assert owners() == {"O5": "佐藤"}
    assert Record.objects.get(key="O5").outcome == "won"


def test_a_folder_skips_what_is_none_of_ours_and_says_why(tmp_path: Path) -> None:
    strange: dict[str, str | bytes] = {
        "dictionary.csv": "Table,Field,Description\na,b,c\n",
        "x.bin": b"\0\1\2\3" * 99,
    }
    answer = read(write(tmp_path / "crm", {**FILES, **strange}))
    assert {(s["file"], s["why"]) for s in answer["skipped_files"]} == {
        ("dictionary.csv", "describes_columns"),
        ("x.bin", "not_a_table"),
    }


def test_a_file_named_by_itself_must_be_readable(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "crm", {"x.csv": b"", "dictionary.csv": "Table,Field,Description\na,b,c\n"}
    )
    with pytest.raises(Unreadable):
        read(folder / "x.csv")
    with pytest.raises(NothingToImport):
        read(folder / "dictionary.csv")
    assert not Import.objects.exists()


def test_two_imports_at_once_are_refused(tmp_path: Path, database: Addresses) -> None:
    folder = write(tmp_path / "crm", FILES)
    with connect(database.app) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        with pytest.raises(ImportRunning):
            read(folder)
    assert numbers(read(folder), "account") == (2, 0, 0, 0)


def test_a_command_repeated_with_its_key_answers_the_same(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", FILES)
    assert read(folder, key="abc") == read(folder, key="abc", days=1)
    assert Import.objects.count() == 1


def test_people_keep_their_skills_teams_and_time_zones(tmp_path: Path) -> None:
    people = (
        "Name,Email,Manager,Team,Language,Region,Time Zone,Capacity\n"
        "Mei Lin,mei@x.cn,,,zh,,Asia/Shanghai,\n"
        "Olga Petrova,olga@x.ru,mei@x.cn,East,ru; en,North,Europe/Moscow,40\n"
        "Ivo,ivo@x.cz,mei@x.cn,East,,,Mars/Base,\n"
    )
    answer = read(write(tmp_path / "crm", {"people.csv": people, "accounts.csv": ACCOUNTS}))
    assert numbers(answer, "person") == (2, 0, 0, 1)
    assert answer["rejected"]["listed"][0]["why"] == "time_zone_unknown"
    olga = Person.objects.get(name="Olga Petrova")
    assert (olga.team.name, olga.manager.name) == ("East", "Mei Lin")  # type: ignore[union-attr]
    assert (olga.time_zone, olga.capacity, olga.language) == (
        "Europe/Moscow",
        Decimal(40),
        "ru",
    )
    assert sorted(olga.skills.values_list("kind", "value")) == [
        ("language", "en"),
        ("language", "ru"),
        ("territory", "North"),
    ]
    assert Person.objects.get(name="Mei Lin").role == "manager"


def test_a_team_is_named_after_the_manager_where_no_column_names_it(tmp_path: Path) -> None:
    people = PEOPLE.replace(",Team", "").replace(",East", "").replace(",,\n", ",\n")
    answer = read(write(tmp_path / "crm", FILES | {"people.csv": people}))
    assert numbers(answer, "team") == (1, 0, 0, 0)
    teams = {p.team.name for p in Person.objects.select_related("team") if p.team}
    assert teams == {"Mei Lin"}


def test_a_team_named_after_a_manager_takes_nobody_out_of_another(tmp_path: Path) -> None:
    people = "Name,Manager,Team\nMei Lin,,West\nOlga Petrova,Mei Lin,East\nKenji Sato,Mei Lin,\n"
    read(write(tmp_path / "crm", FILES | {"people.csv": people}))
    thin = "Name,Manager\nMei Lin,\nOlga Petrova,Mei Lin\nKenji Sato,Mei Lin\n"
    folder = write(tmp_path / "thin", {"people.csv": thin})
    read(folder, days=1)
    teams = {p.name: p.team and p.team.name for p in Person.objects.select_related("team")}
    assert teams == {"Mei Lin": "West", "Olga Petrova": "East", "Kenji Sato": "Mei Lin"}
    assert read(folder, days=2)["entry"] is None
