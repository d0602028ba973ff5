"""The reference: the course's own code run on one student's data, giving expected answers and what each known mistake yields.

Everything is lazy and kept: the given cells run once, a body when its exercise is first asked for, mistakes when an answer is wrong.
This module runs only code of the course, never a student's.
"""

from __future__ import annotations

import contextlib
import copy
import io
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .answers import values
from .chapter import Chapter, Exercise
from .kinds import Json

Names = dict[str, Any]
Answers = dict[str, Json]


class Reference:
    """Expected answers of a chapter for one student's data.

    Parameters
    ----------
    chapter
        An open chapter (with bodies and mistakes).
    start
        Returns the names that a notebook has before its first given cell (``load``, ``student``, …); called once.
    """

    def __init__(self, chapter: Chapter, start: Callable[[], Names]) -> None:
        self.chapter = chapter
        self._start = start
        self._given: dict[str, Names] = {}
        self._finished: dict[str, Names] = {}
        self._expected: dict[str, Answers] = {}
        self._mistaken: dict[str, list[Answers]] = {}
        self._changed: dict[str, list[tuple[str, ...]]] = {}

    def expected(self, exercise: Exercise) -> Answers:
        """Return the expected answers of ``exercise``, by name."""
        if exercise.id not in self._expected:
            with _aside():
                names = self._body(exercise)
                self._expected[exercise.id] = values(exercise, names)
            self._finished[exercise.id] = names
        return self._expected[exercise.id]

    def mistaken(self, exercise: Exercise) -> list[Answers]:
        """Return what each known mistake of ``exercise`` yields, in the order of its head."""
        if exercise.id not in self._mistaken:
            self.expected(exercise)
            fresh = any(
                kind.kind == "figure" for kind in exercise.answer.values()
            )  # an Axes cannot be copied: draw anew
            found = []
            for place, mistake in enumerate(exercise.mistakes, start=1):
                with _aside():
                    names = self._body(exercise) if fresh else isolated(self._finished[exercise.id])
                    run(mistake.code, names, f"<mistake {place}>")
                    found.append(values(exercise, names))
            self._mistaken[exercise.id] = found
            del self._finished[exercise.id]
        return self._mistaken[exercise.id]

    def changed(self, exercise: Exercise) -> list[tuple[str, ...]]:
        """Return the names of the answers that each known mistake changes."""
        if exercise.id not in self._changed:
            expected = self.expected(exercise)
            self._changed[exercise.id] = [
                tuple(
                    name
                    for name, kind in exercise.answer.items()
                    if not kind.compare(answers[name], expected[name]).right
                )
                for answers in self.mistaken(exercise)
            ]
        return self._changed[exercise.id]

    def _body(self, exercise: Exercise) -> Names:
        names = isolated(self.names_before(exercise))
        run(exercise.body, names, "<body>")
        return names

    def names_before(self, exercise: Exercise) -> Names:
        """Return the names that the given cells before ``exercise`` define."""
        if not self._given:
            names = self._start()
            with _aside():
                for step in self.chapter.steps:
                    if step.exercise:
                        self._given[step.exercise] = isolated(names)
                    else:
                        run(step.code, names, "<given>")
        return self._given[exercise.id]


def run(code: str, names: Names, where: str) -> None:
    """Run one cell of the course in ``names``; IPython's ``%`` lines are for the notebook only and are skipped."""
    plain = "\n".join("" if line.lstrip().startswith("%") else line for line in code.splitlines())
    exec(compile(plain, where, "exec"), names)


def isolated(names: Mapping[str, Any]) -> Names:
    """Return a copy of ``names`` in which changing a value in place does not reach the original.

    DataFrames are copied lazily (pandas 3 copies on write), containers deeply; modules, functions and the like are shared, and so is
    ``__builtins__``, which ``exec`` adds.
    """
    return {name: value if name.startswith("__") else _copied(value) for name, value in names.items()}


def _copied(value: Any) -> Any:
    if type(value).__module__.partition(".")[0] == "pandas" and hasattr(value, "copy"):
        return value.copy(deep=False)
    if isinstance(value, dict | list | set) or type(value).__module__ == "numpy":
        return copy.deepcopy(value)
    return value


@contextlib.contextmanager
def _aside() -> Iterator[None]:
    """Run without a trace for the person at the notebook: nothing printed, no warning, no figure left open."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    before = set(pyplot.get_fignums()) if pyplot else set()
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            pyplot = sys.modules.get("matplotlib.pyplot")
            if pyplot:
                for number in set(pyplot.get_fignums()) - before:
                    pyplot.close(number)
