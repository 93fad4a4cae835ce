"""The worlds of the torture tests: one company, at each step of one departure."""

import os
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker
from tests.torture.steps import Steps
from tests.torture.worlds import Nursery, World, named

from legato.postgres.addresses import Addresses
from legato.postgres.databases import copy_database, drop_database


@pytest.fixture(scope="session")
def nursery(template: Addresses) -> Iterator[Nursery]:
    env = {
        **os.environ,
        "DATABASE_URL": template.app,
        "LEGATO_MIGRATE_URL": template.owner,
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    warm = Nursery(env=env)
    yield warm
    warm.close()


@pytest.fixture(scope="session")
def steps(
    template: Addresses,
    nursery: Nursery,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Steps]:
    """The company before anything happened, and after each command of a departure."""
    name = f"legato_torture_{os.getpid()}"
    copy_database(template.owner, name=name)
    ours = named(template, name)
    home = tmp_path_factory.mktemp("torture")
    with django_db_blocker.unblock():
        made = Steps(World(addresses=ours, home=home / "home", nursery=nursery), files=home)
        yield made
        made.drop()
        drop_database(ours.owner)
