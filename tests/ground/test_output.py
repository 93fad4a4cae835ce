"""Tables as a reader sees them."""

from decimal import Decimal

from django.utils import translation
from rich.console import Console

from legato.cli.frame import table


def printed(*rows: tuple[object, ...]) -> str:
    console = Console(width=80)
    with console.capture() as captured:
        console.print(table(["a", "b"], rows))
    return captured.get()


def test_numbers_in_a_table_are_of_the_readers_language() -> None:
    row = (1234567, Decimal("1234.50"))
    assert "1,234,567" in printed(row)
    with translation.override("ru"):
        assert "1\u00a0234\u00a0567" in printed(row)
        assert "1\u00a0234,5 " in printed(row)
