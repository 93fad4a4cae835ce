"""The sentences of the history: every kind has one, and names in them are names."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

import legato
from legato.planning.operations.remarking import KINDS as REMARKS
from legato.web.history import GROUPS, SENTENCES, Deed, shown, told

SOURCE = Path(legato.__file__).parent
WRAPPERS = ("record_change", "_own")
"""Functions that write an entry besides `record`; its kind is their first argument."""
CHOSEN = {"KINDS[kind]": set(REMARKS.values()), "kind": {"mail_wanted", "mail_muted"}}
"""Kinds that are chosen where they are written."""

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


def recorded() -> set[str]:
    """The kinds of entries that the source writes."""
    found: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        for kind in kinds_in(ast.parse(file.read_text())):
            if isinstance(kind, ast.Constant):
                found.add(str(kind.value))
            else:
                found |= CHOSEN[ast.unparse(kind)]
    return found


def kinds_in(tree: ast.AST) -> Iterator[ast.expr]:
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
        named = [each.value for each in call.keywords if each.arg == "kind"]
        if name == "record" and named:
            yield named[0]
        elif name in WRAPPERS:
            yield call.args[0]


def test_every_kind_that_is_recorded_has_a_sentence_and_is_found_by_a_filter() -> None:
    kinds = recorded()
    assert {"commit", "import", "log_in_changed", "plan_sent", "mail_muted"} <= kinds
    assert kinds - SENTENCES.keys() == set()
    assert kinds - {kind for group in GROUPS.values() for kind in group} == set()


def test_ones_own_log_ins_are_ones_own() -> None:
    own = told(Deed(kind="sessions_ended", actor="Mei Lin", person="Mei Lin"))
    assert own == "Mei Lin logged out in browsers of their own."
    other = told(Deed(kind="sessions_ended", actor="Sam Reed", person="Mei Lin"))
    assert other == "Sam Reed logged Mei Lin out in every browser."
