"""The hand-in: one zip file with the notebook, the answers saved beside it and a stamp of the environment."""

from __future__ import annotations

import ast
import json
import os
import platform
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..core.errors import UsageError
from ..core.messages import say
from ..data import student_number
from .runs import exercise_of
from .session import Session
from .show import Panel

STAMPED = ("crm-exercises", "pandas", "numpy", "matplotlib", "ipykernel", "jupyterlab")


def write(now: Session, notebook: str | None = None) -> Panel:
    """Write ``<student>-<chapter>.zip`` beside the notebook and say what is unattempted.

    Raises
    ------
    UsageError
        If there is no student number, no saved notebook, the saved one is not what was run, or a file cannot be read or written.
    """
    if now.student == "0":
        raise UsageError("handin.no_student")
    path = _notebook_path(now, notebook)
    target = path.with_name(f"{now.student}-{now.chapter.name}.zip")
    try:
        text = path.read_text(encoding="utf-8")
        saved = json.loads(text)
    except (OSError, ValueError) as error:
        raise UsageError("handin.unreadable", path=path.name) from error
    found = _student_in(saved)
    if found != now.student:
        raise UsageError("handin.other_student", found=found, student=now.student)
    unsaved = _unsaved(now, saved)
    if unsaved:
        raise UsageError("handin.unsaved", exercises=", ".join(unsaved))
    answers = json.dumps(now.sidecar.export(), ensure_ascii=False, indent=1)
    part = target.with_suffix(".zip.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{now.chapter.name}.ipynb", text)
            archive.writestr(f"{now.chapter.name}.answers.json", answers)
            archive.writestr("environment.json", json.dumps(stamp(), indent=1))
        part.replace(target)
    except OSError as error:
        raise UsageError("handin.unwritable", path=target.name, error=error.strerror or str(error)) from error
    missing = now.open_exercises()
    lines = [say("handin.done", now.lang, path=target.name)]
    if missing:
        names = "; ".join(f"{exercise.number} {exercise.title[now.lang]}" for exercise in missing)
        lines.append(say("handin.open", now.lang, exercises=names))
    else:
        lines.append(say("handin.complete", now.lang, count=len(now.chapter.exercises)))
    return Panel("partial" if missing else "correct", target.name, lines)


def stamp() -> dict[str, str]:
    """Return the versions that the answers were made with."""
    return {"python": platform.python_version(), "system": platform.system()} | {
        name: version(name) for name in STAMPED
    }


def _notebook_path(now: Session, notebook: str | None) -> Path:
    """Return the notebook's file: as given, as the Jupyter server names it, or the chapter's only one in this folder."""
    named = notebook or os.environ.get("JPY_SESSION_NAME", "")
    if named and named.endswith(".ipynb") and Path(named).is_file():
        return Path(named)
    beside = Path.cwd() / Path(named).name if named else None
    if beside and beside.suffix == ".ipynb" and beside.is_file():
        return beside
    found = [path for path in sorted(Path.cwd().glob("*.ipynb")) if _is_chapter(path, now.chapter.name)]
    if len(found) != 1:
        raise UsageError("handin.no_notebook", folder=str(Path.cwd()))
    return found[0]


def _is_chapter(path: Path, chapter: str) -> bool:
    try:
        metadata = json.loads(path.read_text(encoding="utf-8")).get("metadata", {})
    except (OSError, ValueError):
        return False
    return bool(metadata.get("crm", {}).get("chapter") == chapter)


def _student_in(notebook: dict[str, Any]) -> str:
    """Return the student number that the saved notebook's first code cell assigns."""
    for source in _code(notebook):
        for node in _parsed(source):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and _targets(node) == ["student"]:
                return student_number(str(node.value.value))
        break
    return "0"


def _targets(node: ast.Assign) -> list[str]:
    return [target.id for target in node.targets if isinstance(target, ast.Name)]


def _parsed(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def _code(notebook: dict[str, Any]) -> list[str]:
    cells = [cell for cell in notebook.get("cells", []) if cell.get("cell_type") == "code"]
    return ["".join(cell["source"]) for cell in cells]


def _unsaved(now: Session, notebook: dict[str, Any]) -> list[str]:
    """Return the exercises whose last run answer cell is not in the saved file: the file is older than what was checked."""
    on_disk = {source.strip() for source in _code(notebook)}
    last: dict[str, str] = {}
    for source in now.names.get("In", []):
        if exercise := exercise_of(source):
            last[exercise] = source.strip()
    return [name for name, source in last.items() if name in now.chapter.exercises and source not in on_disk]
