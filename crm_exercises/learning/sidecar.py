"""The file beside the notebook in which answers and progress live: it survives re-execution, a restart and a killed kernel."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..core.errors import CrmError

Record = dict[str, Any]


class Sidecar:
    """Answers given in forms, and how far the student is, for one chapter.

    Parameters
    ----------
    chapter, student
        What the file is about; answers of another student number in the same file are kept apart.
    folder
        Where the notebook is (the kernel's working folder).
    """

    def __init__(self, chapter: str, student: str, folder: Path | None = None) -> None:
        self.path = (folder or Path.cwd()) / f"{chapter}.answers.json"
        self.chapter, self.student = chapter, student
        self.damaged: Path | None = None

    def put_aside(self) -> Path | None:
        """Read the file for the first time, and return where it is kept now if it could not be read."""
        self._read()
        return self.damaged

    def answer(self, exercise: str, name: str) -> Any:
        """Return the saved answer, or ``...`` where there is none."""
        return self._mine(self._read()).get("answers", {}).get(exercise, {}).get(name, ...)

    def save(self, exercise: str, name: str, value: Any) -> None:
        """Keep an answer (JSON); on return it is on disk.

        Raises
        ------
        CrmError
            If the file cannot be written; the answer is then still in the form.
        """
        self._change(lambda mine: mine.setdefault("answers", {}).setdefault(exercise, {}).__setitem__(name, value))

    def progress(self, exercise: str) -> dict[str, int]:
        """Return the counters of ``exercise``."""
        return dict(self._mine(self._read()).get("progress", {}).get(exercise, {}))

    def count(self, exercise: str, what: str) -> int:
        """Add one to a counter of ``exercise`` (``tries``, ``hints``) and return it; never fails for want of a writable folder."""
        counted = self.progress(exercise).get(what, 0) + 1

        def change(mine: Record) -> None:
            mine.setdefault("progress", {}).setdefault(exercise, {})[what] = counted

        try:
            self._change(change)
        except CrmError:
            return counted
        return counted

    def hand_in(self, sheet: str, exercises: Iterable[str]) -> None:
        """Keep the present answers to ``exercises`` as those of a test, which later practice does not change.

        Raises
        ------
        CrmError
            If the file cannot be written; the test is then not handed in.
        """
        named = list(exercises)

        def change(mine: Record) -> None:
            answers = mine.get("answers", {})
            mine.setdefault("tests", {})[sheet] = {name: dict(answers[name]) for name in named if name in answers}

        self._change(change)

    def handed_in(self, sheet: str) -> Record | None:
        """Return the answers with which the test ``sheet`` was handed in, or ``None`` if it was not."""
        kept = self._mine(self._read()).get("tests", {}).get(sheet)
        return kept if isinstance(kept, dict) else None

    def export(self) -> Record:
        """Return what a hand-in carries: this student's answers."""
        return {
            "student": self.student,
            "chapter": self.chapter,
            "answers": self._mine(self._read()).get("answers", {}),
        }

    def _mine(self, whole: Record) -> Record:
        mine = whole.get("students", {}).get(self.student, {})
        if not mine and whole.get("student") == self.student:  # a hand-in's own form
            return {"answers": whole.get("answers", {})}
        return mine if isinstance(mine, dict) else {}

    def _read(self) -> Record:
        try:
            whole = json.loads(self.path.read_text(encoding="utf-8"))
            if isinstance(whole, dict) and isinstance(whole.get("students", {}), dict):
                return whole
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            pass
        self._keep_damaged()
        return {}

    def _keep_damaged(self) -> None:
        """Put a file that cannot be read aside: nothing is lost, and work can go on."""
        kept = self.path.with_suffix(f".damaged-{os.getpid()}.json")
        try:
            self.path.replace(kept)
            self.damaged = kept
        except OSError:
            self.damaged = self.path

    def _change(self, change: Any) -> None:
        whole = self._read()
        mine = self._mine(whole)
        change(mine)
        whole.setdefault("students", {})[self.student] = mine
        text = json.dumps({"chapter": self.chapter, "students": whole["students"]}, ensure_ascii=False, indent=1)
        part: Path | None = None
        try:
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=self.path.parent, delete=False, suffix=".tmp"
            ) as file:
                part = Path(file.name)
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        except OSError as error:
            if part:
                with suppress(OSError):
                    part.unlink()
            raise CrmError("form.unwritable", path=str(self.path), error=error.strerror or str(error)) from error
