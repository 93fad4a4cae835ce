"""Reads whole numbers out of the database into arrays, without an object per row."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

Ints = NDArray[np.int64]

HEAD, TAIL = 19, 2
"""Bytes before the first and after the last row of PostgreSQL's binary copy."""


def columns(
    query: str, names: Sequence[str], parameters: Mapping[str, Any] | None = None
) -> dict[str, Ints]:
    """The columns of a query, by name. Every column must be a bigint and never null."""
    # Django's own wrapper of a cursor takes no parameters for a copy.
    with (
        connection.cursor() as wrapped,
        wrapped.cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)", parameters) as reading,
    ):
        content = b"".join(bytes(part) for part in reading)
    field = [("bytes", ">i4"), ("is", ">i8")]
    row = np.dtype([("fields", ">i2"), *((name, field) for name in names)])
    found = np.frombuffer(content[HEAD:-TAIL], dtype=row)
    return {name: found[name]["is"].astype(np.int64) for name in names}
