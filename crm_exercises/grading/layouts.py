"""The gradebook as learning platforms take it in: Moodle and Canvas."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..core.chapter import Chapter
from .csvfile import Cell, to_csv
from .gradebook import Row
from .results import write_whole


def moodle(chapter: Chapter, rows: Sequence[Row], lang: str) -> bytes:
    """Return a CSV for Moodle's *Grades → Import*: map ``ID number`` to the user, the title to the grade item."""
    header = ["ID number", f"{chapter.number} {chapter.title[lang]}"]
    return to_csv(header, [[row.result.student, row.total] for row in _named(rows)])


def canvas(chapter: Chapter, rows: Sequence[Row], lang: str) -> bytes:
    """Return a CSV for Canvas' *Gradebook → Import*: SIS user ids, and the row of points that Canvas expects."""
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{chapter.number} {chapter.title[lang]}"]
    points: list[Cell] = ["    Points Possible", "", "", "", "", chapter.marks]
    lines: list[list[Cell]] = [
        [row.result.name, "", row.result.student, row.result.student, "", row.total] for row in _named(rows)
    ]
    return to_csv(header, [points, *lines])


def _named(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.result.student and row.total is not None]


def write(folder: Path, chapter: Chapter, rows: Sequence[Row], lang: str) -> None:
    """Write ``gradebook-moodle.csv`` and ``gradebook-canvas.csv``."""
    write_whole(folder / "gradebook-moodle.csv", moodle(chapter, rows, lang))
    write_whole(folder / "gradebook-canvas.csv", canvas(chapter, rows, lang))
