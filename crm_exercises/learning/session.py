"""A student at work on one chapter: what ``begin``, ``check``, ``hint`` and ``solution`` do.

The reference runs here on the student's own data, aside from the student's names; marks never come from here.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from ..core.answers import collect
from ..core.chapter import Chapter, Exercise
from ..core.errors import CrmError, UsageError
from ..core.explain import explained
from ..core.marking import Outcome, Verdict, crashed, judge
from ..core.messages import in_marks, say
from ..core.reference import Names, Reference
from .runs import Runs
from .show import Panel, tone
from .sidecar import Sidecar


class Session:
    """One chapter, one student, one language.

    Parameters
    ----------
    names
        The namespace in which the student works; answers are read from it.
    """

    def __init__(self, chapter: Chapter, lang: str, student: str, names: Mapping[str, Any]) -> None:
        self.chapter, self.lang, self.student, self.names = chapter, lang, student, names
        self.sidecar = Sidecar(chapter.name, student)
        self.reference = Reference(chapter, lambda: starting_names(student))
        self.runs = Runs(chapter, names)

    def exercise(self, name: str) -> Exercise:
        """Return the exercise called ``name``, or raise :class:`UsageError` with the names that there are."""
        if name not in self.chapter.exercises:
            raise UsageError("check.unknown", exercise=name, known=", ".join(self.chapter.exercises))
        return self.chapter.exercises[name]

    def verdict(self, exercise: Exercise) -> Verdict:
        """Judge what the student has at this moment."""
        records = collect(exercise, self.runs.given(exercise.id))
        try:
            verdict = judge(exercise, records, self.reference)
        except Exception as error:  # the course's own code failed on these data
            shown = f"{type(error).__name__}: {error}"
            raise CrmError("check.reference_failed", exercise=exercise.id, error=shown) from error
        stopped = self.runs.error(exercise.id)
        return crashed(verdict, stopped) if stopped else verdict

    def check(self, name: str) -> Panel:
        """Judge the answer to ``name`` and say what is right, what is wrong and why; without the reference, whether it is well-formed."""
        exercise = self.exercise(name)
        if not self.chapter.open:
            return self._received(exercise)
        verdict = self.verdict(exercise)
        if verdict.outcome is not Outcome.UNATTEMPTED:
            self.sidecar.count(name, "tries")
        return self._panel(exercise, verdict)

    def _panel(self, exercise: Exercise, verdict: Verdict) -> Panel:
        shade = tone(verdict)
        lines = [message.text(self.lang) for message in verdict.told]
        clicked = all(kind.form and kind.opens for kind in exercise.answer.values())
        if verdict.outcome is Outcome.UNATTEMPTED and (clicked or "sort_into(" in (exercise.starter or "")):
            lines = [say("check.unattempted_form", self.lang)]
        aside = say("check.marks", self.lang, earned=f"{verdict.earned:g}", marks=in_marks(exercise.marks))
        return Panel(shade, self._title(exercise, f"outcome.{shade}"), lines, aside)

    def _received(self, exercise: Exercise) -> Panel:
        """Say only whether the answer is well-formed: the reference is not here."""
        records = collect(exercise, self.runs.given(exercise.id))
        wrong = [record for record in records.values() if record["state"] == "malformed"]
        if wrong:
            lines = [say(record["key"], self.lang, **record["params"]) for record in wrong]
            return Panel("malformed", self._title(exercise, "outcome.malformed"), lines)
        if any(record["state"] == "blank" for record in records.values()):
            return Panel("unattempted", self._title(exercise, "outcome.unattempted"))
        return Panel("info", self._title(exercise, "outcome.wellformed"), [say("check.wellformed", self.lang)])

    def hint(self, name: str) -> Panel:
        """Return the next hint: where to look, which tool, nearly there."""
        exercise = self.exercise(name)
        if not self.chapter.open:
            return Panel("info", say("hint.none", self.lang))
        count = len(exercise.hints)
        if not count:
            return Panel("info", say("hint.none_here", self.lang))
        level = min(self.sidecar.count(name, "hints"), count)
        lines = [hint[self.lang] for hint in exercise.hints[:level]]
        if level < count:
            lines.append(say("hint.more", self.lang))
        return Panel("info", say("hint.head", self.lang, level=level, count=count), lines)

    def solution(self, name: str, sure: bool = False) -> Panel:
        """Return the worked solution, but only after a try or when the student insists."""
        exercise = self.exercise(name)
        if not self.chapter.open:
            return Panel("info", say("solution.none", self.lang))
        if not sure and not self.sidecar.progress(name).get("tries"):
            return Panel("info", say("solution.head", self.lang), [say("solution.first_try", self.lang, exercise=name)])
        parts = [explained(exercise, self.lang), *(part[self.lang] for part in exercise.explanation)]
        explanation = "\n\n".join(part for part in parts if part)
        return Panel(
            "info", self._title(exercise, "solution.head"), markdown=f"```python\n{exercise.body}\n```\n\n{explanation}"
        )

    def open_exercises(self) -> list[Exercise]:
        """Return the exercises that have no answer yet."""
        return [
            exercise
            for exercise in self.chapter
            if all(record["state"] == "blank" for record in collect(exercise, self.names).values())
        ]

    def _title(self, exercise: Exercise, key: str) -> str:
        return f"{exercise.number} {exercise.title[self.lang]} · {say(key, self.lang)}"


def starting_names(student: str) -> Names:
    """Return the names that a notebook has before its first given cell."""
    package = sys.modules[__name__.split(".")[0]]
    names: Names = {name: getattr(package, name) for name in package.__all__}
    return names | {"__name__": "__reference__", "student": student}
