"""Answers that are tables: a DataFrame or Series whose rows are found by a key, so row order does not matter unless asked for.

Canonical form: ``{"key": [name, …], "rows": [[key value, …], …], "columns": {name: [value, …]}}``, all rows, never a sample.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from . import scalars
from .comparison import RIGHT, Comparison, commonest, differing, quarters
from .errors import MalformedError
from .kinds import Json, Tolerant, capped
from .messages import Message
from .scalars import Scalar


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class Table(Tolerant):
    """Rows found by their ``key``, compared in ``columns`` (all, if none is named), in order only where ``ordered``."""

    kind: Literal["table"]
    key: Names
    columns: Names = ()
    ordered: bool = False
    parts: Literal["cells", "columns"] = "cells"
    """What earns a part of the credit: cells, or only whole columns where single rows come out alike on other data."""

    def canonical(self, value: Any) -> Json:
        if isinstance(value, dict) and value.keys() == {"key", "rows", "columns"}:
            return self._checked(value)
        import pandas as pd

        if isinstance(value, pd.Series):
            value = value.to_frame(name=value.name if value.name is not None else "value")
        if not isinstance(value, pd.DataFrame):
            raise MalformedError("malformed.table", type=type(value).__name__)
        capped(value.size + len(value))
        frame = self._with_key(value)
        names = [str(name) for name in frame.columns if name not in self.key]
        wanted = [name for name in self.columns if name in names] if self.columns else names
        return {
            "key": list(self.key),
            "rows": [list(row) for row in zip(*(_values(frame[name]) for name in self.key), strict=True)],
            "columns": {name: _values(frame[name]) for name in wanted},
        }

    def _with_key(self, frame: Any) -> Any:
        """Return ``frame`` with the key as ordinary columns: index levels count, and one unnamed index may stand for one key."""
        missing = [name for name in self.key if name not in frame.columns]
        if missing:
            if (
                len(self.key) == 1
                and frame.index.nlevels == 1
                and frame.index.name is None
                and not _is_default(frame.index)
            ):
                frame = frame.rename_axis(index=self.key[0])
            frame = frame.reset_index([name for name in missing if name in frame.index.names])
        still = [name for name in self.key if name not in frame.columns]
        if still:
            raise MalformedError("malformed.key", key=", ".join(still), columns=", ".join(map(str, frame.columns[:8])))
        frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
        if frame.columns.has_duplicates:
            raise MalformedError("malformed.column_twice", column=str(frame.columns[frame.columns.duplicated()][0]))
        return frame

    def _checked(self, value: Json) -> Json:
        """Return a table that is already JSON after checking its shape (it may come from outside)."""
        rows, columns = value["rows"], value["columns"]
        shape_is_right = (
            value["key"] == list(self.key)
            and isinstance(rows, list)
            and isinstance(columns, dict)
            and all(isinstance(row, list) and len(row) == len(self.key) for row in rows)
            and all(isinstance(values, list) and len(values) == len(rows) for values in columns.values())
        )
        if not shape_is_right:
            raise MalformedError("malformed.table", type="JSON")
        capped(len(rows) * (1 + len(columns)))
        return {
            "key": list(self.key),
            "rows": [[scalars.canonical(part) for part in row] for row in rows],
            "columns": {str(name): [scalars.canonical(item) for item in values] for name, values in columns.items()},
        }

    def compare(self, given: Json, expected: Json) -> Comparison:
        given_rows, expected_rows = _keys(given["rows"]), _keys(expected["rows"])
        place = {key: index for index, key in enumerate(given_rows)}
        if len(place) < len(given_rows):
            twice = next(index for index, key in enumerate(given_rows) if place[key] != index)
            return Comparison(0.0, (Message("diff.twice", {"key": self._label(given["rows"][twice])}),))
        written = dict(zip([*given_rows, *expected_rows], [*given["rows"], *expected["rows"]], strict=True))
        differences = self._row_differences(place, expected_rows, written)
        mine = self._matched(given["columns"], expected["columns"])
        absent = [name for name in expected["columns"] if mine[name] is None]
        if absent:
            differences.append(Message("diff.columns", {"columns": ", ".join(absent)}))
        size = max(len(given_rows), len(expected_rows))
        shares: list[tuple[float, float]] = []
        first: tuple[Message, ...] = ()
        wrong = 0
        for name, right in expected["columns"].items():
            values, hits = mine[name], 0
            if values == right and given_rows == expected_rows:  # the usual case of a right answer, in one sweep
                shares.append((1.0, 0.0))
                continue
            for row, key in enumerate(expected_rows):
                index = place.get(key)
                if values is None or index is None:
                    continue
                if self.same(values[index], right[row]):
                    hits += 1
                    continue
                wrong += 1
                if not first:
                    where = {"key": self._label(written[key]), "column": name}
                    first = differing("diff.cell", values[index], right[row], **where)
            if self.parts == "columns":
                shares.append((float(hits == size), 0.0))
            else:
                shares.append((hits / size if size else 1.0, commonest(right)))
        differences += first
        if wrong > 1:
            differences.append(Message("diff.wrong_count", {"count": wrong}))
        if self.ordered and not differences and given_rows != expected_rows:
            out_of_place = next(key for key, right in zip(given_rows, expected_rows, strict=True) if key != right)
            differences.append(Message("diff.order", {"key": self._label(written[out_of_place])}))
            return Comparison(0.75, tuple(differences))
        if not differences:
            return RIGHT
        return Comparison(min(quarters(shares or [(0.0, 0.0)]), 0.75), tuple(differences))

    def _row_differences(
        self,
        place: dict[tuple[Scalar, ...], int],
        expected_rows: list[tuple[Scalar, ...]],
        written: dict[tuple[Scalar, ...], list[Scalar]],
    ) -> list[Message]:
        wanted = set(expected_rows)
        missing = [key for key in expected_rows if key not in place]
        extra = [key for key in place if key not in wanted]
        looks = {tuple(map(str, key)) for key in missing}
        if alike := next((key for key in extra if tuple(map(str, key)) in looks), None):  # "2014" is not 2014
            return [Message("diff.key_type", {"key": self._label(written[alike])})]
        if missing and extra and len(missing) == len(expected_rows):
            names = {"given": self._label(written[extra[0]]), "expected": self._label(written[missing[0]])}
            return [Message("diff.keys", names)]
        found = (("diff.missing", missing), ("diff.extra", extra))
        return [
            Message(key, {"count": len(keys), "example": self._label(written[keys[0]])}) for key, keys in found if keys
        ]

    @staticmethod
    def _matched(given: dict[str, list[Scalar]], expected: dict[str, list[Scalar]]) -> dict[str, list[Scalar] | None]:
        """Pair columns by name; where each side has just one, the name does not matter."""
        if len(given) == len(expected) == 1:
            return {next(iter(expected)): next(iter(given.values()))}
        return {name: given.get(name) for name in expected}

    def _label(self, key: list[Scalar]) -> str:
        """Return the key of a row as it was written, so that it can be looked up."""
        return ", ".join(f"{name} {scalars.shown(part)}" for name, part in zip(self.key, key, strict=True))


def _is_default(index: Any) -> bool:
    return type(index).__name__ == "RangeIndex"


def _values(column: Any) -> list[Scalar]:
    """Return the canonical values of one column; numbers in one sweep, everything else one by one."""
    if str(column.dtype) in {"int64", "int32"}:  # not pandas' Int64, which may hold missing values
        return list(column.tolist())
    return [scalars.canonical(value) for value in column.tolist()]


def _keys(rows: list[list[Scalar]]) -> list[tuple[Scalar, ...]]:
    """Return the rows' keys so that ``3``, ``3.0`` and ``" a"``, ``"A"`` find each other."""
    return [tuple(scalars.tidy(part) if isinstance(part, str) else part for part in row) for row in rows]
