"""Values of the domain as JSON has them, and back: the same bytes each time, and nothing is read
that is not exactly what was asked for.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from legato.domain.errors import Refused

LARGEST = 2**62
"""No whole number in a file is greater, so that arrays of 64 bits hold each."""

V = TypeVar("V")


class PlanFileUnreadable(Refused):
    """A file is not a plan as it is written down. Facts: ``why`` (``not_json``, ``not_arrays``,
    ``format``, ``missing``, ``unknown``, ``type``, ``number``, ``twice``, ``shape``, ``order``,
    ``sums``, ``too_large``), ``where`` (the field)."""

    code = "plan_file_unreadable"


def plain(value: Any) -> Any:
    """Sets in order, days as ISO text, values as mappings of their fields."""
    if value is None or isinstance(value, str | int | float):  # Most of a problem: looked at first.
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((plain(each) for each in value), key=text)
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a dataclass, which asking each value for would cost a third of writing it."""
    return tuple(each.name for each in fields(kind))


def text(value: Any) -> str:
    """The one written form of plain values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def parsed(data: bytes) -> Any:
    """Plain values from their written form. Raises `PlanFileUnreadable`."""
    try:
        return json.loads(data, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise PlanFileUnreadable(why="not_json", where="file") from None


def value_from(kind: type[V], values: Any, *, where: str) -> V:
    """The value of a dataclass that ``plain`` wrote down: every field, no other, each of exactly
    its type. Raises `PlanFileUnreadable`."""
    read: V = _read(kind, values, where)
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise PlanFileUnreadable(why="twice", where=next(iter(found)))
    return found


def _read(kind: Any, value: Any, where: str) -> Any:
    origin, inside = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _fields(kind, value, where)
    if origin in (UnionType, Union):
        return _one_of(inside, value, where)
    if origin is Literal:
        _expect(type(value) is str and value in inside, where)
        return value
    if origin in (tuple, frozenset):
        return _several(origin, inside, value, where)
    if kind is date:
        return _day(value, where)
    _expect(type(value) is kind, where)
    if kind is int and not -LARGEST < value < LARGEST:
        raise PlanFileUnreadable(why="number", where=where)
    return value


def _fields(kind: Any, value: Any, where: str) -> Any:
    _expect(isinstance(value, dict), where)
    known = get_type_hints(kind)
    names = [each.name for each in fields(kind)]
    for name in value:
        if name not in names:
            raise PlanFileUnreadable(why="unknown", where=f"{where}.{name}")
    for name in names:
        if name not in value:
            raise PlanFileUnreadable(why="missing", where=f"{where}.{name}")
    read = {name: _read(known[name], value[name], f"{where}.{name}") for name in names}
    try:
        return kind(**read)
    except ValueError:  # a problem refuses an id that occurs twice
        raise PlanFileUnreadable(why="twice", where=where) from None


def _one_of(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    """Of None, ``int``, ``str`` and one more kind, the one that it is."""
    if value is None or type(value) in (int, str):
        for kind in kinds:
            if kind is type(value):
                return _read(kind, value, where) if kind is not NoneType else None
    other = [kind for kind in kinds if kind not in (NoneType, int, str)]
    _expect(value is not None and bool(other), where)
    return _read(other[0], value, where)


def _several(origin: Any, inside: tuple[Any, ...], value: Any, where: str) -> Any:
    _expect(isinstance(value, list), where)
    if origin is frozenset or inside[-1] is Ellipsis:
        kinds: Iterable[Any] = [inside[0]] * len(value)
    else:
        _expect(len(value) == len(inside), where)
        kinds = inside
    rows = zip(kinds, value, strict=True)
    read = origin(_read(kind, each, f"{where}.{at}") for at, (kind, each) in enumerate(rows))
    if len(read) != len(value):
        raise PlanFileUnreadable(why="twice", where=where)
    return read


def _day(value: Any, where: str) -> date:
    _expect(type(value) is str, where)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PlanFileUnreadable(why="type", where=where) from None


def _expect(is_so: bool, where: str) -> None:
    if not is_so:
        raise PlanFileUnreadable(why="type", where=where)
