"""Item statistics of a class, by Moodle's definitions: facility, discrimination, reliability, mistakes, distractors. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..core.chapter import Chapter, Exercise
from ..core.kinds import Options
from ..core.marking import Outcome
from .gradebook import Row

SMALL = 30
"""Below this number of students an index of one exercise says little; the report says so."""


@dataclass(frozen=True)
class Item:
    """One exercise in one class.

    Attributes
    ----------
    facility
        Mean mark over the mark that can be reached, in percent (Moodle: facility index).
    spread
        Standard deviation of the marks, in percent of the mark that can be reached.
    discrimination
        Correlation, times 100, of the exercise's marks with the marks of all others (Moodle: discrimination index), or ``None`` where
        one of the two does not vary.
    outcomes
        How many students had each outcome.
    mistakes
        How many made each known mistake, by its place in the exercise's head.
    letters
        For choices: how often each option was taken by each answer name.
    """

    exercise: Exercise
    facility: float
    spread: float
    discrimination: float | None
    outcomes: Counter[Outcome]
    mistakes: Counter[int]
    letters: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def suspect(self) -> bool:
        """Whether the key may be wrong: better students do worse on it."""
        return self.discrimination is not None and self.discrimination < 0


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha with a 95 % interval (Feldt 1965: ``(1 - alpha) / (1 - a)`` is F-distributed)."""

    alpha: float
    low: float
    high: float


def graded(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that carry marks."""
    return [row for row in rows if row.marks]


def items(chapter: Chapter, rows: Sequence[Row]) -> list[Item]:
    """Return the statistics of each exercise."""
    marked = graded(rows)
    table = marks(chapter, marked)
    return [_item(exercise, place, table, marked) for place, exercise in enumerate(chapter)]


def marks(chapter: Chapter, rows: Sequence[Row]) -> np.ndarray:
    """Return the marks, shape (students, exercises)."""
    return np.array([[row.marks.get(exercise.id, 0.0) for exercise in chapter] for row in rows], dtype=float).reshape(
        len(rows), len(chapter.exercises)
    )


def _item(exercise: Exercise, place: int, table: np.ndarray, rows: Sequence[Row]) -> Item:
    mine = table[:, place] / exercise.marks if len(table) else np.zeros(0)
    rest = table.sum(axis=1) - table[:, place]
    verdicts = [next((v for v in row.result.verdicts if v.exercise == exercise.id), None) for row in rows]
    return Item(
        exercise,
        facility=100 * float(mine.mean()) if len(mine) else 0.0,
        spread=100 * float(mine.std(ddof=1)) if len(mine) > 1 else 0.0,
        discrimination=correlation(mine, rest),
        outcomes=Counter(verdict.outcome for verdict in verdicts if verdict),
        mistakes=Counter(verdict.mistake for verdict in verdicts if verdict and verdict.mistake is not None),
        letters=_letters(exercise, rows),
    )


def correlation(left: np.ndarray, right: np.ndarray) -> float | None:
    """Return Pearson's correlation times 100, or ``None`` where it has no meaning."""
    if len(left) < 3 or math.isclose(left.std(), 0) or math.isclose(right.std(), 0):
        return None
    return 100 * float(np.corrcoef(left, right)[0, 1])


def _letters(exercise: Exercise, rows: Sequence[Row]) -> dict[str, Counter[str]]:
    """Count how often each option of each choice was taken."""
    found = {}
    for name, kind in exercise.answer.items():
        if not isinstance(kind, Options):
            continue
        records = [row.result.answers.get(exercise.id, {}).get(name, {}) for row in rows]
        values = [record.get("value") for record in records if record.get("state") == "value"]
        found[name] = Counter(letter for value in values for letter in _taken(value))
    return found


def _taken(value: object) -> list[str]:
    """Return the options that an answer takes: one, several, or those put beside items."""
    taken = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    return [str(letter) for letter in taken]


def reliability(table: np.ndarray) -> Reliability | None:
    """Return Cronbach's alpha of marks of shape (students, exercises), or ``None`` for fewer than three students or two exercises."""
    from scipy.stats import f

    students, count = table.shape
    if students < 3 or count < 2 or math.isclose(table.sum(axis=1).var(ddof=1), 0):
        return None
    alpha = count / (count - 1) * (1 - table.var(axis=0, ddof=1).sum() / table.sum(axis=1).var(ddof=1))
    free = (students - 1, (students - 1) * (count - 1))
    low, high = (1 - (1 - alpha) * f.ppf(level, *free) for level in (0.975, 0.025))
    return Reliability(float(alpha), float(low), float(high))
