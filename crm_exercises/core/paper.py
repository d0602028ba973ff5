"""A paper: questions drawn from all chapters, as data; drawing is the author's side, sitting and marking it the others'."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import Field

from .chapter import Chapter, Exercise, Step, chapter_names, read_chapter
from .errors import UsageError
from .forms import Fill, Matching, Ordering
from .kinds import Choice, Choices, Model, Pair
from .prose import Prose

BANK = 12
"""The chapter of the question bank."""
CASE = "capstone"
"""The topic of the case, whose questions lean on each other."""
QUESTIONS = (Choice, Choices, Matching, Ordering, Fill, Prose)
"""The kinds of answer that a question of the bank can have."""


class Paper(Model):
    """The questions of a paper by id, in order, and what it was drawn from."""

    name: str
    title: Pair
    seed: str
    questions: tuple[str, ...]
    blueprint: dict[str, dict[str, int]] = Field(default_factory=dict)
    """How many questions of each chapter, kind and difficulty it asks for."""

    def dumps(self) -> str:
        """Return the paper as JSON; :func:`read_paper` takes it back."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def read_paper(path: Path | str) -> Paper:
    """Return the paper in the file ``path``.

    Raises
    ------
    UsageError
        If the file is not there or is no paper.
    """
    try:
        return Paper.model_validate(json.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as error:
        raise UsageError("paper.unreadable", path=str(path), error=error.strerror or str(error)) from error
    except ValueError as error:
        raise UsageError("paper.unreadable", path=str(path), error=str(error).splitlines()[0]) from error


def self_contained(exercise: Exercise) -> bool:
    """Say whether a question can stand alone: one answer, clicked or typed, that comes neither from data nor from a case."""
    if (
        exercise.topic == CASE
        or len(exercise.answer) != 1
        or not all(type(kind) in QUESTIONS for kind in exercise.answer.values())
    ):
        return False
    try:
        used = set(compile(exercise.body, "<body>", "exec").co_names)
    except SyntaxError:
        return False
    return used <= {"label", *exercise.answer}


def bank() -> dict[str, tuple[Chapter, Exercise]]:
    """Return every question that can stand alone, by id, with its chapter.

    Only the sources of chapter 12 hold such questions: those of other chapters lean on the text and the data around them.
    """
    chapters = [read_chapter(name) for name in chapter_names() if name.startswith(f"ch{BANK}_")]
    return {
        exercise.id: (chapter, exercise) for chapter in chapters for exercise in chapter if self_contained(exercise)
    }


def as_chapter(paper: Paper) -> Chapter:
    """Return the paper as a chapter of its own, so that it is sat and marked like any other.

    Raises
    ------
    UsageError
        If a question is not in the course any more.
    """
    known = bank()
    lost = [name for name in paper.questions if name not in known]
    if lost:
        raise UsageError("paper.lost", questions=", ".join(lost))
    found: dict[str, Any] = {}
    for place, name in enumerate(paper.questions, start=1):
        found[name] = known[name][1].model_copy(update={"number": f"{place}"})
    steps = tuple(Step(exercise=name) for name in found)
    is_open = all(known[name][0].open for name in paper.questions)
    return Chapter(name=paper.name, number=0, title=paper.title, steps=steps, exercises=found, open=is_open)
