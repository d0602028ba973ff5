"""Reading a chapter's source: MyST Markdown (through jupytext) to a :class:`~crm_exercises.core.chapter.Chapter` and its cells.

The only module that knows the source format; its errors name file, line, field and the fix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jupytext
import yaml
from pydantic import ValidationError

from ..core.chapter import Chapter, Exercise, Head, Step
from ..core.errors import SourceError
from ..core.kinds import Pair

FENCE = re.compile(r"^`{3,}\{code-cell\}", re.MULTILINE)
HEADING = re.compile(r"^#+\s+(.*?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class TextCell:
    """A zh/en pair of Markdown cells; ``solution`` names the exercise whose worked solution alone shows it."""

    text: Pair
    solution: str | None = None


@dataclass(frozen=True)
class CodeCell:
    """Given code, or (with ``solution``) code that only the worked solution of an exercise shows."""

    code: str
    solution: str | None = None


@dataclass(frozen=True)
class ExerciseCell:
    """The place of an exercise."""

    id: str


Cell = TextCell | CodeCell | ExerciseCell


@dataclass(frozen=True)
class Source:
    """A chapter as written: its cells in order, and the chapter as data."""

    path: Path
    cells: tuple[Cell, ...]
    chapter: Chapter


class _Reader:
    """Reads one file; keeps what an error must name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8-sig")
        self.notebook = self._notebook()

    def fail(self, line: int, field: str, problem: str, fix: str) -> SourceError:
        return SourceError("source.field", file=self.path.name, line=line, field=field, problem=problem, fix=fix)

    def _notebook(self) -> Any:
        try:
            return jupytext.reads(self.text, fmt="md:myst")
        except Exception as error:  # jupytext raises its own, markdown-it's and PyYAML's errors
            found = re.search(r"at line (\d+)", str(error))
            line = int(found.group(1)) if found else 1
            raise self.fail(
                line, "cell", str(error).splitlines()[0], "check the YAML between the --- lines of this cell"
            ) from error

    @cached_property
    def fences(self) -> list[int]:
        """Line number (from 1) of each code cell's opening fence."""
        return [self.text.count("\n", 0, match.start()) + 1 for match in FENCE.finditer(self.text)]

    def line_of(self, fence: int, path: tuple[Any, ...]) -> int:
        """Return the line of the field at ``path`` in the head of the cell whose fence is at line ``fence``."""
        lines = self.text.splitlines()[fence:]
        if not lines or lines[0].strip() != "---":
            return fence
        head = "\n".join(lines[1 : lines.index("---", 1)])
        node, line = yaml.compose(head), 0
        for part in path:
            if isinstance(node, yaml.MappingNode):
                found = [(key, value) for key, value in node.value if key.value == str(part)]
                if not found:
                    continue
                line, node = found[0][0].start_mark.line, found[0][1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = node.start_mark.line
        return fence + 2 + line

    def head(self, metadata: dict[str, Any], fence: int) -> Head:
        try:
            return Head.model_validate(metadata)
        except ValidationError as error:
            first = error.errors()[0]
            path = tuple(first["loc"]) or (str(first.get("ctx", {}).get("field", "")),)
            field = ".".join(str(part) for part in path)
            raise self.fail(self.line_of(fence, path), field, _problem(first), _fix(first)) from error

    def cells(self) -> Iterator[tuple[Cell, Head | None, str]]:
        """Yield each cell with the head and body of an exercise where it is one."""
        fences = iter(self.fences)
        waiting: Any = None
        for cell in self.notebook.cells:
            metadata = {
                key: value for key, value in cell.metadata.items() if key not in {"trusted", "editable", "deletable"}
            }
            line = next(fences) if cell.cell_type == "code" else self._line_of_text(cell.source)
            if cell.cell_type == "markdown":
                waiting = self._text(waiting, cell.source, metadata, line)
                if isinstance(waiting, TextCell):
                    yield waiting, None, ""
                    waiting = None
                continue
            if waiting:
                raise self.fail(
                    line,
                    "lang",
                    "a zh Markdown cell without its en partner",
                    'add a cell +++ {"lang": "en"} right after it',
                )
            if "exercise" in metadata:
                head = self.head(metadata, line)
                yield ExerciseCell(head.exercise), head, cell.source
            elif metadata.keys() <= {"solution"}:
                yield CodeCell(cell.source, metadata.get("solution")), None, ""
            else:
                raise self.fail(
                    line,
                    ", ".join(metadata),
                    "not a field of a given cell",
                    "an exercise needs the field exercise: <id>",
                )
        if waiting:
            raise self.fail(
                self.text.count("\n"), "lang", "a zh Markdown cell without its en partner", "add the en cell"
            )

    def _line_of_text(self, source: str) -> int:
        place = self.text.find(source)
        return self.text.count("\n", 0, max(place, 0)) + 1

    def _text(self, waiting: Any, source: str, metadata: dict[str, Any], line: int) -> Any:
        lang = metadata.get("lang")
        wanted = "en" if waiting else "zh"
        if lang != wanted:
            raise self.fail(
                line, "lang", f"{lang!r} where {wanted!r} is due", "Markdown cells come in pairs: zh, then en"
            )
        if not waiting:
            return (source, metadata)
        zh, first = waiting
        if first.get("solution") != metadata.get("solution"):
            raise self.fail(
                line, "solution", "the pair names two exercises", "give both cells of the pair the same solution"
            )
        return TextCell(Pair(zh=zh, en=source), metadata.get("solution"))


def read_source(path: Path) -> Source:
    """Read ``course/chNN_<name>.md``.

    Raises
    ------
    SourceError
        With file, line, field and fix, at the first thing that cannot be read.
    """
    reader = _Reader(path)
    about = reader.notebook.metadata.get("crm")
    if not isinstance(about, dict) or not {"chapter", "title"} <= about.keys():
        raise reader.fail(
            1, "crm", "chapter and title are missing", "add crm: {chapter: 6, title: {zh: …, en: …}} to the file's head"
        )
    number = int(about["chapter"])
    first = int(about.get("first", 1))  # a chapter may have several files
    cells: list[Cell] = []
    steps: list[Step] = []
    exercises: dict[str, Exercise] = {}
    answers: set[str] = set()
    for cell, head, body in reader.cells():
        line = reader.fences[len(steps)] if head and len(steps) < len(reader.fences) else 1
        if isinstance(cell, ExerciseCell) and head:
            task = cells[-1] if cells else None
            if not isinstance(task, TextCell) or task.solution:
                raise reader.fail(
                    line,
                    "exercise",
                    f"{cell.id} has no task",
                    "put a zh/en pair with a ### heading right before the cell",
                )
            if cell.id in exercises:
                raise reader.fail(line, "exercise", f"{cell.id} is there twice", "give each exercise its own id")
            if answers & head.answer.keys():
                twice = ", ".join(answers & head.answer.keys())
                raise reader.fail(
                    line,
                    "answer",
                    f"the name {twice} belongs to an earlier exercise",
                    "use each answer name once in a chapter",
                )
            answers |= head.answer.keys()
            exercises[cell.id] = Exercise(
                **head.model_dump(),
                number=f"{number}.{len(exercises) + first}",
                title=Pair(zh=_heading(reader, task.text.zh, line), en=_heading(reader, task.text.en, line)),
                task=task.text,
                body=body,
            )
            steps.append(Step(exercise=cell.id))
        elif isinstance(cell, CodeCell) and not cell.solution:
            steps.append(Step(code=cell.code))
        elif not isinstance(cell, ExerciseCell) and cell.solution:
            _explain(reader, exercises, cell)
        cells.append(cell)
    chapter = Chapter(
        name=path.stem, number=number, title=Pair(**about["title"]), steps=tuple(steps), exercises=exercises
    )
    return Source(path, tuple(cells), chapter)


def _explain(reader: _Reader, exercises: dict[str, Exercise], cell: TextCell | CodeCell) -> None:
    """Add a solution cell to the explanation of its exercise."""
    name = str(cell.solution)
    if name not in exercises:
        raise reader.fail(
            1, "solution", f"{name} is no exercise before this cell", "name the exercise that stands above"
        )
    if isinstance(cell, TextCell):
        more = cell.text
    else:
        code = f"```python\n{cell.code}\n```"
        more = Pair(zh=code, en=code)
    exercise = exercises[name]
    exercises[name] = exercise.model_copy(update={"explanation": (*exercise.explanation, more)})


def _heading(reader: _Reader, text: str, line: int) -> str:
    found = HEADING.search(text)
    if not found:
        raise reader.fail(line, "title", "the task has no heading", "begin both cells of the task with ### and a title")
    return found.group(1)


def _problem(error: Any) -> str:
    if error["type"] == "missing":
        return "is missing"
    if error["type"] == "extra_forbidden":
        return "is not a field that exists here"
    return str(error["msg"])


def _fix(error: Any) -> str:
    fixes = {
        "missing": "add this field",
        "extra_forbidden": "check the spelling; CONTRIBUTING.md lists the fields",
        "union_tag_invalid": "use one of the kinds in CONTRIBUTING.md",
        "union_tag_not_found": "add kind: …",
        "too_short": "three hints, in zh and en, are due",
        "too_long": "three hints, in zh and en, are due",
        "string_pattern_mismatch": "use lower-case words joined by hyphens, such as rfm-recency",
    }
    return fixes.get(error["type"], f"put a value that fits (found: {str(error['input'])[:60]})")
