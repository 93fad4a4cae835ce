"""A worker is killed at every operation; the next one finishes what it had begun, and only that."""

from itertools import count

import pytest
from tests.torture.crashing import KILLED
from tests.torture.extent import step
from tests.torture.steps import COMMANDS, Steps, pointed_to
from tests.torture.worlds import World

from legato.departures.models import Case
from legato.ledger.queries import checked, state
from legato.people.models import Person
from legato.planning.models import Plan, Run
from legato.postgres.databases import connection
from legato.web.checks import check_all

SWEEPS = ("ledger.seal", "departures.end_last_days", "departures.end_interims")
MINUTE_LATER = "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '60 s'"
# The clock may have queued the next sweep already.
UNFINISHED = """
SELECT task_name, status FROM procrastinate_jobs
WHERE status = 'doing' OR (status = 'todo' AND task_name = 'departures.make_plan')
"""


def restarted(world: World) -> None:
    """A minute after the crash another worker does what it finds, and what is due by then. It looks
    for the dead every 15 seconds: four times within a minute."""
    with connection(world.addresses.owner) as owner:
        owner.execute(MINUTE_LATER)
        for _time in range(4):
            answer = world.run(("job", "work_off", "jobs.retry_stalled"))
            assert answer.status == 0, answer.said
            if not owner.execute(UNFINISHED).fetchall():
                break


def look(world: World, *, where: str) -> None:
    """Nothing is left to do, and no invariant is broken."""
    with connection(world.addresses.owner) as owner:
        assert owner.execute(UNFINISHED).fetchall() == [], where
    assert [each for each in [*check_all(), checked()] if each.count] == [], where


@pytest.mark.parametrize("how", ["cut off", "asked for twice"])
def test_a_plan_left_to_a_worker_that_dies_is_made_by_the_next(steps: Steps, how: str) -> None:
    origin, before, _answer = steps.after("plan in the background")
    for last in count(1, step(29) if how == "cut off" else 2 * step(29)):
        world = origin.copy()
        world.put_files(before.files)
        killed = world.run(("job", "work_off"), last=last)
        if how == "asked for twice":
            assert world.run(COMMANDS["plan in the background"].typed({})).status == 0
        restarted(world)
        with pointed_to(world):
            look(world, where=f"before {last}")
            assert list(Run.objects.values_list("state", flat=True)) == ["done"], last
            assert Plan.objects.count() == 1, last
        world.drop()
        if killed.status != KILLED:
            assert killed.status == 0, killed.said
            break


def test_a_sweep_cut_off_is_done_by_the_next_worker(steps: Steps) -> None:
    origin, before, _answer = steps.after("cover")
    for last in count(1, step(29)):
        world = origin.copy()
        world.put_files(before.files)
        killed = world.run(("job", "work_off", *SWEEPS), last=last)
        with pointed_to(world):
            assert [each for each in [*check_all(), checked()] if each.count] == [], last
        restarted(world)
        assert world.run(("job", "work_off", *SWEEPS)).status == 0
        restarted(world)
        with pointed_to(world):
            look(world, where=f"before {last}")
            assert state().unsealed == 0, last
            leaver = Case.objects.get().person_id
            assert not Person.objects.get(pk=leaver).is_employed, last
        world.drop()
        if killed.status != KILLED:
            assert killed.status == 0, killed.said
            break


def test_a_dead_job_does_not_block_the_next_of_its_kind(steps: Steps) -> None:
    """A worker died in the middle of sealing, and the clock has queued the next sealing since."""
    world = steps.after("cover")[0].copy()
    whole = world.run(("job", "work_off", "ledger.seal"))
    world.drop()
    world = steps.after("cover")[0].copy()
    sealing = next(n for n, said in enumerate(whole.seen, 1) if "INSERT INTO ledger_seal" in said)
    assert world.run(("job", "work_off", "ledger.seal"), last=sealing).status == KILLED
    assert world.run(("job", "queue", "ledger.seal")).status == 0
    restarted(world)
    assert (
        world.run(("job", "work_off", "ledger.seal")).status == 0
    )  # A sweep may have come between.
    with pointed_to(world):
        look(world, where="sealing")
        assert state().unsealed == 0
    world.drop()
