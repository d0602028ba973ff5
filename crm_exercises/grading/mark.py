"""Marking a submission: collected answers against the reference on the same data, in the trusted process, from data alone."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache

from ..core.answers import Record
from ..core.chapter import Chapter, Exercise
from ..core.marking import Outcome, Verdict, crashed, judge
from ..core.messages import Message
from ..core.reference import Names, Reference
from .cells import parsed
from .collect import Collected, nothing


class Marker:
    """Marks submissions of one chapter.

    Parameters
    ----------
    chapter
        The open chapter.
    start
        Returns a notebook's first names for a student number (see :class:`~crm_exercises.core.reference.Reference`).
    """

    def __init__(self, chapter: Chapter, start: Callable[[str], Names]) -> None:
        self.chapter = chapter
        self.reference = lru_cache(maxsize=64)(lambda student: Reference(chapter, lambda: start(student)))
        self._literal = {exercise.id: is_literal(exercise.body) for exercise in chapter}

    def works(self, student: str) -> bool:
        """Say whether the reference gives an answer to every exercise on a student's data."""
        return all(self._has_answer(exercise, student) for exercise in self.chapter)

    def _has_answer(self, exercise: Exercise, student: str) -> bool:
        try:
            self.reference(student).expected(exercise)
        except Exception:  # the course's own code may fail in any way on data that nobody has tried
            return False
        return True

    def mark(
        self, student: str, token: str, collected: Mapping[str, Collected], cells: Mapping[str, str] | None = None
    ) -> list[Verdict]:
        """Return a verdict for each exercise of the chapter.

        Parameters
        ----------
        student
            The student's own number: answers that are typed belong to its data.
        token
            The number under which the answers were collected.
        cells
            The answer cells: whoever typed a computed answer in is told why it earns nothing.
        """
        verdicts = [
            self._one(exercise, student, token, collected.get(exercise.id) or nothing(exercise))
            for exercise in self.chapter
        ]
        return [self._explained(verdict, (cells or {}).get(verdict.exercise, "")) for verdict in verdicts]

    def _explained(self, verdict: Verdict, source: str) -> Verdict:
        wrong = verdict.outcome is Outcome.WRONG and not self.chapter.exercises[verdict.exercise].own
        return replace(verdict, told=(Message("check.typed"), *verdict.told)) if wrong and is_typed(source) else verdict

    def _one(self, exercise: Exercise, student: str, token: str, answers: Collected) -> Verdict:
        verdict = _judged(exercise, answers.records, self.reference(token))
        if (
            exercise.own
            and verdict.earned < exercise.marks
            and not self._literal[exercise.id]
            and self._has_answer(exercise, student)
        ):
            own = _judged(exercise, answers.records, self.reference(student))
            verdict = max(own, verdict, key=lambda found: found.earned)
        return crashed(verdict, answers.error) if answers.error else verdict


def _judged(exercise: Exercise, records: Mapping[str, Record], reference: Reference) -> Verdict:
    """Judge the answers of one exercise; whatever a stranger's answer is made of, it does not end the marking of a class."""
    try:
        return judge(exercise, records, reference)
    except Exception as error:
        reference.expected(exercise)  # an error of the course itself is to be seen
        why = Message("malformed.unreadable", {"error": type(error).__name__})
        return Verdict(exercise.id, Outcome.MALFORMED, 0.0, exercise.marks, told=(why,))


def is_literal(body: str) -> bool:
    """Say whether a reference names its answer outright, so that it is the same on all data."""
    statements = ast.parse(body).body
    return all(isinstance(node, ast.Assign) and _is_constant(node.value) for node in statements)


def is_typed(source: str) -> bool:
    """Say whether an answer cell computes nothing: all its values stand in it, at most wrapped in a table or a list."""
    tree = parsed(source)
    if tree is None:
        return False
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return bool(tree.body) and used <= {"pd", "np", "list", "dict", "set", "tuple", "float", "int", "str"}


def _is_constant(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True
