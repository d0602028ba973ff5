"""The gradebook: one row a student, a column an exercise, as CSV (UTF-8 with BOM, which spreadsheets open right) and XLSX."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.chapter import Chapter, Exercise
from ..core.marking import Outcome, Verdict
from ..core.messages import Message, say
from .csvfile import Cell, printable, read_rows, to_csv
from .results import Result, write_whole
from .roster import meant


@dataclass(frozen=True)
class Override:
    """A mark that a person gave: it counts instead of the computed one and survives every regrade."""

    student: str
    exercise: str
    marks: float
    why: str


class Overrides:
    """Manual marks: ``overrides.csv`` (student, exercise, marks, why) and what a person confirmed in ``review.csv``.

    The first is read, never written, and goes before the second. Of several lines for one student and exercise the last counts, and
    that there are several is said.

    Parameters
    ----------
    students
        Who has a result; a mark for anybody else is said and not used.
    """

    def __init__(self, folder: Path, chapter: Chapter, students: Collection[str] = ()) -> None:
        self.students = students
        self.given: dict[tuple[str, str], Override] = {}
        self.problems: list[Message] = []
        path = folder / "overrides.csv"
        lines: dict[tuple[str, str], list[int]] = defaultdict(list)
        for line, row in read_rows(path, ("student", "exercise", "marks")):
            if override := self._read(row, line, path, chapter):
                key = override.student, override.exercise
                self.given[key] = override
                lines[key].append(line)
        for (student, exercise), several in lines.items():
            if len(several) > 1:
                params = {"path": path.name, "lines": ", ".join(map(str, several)), "last": several[-1]}
                marks = f"{self.given[student, exercise].marks:g}"
                self.problems.append(
                    Message("overrides.twice", {**params, "student": student, "exercise": exercise, "marks": marks})
                )

    def _read(self, row: Mapping[str, str], line: int, path: Path, chapter: Chapter) -> Override | None:
        """Return the mark in a line; of one that cannot be used it is said why."""
        student, exercise = meant(row["student"], self.students), row["exercise"].strip()
        where = {"path": path.name, "line": line}
        if not student:
            self.problems.append(Message("overrides.student", {**where, "student": row["student"].strip()}))
            return None
        found = chapter.exercises.get(exercise)
        if found is None:
            self.problems.append(Message("overrides.exercise", {**where, "exercise": exercise}))
            return None
        marks = marks_in(row["marks"], found.marks)
        if marks is None:
            self.problems.append(Message("overrides.marks", {**where, "marks": row["marks"], "most": found.marks}))
            return None
        return Override(student, exercise, marks, row.get("why", "").strip())

    def of(self, student: str) -> dict[str, Override]:
        return {exercise: override for (who, exercise), override in self.given.items() if who == student}


def marks_in(text: str, most: float) -> float | None:
    """Return the mark that a person typed, or ``None`` if it is no number from 0 to ``most``."""
    try:
        marks = float(text)
    except ValueError:
        return None
    return marks if 0 <= marks <= most else None


@dataclass(frozen=True)
class Row:
    """One student's line: marks by exercise after manual marks, which of them are manual, and which wait for a person."""

    result: Result
    marks: Mapping[str, float]
    manual: Mapping[str, Override]
    provisional: tuple[str, ...] = ()

    @property
    def total(self) -> float | None:
        return round(sum(self.marks.values()), 2) if self.marks else None


def rows(results: Iterable[Result], overrides: Overrides, chapter: Chapter) -> list[Row]:
    """Return the gradebook's rows, by student number; submissions without one come last."""
    made = []
    for result in results:
        manual = overrides.of(result.student) if result.student else {}
        marks = {verdict.exercise: verdict.earned for verdict in result.verdicts}
        marks |= {exercise: override.marks for exercise, override in manual.items()}
        waiting = tuple(
            verdict.exercise
            for verdict in result.verdicts
            if verdict.exercise not in manual and needs_review(chapter.exercises[verdict.exercise], verdict)
        )
        made.append(Row(result, marks, manual, waiting))
    return sorted(made, key=lambda row: (not row.result.student, row.result.student, row.result.source))


def needs_review(exercise: Exercise, verdict: Verdict) -> bool:
    """Say whether a mark is provisional: free text was answered, and a person has not looked yet."""
    return "prose" in exercise.kinds and verdict.outcome is not Outcome.UNATTEMPTED


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
        return [*before, *self.chapter.exercises, *words("provisional", "manual", "remarks", "file")]

    def table(self) -> list[list[Cell]]:
        return [self._cells(row) for row in self.rows]

    def _cells(self, row: Row) -> list[Cell]:
        result = row.result
        percent = round(100 * row.total / self.chapter.marks, 1) if row.total is not None else None
        manual = "; ".join(
            f"{override.exercise}={override.marks:g} ({override.why})" for override in row.manual.values()
        )
        unboxed = ["no-box"] if result.box == "none" else []
        remarks = "; ".join(
            [
                *(say(f"remark.{name}", self.lang) for name in [*unboxed, *result.remarks]),
                *(note.text(self.lang) for note in result.notes),
            ]
        )
        return [
            result.student,
            result.name,
            say(f"status.{result.status}", self.lang),
            row.total,
            self.chapter.marks,
            percent,
            *(row.marks.get(exercise) for exercise in self.chapter.exercises),
            "; ".join(row.provisional),
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
                    cell.value = printable(value)
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
