"""A copy of the workbook to hand out: for a course with everything that a student uses, for an exam without anything that tells an answer."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from ..core.chapter import chapter_names, chosen, read_chapter
from ..core.errors import UsageError
from ..core.messages import LANGS
from ..core.paths import ROOT

SHARED = (
    "crm_exercises",
    "datasets",
    "pyproject.toml",
    "requirements.txt",
    "environment.yml",
    "README.md",
    "README.zh-CN.md",
    "LICENSE",
    "docs",
)
"""What every release holds besides the notebooks; course sources, tests and the makers of the data stay with the instructor."""
LEFT_OUT = ("__pycache__", "derive.py", "generate_*.py", "*_facts.py", "fictional.py")


def release(folder: Path, chapters: Iterable[str] = (), *, exam: bool = False, root: Path = ROOT) -> list[str]:
    """Write a release into ``folder`` and return the names of its chapters.

    Parameters
    ----------
    chapters
        Beginnings of the names of the chapters to hand out; all, if none is named.
    exam
        Leave out the worked solutions, and from the bundles everything that tells an answer: ``check`` then says only whether an
        answer is well-formed.

    Raises
    ------
    UsageError
        If ``folder`` is not an empty folder (nothing is overwritten) or there is no such chapter.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("release.not_empty", folder=str(folder))
    names = chosen(chapter_names(), chapters)
    folder.mkdir(parents=True, exist_ok=True)
    for name in SHARED:
        _copy(root / name, folder / name)
    (folder / "notebooks" / "bundle").mkdir(parents=True)
    for name in names:
        chapter = read_chapter(name)
        text = (chapter.public() if exam else chapter).dumps()
        (folder / "notebooks" / "bundle" / f"{name}.json").write_text(text, encoding="utf-8")
        for lang in LANGS:
            _copy(root / "notebooks" / lang / f"{name}.ipynb", folder / "notebooks" / lang / f"{name}.ipynb")
            if not exam:
                _copy(root / "solutions" / lang / f"{name}.ipynb", folder / "solutions" / lang / f"{name}.ipynb")
    (folder / "release.json").write_text(json.dumps({"chapters": names, "exam": exam}, indent=1), encoding="utf-8")
    return names


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(*LEFT_OUT))
    elif source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
