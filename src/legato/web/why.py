"""Words for what a plan answers when it is asked: what another person would mean, why a share is
what it is, what cannot be placed and what would help.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from legato.domain.problem import HEATS, Measure, Skill
from legato.solver.asking import Instead, Off
from legato.solver.changes import Comparison
from legato.solver.infeasible import Shortage
from legato.solver.portions import Part
from legato.solver.ways_out import WayOut
from legato.web import words
from legato.web.figures import Figure, figure
from legato.web.joining import labelled, listed

Names = Mapping[int, str]


def measure(of: Measure) -> str:
    """What is shared out: a heat, a heat of a tier, all, value, workload."""
    heat, slash, tier = of.partition("/")
    if slash:
        return _("%(heat)s, tier %(tier)s") % {"heat": words.heat(heat), "tier": tier}
    named = {"total": _("All"), "value": _("Value"), "weight": _("Workload")}
    return words.heat(of) if of in HEATS else named.get(of, of)


def amount(of: Measure, number: int) -> Figure:
    """A part of a measure as people read it: thousandths for all but value."""
    return figure(number) if of == "value" else figure(number / 1000, places=3)


def prices(stored: Mapping[str, Any]) -> list[str]:
    """What the place of a unit is worth to the others, of each share that is scarce."""
    said = []
    for name, points in stored["facts"]:
        if name.startswith("price."):
            scarce = ngettext(
                "%(measure)s: others would give %(points)s point for this place",
                "%(measure)s: others would give %(points)s points for this place",
                abs(points),
            )
            needed = ngettext(
                "%(measure)s: it fills a share, which is worth %(points)s point",
                "%(measure)s: it fills a share, which is worth %(points)s points",
                abs(points),
            )
            facts = {"measure": measure(name.removeprefix("price.")), "points": figure(abs(points))}
            said.append((scarce if points > 0 else needed) % facts)
    return said


def pinned(parts: Sequence[Part], *, person: str) -> list[str]:
    """What a pin makes of the shares of who gets it: no price decided here, so none is told."""
    more = _(
        "%(measure)s: %(person)s gets %(got)s by this plan; by free capacity it would be %(fair)s"
    )
    return [
        more
        % {
            "measure": measure(each.of),
            "person": person,
            "got": amount(each.of, each.got),
            "fair": amount(each.of, each.proportional),
        }
        for each in parts
        if each.of in ("total", "value", "weight") and each.got > each.proportional
    ]


def beside(units: int, value: int) -> str:
    """What somebody gets that is in no share."""
    said = ngettext(
        "%(count)s unit more, worth %(value)s, follows its account's owner and is in no share.",
        "%(count)s units more, worth %(value)s, follow their accounts' owners and are in no share.",
        units,
    )
    return said % {"count": figure(units), "value": figure(value)}


def instead(told: Instead, *, names: Names) -> list[str]:
    """What giving a block to somebody else would mean, a sentence each."""
    person = _name(told.person, names)
    if told.removed is not None:
        why = words.removal(told.removed)
        return [_("%(person)s may not take it: %(why)s.") % {"person": person, "why": why}]
    better = abs(told.fit - told.holder_fit)
    said = [
        _("%(said)s.")
        % {"said": words.alternative(person=person, why=told.why, points=better, cost=0)}
    ]
    if not told.is_possible:
        never = _("It cannot go to %(person)s: no exchange with others would keep numbers even.")
        return [*said, never % {"person": person}]
    if told.cost is None:
        return [*said, _estimate(person, told.at_least)]
    cost = _cost(person, told.cost, is_exact=told.is_exact) if told.is_fair else _unfair(person)
    return [*said, cost, *_moving(told, names), *_offs(told.off, names)]


def _unfair(person: str) -> str:
    told = _(
        "Exchanges alone would leave value or work less even than permitted; a new plan with it "
        "locked to %(person)s looks for another way."
    )
    return told % {"person": person}


def _estimate(person: str, points: int) -> str:
    """What the plan's prices say of it, without having tried."""
    if points <= 0:
        free = _("Giving it to %(person)s costs the team nothing that the plan's prices show.")
        return free % {"person": person}
    said = ngettext(
        "Giving it to %(person)s would cost the team about %(points)s point.",
        "Giving it to %(person)s would cost the team about %(points)s points.",
        points,
    )
    return said % {"person": person, "points": figure(points)}


def _cost(person: str, points: int, *, is_exact: bool) -> str:
    """What the cheapest exchange costs; a bound of two optima, or about that."""
    if not points:
        return _("Giving it to %(person)s costs the team nothing.") % {"person": person}
    if points > 0 and not is_exact:
        return _estimate(person, points)
    if points < 0:
        said = ngettext(
            "Giving it to %(person)s gains the team %(points)s point, at the price of fairness.",
            "Giving it to %(person)s gains the team %(points)s points, at the price of fairness.",
            -points,
        )
    else:
        said = ngettext(
            "Giving it to %(person)s costs the team %(points)s point.",
            "Giving it to %(person)s costs the team %(points)s points.",
            points,
        )
    return said % {"person": person, "points": figure(abs(points))}


def _moving(told: Instead, names: Names) -> list[str]:
    moved = {unit for units in units_moved(told) for unit in units}
    others = len(moved) - 1
    if others <= 0:
        return [_("Nothing else would move.")]
    said = ngettext(
        "%(count)s other would change hands with it.",
        "%(count)s others would change hands with it.",
        others,
    )
    return [said % {"count": figure(others)}]


