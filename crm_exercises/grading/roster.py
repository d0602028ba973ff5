"""The class list: student numbers and names from a CSV file as a school's system or a spreadsheet writes it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from pathlib import Path

from ..core.errors import UsageError
from .csvfile import decoded, delimiter
from .naming import Number, student_number, visible

_NUMBER = {
    "学号",
    "学生学号",
    "学籍号",
    "student",
    "student number",
    "student_number",
    "student id",
    "student_id",
    "number",
    "id",
}
_NAME = {"姓名", "学生姓名", "名字", "name", "student name", "student_name", "full name"}
TITLES = 5
"""Lines among which the headings are looked for."""
_FLOAT = re.compile(r"^(\d+)\.0+$")  # how data frames and spreadsheets write a number that is none


def read_roster(path: Path) -> dict[str, str]:
    """Return student number → name, in the order of the file.

    The columns are found by their headings (学号, 姓名, student, name …); without headings they are the first two.
    Numbers stay text, so leading zeros are kept.

    Raises
    ------
    UsageError
        The file cannot be read, or a line has no usable number or one that was there before.
    """
    rows = _rows(path)
    titles = (place for place, (_, row) in enumerate(rows[:TITLES]) if not _NUMBER.isdisjoint(map(_heading, row)))
    rows = rows[next(titles, 0) :]  # above the headings often stands what list it is
    headings = [_heading(cell) for cell in rows[0][1]] if rows else []
    number_at = next((place for place, cell in enumerate(headings) if cell in _NUMBER), None)
    name_at = next((place for place, cell in enumerate(headings) if cell in _NAME), None)
    if number_at is not None or name_at is not None:
        if number_at is None:
            raise UsageError("intake.roster-no-column", path=str(path), found=visible(", ".join(rows[0][1])))
        rows = rows[1:]
    else:
        number_at, name_at = 0, 1
    roster: dict[str, str] = {}
    for line, row in rows:
        typed = row[number_at] if number_at < len(row) else ""
        number = _number(typed)
        where = {"path": str(path), "line": line, "value": visible(typed)}
        if not number.value:
            raise UsageError("intake.roster-number", **where)
        if number.value in roster:
            raise UsageError("intake.roster-twice", **where)
        roster[number.value] = row[name_at] if name_at is not None and name_at < len(row) else ""
    if not roster:
        raise UsageError("intake.roster-empty", path=str(path))
    return roster


def _heading(cell: str) -> str:
    """Return a heading as it is compared: 学 号 is 学号, but student id is two words."""
    words = cell.casefold().split()
    return (" " if cell.isascii() else "").join(words)


def meant(typed: str, known: Collection[str]) -> str:
    """Return the number of ``known`` that somebody typed, or a spreadsheet made of it by dropping zeros in front; ``""`` for none."""
    number = _number(typed).value
    if number in known:
        return number
    alike = [one for one in known if number.isdigit() and one.lstrip("0") == number.lstrip("0")]
    return alike[0] if len(alike) == 1 else ""


def _number(typed: str) -> Number:
    """Return the number in a cell: ``="00123"`` and ``'00123`` are how spreadsheets are made to keep zeros."""
    return student_number(_FLOAT.sub(r"\1", typed.strip().removeprefix("=").strip("\"'")))


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """Return the rows that are not blank, with their line numbers."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError("intake.roster-unreadable", path=str(path), error=error.strerror or str(error)) from error
    text = decoded(content)
    if text is None:
        raise UsageError("intake.roster-not-csv", path=str(path))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text))
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise UsageError("intake.roster-not-csv", path=str(path)) from error
    return [(line, row) for line, row in rows if any(row)]
