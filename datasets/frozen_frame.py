"""Read a pickled pandas table with the standard library alone, and without running it.

A pickle may call anything. This reader knows the few builders that a plain table of texts and numbers needs, puts in the place of each one
that only keeps what it is given, and refuses all others.
"""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Callable
from io import BytesIO
from typing import Any


class _Kept:
    """An object of which only the state is wanted."""

    state: Any = ()

    def __init__(self, *given: Any) -> None:
        self.given = given

    def __setstate__(self, state: Any) -> None:
        self.state = state


def _numbers(buffer: bytearray, kind: _Kept, shape: tuple[int, ...], order: str) -> list[Any]:
    """Return an array of numbers row by row, as it stands in memory."""
    if order != "C" or kind.state[1] != "<":
        raise pickle.UnpicklingError("Only little-endian arrays in C order are read.")
    return array({"f8": "d", "i8": "q"}[kind.given[0]], bytes(buffer)).tolist()


def _texts(kept: _Kept) -> list[Any]:
    """Return the values of an array of objects row by row; its state is version, shape, type, order, values."""
    _, _, _, fortran, values = kept.state
    if fortran:
        raise pickle.UnpicklingError("Only arrays in C order are read.")
    return list(values)


def _block(values: list[Any] | _Kept, places: list[int] | slice, _: int) -> dict[int, list[Any]]:
    """Return a block's columns by their places in the table; a block holds one column after the other."""
    flat = _texts(values) if isinstance(values, _Kept) else values
    at = list(range(places.start, places.stop, places.step)) if isinstance(places, slice) else places
    height = len(flat) // len(at)
    return {place: flat[number * height : (number + 1) * height] for number, place in enumerate(at)}


KNOWN: dict[tuple[str, str], Callable[..., Any]] = {
    ("pandas.core.frame", "DataFrame"): _Kept,
    ("pandas.core.internals.managers", "BlockManager"): lambda blocks, axes: (blocks, axes[0]),
    ("pandas._libs.internals", "_unpickle_block"): _block,
    ("pandas.core.indexes.base", "_new_Index"): lambda _, parts: parts,
    ("pandas.core.indexes.base", "Index"): _Kept,
    ("pandas.core.indexes.range", "RangeIndex"): _Kept,
    ("numpy.core.numeric", "_frombuffer"): _numbers,
    ("numpy.core.multiarray", "_reconstruct"): _Kept,
    ("numpy", "ndarray"): _Kept,
    ("numpy", "dtype"): _Kept,
    ("builtins", "slice"): slice,
}


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in KNOWN:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a plain table.")
        return KNOWN[module, name]


def columns(content: bytes) -> dict[str, list[Any]]:
    """Return the columns of a pickled table by name, in its order.

    Raises
    ------
    pickle.UnpicklingError
        The pickle holds something else than a plain table of texts and numbers.
    """
    blocks, names = _Reader(BytesIO(content)).load().state["_mgr"]
    found = {place: column for block in blocks for place, column in block.items()}
    return {name: found[place] for place, name in enumerate(_texts(names["data"]))}
