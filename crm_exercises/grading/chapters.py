"""The chapters that a call is about, and where the results of each belong."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ..core.chapter import read_chapter
from ..core.errors import UsageError
from .intake import Intake
from .results import chapter_in


def handed_in(path: Path, intake: Intake) -> list[str]:
    """Return the chapters that were handed in at ``path``.

    Raises
    ------
    UsageError
        Nothing was handed in, or nothing that can be used; the sentence says why.
    """
    if chapters := sorted({submission.chapter for submission in intake.submissions} - {""}):
        return chapters
    unread = [(entry.source, entry.reason) for entry in intake.refused] + [
        (each.source, each.notes[0]) for each in intake.submissions
    ]
    if not unread:
        raise UsageError("grade.nothing", path=str(path))
    source, why = unread[0]
    raise UsageError("grade.nothing_usable", path=str(path), count=len(unread), source=source, why=why)


def chosen(
    chapters: list[str], intake: Intake, chapter: str | None, only: Collection[str], exercise: str | None
) -> list[str]:
    """Leave out the chapters in which nothing is to be marked.

    Raises
    ------
    UsageError
        The chapter, a student or the exercise is in none of them.
    """
    if chapter:
        found = ", ".join(chapters)
        chapters = [name for name in chapters if name.startswith(chapter)]
        if not chapters:
            raise UsageError("grade.other_chapters", chapter=chapter, found=found)
    students = {name: {each.student for each in intake.submissions if each.chapter == name} for name in chapters}
    if unknown := set(only).difference(*students.values()):
        raise UsageError("grade.unknown_student", student=", ".join(sorted(unknown)))
    if only:
        chapters = [name for name in chapters if students[name] & set(only)]
    if exercise:
        known = {name: read_chapter(name).exercises for name in chapters}
        chapters = [name for name in chapters if exercise in known[name]]
        if not chapters:
            names = ", ".join(one for exercises in known.values() for one in exercises)
            raise UsageError("grade.unknown_exercise", exercise=exercise, known=names)
    return chapters


def folder_of(name: str, several: bool, out: Path) -> Path:
    """Return where a chapter's results belong: in ``out`` while it is the only one there, else in a folder of its own."""
    there = chapter_in(out)
    alone = not several and not there and not (out / name).is_dir()
    return out if there == name or alone else out / name
