"""Which language a name is in."""

import pytest

from legato.web.tongues import tag_of, tongue


@pytest.mark.parametrize(
    ("text", "known", "tag"),
    [
        ("さくら食品", (), "ja"),
        ("ｻｸﾗ", ("zh",), "ja"),
        ("Лев", ("en",), "ru"),
        ("直営骨董店", ("ja",), "ja"),
        ("直销中心", ("zh", "CN"), "zh-Hans"),
        ("直銷中心", ("", "TW"), "zh-Hant"),
        ("佐藤", ("en", "JP"), "ja"),
        ("王芳", ("Chinese",), "zh-Hans"),
        ("王芳", (), ""),
        ("Kenji Sato", ("ja", "JP"), ""),
    ],
)
def test_a_name_is_of_the_language_its_letters_or_its_people_say(
    text: str, known: tuple[str, ...], tag: str
) -> None:
    assert tag_of(text, known=known) == tag


def test_what_a_page_has_looked_up_comes_before_a_guess() -> None:
    assert tongue("王芳", {"王芳": "zh-Hans"}) == "zh-Hans"
    assert tongue("さくら", {}) == "ja"
