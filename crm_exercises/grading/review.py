"""The review list: free text that waits for a person, in one spreadsheet.

``review.csv`` has a line for each answer in free text: the answer, the suggested mark and why it is in doubt. The instructor writes into
the column ``confirmed``: ``ok`` for the suggestion, or another mark. A line counts for the answer it was written for; when a student
hands in another answer, the old line is kept at the end of the file and a new one waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..core.chapter import Chapter, Exercise
from ..core.marking import Verdict
from ..core.messages import Message
from .csvfile import Cell, read_rows, to_csv
from .gradebook import Override, Overrides, marks_in, needs_review
from .results import Result, write_whole

COLUMNS = ("student", "exercise", "title", "answer", "suggested", "most", "doubt", "confirmed", "why")
CONFIRMED = {"ok", "好", "对", "确认", "是", "yes", "y", "√"}


class Review:
    """The review list of a results folder."""

    def __init__(self, folder: Path, chapter: Chapter) -> None:
        self.path, self.chapter = folder / "review.csv", chapter
        self.lines: dict[tuple[str, str, str], dict[str, str]] = {}
        self.problems: list[Message] = []
        for line, row in read_rows(self.path, COLUMNS):
            self.lines[row["student"], row["exercise"], _plain(row["answer"])] = row | {"line": str(line)}

    def confirm(self, results: Iterable[Result], overrides: Overrides) -> None:
        """Add what a person confirmed for the present answers to ``overrides``, where no manual mark stands already."""
        for key, exercise, _ in self._waiting(results):
            row = self.lines.get(key)
            typed = (row or {}).get("confirmed", "").strip()
            if row is None or not typed or key[:2] in overrides.given:
                continue
            suggested = typed.casefold() in CONFIRMED
            marks = marks_in(row["suggested"] if suggested else typed, exercise.marks)
            if marks is None:
                params = {"path": self.path.name, "line": row["line"], "marks": typed, "most": exercise.marks}
                self.problems.append(Message("overrides.marks", params))
                continue
            overrides.given[key[:2]] = Override(key[0], exercise.id, marks, row["why"].strip() or "✓")

    def write(self, results: Iterable[Result], lang: str, *, accept_sure: bool = False) -> int:
        """Write the list anew and return how many answers wait; what a person wrote stays.

        Parameters
        ----------
        accept_sure
            Confirm the suggestions that are not in doubt.
        """
        made: list[list[Cell]] = []
        kept = dict(self.lines)
        for key, exercise, verdict in self._waiting(results):
            row = kept.pop(key, {})
            doubt = "; ".join(reason.text(lang) for reason in verdict.doubt)
            confirmed = row.get("confirmed", "") or ("ok" if accept_sure and not doubt else "")
            title = f"{exercise.number} {exercise.title[lang]}"
            made.append([*key[:2], title, key[2], verdict.earned, exercise.marks, doubt, confirmed, row.get("why", "")])
        made.sort(key=lambda line: (bool(line[7]), not line[6], str(line[1]), str(line[0])))
        old: list[list[Cell]] = [[row[name] for name in COLUMNS] for row in kept.values() if row.get("confirmed", "").strip()]
        if made or old:
            write_whole(self.path, to_csv(COLUMNS, [*made, *old]))
        return sum(not line[7] for line in made)

    def _waiting(self, results: Iterable[Result]) -> Iterable[tuple[tuple[str, str, str], Exercise, Verdict]]:
        """Yield each answer in free text: its key (student, exercise, answer), its exercise and its verdict."""
        for result in results:
            for verdict in result.verdicts:
                exercise = self.chapter.exercises[verdict.exercise]
                if result.student and needs_review(exercise, verdict):
                    text = _text(result.answers.get(exercise.id, {}), exercise)
                    yield (result.student, exercise.id, _plain(text)), exercise, verdict


def _text(records: Mapping[str, Any], exercise: Exercise) -> str:
    values = [records.get(name, {}).get("value", "") for name, kind in exercise.answer.items() if kind.kind == "prose"]
    return "\n".join(str(value) for value in values)


def _plain(text: str) -> str:
    """Return an answer as it comes back from a spreadsheet: line ends alike, nothing around it."""
    return "\n".join(text.split("\r\n")).strip()

