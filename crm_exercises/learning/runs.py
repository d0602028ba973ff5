"""How the answer cells of a notebook ended: one that stops with an error leaves an older answer behind, which is not what it gave."""

from __future__ import annotations

import ast
import traceback
from collections.abc import Mapping
from typing import Any

from ..core.chapter import MARK, Chapter


def exercise_of(source: str) -> str | None:
    """Return the id of the exercise that a cell answers, as its first line names it, or ``None``."""
    first = source.split("\n", 1)[0]
    return first.removeprefix(MARK).strip() if first.startswith(MARK) else None


class Runs:
    """Remembers how the answer cells of one chapter ended.

    Parameters
    ----------
    names
        The namespace in which the student works.
    """

    def __init__(self, chapter: Chapter, names: Mapping[str, Any]) -> None:
        self.chapter, self.names = chapter, names
        self._stopped: dict[str, tuple[str, dict[str, Any]]] = {}

    def ended(self, source: str, error: BaseException | None) -> None:
        """Take note that a cell ended, with ``error`` or well."""
        exercise = exercise_of(source)
        if exercise is None or exercise not in self.chapter.exercises:
            return
        self._stopped.pop(exercise, None)
        if error is not None:
            missed = self.chapter.exercises[exercise].answer.keys() - self._assigned(source, error)
            left = {name: self.names[name] for name in missed if name in self.names}
            self._stopped[exercise] = (f"{type(error).__name__}: {error}", left)

    def error(self, exercise: str) -> str | None:
        """Return the error that ended the last run of the exercise's answer cell, if one did."""
        return self._stopped[exercise][0] if exercise in self._stopped else None

    def given(self, exercise: str) -> Mapping[str, Any]:
        """Return the names, without those answers to ``exercise`` that are older than the run that stopped."""
        if exercise not in self._stopped:
            return self.names
        left = self._stopped[exercise][1]
        return {name: value for name, value in self.names.items() if name not in left or value is not left[name]}

    def _assigned(self, source: str, error: BaseException) -> set[str]:
        """Return the names that a cell assigned before the statement at which it stopped."""
        lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_globals is self.names]
        try:
            statements = ast.parse(source).body
        except SyntaxError:
            return set()
        done = [statement for statement in statements if lines and (statement.end_lineno or 0) < lines[0]]
        stored = (node for statement in done for node in ast.walk(statement) if isinstance(node, ast.Name))
        return {node.id for node in stored if isinstance(node.ctx, ast.Store)}
