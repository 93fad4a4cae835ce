"""The picture of risk over time: everything is drawn once, inside, where its numbers say."""

from hypothesis import given
from hypothesis import strategies as some

from legato.domain.exposure import BANDS
from legato.web.charts import NARROW, WIDE
from legato.web.charts.scatter import SINGLE, Scatter, Spot, first_calls, scatter

SPOTS = some.lists(
    some.builds(
        Spot,
        days=some.none() | some.integers(-500, 500),
        chance=some.integers(0, 100),
        heat=some.sampled_from(("hot", "warm", "cold")),
        count=some.just(1),
        value=some.floats(0, 1e9),
    ),
    max_size=60,
)


def drawn(spots: list[Spot], width: int = WIDE) -> Scatter:
    return scatter(spots, bands=BANDS, width=width)


@given(SPOTS, some.sampled_from((WIDE, NARROW)))
def test_every_spot_is_drawn_once_within_the_picture(spots: list[Spot], width: int) -> None:
    chart = drawn(spots, width)
    marks = [mark for cell in chart.cells for mark in cell.marks]
    assert len(marks) == len(spots)
    assert sum(cell.count for cell in chart.cells) == len(spots)
    assert all(chart.left < mark.x < width for mark in marks)
    assert all(chart.top <= mark.y <= chart.bottom for mark in marks)


@given(SPOTS)
def test_later_lies_further_right_and_likelier_further_up(spots: list[Spot]) -> None:
    marks = [mark for cell in drawn(spots).cells for mark in cell.marks]
    for zone in {mark.spot.days for mark in marks}:
        heights = {mark.spot.chance: mark.y for mark in marks if mark.spot.days == zone}
        ordered = [heights[chance] for chance in sorted(heights)]
        assert ordered == sorted(ordered, reverse=True)


def test_the_line_of_today_parts_what_is_overdue_from_what_is_not() -> None:
    late, soon = (
        Spot(days=-1, chance=50, heat="hot", count=1, value=1.0),
        Spot(days=0, chance=50, heat="hot", count=1, value=1.0),
    )
    chart = drawn([late, soon])
    places = {mark.spot.days: mark.x for cell in chart.cells for mark in cell.marks}
    assert places[-1] < chart.today < places[0]


def test_four_times_the_value_has_twice_the_width() -> None:
    small, large = (
        Spot(days=1, chance=chance, heat="cold", count=1, value=value)
        for chance, value in ((10, 250.0), (60, 1000.0))
    )
    sizes = {m.spot.value: m.size for c in drawn([small, large]).cells for m in c.marks}
    assert sizes[1000.0] == 2 * sizes[250.0]


def test_many_records_become_few_hexagons_with_the_same_count() -> None:
    spots = [
        Spot(days=number % 90, chance=5 * (number % 20), heat="warm", count=7, value=1.0)
        for number in range(SINGLE)
    ]
    chart = drawn(spots)
    marks = [mark for cell in chart.cells for mark in cell.marks]
    assert chart.is_binned
    assert len(marks) < 400
    assert sum(mark.spot.count for mark in marks) == 7 * SINGLE
    assert sum(cell.count for cell in chart.cells) == 7 * SINGLE
    assert max(mark.depth for mark in marks) == 5


def test_the_first_calls_are_near_and_risky() -> None:
    def spot(days: int | None, chance: int) -> Spot:
        return Spot(days=days, chance=chance, heat="hot", count=1, value=10.0)

    spots = [spot(-3, 40), spot(6, 90), spot(7, 90), spot(2, 39), spot(None, 90)]
    assert first_calls(spots) == (2, 20.0)