def _offs(rows: Sequence[Off], names: Names) -> list[str]:
    return [
        _("%(person)s, %(measure)s: %(after)s%% from the fair share instead of %(before)s%%.")
        % {
            "person": _name(row.person, names),
            "measure": measure(row.of),
            "before": figure(row.before / 10),
            "after": figure(row.after / 10),
        }
        for row in rows
    ]


def moves(told: Instead, *, names: Names, blocks: Names) -> list[str]:
    """What would change hands, a line each; ``blocks`` are the names of records. What moves
    together, as a parent group, is on one line."""
    return [
        labelled(
            listed(_name(unit, blocks) for unit in units),
            f"{_name(giver, names)} → {_name(taker, names)}",
        )
        for units, (_block, giver, taker) in zip(units_moved(told), told.moves, strict=True)
    ]


def units_moved(told: Instead) -> tuple[tuple[int, ...], ...]:
    """The units of every move; the block's own where nothing more was told of it."""
    return told.units or tuple((block,) for block, _giver, _taker in told.moves)


def part(found: Part, *, person: str) -> str:
    """Why somebody's fair part of a measure is what it is."""
    facts = {
        "person": person,
        "only": amount(found.of, found.only_theirs),
        "closed": amount(found.of, found.closed),
    }
    sentences = {
        "in_proportion": _("in proportion to free capacity"),
        "only_they_may": _("more: nobody but %(person)s may take %(only)s of it"),
        "others_may_not": _("more: some of the others may not take all of it"),
        "they_may_not": _("less: %(person)s may not take %(closed)s of it"),
        "others_must": _("less: some of the others must have what nobody else may take"),
    }
    return sentences.get(found.why, found.why) % facts


def shortage(found: Shortage, *, names: Names) -> list[str]:
    """What cannot be placed and why, a sentence each."""
    count = len(found.units)
    facts = {
        "count": figure(count),
        "people": listed(_name(person, names) for person in found.people),
        "needs": listed(skill(each) for each in found.needs),
        "room": amount("weight", found.room),
        "weight": amount("weight", found.weight),
        "missing": amount("weight", found.missing),
    }
    if found.people:
        first = ngettext(
            "Only these may take this %(count)s unit: %(people)s.",
            "Only these may take these %(count)s units: %(people)s.",
            count,
        )
    else:
        first = ngettext(
            "Nobody may take this %(count)s unit.", "Nobody may take these %(count)s units.", count
        )
    sentences = {
        "no_room": _(
            "They have room for %(room)s, and %(weight)s is needed: %(missing)s is missing."
        ),
        "no_room_whole": _("The room they have (%(room)s) is in pieces too small."),
        "tier_cap": _("As newcomers they get no more accounts so demanding."),
        "group_apart": _("Each could be taken alone, but by no one person together."),
    }
    said = [first, *([_("All of them need: %(needs)s.")] if found.needs else [])]
    said += [sentences[found.code]] if found.code in sentences else []
    return [each % facts for each in said] + [
        ngettext("%(count)s other person: %(why)s.", "%(count)s other people: %(why)s.", people)
        % {"count": figure(people), "why": words.removal(why)}
        for why, people in found.removed
    ]


def way_out(way: WayOut, *, names: Names, records: Names) -> str:
    """What to change so that somebody can take it; ``records`` are their names."""
    facts = dict(way.facts)
    units = int(facts.get("units", 1))
    sentences = {
        "raise_capacity": _("Raise the capacity of %(person)s by %(by)s."),
        "raise_tier_cap": _("Let newcomers get up to %(to)s accounts so demanding."),
        "soften_skill": ngettext(
            "Do without %(skill)s for %(units)s unit.",
            "Do without %(skill)s for %(units)s units.",
            units,
        ),
        "allow_person": _("Let %(person)s receive all the same, who is left out now: %(why)s."),
        "allow_key": ngettext(
            "Let newcomers, and people with an open departure, take %(units)s key account.",
            "Let newcomers, and people with an open departure, take %(units)s key accounts.",
            units,
        ),
        "split_group": ngettext(
            "Let the %(units)s unit of the parent group go to anybody.",
            "Let the %(units)s units of the parent group go to different people.",
            units,
        ),
        "unpin": _("Unlock %(unit)s, which is locked to %(person)s."),
    }
    said = {
        **facts,
        "units": figure(units),
        "unit": _name(int(facts.get("unit", 0)), records),
        "person": _name(int(facts.get("person", 0)), names),
        "by": amount("weight", int(facts.get("by", 0))),
        "why": words.removal(str(facts.get("why", ""))),
        "skill": labelled(words.skill(str(facts.get("kind"))), facts.get("value")),
    }
    return sentences.get(way.code, way.code) % said


def comparison(found: Comparison) -> str:
    """How far one split is from another, in one sentence."""
    said = ngettext(
        "%(count)s unit goes elsewhere; the fit is %(after)s points instead of %(before)s.",
        "%(count)s units go elsewhere; the fit is %(after)s points instead of %(before)s.",
        len(found.moved),
    )
    before, after = map(figure, found.fit)
    return said % {"count": figure(len(found.moved)), "before": before, "after": after}


def skill(found: Skill) -> str:
    return labelled(words.skill(found.kind), found.value)


def _name(number: int, names: Names) -> str:
    return names.get(number, f"#{number}")
