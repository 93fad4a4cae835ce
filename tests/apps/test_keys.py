"""A command repeated with its key answers the same and does nothing twice; another is refused."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests import example
from tests.importing import ACCOUNTS, DEALS, write

from legato.books import barring
from legato.cli import run
from legato.departures.models import Case
from legato.departures.operations import begin, open_case
from legato.domain.departure import Announcement
from legato.ledger.models import Answer, Entry
from legato.ledger.operations import KeyAlreadyUsed
from legato.people import operations as people
from legato.people.operations import set_policy
from legato.planning import operations as planning
from legato.postgres.addresses import Addresses

LATER = "2026-03-31T15:00Z"
BY: dict[str, Any] = {"now": example.NOW, "reason": "Because"}


@dataclass(slots=True, kw_only=True)
class World:
    """A company; what a command needs is made by its preparation, which fills ``of``."""

    cast: example.Cast
    account: int
    folder: Path
    of: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A command, its arguments, others, and what must be there before."""

    command: str
    asked: str
    other: str
    before: Callable[[World], None] | None = None
    name: str = ""


def _files(world: World) -> None:
    write(world.folder / "crm", {"accounts.csv": ACCOUNTS, "deals.csv": DEALS})
    write(world.folder / "other", {"accounts.csv": ACCOUNTS})
    world.of["folder"] = world.folder


def _imported(world: World) -> None:
    _files(world)
    when = ["--now", example.NOW.isoformat()]
    assert run(["import", str(world.folder / "crm"), "--as", "Ada Okafor", *when]) == 0


def _case(world: World) -> None:
    announced = Announcement(kind="resignation", last_day=date(2026, 4, 30))
    world.of["case"] = open_case(
        person_id=world.cast.olga, announced=announced, actor=world.cast.mei, **BY
    ).case


def _case_of_nothing(world: World) -> None:
    announced = Announcement(kind="transfer", last_day=date(2026, 4, 30))
    world.of["case"] = open_case(
        person_id=world.cast.ivo, announced=announced, actor=world.cast.mei, **BY
    ).case


def _let_in(world: World) -> None:
    people.give_log_in(
        person=world.cast.ivo, user_name="ivo", password="a quiet passage", actor=None, **BY
    )


def _planned(world: World) -> None:
    _case(world)
    case = world.of["case"]
    made = planning.propose(
        books=[Case.objects.get(pk=case).book_id],
        chain=f"case:{case}",
        options=planning.Options(),
        actor=world.cast.sam,
        **BY,
    )
    world.of |= {"plan": made.plan, "digest": made.digest}


def _approved(world: World) -> None:
    _planned(world)
    planning.approve(plan_id=world.of["plan"], approver=world.cast.mei, **BY)


def _committed(world: World) -> None:
    _approved(world)
    done = planning.commit(
        plan_id=world.of["plan"], digest=world.of["digest"], actor=world.cast.mei, **BY
    )
    world.of["commit"] = done.commit


def _barred(world: World) -> None:
    barring.bar(person=world.cast.kenji, record_id=world.account, actor=world.cast.ada, **BY)


def _left(world: World) -> None:
    example.leave(person=world.cast.kenji)


def _running(world: World) -> None:
    _case(world)
    world.of["run"] = begin(
        cases=[world.of["case"]],
        options=planning.Options(),
        actor=world.cast.mei,
        later=lambda run: None,
        **BY,
    )


AGAIN = (
    Again(
        command="import",
        asked="import {folder}/crm",
        other="import {folder}/other",
        before=_files,
    ),
    Again(
        command="import",
        asked="import --undo 1",
        other="import --undo 2",
        before=_imported,
        name="undo",
    ),
    Again(command="person add", asked="person add Nina", other="person add Nora"),
    Again(
        command="person set",
        asked="person set Kenji%Sato --rename Ken%Sato",
        other="person set Ivo%Novak --capacity 8",
    ),
    Again(
        command="person absent",
        asked="person absent Ivo%Novak --from 2026-12-01 --to 2026-12-24",
        other="person absent Ivo%Novak --from 2026-12-01 --to 2026-12-25",
    ),
    Again(
        command="person bar",
        asked="person bar Kenji%Sato #{account}",
        other="person bar Ivo%Novak #{account}",
    ),
    Again(
        command="person unbar",
        asked="person unbar Kenji%Sato #{account}",
        other="person bar Ivo%Novak #{account}",
        before=_barred,
    ),
    Again(
        command="person rehire",
        asked="person rehire Kenji%Sato",
        other="person rehire Kenji%Sato --started 2026-04-01",
        before=_left,
    ),
    Again(
        command="person log-in",
        asked="person log-in Mei%Lin --user mei",
        other="person log-in Mei%Lin --user lin",
    ),
    Again(
        command="person log-out",
        asked="person log-out Ivo%Novak",
        other="person reset-factors Ivo%Novak",
        before=_let_in,
    ),
    Again(
        command="person reset-factors",
        asked="person reset-factors Ivo%Novak",
        other="person log-out Ivo%Novak",
        before=_let_in,
    ),
    Again(
        command="person last-resort",
        asked="person last-resort Mei%Lin",
        other="person last-resort Ada%Okafor",
    ),
    Again(
        command="policy set",
        asked="policy set undo_hours=48",
        other="policy set undo_hours=47",
    ),
    Again(
        command="depart",
        asked="depart Olga%Petrova --last-day 2026-04-30 --kind resignation",
        other="depart Olga%Petrova --last-day 2026-04-29 --kind resignation",
    ),
    Again(
        command="cover",
        asked="cover {case} --by Mei%Lin --until 2026-04-10",
        other="cover {case} --by Mei%Lin --until 2026-04-11",
        before=_case,
    ),
    Again(
        command="case change",
        asked="case change {case} --last-day 2026-05-01",
        other="case change {case} --last-day 2026-05-02",
        before=_case,
    ),
    Again(
        command="case sign",
        asked="case sign {case} #{account} --reason Stays",
        other="case sign {case} covered --reason Stays",
        before=_case,
    ),
    Again(
        command="case close",
        asked="case close {case}",
        other="case withdraw {case}",
        before=_case_of_nothing,
    ),
    Again(
        command="case withdraw",
        asked="case withdraw {case}",
        other="policy set undo_hours=48",
        before=_case,
    ),
    Again(
        command="case export",
        asked="case export {case} {folder}",
        other="case withdraw {case}",
        before=_case,
    ),
    Again(command="plan make", asked="plan {case}", other="plan {case} --seed 7", before=_case),
    Again(
        command="plan cancel",
        asked="plan cancel {run}",
        other="policy set undo_hours=48",
        before=_running,
    ),
    Again(
        command="approve",
        asked="approve {plan}",
        other="commit {plan} --digest {digest}",
        before=_planned,
    ),
    Again(
        command="commit",
        asked="commit {plan} --digest {digest}",
        other="commit {plan} --digest 0",
        before=_approved,
    ),
    Again(command="undo", asked="undo {commit}", other="undo 1", before=_committed),
)
IDS = [f"{each.command} {each.name}".strip() for each in AGAIN]


