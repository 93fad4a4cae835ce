"""Every refusal has its sentence, every text its translation, and no translation loses a fact."""

import importlib
import pkgutil
import re

import pytest
from tests.house.texts import LANGUAGES, catalogue, key, messages

import legato
from legato.domain.errors import Refused
from legato.web.wording import sentences

FACT = re.compile(r"%\((\w+)\)[a-z]|\{(\w*)\}")


def refusals(base: type[Refused] = Refused) -> set[type[Refused]]:
    """Every refusal there is, once everything is imported."""
    for module in pkgutil.walk_packages(legato.__path__, "legato."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    below = {base} if base is not Refused else set()
    return below.union(*(refusals(each) for each in base.__subclasses__()))


def test_every_refusal_has_a_sentence_and_no_sentence_is_left_over() -> None:
    codes = {each.code for each in refusals() if each.__module__.startswith("legato.")}
    assert codes == sentences().keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    translated = {key(entry) for entry in catalogue(language) if entry.translated()}
    assert messages() - translated == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_of_a_text_that_is_gone(language: str) -> None:
    assert {key(entry) for entry in catalogue(language)} - messages() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_carries_the_facts_of_its_text(language: str) -> None:
    for entry in catalogue(language):
        wanted = set(FACT.findall(entry.msgid)) | set(FACT.findall(entry.msgid_plural))
        for said in [entry.msgstr, *entry.msgstr_plural.values()]:
            if said:
                assert set(FACT.findall(said)) == wanted, entry.msgid


def test_a_heading_of_two_meanings_is_two_texts() -> None:
    contexts = {text: context for context, text, _plural in messages() if context}
    assert {"Fair", "Value", "Name", "What"} <= contexts.keys()
