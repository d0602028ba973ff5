"""The gradebook: one row a student, a column an exercise, as CSV (UTF-8 with BOM, which spreadsheets open right) and XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.chapter import Chapter
from ..core.errors import UsageError
from ..core.messages import Message, say
from .results import Result, write_whole

Cell = str | float | int | None
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Override:
    """A mark that a person gave: it counts instead of the computed one and survives every regrade."""

    student: str
    exercise: str
    marks: float
    why: str


class Overrides:
    """The file ``overrides.csv`` (student, exercise, marks, why) in a results folder; it is read, never written."""

    def __init__(self, path: Path, chapter: Chapter) -> None:
        self.given: dict[tuple[str, str], Override] = {}
        self.problems: list[Message] = []
        if not path.is_file():
            return
        rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
        if not {"student", "exercise", "marks"} <= set(rows.fieldnames or ()):
            raise UsageError("overrides.columns", path=str(path), found=", ".join(rows.fieldnames or ()))
        for row in rows:
            self._add(row, rows.line_num, path, chapter)

    def _add(self, row: Mapping[str, str | None], line: int, path: Path, chapter: Chapter) -> None:
        student, exercise = (row.get("student") or "").strip(), (row.get("exercise") or "").strip()
        found = chapter.exercises.get(exercise)
        if found is None:
            self.problems.append(Message("overrides.exercise", {"path": path.name, "line": line, "exercise": exercise}))
            return
        try:
            marks = float(row.get("marks") or "")
        except ValueError:
            marks = -1.0
        if not 0 <= marks <= found.marks:
            self.problems.append(
                Message("overrides.marks", {"path": path.name, "line": line, "marks": row.get("marks"), "most": found.marks})
            )
            return
        self.given[student, exercise] = Override(student, exercise, marks, (row.get("why") or "").strip())

    def of(self, student: str) -> dict[str, Override]:
        return {exercise: override for (who, exercise), override in self.given.items() if who == student}


@dataclass(frozen=True)
class Row:
    """One student's line: marks by exercise after manual marks, and which of them are manual."""

    result: Result
    marks: Mapping[str, float]
    manual: Mapping[str, Override]

    @property
    def total(self) -> float | None:
        return round(sum(self.marks.values()), 2) if self.marks else None


def rows(results: Iterable[Result], overrides: Overrides) -> list[Row]:
    """Return the gradebook's rows, by student number; submissions without one come last."""
    made = []
    for result in results:
        manual = overrides.of(result.student) if result.student else {}
        marks = {verdict.exercise: verdict.earned for verdict in result.verdicts}
        marks |= {exercise: override.marks for exercise, override in manual.items()}
        made.append(Row(result, marks, manual))
    return sorted(made, key=lambda row: (not row.result.student, row.result.student, row.result.source))


class Gradebook:
    """The table of a class.

    Parameters
    ----------
    lang
        Language of headings, statuses and remarks.
    """

    def __init__(self, chapter: Chapter, made: Sequence[Row], lang: str) -> None:
        self.chapter, self.rows, self.lang = chapter, made, lang

    def header(self) -> list[str]:
        def words(*names: str) -> list[str]:
            return [say(f"gradebook.{name}", self.lang) for name in names]

        before = words("student", "name", "status", "total", "marks", "percent")
        return [*before, *self.chapter.exercises, *words("manual", "remarks", "file")]

    def table(self) -> list[list[Cell]]:
        return [self._cells(row) for row in self.rows]

    def _cells(self, row: Row) -> list[Cell]:
        result = row.result
        percent = round(100 * row.total / self.chapter.marks, 1) if row.total is not None else None
        manual = "; ".join(f"{override.exercise}={override.marks:g} ({override.why})" for override in row.manual.values())
        remarks = "; ".join([*(say(f"remark.{name}", self.lang) for name in result.remarks), *(note.text(self.lang) for note in result.notes)])
        return [
            result.student,
            result.name,
            say(f"status.{result.status}", self.lang),
            row.total,
            self.chapter.marks,
            percent,
            *(row.marks.get(exercise) for exercise in self.chapter.exercises),
            manual,
            remarks,
            result.source,
        ]

    def write(self, folder: Path) -> list[Path]:
        """Write ``gradebook.csv`` and ``gradebook.xlsx`` and return their paths."""
        paths = [folder / "gradebook.csv", folder / "gradebook.xlsx"]
        write_whole(paths[0], to_csv(self.header(), self.table()))
        write_whole(paths[1], self._xlsx())
        return paths

    def _xlsx(self) -> bytes:
        from openpyxl import Workbook
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter

        book = Workbook()
        sheet: Any = book.active
        sheet.title = self.chapter.name
        lines: list[Sequence[Cell]] = [self.header(), *self.table()]
        for line, cells in enumerate(lines, 1):
            for column, value in enumerate(cells, 1):
                cell = sheet.cell(line, column)
                if isinstance(value, str):
                    cell.value = _printable(value)
                    cell.data_type = "s"  # text, never a formula; student numbers keep their zeros
                    cell.number_format = "@"
                else:
                    cell.value = value
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "C2"
        for column, title in enumerate(self.header(), 1):
            sheet.column_dimensions[get_column_letter(column)].width = max(10, min(len(title) + 2, 28))
        titles = book.create_sheet("exercises")
        titles.append(["id", "no", "zh", "en", "marks"])
        for exercise in self.chapter:
            titles.append([exercise.id, exercise.number, exercise.title.zh, exercise.title.en, exercise.marks])
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()


def to_csv(header: Sequence[str], table: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV file that a spreadsheet opens without executing anything in it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_harmless(value) for value in cells] for cells in table)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def _harmless(value: Cell) -> Cell:
    """Return text that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    if isinstance(value, str):
        text = _printable(value)
        return "'" + text if text.startswith(FORMULA) else text
    return f"{value:g}" if isinstance(value, float) else value


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() or char == "\n" else "�" for char in text)
