"""Builders of hand-ins: each test takes a good one and breaks one thing."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from crm_exercises.core.messages import Message
from crm_exercises.grading import intake
from crm_exercises.grading.intake import Intake, Submission

CHAPTER = "ch06_value"
EXERCISES = {CHAPTER: {"abc", "rfm"}, "ch06": {"other"}}
NOON = datetime(2026, 3, 5, 12, 0, 0)

Json = dict[str, Any]


def cell(
    source: str, *, name: str = "", exercise: str = "", role: str = "", kind: str = "code", **metadata: Any
) -> Json:
    crm = {key: value for key, value in (("exercise", exercise), ("role", role)) if value}
    extra = {"outputs": [], "execution_count": None} if kind == "code" else {}
    about = metadata | ({"crm": crm} if crm else {})
    return {"cell_type": kind, "id": name, "metadata": about, "source": source} | extra


def answer(exercise: str, code: str) -> Json:
    source = f"# exercise: {exercise}\n{code}"
    return cell(source, name=f"{exercise}-answer", exercise=exercise, role="answer")


def check(exercise: str) -> Json:
    return cell(f'check("{exercise}")', name=f"{exercise}-check", exercise=exercise, role="check")


def notebook(student: str = "20230001", **changes: Any) -> Json:
    """Return a complete notebook; ``first`` replaces the source of the cell with the student number."""
    first = changes.pop("first", f'student = "{student}"  # ← 换成你的学号')
    whole = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"crm": {"chapter": CHAPTER, "lang": "zh"}, "kernelspec": {"name": "python3"}},
        "cells": [
            cell("# 第 6 章", name="title", kind="markdown"),
            cell(first, name="student", role="student", tags=["parameters"]),
            cell(f'from crm_exercises import *\n\nbegin("{CHAPTER}", "zh", student)', name="begin", role="begin"),
            answer("abc", "abc = 1"),
            check("abc"),
            answer("rfm", "rfm = 2"),
            check("rfm"),
        ],
    }
    return whole | changes


def packed(whole: Json) -> bytes:
    return json.dumps(whole, ensure_ascii=False).encode()


def bare(whole: Json, *, markers: bool = False) -> Json:
    """Return the notebook as an editor leaves it that knows neither metadata nor ids."""
    cells = [item | {"metadata": {}, "id": "x"} for item in whole["cells"]]
    if not markers:
        cells = [
            item | {"source": item["source"].split("\n", 1)[-1]} if "# exercise" in item["source"] else item
            for item in cells
        ]
    return whole | {"metadata": {}, "cells": cells}


def sidecar(student: str = "20230001", chapter: str = CHAPTER, value: Any = "b") -> bytes:
    return json.dumps({"student": student, "chapter": chapter, "answers": {"rfm": {"rfm": value}}}).encode()


Entry = bytes | tuple[zipfile.ZipInfo, bytes]


def archive(entries: Mapping[str, bytes], *, at: datetime = NOON, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as out:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name, at.timetuple()[:6])
            out.writestr(info, content, method)
    return stream.getvalue()


def hand_in(student: str = "20230001", **options: Any) -> bytes:
    return archive(
        {
            f"{CHAPTER}.ipynb": packed(notebook(student)),
            f"{CHAPTER}.answers.json": sidecar(student),
            "environment.json": b"{}",
        },
        **options,
    )


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def taken(path: Path, roster: Mapping[str, str] | None = None) -> Intake:
    return intake.read(path, EXERCISES.keys(), roster, exercises=EXERCISES)


def only(
    path: Path, content: bytes | Json, name: str = f"{CHAPTER}.ipynb", roster: Mapping[str, str] | None = None
) -> Submission:
    """Take in a folder with one notebook and return its submission."""
    put(path / name, content if isinstance(content, bytes) else packed(content))
    (submission,) = taken(path, roster).submissions
    return submission


def keys(notes: tuple[Message, ...]) -> list[str]:
    return [note.key.removeprefix("intake.") for note in notes]


def reasons(found: Intake) -> dict[str, str]:
    return {item.source: item.reason.key.removeprefix("intake.") for item in found.refused}
