"""The board of a plan, two plans side by side, and why one unit goes where it goes."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from legato.books.tongues import tongues
from legato.domain.errors import NotFound
from legato.people.queries import Someone
from legato.people.views import page
from legato.planning.forms import WhatIf, left_out_of
from legato.planning.queries import Board, Share, board, compared, explained_page, part_page
from legato.planning.queries.assignments import Only
from legato.planning.queries.board import Asked
from legato.planning.queries.by_hand import ByHand
from legato.planning.queries.comparing import Comparison
from legato.planning.queries.flows import flows
from legato.planning.queries.why import Explained
from legato.web import why, words
from legato.web.asked import number, numbers
from legato.web.charts.bars import Load
from legato.web.paging import Page, asked_page

HEATS = ("hot", "warm", "cold")
CHANGEABLE = ("proposed", "sent", "approved", "rejected")
"""States of a plan from which another one is computed: nothing has moved yet."""


@page
def plan(request: HttpRequest, viewer: Someone, plan_id: int) -> HttpResponse:
    return shown(request, viewer, plan_id)


def shown(request: HttpRequest, viewer: Someone, plan_id: int) -> HttpResponse:
    """The board, also where something asked of it was refused: what was typed is kept."""
    only = _only(request)
    found = board(viewer, plan_id=plan_id, page=asked_page(request), only=only)
    kind, _colon, number = found.page.plan.chain.partition(":")
    context = {
        "viewer": viewer,
        "board": found,
        "shown": found.page,
        "case_id": number if kind == "case" else "",
        "flows": flows(plan_id=plan_id),
        "loads": [load_of(each) for each in found.page.shares],
        "ranges": ranges(found.page.shares),
        "what_if": WhatIf(_typed(request), asked=found.asked),
        "only": only,
        "standing": found.standing,
        "may_change": found.page.plan.state in CHANGEABLE and found.page.plan.scope == "case",
        "receivers": {each.name: each.person for each in found.page.shares},
        "heats": HEATS,
        "people": by_name(found.receivers, without=found.page.plan.holders),
        "chosen": _chosen(request, found.asked),
        "hours_left": _hours_left(found),
        "lacking": _lacking(found),
        "everybody": by_name(
            {**found.page.names, **found.excluded}, without=found.page.plan.holders
        ),
        "left_out": _left_out(request, found),
        "tongues": _tongues(found),
    }
    return render(request, "planning/board.html", context)


def by_name(names: dict[int, str], *, without: tuple[int, ...]) -> list[tuple[int, str]]:
    """Who can be given something, in order of name."""
    receivers = [(who, name) for who, name in names.items() if who not in without]
    return sorted(receivers, key=lambda pair: (pair[1], pair[0]))


def _typed(request: HttpRequest) -> QueryDict | None:
    return request.POST if "weight-tie" in request.POST else None


def _only(request: HttpRequest) -> Only:
    heat, to = request.GET.get("heat", ""), request.GET.get("to", "")
    person = number(to or "0")
    if heat not in ("", "pinned", *HEATS) or person is None:
        raise NotFound(what="page", name=heat)
    is_heat = heat in HEATS
    return Only(
        heat=heat if is_heat else "",
        person=person,
        pinned=heat == "pinned",
        name=request.GET.get("name", "").strip(),
    )


def _left_out(request: HttpRequest, found: Board) -> set[int]:
    if "weight-tie" not in request.POST:
        return set(found.excluded)
    return set(left_out_of(request.POST))


def _chosen(request: HttpRequest, asked: Asked) -> dict[str, object]:
    """Which rows are locked, and to whom others are given, as typed or as the plan has it."""
    if "weight-tie" not in request.POST:
        return {"locked": set(asked.pinned), "given": {}}
    given = {
        unit: person
        for name, value in request.POST.items()
        if (unit := number(name.removeprefix("give-"))) is not None
        and (person := number(str(value))) is not None
    }
    return {"locked": numbers(request.POST.getlist("lock")), "given": given}


def load_of(share: Share) -> Load:
    return Load(
        name=share.name, before=share.load_before, after=share.load_after, capacity=share.capacity
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The fewest and the most of a heat that anybody gets."""

    heat: str
    least: int
    most: int


def ranges(shares: list[Share]) -> list[Range]:
    """How even the mix is; of one receiver there is nothing to compare."""
    if len(shares) < 2:
        return []
    counts = {heat: [getattr(each, heat) for each in shares] for heat in HEATS}
    return [
        Range(heat=heat, least=min(many), most=max(many))
        for heat, many in counts.items()
        if max(many)
    ]


