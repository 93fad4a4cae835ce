"""Numbers that somebody typed."""

import pytest

from legato.web.asked import number, numbers


@pytest.mark.parametrize("text", ["", " ", "²", "١", "-1", "1.5", "1 ", "x", "9" * 19, "9" * 5000])
def test_what_the_database_could_not_keep_is_no_number(text):
    assert number(text) is None


@pytest.mark.parametrize("text", ["0", "7", "007", "9" * 18])
def test_digits_are_a_number(text):
    assert number(text) == int(text)


def test_of_several_the_numbers_are_taken():
    assert numbers(["1", "²", "", "2"]) == {1, 2}
