"""Two who change the company's rules at once, both from the version they looked at."""

import pytest
from tests import example
from tests.at_once import in_turn
from tests.example import NOW

from legato.people import operations as people
from legato.people.operations import PolicyChangedSince
from legato.people.queries import policy
from legato.postgres.addresses import Addresses


def change(actor: int, hours: int) -> int:
    return people.change_policy(
        values={"undo_hours": hours}, seen=0, now=NOW, actor=actor, reason="Because"
    )


def test_who_waited_for_another_version_is_told_of_it(fresh_database: Addresses) -> None:
    cast = example.company()
    first, second = in_turn(
        fresh_database.owner,
        lambda: change(cast.sam, 24),
        lambda: change(cast.mei, 48),
        first="LOCK TABLE people_policy IN SHARE MODE",
    )
    assert first.result() == 1
    with pytest.raises(PolicyChangedSince):
        second.result()
    assert (policy().version, policy().undo_hours) == (1, 24)
