"""How today's CRMs and teams split a book, each as its own documents describe it.

All are generous to the method: nobody is given what the rules forbid, although most of these
systems know no such rules.
"""

import numpy as np
from benchmarks.allocation.cases import Case
from benchmarks.allocation.chance import Chance, Ints

FAVOURITES = 10
"""One rep in ten gets the hot accounts where a manager splits by taste."""


def odoo(case: Case) -> Ints:
    """Odoo 18, ``crm_team.py``, ``_assign_and_convert_leads``: by falling probability, each lead to
    the first member in turn whose domain accepts it; the member goes to the end of the line, or out
    of it once the quota is used up. Leads nobody is left for stay unassigned.

    https://github.com/odoo/odoo/blob/18.0/addons/crm/models/crm_team.py
    """
    line, quota = _line(case)
    return _rotate(case, _hottest_first(case), case.candidates(), line, quota)


def odoo_preferred(case: Case) -> Ints:
    """The same with Odoo 18's preferred domains, which go first: here, for every member, the leads
    that fit nobody better."""
    offered, order = case.candidates(), _hottest_first(case)
    line, quota = _line(case)
    best = [max(takers.values()) for takers in offered]
    preferred = [
        {taker: fit for taker, fit in takers.items() if fit == most}
        for takers, most in zip(offered, best, strict=True)
    ]
    owner = _rotate(case, order, preferred, line, quota)
    rest = [block for block in order if owner[block] < 0]
    return np.maximum(owner, _rotate(case, rest, offered, line, quota))


def frappe(case: Case) -> Ints:
    """Frappe's assignment rule "Load Balancing": each document, as it comes, to the listed user
    with the fewest open assignments; of equals the first in the list.

    https://github.com/frappe/frappe/blob/develop/frappe/automation/doctype/assignment_rule
    """
    open_ones = [0] * len(case.instance.persons)
    owner = np.full(len(case.instance.blocks), -1)
    for block, takers in enumerate(case.candidates()):
        taker = min(takers, key=lambda person: (open_ones[person], person))
        open_ones[taker] += 1
        owner[block] = taker
    return owner


def greedy(case: Case) -> Ints:
    """Each account, as it comes, to whoever fits best and has quota left."""
    return _best_fit(case, range(len(case.instance.blocks)), case.quota.tolist())


def favourites(case: Case) -> Ints:
    """The hot ones to the favourite who fits best, the rest to whoever fits best and has quota
    left, else to whoever fits best."""
    offered, hot = case.candidates(), case.instance.amounts[:, 0] > 0
    drawn = Chance(seed=1).order(99, len(case.instance.persons))
    chosen = set(drawn[: max(1, len(drawn) // FAVOURITES)].tolist())
    quota = case.quota.tolist()
    owner = np.full(len(offered), -1)
    for block in np.flatnonzero(hot).tolist():
        takers = offered[block]
        loved = [person for person in takers if person in chosen]
        owner[block] = taker = max(loved or takers, key=lambda person: (takers[person], -person))
        quota[taker] -= 1
    rest = np.flatnonzero(~hot).tolist()
    owner[rest] = _best_fit(case, rest, quota)[rest]
    for block in np.flatnonzero(owner < 0).tolist():
        takers = offered[block]
        owner[block] = max(takers, key=lambda person: (takers[person], -person))
    return owner


def _line(case: Case) -> tuple[list[int], list[int]]:
    """Members by falling quota, equals by chance; and the quota of each."""
    quota = case.quota.tolist()
    chance = Chance(seed=1).order(98, len(quota)).tolist()
    line = [person for person in chance if quota[person] > 0]
    return sorted(line, key=lambda person: -quota[person]), quota


def _hottest_first(case: Case) -> list[int]:
    """Hot, warm, cold, in place of the probability to win."""
    heat = np.argmax(case.instance.amounts[:, :3] > 0, axis=1)
    order: list[int] = np.argsort(heat, kind="stable").tolist()
    return order


def _rotate(
    case: Case,
    order: list[int],
    offered: list[dict[int, int]],
    line: list[int],
    quota: list[int],
) -> Ints:
    """Uses up ``line`` and ``quota``."""
    owner = np.full(len(case.instance.blocks), -1)
    for block in order:
        taker = next((member for member in line if member in offered[block]), None)
        if taker is None:
            continue
        owner[block] = taker
        line.remove(taker)
        quota[taker] -= 1
        if quota[taker] > 0:
            line.append(taker)
    return owner


def _best_fit(case: Case, order: list[int] | range, quota: list[int]) -> Ints:
    offered = case.candidates()
    owner = np.full(len(offered), -1)
    for block in order:
        takers = offered[block]
        able = [person for person in takers if quota[person] > 0]
        if able:
            owner[block] = taker = max(able, key=lambda person: (takers[person], -person))
            quota[taker] -= 1
    return owner
