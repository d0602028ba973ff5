"""A chapter as data: what ``crm build`` derives from ``course/`` and everything else reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from .cards import Card
from .designs import Design
from .errors import CrmError, UsageError
from .figures import Figure
from .forms import Fill, Matching, Ordering
from .kinds import Choice, Choices, List, MappingKind, Model, Number, Pair, Text
from .paths import bundles
from .prose import Prose
from .tables import Table

AnyKind = Annotated[
    Number
    | Text
    | Choice
    | Choices
    | List
    | MappingKind
    | Table
    | Figure
    | Card
    | Design
    | Matching
    | Ordering
    | Fill
    | Prose,
    Field(discriminator="kind"),
]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=48)]


MARK = "# exercise: "
"""How the first line of an answer cell begins; the exercise's id follows."""


class Mistake(Pair):
    """A wrong solution as code (it runs after the body), and what a student who made it is told."""

    code: str


class Head(Model):
    """The head of an exercise cell, as an author writes it."""

    exercise: Identifier
    topic: str
    marks: Annotated[int, Field(ge=1, le=100)]
    answer: Annotated[dict[str, AnyKind], Field(min_length=1)]
    hints: Annotated[tuple[Pair, ...], Field(max_length=3)] = ()
    mistakes: tuple[Mistake, ...] = ()
    starter: str | None = None
    variant: Literal["own", "fresh"] | None = None
    difficulty: Literal[1, 2, 3] | None = None
    """1 to remember, 2 to apply, 3 to judge."""

    @model_validator(mode="after")
    def _three_hints(self) -> Self:
        """Three hints are due; a question that is only clicked or typed may have fewer (its options say why)."""
        if type(self) is Head and len(self.hints) < 3 and not all(kind.form for kind in self.answer.values()):
            raise PydanticCustomError("three_hints", "three hints are due", {"field": "hints"})
        return self


class Exercise(Head):
    """An exercise with all that its surroundings in the chapter say about it."""

    number: str
    title: Pair
    task: Pair
    body: str
    explanation: tuple[Pair, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _stems(cls, data: Any) -> Any:
        """A free-text answer is told its question, so that copying it is noticed."""
        for kind in data.get("answer", {}).values() if isinstance(data, dict) else ():
            if isinstance(kind, dict) and kind.get("kind") == "prose":
                kind["stem"] = data.get("task")
        return data

    @property
    def id(self) -> str:
        """The id that commands, files and students name the exercise by."""
        return self.exercise

    @property
    def own(self) -> bool:
        """Whether the answer is typed or clicked, and so belongs to the student's own data."""
        if self.variant:
            return self.variant == "own"
        return all(kind.form for kind in self.answer.values())

    @property
    def kinds(self) -> tuple[str, ...]:
        """The names of the kinds of its answers, each once, in order."""
        return tuple(dict.fromkeys(kind.kind for kind in self.answer.values()))

    def public(self) -> Exercise:
        """Return the exercise without anything that tells its answer: what an exam or the box may hold."""
        answer = {name: kind.public() for name, kind in self.answer.items()}
        return self.model_copy(update={"answer": answer, "body": "", "mistakes": (), "hints": (), "explanation": ()})


class Step(Model):
    """One code cell of the chapter: given code, or the place of an exercise."""

    code: str = ""
    exercise: str | None = None


class Chapter(Model):
    """A chapter: its cells in order, and its exercises by id."""

    name: str
    number: int
    title: Pair
    steps: tuple[Step, ...]
    exercises: dict[str, Exercise]
    open: bool = True
    """Whether the reference is inside; ``False`` in an exam release and in the box."""

    def __iter__(self) -> Iterator[Exercise]:  # type: ignore[override]
        return iter(self.exercises.values())

    @property
    def marks(self) -> int:
        """The marks of all exercises together."""
        return sum(exercise.marks for exercise in self)

    def public(self) -> Chapter:
        """Return the chapter without anything that tells an answer (see :meth:`Exercise.public`)."""
        bare = {name: exercise.public() for name, exercise in self.exercises.items()}
        return self.model_copy(update={"exercises": bare, "open": False})

    def dumps(self) -> str:
        """Return the chapter as JSON, as its bundle holds it."""
        return json.dumps(self.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False, indent=1) + "\n"


def chapter_names() -> list[str]:
    """Return the names of the chapters that have a bundle, in order."""
    return sorted(path.stem for path in bundles().glob("ch*.json"))


def chosen(names: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """Return the chapters of ``names`` that begin with one of ``wanted`` (all, if none is wanted).

    Raises
    ------
    UsageError
        If one of ``wanted`` is the beginning of no chapter.
    """
    known, beginnings = list(names), tuple(wanted)
    lost = [beginning for beginning in beginnings if not any(name.startswith(beginning) for name in known)]
    if lost:
        raise UsageError("chapter.unknown", chapter=", ".join(lost), known=", ".join(known) or "–")
    return [name for name in known if not beginnings or name.startswith(beginnings)]


def read_chapter(name: str) -> Chapter:
    """Return the chapter called ``name`` (``ch06_value``).

    Raises
    ------
    CrmError
        If there is no such bundle.
    """
    return _read(bundles() / f"{name}.json")


@cache
def _read(path: Path) -> Chapter:
    if not path.is_file():
        raise CrmError("chapter.unknown", chapter=path.stem, known=", ".join(chapter_names()) or "–")
    return Chapter.model_validate_json(path.read_text(encoding="utf-8"))
