"""Bad input at the command line: the exit code, the sentence, and nothing half done."""

import json
from collections.abc import Callable

import pytest
from tests import example
from tests.example import Cast

from legato import cli
from legato.departures.models import Case
from legato.planning.models import Plan
from legato.postgres.addresses import Addresses

NOW = "2026-03-31T09:00+00:00"
Say = Callable[..., tuple[int, str]]


@pytest.fixture
def cast(fresh_database: Addresses) -> Cast:
    """The company, with two who share a name, and something in Olga's book."""
    company = example.company()
    for _twin in range(2):
        example.person(name="Jan Bakker", manager=company.mei)
    example.record(owner=company.olga)
    return company


@pytest.fixture
def say(cast: Cast, capsys: pytest.CaptureFixture[str]) -> Say:
    """Runs a command: its exit code and what it says."""

    def run(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        code = cli.run([*words, "--now", NOW])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return run


def depart(name: str, *more: str) -> tuple[str, ...]:
    return ("depart", name, "--kind", "resignation", *(more or ("--last-day", "2026-04-30")))


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (depart("Nobody Known"), 4, "Nobody Known"),
        (depart("Jan Bakker"), 3, "#"),
        (depart("Olga Petrova", "--last-day", "2026-03-30"), 3, "already gone"),
        (
            depart("Olga Petrova", "--last-day", "2026-04-30", "--notice", "2026-05-01"),
            3,
            "2026-05-01",
        ),
        (depart("Olga Petrova", "--last-day", "soon"), 2, "2026-03-31"),
        (depart("Olga Petrova", "--last-day", "unknown", "--already-gone"), 3, "had a last day"),
        (("cover", "404", "--by", "Mei Lin", "--until", "2026-04-30"), 4, "404"),
        (("plan", "404"), 4, "404"),
        (("approve", "404"), 4, "404"),
        (("commit", "404", "--digest", "0"), 4, "404"),
        (("undo", "404"), 4, "404"),
        (("plan", "1", "--pin", "nonsense"), 2, "RECORD=PERSON"),
        (("plan", "1", "--weight", "looks=5"), 2, "looks=5"),
    ],
)
def test_bad_input_is_refused_in_words_and_changes_nothing(
    say: Say, words: tuple[str, ...], code: int, told: str
) -> None:
    found, said = say(*words)
    assert (found, told in said) == (code, True), said
    assert not Case.objects.exists()


def test_a_second_case_names_the_first(say: Say) -> None:
    assert say(*depart("Olga Petrova"))[0] == 0
    code, said = say(*depart("Olga Petrova"))
    assert (code, "case 1" in said) == (3, True), said
    assert Case.objects.count() == 1


def test_a_wrong_digest_and_a_missing_approval_are_refused(say: Say) -> None:
    say(*depart("Olga Petrova"))
    case = Case.objects.get().pk
    assert say("plan", str(case))[0] == 0
    plan = Plan.objects.get()
    assert say("commit", str(plan.pk), "--digest", plan.digest)[0] == 3
    code, said = say("approve", str(plan.pk))
    assert (code, "Ada Okafor" in said) == (3, True), said
    assert say("approve", str(plan.pk), "--as", "Ada Okafor")[0] == 0
    assert say("commit", str(plan.pk), "--digest", "0" * 64)[0] == 3
    assert say("commit", str(plan.pk), "--digest", plan.digest)[0] == 0
    assert say("commit", str(plan.pk), "--digest", plan.digest)[0] == 3


def test_a_refusal_speaks_json_to_machines(
    say: Say, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = say(*depart("Jan Bakker"), "--json")
    answer = json.loads(said)
    assert (code, answer["refused"]) == (3, "person_ambiguous")
    assert len(answer["candidates"]) == 2
