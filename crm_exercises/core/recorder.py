"""What runs beside the student's code: after each answer cell it writes that answer, as JSON, to a file in the working folder.

It stands in the box with untrusted code, which can patch, forge or delete all it does. That is why nothing here is evidence: the
marking process reads the file as data from a stranger.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .answers import collect
from .chapter import read_chapter

ANSWERS = "answers.jsonl"
ERROR_LIMIT = 300


class Recorder:
    """Writes one line per exercise: ``{"exercise": id, "records": {…}, "error": "NameError: …" or null}``."""

    def __init__(self, chapter: str, names: dict[str, Any]) -> None:
        self.chapter = read_chapter(chapter)
        self.names = names
        self.path = Path.cwd() / ANSWERS

    def __call__(self, exercise: str) -> None:
        """Record the answers of ``exercise`` as they stand now."""
        records = collect(self.chapter.exercises[exercise], self.names)
        line = json.dumps(
            {"exercise": exercise, "records": records, "error": _last_error()}, allow_nan=False, default=str
        )
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _last_error() -> str | None:
    """Return the error that ended the cell before this one, if one did."""
    from IPython import get_ipython

    result = getattr(get_ipython(), "last_execution_result", None)
    error = result.error_before_exec or result.error_in_exec if result is not None else None
    if error is None:
        return None
    return f"{type(error).__name__}: {error}"[:ERROR_LIMIT]
