"""Sentences of refusals, as somebody reads them."""

import pytest

from legato.connectors.files import Unreadable
from legato.domain.eligibility import PinImpossible
from legato.domain.errors import NotFound
from legato.people.queries import PersonAmbiguous
from legato.planning.operations import (
    MayNotApprove,
    PlanBreaksRule,
    PlanHasConflicts,
    PlanStale,
    RecordUnclear,
)
from legato.postgres.databases import Unreachable
from legato.solver.asking import NotInPlan
from legato.web.listing import listing
from legato.web.wording import Names, sentence


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
            "Several people are called held: held (#3), held (#4, h@x.org).",
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
            "Differences: 1, first closed: is new",
        ),
        (
            PlanBreaksRule(
                plan=3,
                violations=[
                    {
                        "record": "#7",
                        "name": "Acme",
                        "person": "Ivo",
                        "code": "not_eligible",
                        "why": "held",
                    }
                ],
                count=1,
            ),
            "Breaches: 1, first Acme → Ivo: may not receive, gets nothing new at present",
        ),
        (
            PlanHasConflicts(
                plan=3, conflicts=[{"record": 7, "name": "Acme", "person": "Ivo"}], count=1
            ),
            "Conflicts: 1, first Acme (#7) → Ivo",
        ),
        (
            RecordUnclear(reference="Acme", found=[(7, "account", "Acme"), (8, "lead", "Acme")]),
            "Acme is the name of several records: Account Acme (#7), Lead Acme (#8).",
        ),
        (
            PinImpossible(unit=7, person=9, why="held"),
            "#7 cannot be locked to #9: gets nothing new at present.",
        ),
    ],
)
def test_a_code_is_put_into_words_and_a_name_is_left_alone(refused: NotFound, told: str) -> None:
    assert told in sentence(refused)


def test_what_has_a_name_is_called_by_it() -> None:
    names = Names(records={7: "Acme"}, people={9: "Ivo Novak"})
    told = sentence(PinImpossible(unit=7, person=9, why="held"), names=names)
    assert told.startswith("Acme (#7) cannot be locked to Ivo Novak: gets nothing new at present.")
    told = sentence(NotInPlan(what="person", name=9), names=names)
    assert told.startswith("Ivo Novak has no part in the plan's split")


def test_what_differs_is_a_table_of_what_was_and_what_is() -> None:
    rows = [
        {"record": 7, "kind": "account", "name": "Acme", "what": "owner", "was": "Olga",
         "now": "Ivo", "at": None, "by": "Mei"},
        {"record": 8, "kind": "lead", "name": "Bolt", "what": "closed", "was": "Olga",
         "now": "Olga", "at": None, "by": "Mei"},
        {"what": "policy", "was": 1, "now": 2},
    ]  # fmt: skip
    listed = listing(PlanStale(plan=3, differences=rows, count=3))
    assert listed is not None
    assert listed[1] == [
        ("#7", "Account", "Acme", "has another owner", "Olga", "Ivo", None, "Mei"),
        ("#8", "Lead", "Bolt", "was closed", None, None, None, "Mei"),
        ("", "", None, "the rules changed", "version 1", "version 2", None, None),
    ]
    assert listing(NotFound(what="case", name=9)) is None
