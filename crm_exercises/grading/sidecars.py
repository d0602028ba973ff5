"""The answers that were saved beside a notebook, in the form of a hand-in or as they lie in the student's folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import BaseModel, JsonValue, ValidationError

from .archive import File
from .naming import student_number

Answers = dict[str, dict[str, JsonValue]]


class _Student(BaseModel):
    answers: Answers = {}


class _Saved(BaseModel):
    """A hand-in has one student's answers; the file in a student's folder has a part for each number that was used."""

    chapter: str
    student: str = ""
    answers: Answers | None = None
    students: dict[str, _Student] = {}


@dataclass(frozen=True)
class Sidecar:
    """The saved answers of one file: canonical JSON for each student number (``""`` for none)."""

    file: File
    chapter: str
    students: Mapping[str, bytes]


def read(file: File) -> Sidecar | None:
    """Read a file of saved answers; ``None`` if it is too large or has another shape."""
    try:
        saved = _Saved.model_validate_json((file.content or b"").removeprefix(b"\xef\xbb\xbf"))
        raw = {number: part.answers for number, part in saved.students.items()}
        if saved.answers is not None:
            raw[saved.student] = saved.answers
        if not raw:
            return None
        students = {number: _canonical(number, saved.chapter, answers) for number, answers in _numbered(raw).items()}
    except (ValidationError, ValueError):
        return None
    return Sidecar(replace(file, content=None), saved.chapter, students)


def _numbered(raw: Mapping[str, Answers]) -> dict[str, Answers]:
    return {student_number(typed).value: answers for typed, answers in raw.items()}


def _canonical(student: str, chapter: str, answers: Answers) -> bytes:
    whole = {"student": student, "chapter": chapter, "answers": answers}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, allow_nan=False).encode()
