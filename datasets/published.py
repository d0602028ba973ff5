"""Which units the published set (student 0) of a generated table holds: the draw of the student number 0, as ``load`` draws."""

from __future__ import annotations

from hashlib import sha256
from heapq import nsmallest

Rows = list[list[str]]


def truth(value: bool) -> str:
    """Return a truth value as data files write it."""
    return str(value).lower()


def published(found: Rows, unit: str, size: int, place: int = 0) -> Rows:
    """Mark the rows of the units that student 0 has.

    Parameters
    ----------
    found
        The rows of a table; what is added is ``true`` or ``false``, as their last value.
    unit
        Name of the column of the units.
    size
        How many of the units a student has.
    place
        Where the unit stands in a row.
    """
    units = dict.fromkeys(row[place] for row in found)
    mine = set(nsmallest(size, units, key=lambda one: sha256(f"0|{unit}|{one}".encode()).digest()))
    return [[*row, truth(row[place] in mine)] for row in found]
