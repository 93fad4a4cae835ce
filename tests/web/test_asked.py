"""Numbers that somebody typed."""

from datetime import date

import pytest

from legato.web.asked import day, number, numbers


@pytest.mark.parametrize("text", ["", " ", "²", "١", "-1", "1.5", "1 ", "x", "9" * 19, "9" * 5000])
def test_what_the_database_could_not_keep_is_no_number(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize("text", ["0", "7", "007", "9" * 18])
def test_digits_are_a_number(text: str) -> None:
    assert number(text) == int(text)


def test_of_several_the_numbers_are_taken() -> None:
    assert numbers(["1", "²", "", "2"]) == {1, 2}


@pytest.mark.parametrize(
    "text", ["", "soon", "30.06.2026", "2026-02-30", "9999-12-31", "0001-01-01"]
)
def test_what_is_no_day_or_too_far_is_none(text: str) -> None:
    assert day(text) is None


def test_a_day_is_read_as_iso_has_it() -> None:
    assert day("2026-06-30") == date(2026, 6, 30)
