"""Reading a chapter's source: MyST Markdown (through jupytext) to a :class:`~crm_exercises.core.chapter.Chapter` and its cells.

The only module that knows the source format; its errors name file, line, field and the fix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, TypeVar

import jupytext
import yaml
from pydantic import Field, ValidationError

from ..core.chapter import Chapter, Exercise, Head, Step
from ..core.errors import SourceError
from ..core.kinds import Model, Pair
from ..core.messages import Message
from . import faults

Specification = TypeVar("Specification", bound=Model)
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


class About(Model):
    """What the head of a file says of its chapter."""

    chapter: Annotated[int, Field(ge=1)]
    first: Annotated[int, Field(ge=1)] = 1
    """Number of the first exercise: a chapter may have several files."""
    title: Pair


class _Reader:
    """Reads one file; keeps what an error must name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            raise self.fail(line, "–", "source.encoding") from error
        self.lines = self.text.splitlines()
        self.notebook = self._notebook()

    def fail(self, line: int, field: str, fault: str | Message, **params: Any) -> SourceError:
        """Return the error about ``field`` at ``line``; ``fault`` is a sentence of the catalogue or its key."""
        told = fault if isinstance(fault, Message) else Message(fault, params)
        return SourceError("source.field", file=self.path.name, line=line, field=field, told=told)

    def _notebook(self) -> Any:
        try:
            return jupytext.reads(self.text, fmt="md:myst")
        except Exception as error:  # jupytext raises its own and its readers' errors, which name neither line nor cure
            if found := faults.broken(self.lines):
                raise self.fail(found[0], "YAML", found[1]) from error
            raise self.fail(1, "–", "source.unreadable", error=str(error).splitlines()[0]) from error

    def about(self) -> About:
        """Return what the head of the file says of its chapter."""
        return self._validated(About, self.notebook.metadata.get("crm") or {}, 0, "crm")

    @cached_property
    def fences(self) -> list[int]:
        """Line number (from 1) of each code cell's opening fence."""
        return [self.text.count("\n", 0, match.start()) + 1 for match in FENCE.finditer(self.text)]

    def line_of(self, fence: int, path: Sequence[int | str]) -> int:
        """Return the line of the field at ``path`` in the head below line ``fence`` (0: in the head of the file)."""
        lines = self.lines[fence:]
        rules = [place for place, line in enumerate(lines) if line.strip() == "---"]
        if rules[:1] != [0] or len(rules) < 2:
            return max(fence, 1)
        node, line = yaml.compose("\n".join(lines[1 : rules[1]])), 0
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

    def _validated(self, model: type[Specification], data: Any, fence: int, *above: str) -> Specification:
        """Return ``data`` as a ``model``, or raise the first fault with the line of its field below line ``fence``."""
        try:
            return model.model_validate(data)
        except ValidationError as error:
            first = error.errors()[0]
            path = [*above, *(first["loc"] or (str(first.get("ctx", {}).get("field", "")),))]
            if path[0] == "answer":
                del path[2:3]  # pydantic's name for the kind, which the author did not write
            field = ".".join(map(str, path))
            raise self.fail(self.line_of(fence, path), field, faults.field_fault(first)) from error

    def cells(self) -> Iterator[tuple[int, Cell, Head | None, str]]:
        """Yield each cell with its line, and with the head and body of an exercise where it is one."""
        fences = iter(self.fences)
        waiting: Any = None
        begun = 1
        for cell in self.notebook.cells:
            metadata = {
                key: value for key, value in cell.metadata.items() if key not in {"trusted", "editable", "deletable"}
            }
            line = next(fences) if cell.cell_type == "code" else self._line_of_text(cell.source)
            if cell.cell_type == "markdown":
                begun = line
                waiting = self._text(waiting, cell.source, metadata, line)
                if isinstance(waiting, TextCell):
                    yield line, waiting, None, ""
                    waiting = None
                continue
            if waiting:
                raise self.fail(line, "lang", "source.no_partner")
            if re.search(r"^(?:\+\+\+(?: |$)|`{3,}\{code-cell\})", cell.source, re.MULTILINE):
                raise self.fail(line, "```", "source.cell_open")
            if "exercise" in metadata:
                head = self._validated(Head, metadata, line)
                yield line, ExerciseCell(head.exercise), head, cell.source
            elif re.match(r"exercise\s*[:：]", cell.source):
                raise self.fail(line, "exercise", "source.head_missing")
            elif metadata.keys() <= {"solution"}:
                yield line, CodeCell(cell.source, metadata.get("solution")), None, ""
            else:
                raise self.fail(line, ", ".join(metadata), "source.given_field")
        if waiting:
            raise self.fail(begun, "lang", "source.no_partner")

    def _line_of_text(self, source: str) -> int:
        place = self.text.find(source)
        return self.text.count("\n", 0, max(place, 0)) + 1

    def _text(self, waiting: Any, source: str, metadata: dict[str, Any], line: int) -> Any:
        """Return the pair that ``source`` completes, or (source, metadata) where it is the first of one."""
        if strange := re.search(r"^`{3,}\{.*\}", source, re.MULTILINE):
            raise self.fail(line + source.count("\n", 0, strange.start()), strange.group(), "source.directive")
        lang, wanted = metadata.get("lang"), "en" if waiting else "zh"
        if lang != wanted:
            raise self.fail(line, "lang", "source.pair", given=lang or "–", wanted=wanted)
        if not waiting:
            return (source, metadata)
        zh, first = waiting
        if first.get("solution") != metadata.get("solution"):
            raise self.fail(line, "solution", "source.pair_solution")
        return TextCell(Pair(zh=zh, en=source), metadata.get("solution"))


