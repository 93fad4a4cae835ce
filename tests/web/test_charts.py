"""Where the parts of pictures stand: nothing is lost, overlaps, or leaves the picture."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legato.web.charts import NARROW, WIDE, short
from legato.web.charts.bars import Load, bars
from legato.web.charts.burndown import Left, burndown
from legato.web.charts.gantt import Span, gantt
from legato.web.charts.sankey import GAP, HEATS, NEW_OWNERS, Flow, Sankey, sankey

WIDTHS = st.sampled_from([WIDE, NARROW])
FLOWS = st.lists(
    st.builds(
        Flow,
        old=st.sampled_from(["Olga", "Лев"]),
        heat=st.sampled_from(HEATS),
        new=st.integers(0, 40).map(lambda number: f"Person {number}"),
        count=st.integers(0, 500),
    ),
    max_size=80,
)
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1))


@given(FLOWS, WIDTHS)
def test_everything_that_flows_leaves_on_one_side_and_comes_in_on_the_other(
    flows: list[Flow], width: int
) -> None:
    drawn = sankey(flows, width=width)
    total = sum(each.count for each in flows)
    assert sum(node.count for node in drawn.old) == total
    assert sum(node.count for node in drawn.new) == total
    assert sum(ribbon.flow.count for ribbon in drawn.ribbons) == total


@given(FLOWS, WIDTHS)
def test_the_bars_of_a_side_do_not_touch_and_stay_in_the_picture(
    flows: list[Flow], width: int
) -> None:
    drawn = sankey(flows, width=width)
    for side in (drawn.old, drawn.new):
        for one, next_one in pairwise(side):
            assert next_one.y - (one.y + one.height) == pytest.approx(GAP, abs=0.3)
        assert all(node.y + node.height <= drawn.height for node in side)


@given(FLOWS)
def test_no_more_new_owners_are_named_than_can_be_read_and_all_are_counted(
    flows: list[Flow],
) -> None:
    drawn = sankey(flows, width=WIDE)
    names = {each.new for each in flows if each.count}
    named = sum(1 for node in drawn.new if node.name)
    assert named <= NEW_OWNERS + 1
    assert named + sum(node.others for node in drawn.new) == len(names)


def test_each_new_owner_gets_what_flows_to_them_by_heat() -> None:
    flows = [
        Flow(old="Olga", heat="hot", new="Kenji", count=3),
        Flow(old="Olga", heat="cold", new="Kenji", count=1),
        Flow(old="Olga", heat="cold", new="Mori", count=2),
    ]
    drawn = sankey(flows, width=WIDE)
    assert [(node.heat, node.count) for node in drawn.old] == [("hot", 3), ("cold", 3)]
    assert [(node.name, node.count) for node in drawn.new] == [("Kenji", 4), ("Mori", 2)]
    assert _by_pair(drawn) == {("hot", "Kenji"): 3, ("cold", "Kenji"): 1, ("cold", "Mori"): 2}


def _by_pair(drawn: Sankey) -> Counter[tuple[str, str]]:
    return Counter({(each.flow.heat, each.flow.new): each.flow.count for each in drawn.ribbons})


LOADS = st.lists(
    st.builds(
        Load,
        name=st.text(min_size=1, max_size=40),
        before=st.floats(0, 1e6),
        after=st.floats(0, 1e6),
        capacity=st.floats(0, 1e6),
    ),
    max_size=30,
)


@given(LOADS, WIDTHS)
def test_all_bars_are_on_one_scale_and_inside(loads: list[Load], width: int) -> None:
    drawn = bars(loads, width=width)
    for bar in drawn.bars:
        assert bar.kept + bar.changed <= width + 1
        assert bar.limit <= width
        assert bar.is_over == (bar.load.after > bar.load.capacity)
        assert bar.is_less == (bar.load.after < bar.load.before)


def test_the_fullest_and_the_emptiest_are_those_by_share_of_capacity() -> None:
    small = Load(name="Small", before=1, after=9, capacity=10)
    large = Load(name="Large", before=10, after=40, capacity=100)
    drawn = bars([large, small], width=WIDE)
    assert (drawn.fullest, drawn.emptiest) == (small, large)
    assert drawn.bars[0].limit == pytest.approx(10 * drawn.bars[1].limit, rel=0.01)


SPANS = st.lists(
    st.builds(
        lambda first, days: Span(
            code="here", first=first, last=first + timedelta(days=days) if days >= 0 else None
        ),
        DAYS,
        st.integers(-1, 900),
    ),
    min_size=1,
    max_size=3,
)


@given(SPANS, st.lists(DAYS, max_size=9), DAYS, WIDTHS)
def test_spans_marks_and_today_are_in_the_picture(
    spans: list[Span], marks: list[date], today: date, width: int
) -> None:
    drawn = gantt(spans, marks=marks, today=today, width=width)
    places = [drawn.today.x, *(tick.x for tick in (*drawn.marks, *drawn.ticks))]
    assert all(0 <= x <= width for x in places)
    for lane in drawn.lanes:
        assert lane.length >= 0
        assert 0 <= lane.x <= lane.x + lane.length <= width
        assert lane.is_open == (lane.span.last is None)


def test_a_span_that_has_not_begun_takes_no_room() -> None:
    never = Span(code="settling", first=None, last=None)
    drawn = gantt([never], marks=[], today=date(2026, 3, 31), width=WIDE)
    assert drawn.lanes[0].length == 0


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("Kenji Sato", 200, "Kenji Sato"),
        ("Kenji Sato", 40, "Kenj…"),
        ("東京直営骨董店", 60, "東京直…"),
        ("Ы", 1, "Ы…"),
    ],
)
def test_a_name_is_cut_where_its_room_ends(text: str, room: float, shown: str) -> None:
    assert short(text, room=room) == shown


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 500)), min_size=1), WIDTHS)
def test_what_is_left_stays_within_its_picture(steps: list[tuple[int, int]], width: int) -> None:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    shown = [Left(at=began + timedelta(seconds=after), left=left) for after, left in sorted(steps)]
    drawn = burndown(shown, until=shown[-1].at + timedelta(days=1), width=width)
    numbers = [float(each) for each in re.findall(r"[\d.]+", drawn.line)]
    assert drawn.last.left == shown[-1].left
    assert all(0 <= each <= max(width, drawn.bottom) for each in numbers)
