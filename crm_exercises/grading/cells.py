"""What the cells of a notebook say: whose it is, which chapter it is of, and which of them are answers to what."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Iterator
from itertools import chain

from ..core.messages import LANGS, Message
from .naming import Number, note, student_number
from .notebook import Cell, Notebook

CELL_MAX = 100_000
_SMALL = 10_000  # no generated cell is longer
_FIRST = 20  # among so many code cells the student number is looked for

_MARKER = re.compile(r"\s*#\s*exercise\s*[:：]\s*([\w-]+)\s*(?:\n|$)")
_CHECK = re.compile(r"^[ \t]*check\(\s*([\"'])([\w-]+)\1", re.M)
_BEGIN = re.compile(r"^[ \t]*begin\(\s*([\"'])([\w-]+)\1\s*,\s*([\"'])(\w+)\3", re.M)
_TYPED = re.compile(r"^[ \t]*student[ \t]*[=＝][ \t]*(?P<value>[^\s#]+)", re.M)
_QUOTES = "\"'“”‘’＂＇「」 \t　"


def student(notebook: Notebook) -> Number | None:
    """Return the student number that the notebook assigns in the cell for it, else in the first cell that does so.

    Nothing is evaluated: it is a literal, or text that looks like a number though Python cannot read it (``020230001``,
    ``“20230001”``). ``None`` if there is no assignment at all.
    """
    code = [cell for cell in notebook.cells if cell.code and len(cell.source) <= _SMALL and not _named(cell)]
    code.sort(key=lambda cell: not _is_parameters(cell))
    found = [student_number(raw) for cell in code[:_FIRST] for raw in _assigned(cell.source)]
    return next((number for number in found if not number.problem), found[0] if found else None)


def _is_parameters(cell: Cell) -> bool:
    tags = cell.metadata.get("tags")
    return isinstance(tags, list) and "parameters" in tags


def _assigned(source: str) -> Iterator[str]:
    """Yield what is assigned to ``student``, the last assignment first (it is the one that holds)."""
    if "student" not in source:
        return
    tree = parsed(source)
    if tree is None:
        for typed in reversed(list(_TYPED.finditer(source))):
            value = typed["value"]
            if value[0] in _QUOTES or value[0].isdigit():
                yield value.strip(_QUOTES)
        return
    for statement in reversed(tree.body):
        if not isinstance(statement, ast.Assign | ast.AnnAssign):
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        value = statement.value
        if any(isinstance(target, ast.Name) and target.id == "student" for target in targets) and (
            isinstance(value, ast.Constant) and _is_number(value.value)
        ):
            yield str(value.value)


def parsed(source: str) -> ast.Module | None:
    """Return the syntax tree of a student's code, or ``None`` where Python reads none: also at nesting that its parser has no room for."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_number(value: object) -> bool:
    """Say whether ``value`` may be a student number: text or an integer (Python does not write out those without end)."""
    return isinstance(value, str) or (type(value) is int and value.bit_length() <= 256)


def begun(notebook: Notebook) -> Iterator[tuple[str, str]]:
    """Yield what the notebook says its chapter and language are: its metadata, then the generated call of ``begin``."""
    yield str(notebook.crm.get("chapter", "")), str(notebook.crm.get("lang", ""))
    for cell in notebook.cells:
        if cell.code and (call := _BEGIN.search(cell.source[:_SMALL])):
            yield call[2], call[4]


def language(notebook: Notebook) -> str:
    """Return the language of the notebook; Chinese if it does not say."""
    return next((lang for _, lang in begun(notebook) if lang in LANGS), LANGS[0])


def answers(notebook: Notebook, exercises: Collection[str]) -> tuple[dict[str, str], list[Message]]:
    """Return the source of each exercise's answer, in the order of the notebook, and what is odd about them."""
    notes: list[Message] = []
    found: dict[str, list[str]] = {}
    unknown: dict[str, None] = {}
    for cell, named in zip(notebook.cells, _exercises(notebook.cells, exercises), strict=True):
        if named in exercises:
            found.setdefault(named, []).append(cell.source)
            if not cell.code:
                notes.append(note("answer-not-code", exercise=named))
        elif named:
            unknown[named] = None
    joined = {}
    for exercise, sources in found.items():
        text = "\n".join(sources)
        if len(sources) > 1:
            notes.append(note("answer-twice", exercise=exercise, count=len(sources)))
        if len(text) > CELL_MAX:
            notes.append(note("answer-too-long", exercise=exercise, limit=CELL_MAX))
        else:
            joined[exercise] = text
    if unknown:
        notes.append(note("unknown-exercises", exercises=", ".join(unknown)))
    if found:
        notes += [note("missing-cell", exercise=exercise) for exercise in sorted(set(exercises) - found.keys())]
    return joined, notes


def _exercises(cells: tuple[Cell, ...], exercises: Collection[str]) -> list[str]:
    """Return for each cell the exercise that it answers, or ``""``."""
    found = [next(chain((name for name in _named(cell) if name in exercises), _named(cell)), "") for cell in cells]
    previous = -1  # the last code cell that nothing else claims
    for place, cell in enumerate(cells):
        if not cell.code:
            continue
        check = _CHECK.search(cell.source)
        if check and not found[place]:
            if previous >= 0 and check[2] in exercises and check[2] not in found:
                found[previous] = check[2]
            previous = -1
        else:
            previous = -1 if found[place] or _BEGIN.search(cell.source) or _is_parameters(cell) else place
    return found


def _named(cell: Cell) -> list[str]:
    """Return the exercises that a cell says it answers: by its metadata, its id, its first line."""
    names = []
    if cell.crm.get("role") == "answer" and isinstance(cell.crm.get("exercise"), str):
        names.append(cell.crm["exercise"])
    if cell.id.endswith("-answer"):
        names.append(cell.id.removesuffix("-answer"))
    if marker := _MARKER.match(cell.source):
        names.append(marker[1])
    return names
