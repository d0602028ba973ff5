"""Answers that are figures: what an Axes shows as data, never its pixels.

Canonical form: ``{"bars": [[x, height], …], "lines": [[[x, y], …], …], "points": [[x, y], …], "image": [[…], …], "labels": [title, x, y]}``
with only what the exercise compares.
"""

from __future__ import annotations

from typing import Any, Literal

from . import scalars
from .comparison import Comparison
from .errors import MalformedError
from .kinds import Json, Tolerant, capped
from .messages import Message

Part = Literal["bars", "lines", "points", "image"]
DEPTH: dict[Part, int] = {"bars": 2, "lines": 3, "points": 2, "image": 2}
"""How deep the numbers of a part lie; nothing else is taken for a figure, whatever a stranger may have written."""
ROW = 6
"""How many numbers of a row are said in a sentence."""


class Figure(Tolerant):
    """The parts of a figure that are compared (``shows``), and whether it must have a title and names of axes (``labels``)."""

    kind: Literal["figure"]
    shows: tuple[Part, ...]
    labels: bool = True
    rtol: float = 1e-4

    def canonical(self, value: Any) -> Json:
        if isinstance(value, dict) and set(value) == {*self.shows, "labels"}:
            return self._checked(value)
        if hasattr(value, "axes") and isinstance(value.axes, list) and value.axes:
            value = value.axes[0]
        if not hasattr(value, "get_xlabel"):
            raise MalformedError("malformed.figure", type=type(value).__name__)
        readers = {"bars": _bars, "lines": _lines, "points": _points, "image": _image}
        shown: dict[str, Any] = {part: readers[part](value) for part in self.shows}
        shown["labels"] = [str(text)[:200] for text in (value.get_title(), value.get_xlabel(), value.get_ylabel())]
        return self._checked(shown)

    def _checked(self, value: Json) -> Json:
        capped(sum(_count(value[part], DEPTH[part]) for part in self.shows))
        labels = value["labels"]
        if not isinstance(labels, list) or len(labels) != 3 or not all(isinstance(text, str) for text in labels):
            raise MalformedError("malformed.figure", type="JSON")
        return {**{part: _numbers(value[part], DEPTH[part]) for part in self.shows}, "labels": labels}

    def compare(self, given: Json, expected: Json) -> Comparison:
        """Half a mark's credit at most is lost for labels: a figure that nobody can read is not finished, but its data may be right."""
        differences = []
        for part in self.shows:
            if not expected[part]:
                continue
            found, right = self._sorted(part, given[part]), self._sorted(part, expected[part])
            if not self._alike(found, right):
                differences += self._differing(part, found, right)
        if differences:
            return Comparison(0.0, tuple(differences))
        if self.labels and not all(text.strip() for text in given["labels"]):
            return Comparison(0.75, (Message("diff.figure_labels"),))
        return Comparison(1.0)

    def _differing(self, part: Part, given: Json, expected: Json) -> list[Message]:
        """Say how many there are where their number differs, else which value differs first."""
        if len(given) != len(expected):
            key = f"diff.figure_{part}" if given else f"diff.figure_no_{part}"
            return [Message(key, {"given": len(given), "expected": len(expected)})]
        mine, right = self._first(given, expected)
        return [
            Message(f"diff.figure_{part}_values"),
            Message("diff.figure_first", {"given": _said(mine), "expected": _said(right)}),
        ]

    def _first(self, given: Json, expected: Json) -> tuple[Json, Json]:
        """Return the first two points or rows that differ, or two lines where they have not as many points."""
        mine, right = next(
            (one, other) for one, other in zip(given, expected, strict=True) if not self._alike(one, other)
        )
        lines = bool(mine and right) and isinstance(mine[0], list) and isinstance(right[0], list)
        return self._first(mine, right) if lines and len(mine) == len(right) else (mine, right)

    @staticmethod
    def _sorted(part: str, shown: Json) -> Json:
        """Order what has no order: points."""
        return sorted(shown, key=repr) if part == "points" else shown

    def _alike(self, given: Json, expected: Json) -> bool:
        if isinstance(expected, list):
            return isinstance(given, list) and len(given) == len(expected) and all(map(self._alike, given, expected))
        return self.same(given, expected)


def _bars(axes: Any) -> list[list[float]]:
    """Bars as ``[position, height]``; horizontal ones are recognised by their common left edge."""
    bars = [patch for container in axes.containers for patch in container.patches] or [
        patch for patch in axes.patches if hasattr(patch, "get_height")
    ]
    horizontal = len(bars) > 1 and len({round(bar.get_height(), 9) for bar in bars}) == 1 != len(
        {round(bar.get_width(), 9) for bar in bars}
    )
    if horizontal:
        return [[bar.get_y() + bar.get_height() / 2, bar.get_width()] for bar in bars]
    return [[bar.get_x() + bar.get_width() / 2, bar.get_height()] for bar in bars]


def _lines(axes: Any) -> list[list[list[float]]]:
    """Lines with at least two points, as drawn; guide lines (:func:`~matplotlib.axes.Axes.axhline`) are not data."""
    import numpy as np

    found = []
    for line in axes.get_lines():
        if line.get_transform() != axes.transData or len(line.get_xdata(orig=False)) < 2:
            continue
        found.append(np.column_stack([line.get_xdata(orig=False), line.get_ydata(orig=False)]).astype(float).tolist())
    return found


def _points(axes: Any) -> list[list[float]]:
    """Points as ``[x, y]``: those of ``scatter`` and those of ``plot`` with markers and no line."""
    groups = [_offsets(group) for group in axes.collections if hasattr(group, "get_offsets")]
    groups += [
        zip(line.get_xdata(orig=False), line.get_ydata(orig=False), strict=True)
        for line in axes.get_lines()
        if line.get_linestyle() == "None" and line.get_marker() != "None"
    ]
    return [list(map(float, point)) for group in groups for point in group]


def _offsets(group: Any) -> Any:
    return [] if type(group).__name__ == "QuadMesh" else group.get_offsets()


def _image(axes: Any) -> list[list[float | None]]:
    meshes = [mesh.get_array() for mesh in axes.collections if type(mesh).__name__ == "QuadMesh"]
    arrays = [image.get_array() for image in axes.get_images()] + meshes
    if not arrays:
        return []
    array = arrays[0]
    return [list(row) for row in array.tolist()] if array.ndim == 2 else []


def _numbers(value: Any, depth: int) -> Any:
    """Return lists within lists, ``depth`` deep, of numbers in canonical form."""
    if isinstance(value, list) != bool(depth):
        raise MalformedError("malformed.figure", type="JSON")
    if depth:
        return [_numbers(item, depth - 1) for item in value]
    number = scalars.canonical(value)
    if isinstance(number, str):
        raise MalformedError("malformed.figure", type="JSON")
    return number


def _said(value: Json) -> str:
    """Return a point or a row as a person reads it, of a line the points at its ends."""
    if value and isinstance(value[0], list):
        return f"{_said(value[0])} … {_said(value[-1])}"
    cut = ["…"] if len(value) > ROW else []
    return f"({', '.join([*map(_shown, value[:ROW]), *cut])})"


def _shown(number: scalars.Scalar) -> str:
    """Return a number of a figure; a whole one of up to four digits may be a year on an axis and is not set apart by thousands."""
    plain = isinstance(number, float) and number.is_integer() and abs(number) < 10_000
    return f"{number:.0f}" if plain else scalars.shown(number)


def _count(value: Any, depth: int) -> int:
    return sum(_count(item, depth - 1) for item in value) if depth and isinstance(value, list) else 1
