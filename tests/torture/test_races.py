"""People act on the same departure at once: one wins where only one may, the others hear why."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.torture import deeds
from tests.torture.extent import times
from tests.torture.racing import HeldOpen, at_once, refusals
from tests.torture.steps import Steps, pointed_to
from tests.torture.worlds import World

from legato.departures.operations import CaseAlreadyOpen, CaseClosed
from legato.domain.errors import Refused
from legato.ledger.queries import checked
from legato.planning.models import Commit, Undo
from legato.planning.operations import AlreadyApproved, AlreadyCommitted, AlreadyUndone
from legato.postgres.databases import connection
from legato.web.checks import check_all
from legato.web.wording import sentence

ROUNDS = times(8, 1)
MANY = (2, 8)
# What all do, where, and the refusal of all but one, with the fact that names what changed.
ONCE = {
    "approve": (deeds.approve, "plan", AlreadyApproved, "by"),
    "commit": (deeds.commit, "approve", AlreadyCommitted, "commit"),
    "undo": (deeds.undo, "commit", AlreadyUndone, "undo"),
    "withdraw": (deeds.withdraw, "depart", CaseClosed, "case"),
    "depart": (deeds.depart, "company", CaseAlreadyOpen, "case"),
}
# Different things done to one departure, and after which command.
MIXED = {
    "commit, cover, edit": ("approve", (deeds.commit, deeds.cover, deeds.edit)),
    "commit, re-plan, edit": ("approve", (deeds.commit, deeds.plan, deeds.edit)),
    "commit, withdraw, leave": ("approve", (deeds.commit, deeds.withdraw, deeds.go_on_leave)),
    "commit, last day": ("approve", (deeds.commit, deeds.end_last_day)),
    "commit, receiver gone": ("approve", (deeds.commit, deeds.receiver_departs)),
    "commit, approve, rules": ("plan", (deeds.approve, deeds.commit, deeds.change_rules)),
    "undo, edit, cover": ("commit", (deeds.undo, deeds.edit, deeds.cover)),
    "undo, receiver gone": ("commit", (deeds.undo, deeds.receiver_departs)),
    "undo, withdraw, last day": ("commit", (deeds.undo, deeds.withdraw, deeds.end_last_day)),
    "cover, withdraw, last day": ("depart", (deeds.cover, deeds.withdraw, deeds.end_last_day)),
    "company, receiver gone": ("company", (deeds.commit_company, deeds.receiver_departs)),
    "company, cover": ("depart", (deeds.commit_company, deeds.cover, deeds.commit_company)),
    "cover, receiver gone": ("depart", (deeds.cover, deeds.receiver_departs)),
}


@pytest.fixture
def race(steps: Steps, request: pytest.FixtureRequest) -> Iterator[World]:
    """A world of the round's own, after the command of its parameter."""
    step = request.param
    origin = steps.company if step == "company" else steps.after(step)[0]
    world = origin.copy()
    with pointed_to(world):
        yield world
    world.drop()


def look() -> None:
    assert [each for each in [*check_all(), checked()] if each.count] == []


def in_worlds(cases: dict[str, str]) -> pytest.MarkDecorator:
    """Each case in the world after its command, as often as there are rounds."""
    listed = [
        pytest.param(step, name, number, id=f"{name}-{number}")
        for name, step in cases.items()
        for number in range(ROUNDS)
    ]
    return pytest.mark.parametrize(("race", "name", "number"), listed, indirect=["race"])


@pytest.mark.parametrize("many", MANY)
@in_worlds({name: step for name, (_deed, step, _refusal, _fact) in ONCE.items()})
def test_one_wins_and_the_others_hear_what_was_done(
    race: World, name: str, number: int, many: int
) -> None:
    deed, _step, refusal, fact = ONCE[name]
    outcomes = at_once([deed(place) for place in range(many)])
    lost = refusals(outcomes)
    assert [type(each) for each in lost] == [refusal] * (many - 1)
    assert all(str(each.facts[fact]) in sentence(each) for each in lost)
    look()


@pytest.mark.parametrize("many", MANY)
@in_worlds({"commit": "approve", "undo": "commit"})
def test_the_same_key_at_once_is_one_change_and_one_answer(
    race: World, name: str, number: int, many: int
) -> None:
    deed = {"commit": deeds.commit_with_key, "undo": deeds.undo_with_key}[name]
    outcomes = at_once([deed(place) for place in range(many)])
    assert outcomes == [outcomes[0]] * many
    assert refusals(outcomes) == []
    assert (Commit.objects.count(), Undo.objects.count()) == (1, int(name == "undo"))
    look()


@pytest.mark.parametrize("many", MANY)
@in_worlds({name: step for name, (step, _deeds) in MIXED.items()})
def test_different_things_at_once_are_done_or_refused_in_words(
    race: World, name: str, number: int, many: int
) -> None:
    _step, chosen = MIXED[name]
    rows = [chosen[(place + number) % len(chosen)](place) for place in range(many)]
    for lost in refusals(at_once(rows)):
        assert isinstance(lost, Refused)
        assert sentence(lost)
        assert lost.facts, lost.code
    look()


BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))"


def test_two_departures_do_not_wait_for_each_other(steps: Steps) -> None:
    """Olga's commit is held before its COMMIT, with all its locks, while Kenji's goes through,
    though Ivo receives in both. A second commit of Olga's plan waits, and is seen to."""
    world = steps.after("depart")[0].copy()
    with pointed_to(world), connection(world.addresses.owner) as owner:
        olgas, kenjis = deeds.two_commits()
        with HeldOpen(olgas) as first:
            (done,) = at_once([kenjis])
            assert not isinstance(done, Refused)
            assert owner.execute(BLOCKED, [first.pid]).fetchone() == (0,)
            with ThreadPoolExecutor(1) as people:
                waiting = people.submit(at_once, [olgas])
                while owner.execute(BLOCKED, [first.pid]).fetchone() != (1,):
                    assert not waiting.done()
                first.release()
                assert [type(each) for each in waiting.result()] == [AlreadyCommitted]
        look()
    world.drop()


def test_a_conflict_of_interest_waits_for_the_commit_by_which_the_person_receives(
    steps: Steps,
) -> None:
    """Else the commit would look before the conflict is there, and give after."""
    world = steps.after("approve")[0].copy()
    with pointed_to(world), connection(world.addresses.owner) as owner:
        barred = deeds.bar_a_receiver(1)
        with HeldOpen(deeds.commit(1)) as first, ThreadPoolExecutor(1) as people:
            waiting = people.submit(at_once, [barred])
            while owner.execute(BLOCKED, [first.pid]).fetchone() != (1,):
                assert not waiting.done()
            first.release()
            assert refusals(waiting.result()) == []
        look()
    world.drop()
