"""The review list: free text that waits for a person, in one spreadsheet.

``review.csv`` has a line for each answer in free text: the answer, the suggested mark, how sure that is (0 to 1) and why it is in
doubt. The instructor writes into the column ``confirmed``: ``ok`` for the suggestion, or another mark. A line counts for the answer
it was written for; when a student hands in another answer, the old line is kept at the end of the file and a new one waits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..core.chapter import Chapter, Exercise
from ..core.marking import Verdict
from ..core.messages import Message
from .csvfile import Cell, printable, read_rows, to_csv
from .gradebook import Override, Overrides, marks_in, needs_review
from .results import Result, write_whole
from .roster import meant

COLUMNS = ("student", "exercise", "title", "answer", "suggested", "most", "confidence", "doubt", "confirmed", "why")
NEEDED = ("student", "exercise", "answer", "suggested", "confirmed", "why")
"""The columns that are read again; the others are for the instructor's eyes."""
CONFIRMED = {"ok", "好", "对", "确认", "是", "yes", "y", "√"}


class Review:
    """The review list of a results folder, where no mark of ``overrides`` stands already."""

    def __init__(self, folder: Path, chapter: Chapter, overrides: Overrides) -> None:
        self.path, self.chapter, self.overrides = folder / "review.csv", chapter, overrides
        self.lines: dict[tuple[str, str, str], dict[str, str]] = {}
        self.problems: list[Message] = []
        for line, row in read_rows(self.path, NEEDED):
            student = meant(row["student"], overrides.students)
            if not student and row["confirmed"].strip():
                self.problems.append(
                    Message("overrides.student", {"path": self.path.name, "line": line, "student": row["student"]})
                )
            self.lines[student or row["student"], row["exercise"], _compared(row["answer"])] = row

    def confirm(self, results: Iterable[Result]) -> dict[tuple[str, str], Override]:
        """Return what a person confirmed for the present answers."""
        confirmed = {}
        for key, exercise, *_ in self._waiting(results):
            row = self.lines.get(key, {})
            if not row or key[:2] in self.overrides.given:
                continue
            typed = row["confirmed"].strip()
            marks = _confirmed(row, exercise)
            if marks is not None:
                confirmed[key[:2]] = Override(key[0], exercise.id, marks, row["why"].strip() or "✓")
            elif typed:
                params = {
                    "path": self.path.name,
                    "student": key[0],
                    "exercise": exercise.id,
                    "marks": typed,
                    "most": exercise.marks,
                }
                self.problems.append(Message("review.marks", params))
        return confirmed

    def write(self, results: Iterable[Result], lang: str, *, accept_sure: bool = False) -> int:
        """Write the list anew and return how many answers wait; what a person wrote stays.

        Parameters
        ----------
        accept_sure
            Confirm the suggestions that are not in doubt.
        """
        made: list[tuple[bool, list[Cell]]] = []
        kept = dict(self.lines)
        for key, exercise, verdict, answer in self._waiting(results):
            row = kept.pop(key, {})
            doubt = "; ".join(reason.text(lang) for reason in verdict.doubt)
            if not row.get("confirmed", "").strip():  # "ok" stays what it was said to
                row = (
                    {"why": ""}
                    | row
                    | {"suggested": f"{verdict.earned:g}", "confirmed": "ok" if accept_sure and not doubt else ""}
                )
            self.lines[key] = row
            waits = key[:2] not in self.overrides.given and _confirmed(row, exercise) is None
            title = f"{exercise.number} {exercise.title[lang]}"
            made.append(
                (
                    waits,
                    [
                        _as_text(key[0]),
                        key[1],
                        title,
                        answer,
                        row["suggested"],
                        exercise.marks,
                        f"{verdict.confidence:.2f}",
                        doubt,
                        row["confirmed"],
                        row["why"],
                    ],
                )
            )
        made.sort(
            key=lambda entry: (not entry[0], not entry[1][COLUMNS.index("doubt")], str(entry[1][1]), str(entry[1][0]))
        )
        old: list[list[Cell]] = [
            [row.get(name, "") for name in COLUMNS] for row in kept.values() if row.get("confirmed", "").strip()
        ]
        if made or old:
            write_whole(self.path, to_csv(COLUMNS, [*(line for _, line in made), *old]))
        return sum(waits for waits, _ in made)

    def _waiting(self, results: Iterable[Result]) -> Iterable[tuple[tuple[str, str, str], Exercise, Verdict, str]]:
        """Yield each answer in free text: its key (student, exercise, answer as it is compared), its exercise, its verdict and itself."""
        for result in results:
            for verdict in result.verdicts:
                exercise = self.chapter.exercises[verdict.exercise]
                if result.student and needs_review(exercise, verdict):
                    text = _plain(_text(result.answers.get(exercise.id, {}), exercise))
                    yield (result.student, exercise.id, _compared(text)), exercise, verdict, text


def _text(records: Mapping[str, Any], exercise: Exercise) -> str:
    values = [records.get(name, {}).get("value", "") for name, kind in exercise.answer.items() if kind.kind == "prose"]
    return "\n".join(str(value) for value in values)


def _confirmed(row: Mapping[str, str], exercise: Exercise) -> float | None:
    """Return the mark that a person confirmed in a line, or ``None`` if there is none that can be used."""
    typed = row.get("confirmed", "").strip()
    return marks_in(row["suggested"] if typed.casefold() in CONFIRMED else typed, exercise.marks)


def _as_text(student: str) -> str:
    """Return a student number as no spreadsheet spoils it when it saves the list: not without its zeros, not as 2.02E+11."""
    return f"'{student}" if student.isdigit() and (student.startswith("0") or len(student) > 11) else student


def _compared(text: str) -> str:
    """Return what spreadsheets leave of an answer when they save it in GBK: what that cannot hold comes back as question marks."""
    return re.sub(r"[?�\s]+", "?", _plain(printable(text)).encode("gbk", "replace").decode("gbk"))


def _plain(text: str) -> str:
    """Return an answer as it comes back from a spreadsheet: line ends alike, nothing around it."""
    return "\n".join(text.split("\r\n")).strip()
