"""Whatever befalls a company, the product does what a small model of it says.

``LEGATO_TORTURE=40`` walks much longer, from a seed that it prints.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom

import pytest
from django.db import connections
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from tests import conftest
from tests.model import starting
from tests.model.doors import Doors
from tests.model.machine import Company
from tests.model.tour import tour
from tests.model.walking import REACHED

from legato.postgres.addresses import Addresses
from legato.postgres.databases import drop_database

pytestmark = pytest.mark.breaks_invariants  # Each walk drops its database.

TORTURE = int(os.environ.get("LEGATO_TORTURE", "1"))
SEED = int(os.environ.get("LEGATO_SEED", "0")) or SystemRandom().randrange(1, 10**9)
WALKS = settings(
    max_examples=100 if TORTURE == 1 else 10 * TORTURE,
    stateful_step_count=30,
    deadline=None,
    database=None,
    derandomize=TORTURE == 1,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)
RULES = """
hire come_or_go absent set_capacity govern bar depart cover withdraw plan proceed approve commit
undo by_hand files wait repeat
"""
REFUSALS = """
may_not_administer may_not_manage not_employed already_employed capacity_negative absence_backwards
policy_value_wrong still_owns_records is_last_resort already_barred not_barred
case_already_open case_closed last_day_past last_day_needed last_day_before_start
cannot_cover cover_ends_past interim_ends_past nothing_to_plan unknown_pin pin_impossible
may_not_approve nobody_may_approve already_approved not_approved digest_differs already_committed
plan_stale plan_breaks_rule undo_too_late already_undone nothing_to_undo later_change_first
may_not_undo departure_over given_on_since employment_over import_already_undone
import_changed_nothing key_already_used
books_open_record_has_an_employed_owner
"""
EVENTS = (
    "a plan with orphans",
    "a commit that moves something",
    "an undo of commit",
    "an undo of cover",
    "an undo of undo",
    "an undo that leaves: owner_changed_since",
    "an undo that leaves: closed_since",
    "an undo that leaves: owner_has_left",
    "an import that finds drift",
    "an undo of an import that leaves something",
    "a last day that ends",
    "an interim that ends",
)


@pytest.fixture
def company(fresh_database: Addresses, tmp_path: Path) -> type[Company]:
    """The rules; each walk has a copy of one database with the company in it."""
    starting.found(tmp_path / "crm")
    connections.close_all()

    @contextmanager
    def opened() -> Iterator[Doors]:
        ours = conftest.copy(fresh_database)
        conftest.point_to(ours)
        yield Doors(tmp_path / "crm")
        connections.close_all()
        drop_database(ours.owner)

    return type("Walked", (Company,), {"opened": staticmethod(opened)})


def test_a_tour_goes_past_every_rule_refusal_and_event(company: type[Company]) -> None:
    REACHED.clear()
    walk = company()
    try:
        tour(walk)
    finally:
        walk.teardown()
    wanted = [*RULES.split(), *REFUSALS.split(), *EVENTS]
    assert [each for each in wanted if not REACHED[each]] == [], walk.told("Not reached")


def test_the_product_does_what_the_model_says(company: type[Company]) -> None:
    REACHED.clear()
    if TORTURE > 1:
        print(f"LEGATO_SEED={SEED}")
        company = seed(SEED)(company)
    run_state_machine_as_test(company, settings=WALKS)
    deep = ("a commit that moves something", "an undo of commit", "an undo of cover", "plan_stale")
    assert [each for each in deep if not REACHED[each]] == []
