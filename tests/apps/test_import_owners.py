"""The import and owners: nobody is guessed, no row lost, no decision of ours overwritten."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from tests import example
from tests.example import NOW
from tests.importing import DEALS, FILES, numbers, owners, read, write

from legato.books.importing import Question
from legato.books.models import Drift, Record, Span
from legato.people import operations as people
from legato.people.importing import LastResortNeeded, LastResortUnknown
from legato.people.models import Person
from legato.postgres.addresses import Addresses

HEAD = "Opportunity ID,Sales Agent,Account,Deal Stage\n"
TWO = "Name,Email\nOlga Petrova,o@x.ru\nKenji Sato,k@x.jp\n"


@pytest.fixture(autouse=True)
def _real_database(fresh_database: Addresses) -> None:
    """An import commits, so each test has a database of its own."""


def pk(name: str) -> int:
    return int(Person.objects.get(name=name).pk)


def test_an_unknown_owner_gives_the_record_to_the_manager_and_lists_it(tmp_path: Path) -> None:
    deals = f"{HEAD}O1,Nobody Known,Alfa,Proposal\nO2,,Alfa,Proposal\nO3,,,Proposal\n"
    deals += "O4,Olga Petrova,Alfa,Proposal\n"
    answer = read(write(tmp_path / "crm", FILES | {"deals.csv": deals}))
    assert owners() == {
        "O1": "Mei Lin",
        "O2": "Olga Petrova",  # hers is the account
        "O3": "Mei Lin",
        "O4": "Olga Petrova",
    }
    whys = {each["key"]: each["why"] for each in answer["orphans"]["listed"]}
    assert whys == {"O1": "owner_unknown", "O3": "owner_missing", "beta": "no_candidate"}
    assert numbers(read(tmp_path / "crm", days=1), "opportunity") == (0, 0, 4, 0)


def test_an_owner_of_a_name_that_two_have_is_not_guessed(tmp_path: Path) -> None:
    people_ = "Id,Name,Manager\n1,Mei Lin,\n2,Olga Petrova,Mei Lin\n3,Olga Petrova,Mei Lin\n"
    files = FILES | {"people.csv": people_}
    answer = read(write(tmp_path / "crm", files))
    assert owners()["O1"] == "Mei Lin"
    assert {o["why"] for o in answer["orphans"]["listed"]} >= {"owner_ambiguous"}


def test_an_ambiguous_name_is_asked_where_somebody_can_answer(tmp_path: Path) -> None:
    people_ = "Id,Name,Manager\n1,Mei Lin,\n2,Olga Petrova,Mei Lin\n3,Olga Petrova,Mei Lin\n"
    asked: list[Question] = []

    def answers(question: Question) -> int:
        asked.append(question)
        return 1

    folder = write(tmp_path / "crm", FILES | {"people.csv": people_})
    read(folder, ask=answers)
    assert [(q.value, q.choices) for q in asked] == [
        ("Olga Petrova", ("Olga Petrova (2)", "Olga Petrova (3)"))
    ]
    assert Record.objects.get(key="O1").owner_id == Person.objects.get(key="3").pk


def test_what_somebody_left_behind_goes_to_the_manager_but_closed_records_keep_their_credit(
    tmp_path: Path,
) -> None:
    people_ = (
        "Name,Manager,Active\nAda,,yes\nMei Lin,Ada,yes\nOlga Petrova,Mei Lin,no\n"
        "Kenji Sato,Mei Lin,yes\n"
    )
    deals = f"{HEAD}O1,Olga Petrova,Alfa,Proposal\nO2,Olga Petrova,Alfa,Won\n"
    answer = read(write(tmp_path / "crm", FILES | {"people.csv": people_, "deals.csv": deals}))
    assert owners() == {"O1": "Mei Lin", "O2": "Olga Petrova"}
    assert {o["key"]: o["why"] for o in answer["orphans"]["listed"]}["O1"] == "owner_left"
    assert answer["last_resort"] == {"name": "Ada", "how": "top"}


def test_a_held_person_gets_nothing_new_and_keeps_what_they_have(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", FILES)
    read(folder)
    hold_entry(pk("Olga Petrova"))
    more = f"{HEAD}O1,Olga Petrova,Alfa,Proposal\nN1,Olga Petrova,Beta,Proposal\n"
    more += "N2,Olga Petrova,,Proposal\nN3,Olga Petrova,Alfa,Won\n"
    answer = read(write(tmp_path / "more", {"deals.csv": more}), days=1)
    assert owners() == {
        "O1": "Olga Petrova",
        "O2": "Kenji Sato",
        "N1": "Kenji Sato",  # who has the account
        "N2": "Mei Lin",
        "N3": "Olga Petrova",  # closed: only credit
    }
    whys = {each["key"]: each["why"] for each in answer["orphans"]["listed"]}
    assert whys == {"N1": "owner_held", "N2": "owner_held"}


def test_another_owner_in_the_file_changes_the_owner_and_leaves_a_span(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", FILES)
    read(folder)
    write(folder, {"deals.csv": DEALS.replace("O1,Olga Petrova", "O1,Kenji Sato")})
    answer = read(folder, days=1)
    assert numbers(answer, "opportunity") == (0, 1, 1, 0)
    span = Span.objects.get()
    assert (span.owner_id, span.given_to_id) == (pk("Olga Petrova"), pk("Kenji Sato"))
    assert Record.objects.get(key="O1").owner_entry_id == answer["entry"]


def test_what_legato_has_given_is_drift_and_not_written(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", FILES)
    read(folder)
    example.give(record=Record.objects.get(key="O1").pk, to=pk("Kenji Sato"))
    write(folder, {"deals.csv": DEALS.replace("1200.50", "1300")})
    answer = read(folder, days=1)
    assert answer["drift"] == 1
    assert answer["drifts"] == [
        {
            "kind": "opportunity",
            "key": "O1",
            "name": "Alfa",
            "named": "Olga Petrova",
            "owner": "Kenji Sato",
        }
    ]
    assert Drift.objects.get().named == "Olga Petrova"
    record = Record.objects.get(key="O1")
    assert (record.owner_id, record.amount) == (pk("Kenji Sato"), Decimal(1300))
    assert read(folder, days=2)["entry"] is None


def test_an_account_without_an_owner_goes_to_who_works_on_it_most(tmp_path: Path) -> None:
    head = "Opportunity ID,Sales Agent,Account,Deal Stage,Engage Date,Close Date,Amount\n"
    deals = head + (
        "A1,Mei Lin,Alfa,Proposal,2026-01-01,,\nA2,Mei Lin,Alfa,Proposal,2026-01-01,,\n"
        "A3,Olga Petrova,Alfa,Proposal,2026-01-01,,\n"
        "A4,Kenji Sato,Alfa,Won,2026-02-01,2026-03-01,9\n"
        "B1,Olga Petrova,Beta,Won,2026-01-01,2026-02-01,5\n"
        "B2,Kenji Sato,Beta,Won,2026-01-01,2026-02-01,6\n"
    )
    accounts = "Account,Owner\nAlfa,\nBeta,\nGamma,Kenji Sato\nDelta,\n"
    files = FILES | {"accounts.csv": accounts, "deals.csv": deals}
    answer = read(write(tmp_path / "crm", files))
    assert owners("account") == {
        "alfa": "Olga Petrova",  # one open; Mei has two, but manages
        "beta": "Kenji Sato",  # no open one, the same day, more won
        "delta": "Mei Lin",  # nobody: the manager
        "gamma": "Kenji Sato",
    }
    assert answer["derived_owners"]["count"] == 2
    write(tmp_path / "crm", {"deals.csv": deals + "A5,Kenji Sato,Alfa,Proposal,,,\n" * 1})
    read(tmp_path / "crm", days=1)
    assert owners("account")["alfa"] == "Olga Petrova"


def test_contacts_follow_their_account(tmp_path: Path) -> None:
    contacts = "Contact ID,First Name,Last Name,Email,Account Name\nC1,Ann,Lee,a@x.com,Alfa\n"
    read(write(tmp_path / "crm", FILES | {"contacts.csv": contacts}))
    assert owners("contact") == {"C1": "Olga Petrova"}
    assert Record.objects.get(key="C1").name == "Ann Lee"


def test_the_manager_with_the_most_reports_ends_every_chain(tmp_path: Path) -> None:
    people_ = "Name,Manager\nA,Zoe\nB,Zoe\nC,Mei\nD,Mei\nE,Bob\n"
    answer = read(write(tmp_path / "crm", {"people.csv": people_}))
    assert answer["last_resort"] == {"name": "Mei", "how": "largest_team"}


def test_without_any_manager_a_person_of_last_resort_must_be_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", FILES | {"people.csv": TWO})
    with pytest.raises(LastResortNeeded) as refused:
        read(folder)
    assert refused.value.facts == {"candidates": "Kenji Sato, Olga Petrova"}
    assert not Person.objects.exists()
    with pytest.raises(LastResortUnknown):
        read(folder, last_resort="Nobody")
    assert read(folder, ask=lambda question: 1)["last_resort"]["name"] == "Olga Petrova"
    assert read(folder, days=1)["last_resort"] == {"name": "Olga Petrova", "how": "set_before"}


def test_somebody_known_by_name_alone_is_known_by_the_id_that_a_file_brings(
    tmp_path: Path,
) -> None:
    read(write(tmp_path / "crm", {"deals.csv": DEALS}), last_resort="Olga Petrova")
    people_ = "User ID,Name,Email,Manager\nU1,Olga Petrova,o@x.ru,\n"
    people_ += "U2,Kenji Sato,k@x.jp,Olga Petrova\n"
    deals = "Opportunity ID,Owner ID,Stage\nO1,U2,Proposal\n"
    answer = read(write(tmp_path / "later", {"people.csv": people_, "deals.csv": deals}), days=1)
    assert numbers(answer, "person") == (0, 2, 0, 0)
    assert owners()["O1"] == "Kenji Sato"


def test_owners_are_known_by_id_and_by_address(tmp_path: Path) -> None:
    people_ = "User ID,Name,Email,Manager\nU1,Mei Lin,m@x.cn,\nU2,Olga Petrova,o@x.ru,Mei Lin\n"
    by_id = "Opportunity ID,Owner ID,Stage\nO1,U2,Proposal\n"
    by_mail = "Opportunity ID,Owner,Stage\nO2,O@X.RU,Proposal\n"
    files = {"people.csv": people_, "deals.csv": by_id, "deals2.csv": by_mail}
    read(write(tmp_path / "crm", files))
    assert owners() == {"O1": "Olga Petrova", "O2": "Olga Petrova"}


def hold_entry(person: int) -> None:
    """Places a hold, as a departure would."""
    with transaction.atomic():
        entry = example.entry(kind="hold", at=NOW)
        people.place_hold(person=person, why="departure", entry=entry)


def test_two_of_one_name_with_different_addresses_are_two_people(tmp_path: Path) -> None:
    people_ = "Name,Email,Manager\nMei Lin,m@x.cn,\n"
    people_ += "Olga Petrova,o.1@x.ru,Mei Lin\nOlga Petrova,o1@x.ru,Mei Lin\n"
    folder = write(tmp_path / "crm", FILES | {"people.csv": people_})
    answer = read(folder)
    assert numbers(answer, "person") == (3, 0, 0, 0)
    assert {o["why"] for o in answer["orphans"]["listed"]} >= {"owner_ambiguous"}
    again = read(folder, days=1)
    assert (numbers(again, "person"), again["entry"]) == ((0, 0, 3, 0), None)
    thin = write(tmp_path / "thin", {"people.csv": "Name,Manager\nOlga Petrova,Mei Lin\n"})
    assert numbers(read(thin, days=2), "person") == (0, 0, 0, 1)
    assert Person.objects.filter(name="Olga Petrova").count() == 2


def test_an_address_added_later_is_that_of_the_one_who_was_known_without(tmp_path: Path) -> None:
    folder = write(tmp_path / "crm", FILES)
    read(folder)
    write(folder, {"people.csv": "Name,Email\nOlga Petrova,o@x.ru\n"})
    assert numbers(read(folder, days=1), "person") == (0, 1, 0, 0)
    write(folder, {"people.csv": "User ID,Name\nU2,Olga Petrova\n"})
    assert numbers(read(folder, days=2), "person") == (0, 0, 1, 0)


def test_an_address_made_part_of_who_somebody_is_gives_way_to_an_id(tmp_path: Path) -> None:
    people_ = "Name,Email\nMei Lin,m@x.cn\nOlga Petrova,o@x.ru\n"
    read(write(tmp_path / "crm", {"people.csv": people_}), last_resort="Mei Lin")
    later = write(tmp_path / "later", {"people.csv": "User ID,Name\nU2,Olga Petrova\n"})
    assert numbers(read(later, days=1), "person") == (0, 0, 1, 0)
