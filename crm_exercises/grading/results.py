"""One result file per submission: written whole or not at all, so a run can be interrupted and taken up again."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
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
    def file_name(self) -> str:
        """The file of the result; without a student number under a name that no student number can be."""
        return f"{self.student}.json" if self.student else f"_unnamed-{self.key[:10]}.json"

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
                tuple(Message.read(message) for message in entry["told"]),
                tuple(Message.read(message) for message in entry["doubt"]),
                entry.get("confidence", 1.0),
            )
            for entry in data["exercises"]
        ]
        plain = {name: value for name, value in data.items() if name not in {"format", "exercises", "notes"}}
        return cls(**plain, notes=[Message.read(note) for note in data["notes"]], verdicts=verdicts)


class Results:
    """The result files of one class in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError("grade.unwritable", path=str(folder), error=error.strerror or str(error)) from error

    def write(self, result: Result) -> None:
        """Put ``result`` on disk; an earlier one of the same student is replaced in one step."""
        write_whole(self.folder / result.file_name, json.dumps(result.data(), ensure_ascii=False, indent=1) + "\n")

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

    def remove_others(self, kept: set[str]) -> None:
        """Remove results of submissions that are no longer there."""
        for path in self.folder.glob("*.json"):
            if path.name not in kept:
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
