"""Folding and joining: what is joined, what is listed as joined, what is left to a person."""

import pytest

from legato.domain.names import fold, join, suggest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GTXPro", "GTX Pro"),
        ("  dambase ", "Dambase"),
        ("O'Brien & Söhne", "o’brien söhne"),
        ("ﾔﾏﾀﾞ電機", "ヤマダ電機"),
        ("ＡＢＣ　商事", "abc商事"),
        ("Королёв", "КОРОЛЕВ"),
        ("Straße", "STRASSE"),
        ("Re\u0301my", "Rémy"),
        ("Mei-Mei_Johns", "mei mei johns"),
    ],
)
def test_case_width_spaces_and_punctuation_do_not_matter(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alfa AG", "Alfa GmbH"),
        ("山田商事株式会社", "山田商事有限会社"),
        ("Release 1.5", "Release 15"),
        ("GTX 1", "GTX I"),
        ("Василий", "Василии"),
        ("がん", "かん"),
    ],
)
def test_what_tells_two_names_apart_survives_folding(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_an_equal_value_is_exact_even_where_another_folds_alike() -> None:
    joined = join(["ACME"], {"ACME": 1, "Acme": 2})
    assert joined.exact == {"ACME": 1}


def test_a_value_that_fits_one_name_after_folding_is_joined_and_listed() -> None:
    joined = join(["GTXPro", "GTX Pro", "GTXPro"], {"GTX Pro": 7, "GTX Plus Pro": 8})
    assert joined.exact == {"GTX Pro": 7}
    assert joined.folded == {"GTXPro": ("GTX Pro", 7)}
    assert joined.key("GTXPro") == joined.key("GTX Pro") == 7


def test_a_value_that_fits_two_names_is_not_joined() -> None:
    joined = join(["acme"], {"ACME": 1, "Acme": 2})
    assert joined.ambiguous == {"acme": ("ACME", "Acme")}
    assert joined.key("acme") is None


def test_one_name_of_two_things_is_ambiguous() -> None:
    assert join(["Acme"], [("Acme", 1), ("Acme", 2)]).ambiguous == {"Acme": ("Acme", "Acme")}


def test_two_names_of_one_thing_are_not_ambiguous() -> None:
    assert join(["gtx pro"], {"GTX Pro": 7, "GTX-Pro": 7}).folded == {"gtx pro": ("GTX Pro", 7)}


def test_a_value_without_a_letter_or_digit_matches_nothing() -> None:
    assert join(["---", ""], {"***": 1}).unknown == ("---", "")


def test_unknown_values_keep_their_order_and_come_once() -> None:
    assert join(["b", "a", "b"], {"c": 1}).unknown == ("b", "a")


def test_suggestions_name_the_nearest_known_spellings() -> None:
    known = ["Darcel Schlecht", "Donn Cantrell", "Moses Frase"]
    assert suggest("Darcel Schlect", known) == ("Darcel Schlecht",)
    assert suggest("Zzz", known) == ()
