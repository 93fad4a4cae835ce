"""Tables and progress as a reader sees them."""

from decimal import Decimal

import pytest
from django.utils import translation
from rich.console import Console

from legato.cli.frame import table
from legato.cli.proposing import Line
from legato.planning.operations import Seen
from legato.web.figures import figure


def printed(*rows: tuple[object, ...]) -> str:
    console = Console(width=80)
    with console.capture() as captured:
        console.print(table(["a", "b"], rows))
    return captured.get()


def test_numbers_in_a_table_are_of_the_readers_language() -> None:
    row = (1234567, Decimal("1234.50"))
    assert printed((figure(5), 1), (figure(1000), 1)).count("│     5 │") == 1
    assert "1,234,567" in printed(row)
    with translation.override("ru"):
        assert "1\u00a0234\u00a0567" in printed(row)
        assert "1\u00a0234,5 " in printed(row)


def seen(*phases: tuple[str, int]) -> list[Seen]:
    return [Seen(phase=phase, step=step, steps=9, prices=None) for phase, step in phases]


def test_a_long_plan_says_a_line_a_phase_where_nobody_watches(
    capsys: pytest.CaptureFixture[str],
) -> None:
    times = iter([0.0, 1.0, 3.0, 4.0])
    line = Line(watched=False, clock=lambda: next(times))
    for each in seen(("facts", 0), ("prices", 1), ("prices", 2), ("flow", 1)):
        line.seen(each)
    told = capsys.readouterr()
    assert told.err == "Prices 1/9\nShares 1/9\n"
    assert not told.out


def test_a_line_that_somebody_watches_is_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    line = Line(watched=True, clock=lambda: 0.0)
    for each in seen(("prices", 1), ("prices", 9)):
        line.seen(each)
    told = capsys.readouterr()
    assert told.err == "\rPrices 1/9\rPrices 9/9\r"
    assert "\n" not in told.err
