"""Sentences of refusals, as somebody reads them."""

import pytest

from legato.connectors.files import Unreadable
from legato.domain.errors import NotFound
from legato.people.queries import PersonAmbiguous
from legato.planning.operations import MayNotApprove, PlanBreaksRule, PlanStale
from legato.postgres.databases import Unreachable
from legato.web.wording import sentence


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (NotFound(what="case", name=9), "There is no departure case 9 here."),
        (
            MayNotApprove(name="Mei Lin", why="is_proposer", others=["Ada Okafor", "Jo Held"]),
            "Mei Lin may not approve this plan: proposed it. It is not approved. "
            "These may: Ada Okafor, Jo Held",
        ),
        (
            PersonAmbiguous(name="held", candidates=[(3, "held", ""), (4, "held", "h@x.org")]),
            "Several people are called held: (3, held, ), (4, held, h@x.org).",
        ),
        (
            Unreachable(database="x", why="connection failed: No such file"),
            "connection failed: No such file",
        ),
        (Unreadable(file="a.csv", why="empty"), "a.csv cannot be read: it is empty."),
        (
            PlanStale(
                plan=3,
                differences=[{"record": 7, "kind": "lead", "name": "closed", "what": "new"}],
                count=1,
            ),
            "(7 lead closed is new)",
        ),
        (
            PlanBreaksRule(
                plan=3,
                violations=[
                    {"record": "#7", "person": "Ivo", "code": "not_eligible", "why": "held"}
                ],
                count=1,
            ),
            "(#7 Ivo may not receive gets nothing new at present)",
        ),
    ],
)
def test_a_code_is_put_into_words_and_a_name_is_left_alone(refused: NotFound, told: str) -> None:
    assert told in sentence(refused)
