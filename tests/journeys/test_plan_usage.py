"""What would change nothing is refused as wrong usage, with a sentence, before anything is done."""

from datetime import date

import pytest
from tests import example
from tests.example import NOW

from legato import cli
from legato.books.models import Record
from legato.departures import operations as departures
from legato.domain.departure import Announcement
from legato.planning.models import Plan, Run
from legato.postgres.addresses import Addresses

TIME = ["--now", NOW.isoformat()]


@pytest.fixture
def opened(fresh_database: Addresses, monkeypatch: pytest.MonkeyPatch) -> str:
    """Olga leaves with three accounts."""
    monkeypatch.setenv("LEGATO_AS", "")
    cast = example.company()
    for _account in range(3):
        example.record(owner=cast.olga)
    announced = Announcement(kind="resignation", last_day=date(2026, 4, 30))
    found = departures.open_case(
        person_id=cast.olga, announced=announced, actor=cast.mei, now=NOW, reason=""
    )
    return str(found.case)


def name() -> str:
    return Record.objects.get(pk=1).name


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int) -> str:
    capsys.readouterr()
    assert cli.run([*words, *TIME]) == code
    said = capsys.readouterr()
    assert not (code and said.out)
    return " ".join(said.err.split())


def test_what_would_change_nothing_in_a_plan_is_refused(
    opened: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, said in (
        ([opened, opened], f"Case {opened} is named twice"),
        ([opened, "--unpin", "#1"], "--unpin drops a pin of an earlier plan"),
        ([opened, "--scope", "company"], "takes every open departure along"),
        ([opened, "--scope", "team", "--team", "East"], "takes the open departures there along"),
        (["--scope", "team"], "Which team is not said"),
        (["--scope", "team", "--team", "East", "--team", "West"], "takes one team"),
        (["--scope", "company", "--team", "East"], "is more than a team"),
        ([opened, "--pin", "#1=Ivo Novak", "--pin", f"{name()}=Kenji Sato"], "#1 is pinned twice"),
        ([opened, "--weight", "tie=1", "--weight", "tie=2"], "The weight of tie is given twice"),
        ([opened, "--resume", "7", "--exact"], f"Leave out: {opened}, --exact"),
        (["--resume", "7", "--background"], "Leave out: --background"),
        (["compare", "1", "1"], "compared with another one"),
    ):
        assert said in told(capsys, "plan", *words, code=2), words
    assert not Plan.objects.exists()
    assert not Run.objects.exists()


def test_a_pin_is_dropped_or_changed_however_the_record_is_written(
    opened: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "plan", opened, "--pin", "#1=Ivo Novak", code=0)
    first = str(Plan.objects.get().pk)
    assert "pins no record #2" in told(capsys, "plan", "--from", first, "--unpin", "#2", code=2)
    told(capsys, "plan", "--from", first, "--unpin", name(), code=0)
    assert Plan.objects.order_by("-pk")[0].options["pins"] == []
    told(capsys, "plan", "--from", first, "--pin", f"{name()}=Kenji Sato", code=0)
    assert len(Plan.objects.order_by("-pk")[0].options["pins"]) == 1


def test_what_would_change_nothing_elsewhere_is_refused(
    opened: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, said in (
        (["simulate", "Olga Petrova", "Olga Petrova"], "Olga Petrova is named twice"),
        (["simulate", "Olga Petrova", "--scope", "company", "--team", "East"], "more than a team"),
        (["explain", "1", "--exact"], "--exact looks for what would have to move"),
        (["explain", "1", "#1", "--exact"], "--exact looks for what would have to move"),
        (["person", "set", "Ivo Novak"], "Nothing says what is to change"),
    ):
        assert said in told(capsys, *words, code=2), words
