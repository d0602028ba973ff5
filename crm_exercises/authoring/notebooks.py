"""Deriving the student's notebook and the worked solution of a chapter from its source, in one language. Pure: no files, no kernel."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ..core.chapter import MARK, Exercise
from ..core.explain import explained
from ..core.messages import in_marks, say
from .source import Cell, CodeCell, ExerciseCell, Source, TextCell

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def student_notebook(source: Source, lang: str) -> NotebookNode:
    """Return the notebook that a student works in: tasks and empty answers, no outputs."""
    return _Notebook(source, lang).student()


def solution_notebook(source: Source, lang: str) -> NotebookNode:
    """Return the worked solution, not yet executed."""
    return _Notebook(source, lang).solution()


class _Notebook:
    def __init__(self, source: Source, lang: str) -> None:
        self.source, self.lang, self.chapter = source, lang, source.chapter
        self._ids: set[str] = set()

    def student(self) -> NotebookNode:
        """Return tasks and empty answers, each with its check, and the hand-in."""
        cells: list[NotebookNode] = []
        for place, cell in enumerate(self.source.cells):
            if place == 1 and self._is_bank():
                cells.append(self._code("sheet()", "sheet", role="sheet"))
            if isinstance(cell, ExerciseCell):
                cells += self._answer_and_check(self.chapter.exercises[cell.id])
            elif not cell.solution:
                cells += self._shared(cell, place)
        cells += [self._markdown(say("notebook.handin", self.lang)), self._code("hand_in()", role="hand-in")]
        return self._wrapped(cells)

    def _is_bank(self) -> bool:
        """Say whether the chapter is questions rather than work on data: then a sheet shows them in one place."""
        asked = [all(kind.form for kind in exercise.answer.values()) for exercise in self.chapter]
        return len(asked) >= 10 and sum(asked) >= 0.9 * len(asked)

    def solution(self) -> NotebookNode:
        """Return reference solutions with what explains them."""
        cells: list[NotebookNode] = []
        for place, cell in enumerate(self.source.cells):
            if isinstance(cell, ExerciseCell):
                exercise = self.chapter.exercises[cell.id]
                cells.append(self._code(exercise.body, f"{cell.id}-solution", role="solution", exercise=cell.id))
                names = [name for name, kind in exercise.answer.items() if kind.kind != "figure"]
                if names:
                    cells.append(self._code(f"peek({', '.join(names)})", f"{cell.id}-peek", role="peek"))
                if explained(exercise, self.lang):
                    cells.append(self._markdown(explained(exercise, self.lang)))
            else:
                cells += self._shared(cell, place)
        return self._wrapped(cells)

    def _shared(self, cell: Cell, place: int) -> Iterator[NotebookNode]:
        """Yield what both notebooks show; the student number stands right after the chapter's title."""
        if isinstance(cell, TextCell):
            text = cell.text[self.lang]
            following = self.source.cells[place + 1] if place + 1 < len(self.source.cells) else None
            if isinstance(following, ExerciseCell) and not cell.solution:
                text = self._numbered(text, self.chapter.exercises[following.id])
            yield self._markdown(text)
        elif isinstance(cell, CodeCell):
            yield self._code(cell.code, role="given")
        if place == 0:
            yield self._code(
                f'student = "0"  {say("notebook.student", self.lang)}', "student", role="student", tags=["parameters"]
            )
            begin = f'from crm_exercises import *\n\nbegin("{self.chapter.name}", "{self.lang}", student)'
            yield self._code(begin, "begin", role="begin")

    def _numbered(self, text: str, exercise: Exercise) -> str:
        title = say(
            "notebook.exercise",
            self.lang,
            number=exercise.number,
            title=exercise.title[self.lang],
            marks=in_marks(exercise.marks),
        )
        return re.sub(r"^(#+)\s+.*$", lambda found: f"{found.group(1)} {title}", text, count=1, flags=re.MULTILINE)

    def _answer_and_check(self, exercise: Exercise) -> Iterator[NotebookNode]:
        code = f"{MARK}{exercise.id}\n{starter(exercise)}"
        yield self._code(code, f"{exercise.id}-answer", role="answer", exercise=exercise.id)
        yield self._code(f'check("{exercise.id}")', f"{exercise.id}-check", role="check", exercise=exercise.id)

    def _markdown(self, text: str) -> NotebookNode:
        return new_markdown_cell(text, id=self._id(text))

    def _code(self, code: str, name: str | None = None, *, tags: list[str] | None = None, **about: str) -> NotebookNode:
        metadata = {"crm": about} | ({"tags": tags} if tags else {})
        return new_code_cell(code, id=self._id(code, name), metadata=metadata)

    def _id(self, text: str, name: str | None = None) -> str:
        """Return a cell id that depends on the cell alone, so that an edit elsewhere changes no other id."""
        wanted = name or hashlib.sha256(text.encode()).hexdigest()[:12]
        free = wanted
        count = 1
        while free in self._ids:
            count += 1
            free = f"{wanted}-{count}"
        self._ids.add(free)
        return free

    def _wrapped(self, cells: list[NotebookNode]) -> NotebookNode:
        metadata = {
            "crm": {"chapter": self.chapter.name, "lang": self.lang},
            "kernelspec": KERNEL,
            "language_info": {"name": "python"},
        }
        return new_notebook(cells=cells, metadata=metadata)


def starter(exercise: Exercise) -> str:
    """Return the code that a student starts from: it runs as it stands and gives no answer."""
    if exercise.starter:
        return exercise.starter.rstrip("\n")
    alone = len(exercise.answer) == 1
    lines = []
    for name, kind in exercise.answer.items():
        arguments = f'"{exercise.id}"' if alone else f'"{exercise.id}", "{name}"'
        lines.append(f"{name} = {kind.opens}({arguments})" if kind.form and kind.opens else f"{name} = ...")
    return "\n".join(lines)
