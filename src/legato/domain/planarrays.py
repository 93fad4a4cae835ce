"""The file of a plan too large for words: the split as arrays, in NumPy's own format.

Read without trust: no pickles, no sizes beyond what the file holds, no index out of range.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from legato.domain.arraychecks import CELLS, FIGURES, INSTANCE, WHOLE, Named, check
from legato.domain.claims import Held, Violation, claims_untrue, violations_of
from legato.domain.fairness import rounded
from legato.domain.instance import Bounds, Instance, Ints
from legato.domain.judgement import Judgement, judged
from legato.domain.plain import PlanFileUnreadable

FORMAT = "legato-split/1"
LARGEST_FILE = 2**32
"""Bytes, unpacked."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrays:
    """What such a file holds."""

    instance: Instance
    owner: Ints
    held: Held
    least: int
    """The first tolerance of the rules, in thousandths."""
    figures: Ints
    """As ``FIGURES``."""
    named: Named
    """Everything as it is in the file, the digest apart."""
    sha256: str


def arrays_written(
    *,
    instance: Instance,
    owner: Ints,
    bounds: Bounds,
    prices: Ints,
    tolerance: int,
    least: int,
    judgement: Judgement,
    extra: Mapping[str, NDArray[Any]] | None = None,
) -> bytes:
    """The file of a split; ``extra`` arrays (of no Python objects) go along and are covered by the
    digest. ``prices`` are whole billionths of a point."""
    caps = [[*cell, cap] for cell, cap in sorted(instance.caps.items())]
    ends = np.cumsum([len(each) for each in instance.allowed], dtype=np.int64)
    named: Named = {
        "format": np.array(FORMAT),
        "measures": np.array(instance.measures, dtype=np.str_),
        **{name: getattr(instance, name) for name in INSTANCE},
        "allowed": np.concatenate([np.zeros(0, dtype=np.int64), *instance.allowed]),
        "allowed_ends": ends,
        "caps": np.array(caps, dtype=np.int64).reshape(-1, 3),
        "owner": owner,
        "targets": rounded(instance, judgement.parts),
        "low": bounds.low,
        "high": bounds.high,
        "prices": prices,
        "terms": np.array([tolerance, least], dtype=np.int64),
        "figures": np.array([getattr(judgement, name) for name in FIGURES], dtype=np.int64),
        **{f"extra.{name}": array for name, array in (extra or {}).items()},
    }
    return _packed({**named, "sha256": np.array(_sha256(named))})


def is_arrays(data: bytes) -> bool:
    return data[:2] == b"PK"


def arrays_from(data: bytes) -> Arrays:
    """Raises `PlanFileUnreadable`."""
    named = _named(data)
    said = named.pop("sha256", np.array(0))
    if named.get("format", np.array(0)).tolist() != FORMAT or said.dtype.kind != "U" or said.ndim:
        raise PlanFileUnreadable(why="format", where="format")
    for name in (*WHOLE, "measures"):
        if name not in named:
            raise PlanFileUnreadable(why="missing", where=name)
    for name in named:
        if name not in (*WHOLE, "measures", "format") and not name.startswith("extra."):
            raise PlanFileUnreadable(why="unknown", where=name)
    check(named)
    return Arrays(
        instance=_instance(named),
        owner=named["owner"].astype(np.int64),
        held=_held(named),
        least=int(named["terms"][1]),
        figures=named["figures"],
        named=named,
        sha256=str(said),
    )


def arrays_sha256(arrays: Arrays) -> str:
    """Over every array in the file: its name, its type, its shape and its bytes."""
    return _sha256(arrays.named)


def arrays_objections(arrays: Arrays) -> Iterator[Violation]:
    """What the split breaks or claims wrongly, its figures apart."""
    yield from violations_of(instance=arrays.instance, owner=arrays.owner)
    yield from claims_untrue(
        instance=arrays.instance, owner=arrays.owner, held=arrays.held, least=arrays.least
    )


def figures_of(arrays: Arrays) -> list[int]:
    """The figures recomputed, as ``FIGURES``."""
    judgement = judged(
        instance=arrays.instance,
        owner=arrays.owner,
        bounds=arrays.held.bounds,
        prices=arrays.held.prices,
        tolerance=arrays.held.tolerance,
    )
    return [getattr(judgement, name) for name in FIGURES]


def _sha256(named: Named) -> str:
    whole = hashlib.sha256()
    for name in sorted(named):
        array = np.ascontiguousarray(named[name])
        whole.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        whole.update(array.data if array.size else b"")
    return whole.hexdigest()


def _packed(named: Named) -> bytes:
    """As ``np.savez_compressed`` does, which packs six times as long for a sixth less."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, array in named.items():
            with file.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)
    return out.getvalue()


def _named(data: bytes) -> Named:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            members = file.infolist()
            if len({member.filename for member in members}) < len(members):
                raise PlanFileUnreadable(why="twice", where="file")
            if sum(member.file_size for member in members) > LARGEST_FILE:
                raise PlanFileUnreadable(why="too_large", where="file")
            return {
                member.filename.removesuffix(".npy"): _array(file.read(member), member.filename)
                for member in members
            }
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError):
        raise PlanFileUnreadable(why="not_arrays", where="file") from None


def _array(data: bytes, where: str) -> NDArray[Any]:
    file = io.BytesIO(data)
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise PlanFileUnreadable(why="not_arrays", where=where)
    shape, _, kind = np.lib.format.read_array_header_1_0(file)
    size = int(np.prod(shape, dtype=object)) * kind.itemsize
    if kind.hasobject or size != len(data) - file.tell():
        raise PlanFileUnreadable(why="not_arrays", where=where)
    file.seek(0)
    return np.lib.format.read_array(file, allow_pickle=False)


def _instance(named: Named) -> Instance:
    whole = {name: named[name].astype(np.int64, copy=False) for name in WHOLE if name != "fit"}
    return Instance(
        measures=tuple(named["measures"].tolist()),
        taker=named["taker"].astype(np.int32, copy=False),
        fit=named["fit"].astype(np.int32, copy=False),
        allowed=tuple(np.split(whole["allowed"], whole["allowed_ends"][:-1])),
        caps={(row, column): cap for row, column, cap in named["caps"].tolist()},
        **{name: whole[name] for name in ("blocks", "amounts", "start", "persons", "room", "kin")},
    )


def _held(named: Named) -> Held:
    cells = {name: named[name].astype(np.int64, copy=False) for name in CELLS}
    return Held(
        targets=cells["targets"],
        bounds=Bounds(low=cells["low"], high=cells["high"]),
        prices=cells["prices"],
        stated=np.ones(cells["prices"].shape, dtype=np.bool_),
        tolerance=int(named["terms"][0]),
    )
