"""Between the two halves of marking: the notebook that goes into the box, and the answers that come out of it.

Into the box goes the pristine chapter with only the student's answer cells; out comes a file of JSON lines that is read as data from a
stranger: capped, parsed strictly, checked against the exercises.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..core.answers import BLANK, Record, accept
from ..core.chapter import Chapter, Exercise

BUNDLE_FOLDER = "bundle"
LINE_LIMIT = 4 * 2**20
MOST_LINES = 1000
"""Lines that are read: one an exercise is due, and whoever writes a million wants to keep the reader busy."""
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True)
class Collected:
    """The answers of one exercise as they came out of the box, and the error that ended its cell."""

    records: Mapping[str, Record]
    error: str | None = None


def notebook(
    chapter: Chapter, lang: str, token: str, cells: Mapping[str, str], without: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Return the notebook (nbformat 4.5) that collects a submission's answers.

    Parameters
    ----------
    token
        The student number under which the data are drawn.
    cells
        The student's answer cells by exercise.
    without
        Exercises whose cell is left out because it ended an earlier run.
    """
    begin = (
        "import os\n"
        f"os.environ['CRM_BUNDLES'] = {BUNDLE_FOLDER!r}\n"
        "from crm_exercises import *\n"
        "from crm_exercises.core.recorder import Recorder as _Recorder\n"
        f"begin({chapter.name!r}, {lang!r}, student)\n"
        f"_record = _Recorder({chapter.name!r}, globals())"
    )
    made = [_cell(f"student = {token!r}", "parameters"), _cell(begin)]
    for step in chapter.steps:
        if step.exercise is None:
            made.append(_cell(step.code))
            continue
        source = "" if step.exercise in without else cells.get(step.exercise, "")
        if source.strip():
            made += [_cell(source), _cell(f"_record({step.exercise!r})")]
    for place, cell in enumerate(made):
        cell["id"] = f"cell-{place}"
    return {
        "cells": made,
        "metadata": {"kernelspec": KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def _cell(source: str, *tags: str) -> dict[str, Any]:
    """Return a code cell that lets the run go on when it fails: one bad cell must not cost the others."""
    metadata = {"tags": [*tags, "raises-exception"]}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], "execution_count": None}


def read(answers: bytes, chapter: Chapter) -> dict[str, Collected]:
    """Return the answers in a box's file, by exercise; the first line of an exercise counts, what is not well-formed is passed over."""
    found: dict[str, Collected] = {}
    for line in answers.split(b"\n", MOST_LINES)[:MOST_LINES]:
        entry = _parsed(line)
        name = entry.get("exercise")
        if isinstance(name, str) and name in chapter.exercises and name not in found:
            error = entry.get("error")
            found[name] = Collected(
                accept(chapter.exercises[name], entry.get("records")), error[:300] if isinstance(error, str) else None
            )
    return found


def _parsed(line: bytes) -> dict[str, Any]:
    if not line.strip() or len(line) > LINE_LIMIT:
        return {}
    try:
        text = line.decode("utf-8", "replace")
        entry = json.loads(text, parse_constant=_refuse)
        if SURROGATE.search(text):  # half a character can be escaped in JSON, but not be written to any file
            entry = json.loads(json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}
    return entry if isinstance(entry, dict) else {}


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def files(chapter: Chapter, token: str, sidecar: bytes | None) -> dict[str, bytes]:
    """Return what lies in the box beside the notebook: the chapter without its answers, and the student's form answers."""
    answers = _parsed((sidecar or b"").replace(b"\n", b" ")).get("answers")
    beside = {"student": token, "chapter": chapter.name, "answers": answers if isinstance(answers, dict) else {}}
    return {
        f"{BUNDLE_FOLDER}/{chapter.name}.json": chapter.public().dumps().encode(),
        f"{chapter.name}.answers.json": json.dumps(beside, ensure_ascii=False).encode(),
    }


def nothing(exercise: Exercise) -> Collected:
    """Return what stands for an exercise of which nothing came out."""
    return Collected(dict.fromkeys(exercise.answer, BLANK))
