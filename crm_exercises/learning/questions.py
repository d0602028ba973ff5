"""A sheet of questions as data: the saved answers and what may be told of them. Widgets are the business of :mod:`.sheet`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ..core.answers import collect
from ..core.chapter import Exercise
from ..core.kinds import Choice, Choices, Kind, Options
from ..core.marking import Outcome, Verdict, judge
from ..core.messages import in_marks, say
from ..core.prose import Prose
from . import inputs
from .session import Session
from .show import Panel, tone

Mode = Literal["practice", "test"]


@dataclass
class Sheet:
    """The questions of a sheet, their saved answers and verdicts; knows nothing of widgets."""

    now: Session
    exercises: list[Exercise]
    mode: Mode = "practice"

    @property
    def key(self) -> str:
        """Under what the hand-in of this sheet is noted."""
        return "+".join(exercise.id for exercise in self.exercises)

    @property
    def handed_in(self) -> bool:
        """Whether the sheet has been handed in."""
        return self.now.sidecar.handed_in(self.key) is not None

    @property
    def tells(self) -> bool:
        """Whether right and wrong may be told now."""
        return self.now.chapter.open and (self.mode == "practice" or self.handed_in)

    @property
    def has_text(self) -> bool:
        """Whether there is free text, whose marks are provisional."""
        return any(isinstance(kind, Prose) for exercise in self.exercises for kind in exercise.answer.values())

    def hand_in(self) -> None:
        """Hand the sheet in: from now on a test tells right and wrong, of the answers as they are now.

        Raises
        ------
        CrmError
            If that cannot be kept on disk; the sheet is then not handed in.
        """
        self.now.sidecar.hand_in(self.key, [exercise.id for exercise in self.exercises])

    def saved(self, exercise: Exercise, name: str) -> Any:
        """Return the saved answer, or ``...``; of a test that was handed in, the answer it was handed in with."""
        kept = self.now.sidecar.handed_in(self.key) if self.mode == "test" else None
        if kept is not None:
            return kept.get(exercise.id, {}).get(name, ...)
        return self.now.sidecar.answer(exercise.id, name)

    def save(self, exercise: Exercise, name: str, value: Any) -> None:
        """Keep an answer on disk and in the student's variable."""
        self.now.sidecar.save(exercise.id, name, value)
        self.now.names[name] = value if value else ...  # type: ignore[index]

    def answered(self, exercise: Exercise) -> bool:
        """Say whether anything has been answered."""
        return any(self.saved(exercise, name) not in (..., None, "", [], {}) for name in exercise.answer)

    def verdict(self, exercise: Exercise) -> Verdict:
        """Judge what is saved."""
        names = {name: self.saved(exercise, name) or ... for name in exercise.answer}
        return judge(exercise, collect(exercise, names), self.now.reference)

    def order(self, exercise: Exercise, kind: Kind) -> list[str]:
        """Return the letters of ``kind`` in this student's order."""
        student = "" if self.now.student == "0" else self.now.student
        return inputs.shuffled(kind, f"{student}|{exercise.id}" if student else "")

    def told(self, exercise: Exercise) -> Panel:
        """Return what is said about an answer: for options in their own words, since no letters are shown."""
        verdict = self.verdict(exercise)
        lines: list[str] = []
        for name, kind in exercise.answer.items():
            if (
                isinstance(kind, Options)
                and type(kind) in (Choice, Choices)
                and verdict.outcome is not Outcome.UNATTEMPTED
            ):
                lines += self._options(exercise, name, kind)
        if not lines:
            lines = [message.text(self.now.lang) for message in verdict.told]
        aside = say("check.marks", self.now.lang, earned=f"{verdict.earned:g}", marks=in_marks(exercise.marks))
        shade = tone(verdict)
        title = say("sheet.correct" if shade == "correct" else f"outcome.{shade}", self.now.lang)
        return Panel(shade, title, lines, aside)

    def _options(self, exercise: Exercise, name: str, kind: Options) -> list[str]:
        """Return a line for each option that was ticked; after a hand-in, for every option."""
        saved = self.saved(exercise, name)
        ticked = [saved] if isinstance(saved, str) else saved if isinstance(saved, list) else []
        right = self.now.reference.expected(exercise)[name]
        lines = []
        for letter in self.order(exercise, kind):
            option = kind.options[letter]
            if letter in ticked or self.mode == "test":
                sign = "✔" if letter in right else "✘"
                why = option.why[self.now.lang] if option.why else ""
                key = "sheet.chosen" if self.mode == "test" and letter in ticked else "sheet.option"
                lines.append(say(key, self.now.lang, sign=sign, text=option[self.now.lang], why=why))
        missed = len(set(right) - set(ticked)) if isinstance(kind, Choices) else 0
        return lines + ([say("diff.missed", self.now.lang, count=missed)] if missed else [])

    def verdicts(self) -> list[Verdict]:
        """Judge all questions, in order."""
        return [self.verdict(exercise) for exercise in self.exercises]

    def total(self) -> tuple[float, int]:
        """Return marks earned and reachable."""
        verdicts = self.verdicts()
        return sum(verdict.earned for verdict in verdicts), sum(verdict.marks for verdict in verdicts)

    def text(self) -> str:
        """Return the sheet as plain text, for where there are no widgets."""
        lines = []
        for place, exercise in enumerate(self.exercises, start=1):
            lines.append(f"{place}. {question(exercise, self.now.lang)}")
            for name, kind in exercise.answer.items():
                told = [inputs.plain(kind, self.now.lang), f"  {name} = {inputs.EXAMPLES[type(kind)]}"]
                lines += [line for line in told if line]
        return "\n".join(lines)


def question(exercise: Exercise, lang: str) -> str:
    """Return the task without its heading, as Markdown."""
    return "\n".join(line for line in exercise.task[lang].strip().splitlines() if not line.startswith("#")).strip()