def read_source(path: Path) -> Source:
    """Read ``course/chNN_<name>.md``.

    Raises
    ------
    SourceError
        With file, line, field and fix, at the first thing that cannot be read.
    """
    reader = _Reader(path)
    about = reader.about()
    cells: list[Cell] = []
    steps: list[Step] = []
    exercises: dict[str, Exercise] = {}
    answers: set[str] = set()
    for line, cell, head, body in reader.cells():
        if isinstance(cell, ExerciseCell) and head:
            task = cells[-1] if cells else None
            if not isinstance(task, TextCell) or task.solution:
                raise reader.fail(line, "exercise", "source.no_task", exercise=cell.id)
            if cell.id in exercises:
                raise reader.fail(line, "exercise", "source.id_twice", exercise=cell.id)
            if twice := answers & head.answer.keys():
                raise reader.fail(line, "answer", "source.answer_twice", names=", ".join(sorted(twice)))
            answers |= head.answer.keys()
            exercises[cell.id] = Exercise(
                **head.model_dump(),
                number=f"{about.chapter}.{len(exercises) + about.first}",
                title=Pair(zh=_heading(reader, task.text.zh, line), en=_heading(reader, task.text.en, line)),
                task=task.text,
                body=body,
            )
            steps.append(Step(exercise=cell.id))
        elif isinstance(cell, CodeCell) and not cell.solution:
            steps.append(Step(code=cell.code))
        elif not isinstance(cell, ExerciseCell) and cell.solution:
            _explain(reader, exercises, cell, line)
        cells.append(cell)
    chapter = Chapter(name=path.stem, number=about.chapter, title=about.title, steps=tuple(steps), exercises=exercises)
    return Source(path, tuple(cells), chapter)


def _explain(reader: _Reader, exercises: dict[str, Exercise], cell: TextCell | CodeCell, line: int) -> None:
    """Add a solution cell to the explanation of its exercise."""
    name = str(cell.solution)
    if name not in exercises:
        raise reader.fail(line, "solution", "source.solution_unknown", exercise=name)
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
        raise reader.fail(line, "title", "source.no_heading")
    return found.group(1)