@pytest.fixture
def world(fresh_database: Addresses, tmp_path: Path) -> World:
    cast = example.company()
    accounts = [example.record(owner=cast.olga, at=example.GIVEN).pk for _ in range(4)]
    of = {"account": accounts[0], "folder": tmp_path}
    return World(cast=cast, account=accounts[0], folder=tmp_path, of=of)


def _arguments(world: World, typed: str, *, by: str) -> list[str]:
    words = [word.format(**world.of).replace("%", " ") for word in typed.split()]
    return [*words, "--as", by, "--key", "k", "--json", "--now", LATER]


def _actor(each: Again) -> str:
    return "Mei Lin" if each.command in ("approve", "commit", "undo") else "Ada Okafor"


@pytest.mark.parametrize("each", AGAIN, ids=IDS)
def test_a_command_is_repeated_and_another_is_refused(
    world: World, capsys: pytest.CaptureFixture[str], each: Again
) -> None:
    if each.before is not None:
        each.before(world)
    capsys.readouterr()

    def said(typed: str, *, by: str) -> tuple[int, dict[str, Any]]:
        code = run(_arguments(world, typed, by=by))
        return code, json.loads(capsys.readouterr().out)

    first = said(each.asked, by=_actor(each))
    assert first[0] == 0, first
    entries = Entry.objects.count()
    assert Answer.objects.filter(key="k").count() == 1
    assert said(each.asked, by=_actor(each)) == first
    assert Entry.objects.count() == entries
    code, refused = said(each.other, by=_actor(each))
    assert (code, refused["refused"]) == (3, "key_already_used")
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("each", AGAIN, ids=IDS)
def test_somebody_else_cannot_use_the_key(
    world: World, capsys: pytest.CaptureFixture[str], each: Again
) -> None:
    if each.before is not None:
        each.before(world)
    assert run(_arguments(world, each.asked, by=_actor(each))) == 0
    capsys.readouterr()
    assert run(_arguments(world, each.asked, by="Sam Carter")) == 3
    assert json.loads(capsys.readouterr().out)["refused"] == "key_already_used"


def _at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    def one(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except KeyAlreadyUsed as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def test_two_of_the_same_at_once_are_done_once(world: World) -> None:
    def ask() -> int:
        return set_policy(values={"undo_hours": 48}, actor=world.cast.ada, key="k", **BY)

    assert len(set(_at_once([ask] * 6))) == 1
    assert Entry.objects.filter(kind="policy_set").count() == 1


def test_of_two_with_one_key_at_once_one_is_refused(world: World) -> None:
    def ask(hours: int) -> Callable[[], int]:
        return lambda: set_policy(values={"undo_hours": hours}, actor=world.cast.ada, key="k", **BY)

    answers = _at_once([ask(hours) for hours in range(40, 46)])
    assert sum(isinstance(each, KeyAlreadyUsed) for each in answers) == 5
    assert Entry.objects.filter(kind="policy_set").count() == 1


def test_a_made_password_is_the_same_again_and_not_in_the_database(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["person", "log-in", "Mei Lin", "--as", "Ada Okafor", "--key", "k", "--json"]
    assert run(asked) == 0
    password = json.loads(capsys.readouterr().out)["password"]
    assert run(asked) == 0
    assert json.loads(capsys.readouterr().out)["password"] == password
    assert password not in json.dumps(list(Answer.objects.values("answer", "asked_sha256")))
    assert people.password_for(key="another") != password


def test_a_name_taken_by_somebody_else_is_no_repetition(world: World) -> None:
    """Only a command that was answered before finds a renamed person by the new name."""
    asked = ["person", "set", "Nobody", "--rename", "Ivo Novak", "--as", "Ada Okafor"]
    assert run([*asked, "--key", "k"]) == 4


def test_time_and_reason_are_no_part_of_what_was_asked(world: World) -> None:
    asked: dict[str, Any] = {"values": {"undo_hours": 48}, "actor": world.cast.ada, "key": "k"}
    first = set_policy(now=example.NOW, reason="Because", **asked)
    later = example.NOW + timedelta(hours=1)
    assert set_policy(now=later, reason="Once more", **asked) == first
