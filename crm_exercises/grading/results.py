"""One result file per submission: written whole or not at all, so a run can be interrupted and taken up again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from ..core.errors import UsageError
from ..core.marking import Outcome, Verdict
from ..core.messages import Message

FORMAT = 1


@dataclass
class Result:
    """All that is known of one submission.

    Attributes
    ----------
    status
        ``graded``, or why it could not be: a named status of the intake or of the run.
    remarks
        What an instructor should know besides (``cell-timeout``, ``duplicate-cells``, …), in order.
    total, marks
        Earned and reachable; ``total`` is ``None`` where nothing was marked.
    answers, cells
        Clicked and typed answers (for statistics and review), and the sources of the answer cells.
    key
        What the result depends on: submission, chapter, salt, versions. The same key need not be marked again.
    """

    student: str
    name: str
    chapter: str
    lang: str
    source: str
    status: str
    key: str
    remarks: list[str] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    total: float | None = None
    marks: int = 0
    box: str = ""
    seconds: float = 0.0
    cpu: float = 0.0
    graded_at: str = ""

    @property
    def stem(self) -> str:
        """What its files are called but for their ending; without a student number a name that no student number can be."""
        return self.student or f"_unnamed-{self.key[:10]}"

    def data(self) -> dict[str, Any]:
        """Return the result as JSON."""
        plain = {name: value for name, value in vars(self).items() if name not in {"verdicts", "notes"}}
        verdicts = [
            {
                "exercise": verdict.exercise,
                "outcome": verdict.outcome.value,
                "earned": verdict.earned,
                "marks": verdict.marks,
                "mistake": verdict.mistake,
                "told": [message.data() for message in verdict.told],
                "doubt": [message.data() for message in verdict.doubt],
                "confidence": verdict.confidence,
            }
            for verdict in self.verdicts
        ]
        return {"format": FORMAT, **plain, "notes": [note.data() for note in self.notes], "exercises": verdicts}

    @classmethod
    def read(cls, data: dict[str, Any]) -> Result:
        verdicts = [
            Verdict(
                entry["exercise"],
                Outcome(entry["outcome"]),
                entry["earned"],
                entry["marks"],
                entry["mistake"],
                tuple(map(_stored, entry["told"])),
                tuple(map(_stored, entry["doubt"])),
                entry.get("confidence", 1.0),
            )
            for entry in data["exercises"]
        ]
        plain = {name: value for name, value in data.items() if name not in {"format", "exercises", "notes"}}
        return cls(**plain, notes=list(map(_stored, data["notes"])), verdicts=verdicts)


def _stored(data: Mapping[str, Any]) -> Message:
    """Return a sentence of a result, which an earlier version of the course may have written."""
    return Message.read(data).as_far_as_it_goes()


def stems(students: Iterable[str]) -> dict[str, str]:
    """Return what the files of each student are called but for their ending: the number, with a mark where two differ in case alone.

    Windows and macOS take ``AB1.json`` and ``ab1.json`` for one file.
    """
    known = set(students)
    alike = Counter(student.casefold() for student in known)
    return {student: _marked(student) if alike[student.casefold()] > 1 else student for student in known}


def _marked(student: str) -> str:
    return f"{student}~{hashlib.sha256(student.encode()).hexdigest()[:8]}"  # ~ is in no student number


class Results:
    """The result files of one class in ``folder``; ``students`` are those of the class, by which files are told apart."""

    def __init__(self, folder: Path, students: Iterable[str] = ()) -> None:
        self.folder = folder
        self.stems = stems(students)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError("grade.unwritable", path=str(folder), error=error.strerror or str(error)) from error

    def write(self, result: Result) -> str:
        """Put ``result`` on disk and return its file's name; an earlier one of the same student is replaced in one step."""
        path = self._path(result)
        write_whole(path, json.dumps(result.data(), ensure_ascii=False, indent=1) + "\n")
        return path.name

    def keep(self, result: Result) -> str:
        """Return the name of the file of a result that is on disk already, perhaps under another name that it had before."""
        path = self._path(result)
        return path.name if path.exists() else self.write(result)

    def _path(self, result: Result) -> Path:
        return self.folder / f"{self.stems.get(result.student, result.stem)}.json"

    def of(self, student: str) -> Result | None:
        """Return a student's result, by whatever name its file has, or ``None``."""
        names = dict.fromkeys((self.stems.get(student, student), student, _marked(student)))
        found = (self.find(f"{name}.json") for name in names)
        return next((result for result in found if result and result.student == student), None)

    def find(self, file_name: str) -> Result | None:
        """Return the result in ``file_name``, or ``None`` if there is none or it cannot be read."""
        try:
            return Result.read(json.loads((self.folder / file_name).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def __iter__(self) -> Iterator[Result]:
        for path in sorted(self.folder.glob("*.json")):
            found = self.find(path.name)
            if found:
                yield found

    def remove_others(self, kept: Collection[str]) -> None:
        """Remove results of submissions that are no longer there."""
        remove_others(self.folder, "*.json", kept)


def remove_others(folder: Path, pattern: str, kept: Collection[str]) -> None:
    """Remove the files that are not ``kept``. Which those are, the file system says: it may have kept the case of an older name."""
    files = {(folder / name).stat().st_ino for name in kept}
    for path in folder.glob(pattern):
        if path.stat().st_ino not in files:
            path.unlink()


def chapter_in(folder: Path) -> str:
    """Return the chapter whose results lie in ``folder``, or ``""``."""
    return next((result.chapter for result in Results(folder / "results")), "") if (folder / "results").is_dir() else ""


def write_whole(path: Path, content: str | bytes, *, secret: bool = False) -> None:
    """Write a file so that a reader sees the old or the new content, never a part; nobody else ever reads a ``secret`` one.

    Raises
    ------
    UsageError
        If the disk is full or the folder cannot be written to; the old file is then untouched.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if secret:
            part.unlink(missing_ok=True)  # its mode would stay
        with open(part, "wb", opener=partial(os.open, mode=0o600 if secret else 0o666)) as file:
            file.write(content.encode("utf-8", "replace") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise UsageError("grade.unwritable", path=str(path), error=error.strerror or str(error)) from error