def _hours_left(found: Board) -> int:
    until = found.page.undo_until
    return max(0, int((until - timezone.now()).total_seconds() // 3600)) if until else 0


def _tongues(found: Board) -> dict[str, str]:
    shown = found.page
    rows = shown.assignments.rows
    named = {shown.plan.proposer, shown.plan.approver or "", *shown.leavers, *shown.names.values()}
    people = named | {each.name for each in shown.shares} | {each.person for each in rows}
    people |= {each.person for each in found.remarks} | set(found.approvers.values())
    people |= {each.proposer for each in found.versions} | names_in(found.hand)
    records = {each.unit for each in rows} | units_in(found.hand)
    if found.against:
        people |= _persons(found.against)
        records |= _units(found.against)
    if found.since:
        people |= set(found.since.names.values())
        records |= {each.record for each in found.since.kept}
    return tongues(people=people, records=records)


def names_in(hand: ByHand) -> set[str]:
    """The people of what was decided by hand."""
    named = {each.person for each in hand.largest} | {each.person for each in hand.lost}
    return named | set(hand.left_out)


def units_in(hand: ByHand) -> set[int]:
    return {each.unit for each in hand.largest} | {each.unit for each in hand.lost}


def _persons(found: Comparison) -> set[str]:
    pairs = [each.persons for each in found.shown] + [each.persons for each in found.terms.named]
    both = {name for persons in pairs for name in persons if name}
    left_out = {name for names in found.terms.left_out for name in names}
    return both | left_out | {each.name for each in found.persons}


def _units(found: Comparison) -> set[int]:
    return {each.unit for each in found.shown} | {each.unit for each in found.terms.named}


@page
def compare(request: HttpRequest, viewer: Someone, plan_id: int, other_id: int) -> HttpResponse:
    number = asked_page(request)
    found = compared(viewer, plans=(plan_id, other_id), page=number)
    context = {
        "viewer": viewer,
        "shown": found,
        "paged": Page(rows=found.shown, number=number, total=found.differing),
        "tongues": tongues(people=_persons(found), records=_units(found)),
    }
    return render(request, "planning/compare.html", context)


@page
def part(request: HttpRequest, viewer: Someone, plan_id: int, receiver_id: int) -> HttpResponse:
    """What somebody gets of everything, and why that much."""
    found = part_page(viewer, plan_id=plan_id, person=receiver_id)
    lines = [
        (why.measure(each.of), why.amount(each.of, each.got), why.amount(each.of, each.target),
         why.amount(each.of, each.proportional), why.part(each, person=found.person))
        for each in found.parts
    ]  # fmt: skip
    beside = why.beside(found.beside.units, found.beside.value) if found.beside.units else ""
    context = {
        "viewer": viewer, "shown": found, "lines": lines, "beside": beside,
        "tongues": tongues(people={found.person}),
    }  # fmt: skip
    return render(request, "planning/part.html", context)


def _lacking(found: Board) -> list[tuple[list[str], list[str]]]:
    """What nobody could take and why, and what would help, in sentences."""
    if found.lacking is None:
        return []
    names, units = found.page.names, found.lacking.units
    return [
        (why.shortage(each, names=names),
         [why.way_out(way, names=names, records=units) for way in each.ways_out])
        for each in found.lacking.shortages
    ]  # fmt: skip


@page
def unit(request: HttpRequest, viewer: Someone, plan_id: int, unit_id: int) -> HttpResponse:
    to = request.GET.get("to", "")
    person = number(to or "0")
    if person is None:
        raise NotFound(what="person", name=to)
    found = explained_page(viewer, plan_id=plan_id, unit=unit_id, person=person)
    context = {
        "viewer": viewer,
        "shown": found,
        "reasons": _reasons(found),
        "instead": _instead(found),
        "to": person,
        "people": by_name(found.names, without=found.plan.holders),
        "tongues": tongues(
            people={found.person, *found.names.values()}, records={unit_id, *found.units}
        ),
    }
    return render(request, "planning/unit.html", context)


def _reasons(found: Explained) -> list[str]:
    """What speaks for it, then what would change it, a sentence each; of what fits nobody, what
    would help."""
    if found.is_orphan:
        ways = found.ways_out
        return [why.way_out(way, names=found.names, records=found.units) for way in ways]
    if found.reason["code"] == "pinned":
        worth = why.pinned(found.parts, person=found.person)
    else:
        worth = why.prices(found.reason)
    return [*worth, *words.alternatives(found.reason, names=found.names)]


def _instead(found: Explained) -> list[str]:
    if found.instead is None:
        return []
    said = why.instead(found.instead, names=found.names)
    return [*said, *why.moves(found.instead, names=found.names, blocks=found.units)]
