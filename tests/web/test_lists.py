"""Lists whose state is in their address: what a query asks, and which links lead on from it."""

import pytest
from django.http import QueryDict

from legato.domain.errors import NotFound
from legato.web.lists import Asked, Choice, Filter, Shape, View, asked, query_of, tools

SHAPE = Shape(
    filters=(
        Filter(
            name="heat",
            label="Heat",
            choices=(
                Choice(value="hot", label="Hot", chip="Heat is hot"),
                Choice(value="cold", label="Cold", chip="Heat is cold"),
            ),
        ),
        Filter(name="due", label="Due", choices=(Choice(value="soon", label="Soon", chip="Due"),)),
    ),
    orders=(Choice(value="heat", label="Hottest"), Choice(value="name", label="By name")),
    columns=(Choice(value="value", label="Value"), Choice(value="owner", label="Owner")),
    views=(
        View(label="Everything", chosen={}),
        View(label="Hot", chosen={"heat": "hot"}),
    ),
)


def of(query: str) -> Asked:
    return asked(dict(QueryDict(query).lists()), SHAPE)


def test_an_address_without_a_query_asks_for_everything_in_the_first_order() -> None:
    assert of("") == Asked(chosen={}, order="heat", search="", hidden=frozenset())


def test_an_empty_choice_of_a_form_asks_for_nothing() -> None:
    assert of("heat=&due=&search=&order=&page=2&other=1") == of("")


@pytest.mark.parametrize(
    "query",
    ["?heat=hot", "?due=soon&heat=cold&order=name&search=a+b%26c&hide=owner&hide=value", ""],
)
def test_a_state_and_its_query_say_the_same(query: str) -> None:
    assert query_of(of(query.removeprefix("?")), SHAPE) == query


@pytest.mark.parametrize("query", ["heat=lukewarm", "order=size", "hide=name"])
def test_what_cannot_be_chosen_is_not_found(query: str) -> None:
    with pytest.raises(NotFound):
        of(query)


def test_each_chip_says_what_narrows_and_leads_to_the_list_without_it() -> None:
    shown = tools(of("heat=hot&due=soon&search=Ltd&order=name"), SHAPE)
    assert [(chip.label, chip.query) for chip in shown.chips] == [
        ("Heat is hot", "?due=soon&order=name&search=Ltd"),
        ("Due", "?heat=hot&order=name&search=Ltd"),
        ("“Ltd”", "?due=soon&heat=hot&order=name"),
    ]
    assert shown.bare == "?order=name"


def test_a_view_is_marked_while_exactly_it_is_shown() -> None:
    assert [view.is_chosen for view in tools(of("heat=hot"), SHAPE).views] == [False, True]
    assert [view.is_chosen for view in tools(of(""), SHAPE).views] == [True, False]
    assert not any(view.is_chosen for view in tools(of("heat=hot&due=soon"), SHAPE).views)
    assert not any(view.is_chosen for view in tools(of("heat=hot&search=x"), SHAPE).views)


def test_another_order_keeps_what_narrows() -> None:
    orders = tools(of("heat=hot&hide=value"), SHAPE).orders
    assert orders["name"].query == "?heat=hot&order=name&hide=value"
    assert orders["heat"].is_chosen
