"""The sentences of the history: names in them are names, whatever they are called."""

from django.utils import translation

from legato.web.history import Deed, shown, told

GIVEN = Deed(
    kind="given", actor="Mei Lin", moved=2, givers=("<b>Olga</b>", "Ivo & Co"), giver_count=2
)


def test_a_name_is_never_read_as_html() -> None:
    said = shown(GIVEN, str)
    assert said.startswith("Mei Lin gave 2 records of &lt;b&gt;Olga&lt;/b&gt; and Ivo &amp; Co to ")
    assert told(GIVEN).startswith("Mei Lin gave 2 records of <b>Olga</b> and Ivo & Co to nobody.")


def test_people_are_addressed_as_their_language_has_it() -> None:
    with translation.override("ja"):
        said = told(Deed(kind="case_opened", actor="森 健", leavers=("林 花",)))
        assert said.startswith("森 健 さんが 林 花 さんの")
        said = told(Deed(kind="interim_ended", actor=None, moved=1, receivers=("森 健",)))
        assert "Legato さん" not in said
