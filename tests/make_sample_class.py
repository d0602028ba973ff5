"""Make the sample class in ``tests/sample_class/``: submissions to chapter 6, each named after what is in it.

Run ``python tests/make_sample_class.py`` after chapter 6 has changed; a test checks that the files are fresh. The people are invented.
"""

from __future__ import annotations

import copy
import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crm_exercises.core.chapter import Chapter, read_chapter
from crm_exercises.core.paths import ROOT
from crm_exercises.core.reference import Reference
from crm_exercises.learning.session import starting_names

CHAPTER = "ch06_value"
FOLDER = Path(__file__).parent / "sample_class"
Notebook = dict[str, Any]


def perfect(chapter: Chapter, student: str, lang: str = "zh") -> Notebook:
    """Return the notebook of a student who solved everything as the reference does."""
    notebook = _starter(student, lang, chapter.name)
    for cell in notebook["cells"]:
        about = cell["metadata"].get("crm", {})
        if about.get("role") == "answer":
            name = about["exercise"]
            cell["source"] = f"# exercise: {name}\n{chapter.exercises[name].body}"
    return notebook


def _starter(student: str, lang: str = "zh", chapter: str = CHAPTER) -> Notebook:
    """Return the notebook of a student who only put the number in."""
    notebook: Notebook = json.loads((ROOT / "notebooks" / lang / f"{chapter}.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["id"] == "student":
            cell["source"] = f'student = "{student}"'
    return notebook


def answers(notebook: Notebook) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["metadata"].get("crm", {}).get("role") == "answer"]


def name_of(cell: dict[str, Any]) -> str:
    return str(cell["metadata"]["crm"]["exercise"])


def computed(chapter: Chapter) -> list[str]:
    """Return the exercises whose answers are computed, the first ones first."""
    return [exercise.id for exercise in chapter if not exercise.own]


def write_class(folder: Path) -> list[Path]:
    """Write the class into ``folder`` and return the paths."""
    chapter = read_chapter(CHAPTER)
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for place, (name, make) in enumerate(SUBMISSIONS.items(), 1):
        student = f"202600{place:02}"
        content = make(chapter, student)
        suffix = ".zip" if content[:2] == b"PK" else ".ipynb"
        path = folder / f"{student}-{name}{suffix}"
        path.write_bytes(content)
        made.append(path)
    return made


def _dumped(notebook: Notebook) -> bytes:
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def _set(notebook: Notebook, exercise: str, source: str) -> None:
    for cell in answers(notebook):
        if name_of(cell) == exercise:
            cell["source"] = f"# exercise: {exercise}\n{source}"


def _perfect(chapter: Chapter, student: str) -> bytes:
    return _dumped(perfect(chapter, student))


def _blank(chapter: Chapter, student: str) -> bytes:
    return _dumped(_starter(student))


def _known_mistake(chapter: Chapter, student: str) -> bytes:
    notebook = perfect(chapter, student)
    exercise = chapter.exercises[computed(chapter)[0]]
    _set(notebook, exercise.id, f"{exercise.body}\n{exercise.mistakes[0].code}")
    return _dumped(notebook)


def _hard_coded(chapter: Chapter, student: str) -> bytes:
    """The right answers of the published data, and of the student's own, typed in by hand: both must earn nothing."""
    notebook = perfect(chapter, student)
    for place, name in enumerate(computed(chapter)):
        exercise = chapter.exercises[name]
        source = "0" if place % 2 else student
        expected = Reference(chapter, lambda source=source: starting_names(source)).expected(exercise)
        kinds = {answer: kind.kind for answer, kind in exercise.answer.items()}
        lines = [
            _literal(answer, value, exercise.answer[answer])
            for answer, value in expected.items()
            if kinds[answer] != "figure"
        ]
        _set(notebook, name, "\n".join(lines) or "pass")
    return _dumped(notebook)


def _literal(name: str, value: Any, kind: Any) -> str:
    if kind.kind != "table":
        return f"{name} = {value!r}"
    rows = [
        [*key, *(column[place] for column in value["columns"].values())] for place, key in enumerate(value["rows"][:40])
    ]
    return f"{name} = pd.DataFrame({rows!r}, columns={[*value['key'], *value['columns']]!r})"


def _second_cell(source: str) -> Callable[[Chapter, str], bytes]:
    """Return the maker of a submission that is perfect but for its second computed exercise."""

    def make(chapter: Chapter, student: str) -> bytes:
        notebook = perfect(chapter, student)
        _set(notebook, computed(chapter)[1], source)
        return _dumped(notebook)

    return make


def _deleted_cells(chapter: Chapter, student: str) -> bytes:
    notebook = perfect(chapter, student)
    gone = set(list(chapter.exercises)[1:3])
    notebook["cells"] = [
        cell for cell in notebook["cells"] if cell["metadata"].get("crm", {}).get("exercise") not in gone
    ]
    return _dumped(notebook)


def _duplicated_cells(chapter: Chapter, student: str) -> bytes:
    notebook = perfect(chapter, student)
    first = notebook["cells"].index(answers(notebook)[0])
    twin = copy.deepcopy(notebook["cells"][first]) | {"id": "twin"}
    notebook["cells"].insert(first + 1, twin)
    return _dumped(notebook)


def _renamed_variable(chapter: Chapter, student: str) -> bytes:
    notebook = perfect(chapter, student)
    exercise = chapter.exercises[computed(chapter)[0]]
    renamed = exercise.body
    for answer in exercise.answer:
        renamed += f"\nmy_{answer} = {answer}\ndel {answer}"
    _set(notebook, exercise.id, renamed)
    return _dumped(notebook)


def _wrong_student_number(chapter: Chapter, student: str) -> bytes:
    return _dumped(perfect(chapter, "20269999"))


def _no_student_number(chapter: Chapter, student: str) -> bytes:
    return _dumped(perfect(chapter, "0"))


def _broken_file(chapter: Chapter, student: str) -> bytes:
    return _perfect(chapter, student)[:4000]


def _english(chapter: Chapter, student: str) -> bytes:
    return _dumped(perfect(chapter, student, "en"))


def _hand_in_zip(chapter: Chapter, student: str) -> bytes:
    """A hand-in as the last cell writes it: forms clicked, their answers beside the notebook."""
    notebook = perfect(chapter, student)
    forms = [exercise for exercise in chapter if all(kind.form for kind in exercise.answer.values())]
    reference = Reference(chapter, lambda: starting_names(student))
    saved = {exercise.id: reference.expected(exercise) for exercise in forms}
    for exercise in forms:
        calls = [f'{name} = form("{exercise.id}", "{name}")' for name in exercise.answer]
        _set(notebook, exercise.id, "\n".join(calls))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            (f"{CHAPTER}.ipynb", _dumped(notebook)),
            (f"{CHAPTER}.answers.json", _dumped({"student": student, "chapter": CHAPTER, "answers": saved})),
            ("environment.json", b"{}"),
        ):
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 8, 0, 0)), content)
    return stream.getvalue()


SUBMISSIONS: dict[str, Callable[[Chapter, str], bytes]] = {
    "perfect": _perfect,
    "blank": _blank,
    "one-known-mistake": _known_mistake,
    "hard-coded-public-answers": _hard_coded,
    "crash-in-the-middle": _second_cell("total = orders_of_last_year.sum()"),
    "endless-loop": _second_cell("while True:\n    pass"),
    "dead-kernel": _second_cell("import os\nos._exit(1)"),
    "sys-exit": _second_cell("import sys\nsys.exit()"),
    "syntax-error": _second_cell("for customer in orders\n    print(customer)"),
    "deleted-cells": _deleted_cells,
    "duplicated-cells": _duplicated_cells,
    "renamed-variable": _renamed_variable,
    "wrong-student-number": _wrong_student_number,
    "no-student-number": _no_student_number,
    "broken-file": _broken_file,
    "english-notebook": _english,
    "hand-in-with-clicked-forms": _hand_in_zip,
}

if __name__ == "__main__":
    for old in FOLDER.glob("2026*"):
        old.unlink()
    for written in write_class(FOLDER):
        sys.stdout.write(f"{written.relative_to(ROOT)}\n")
