"""Marking a class: each sample submission earns what it should, nobody costs anyone else a mark, and a call can be repeated."""

from __future__ import annotations

import csv
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from make_sample_class import FOLDER, SUBMISSIONS, computed, perfect, write_class
from openpyxl import load_workbook

from crm_exercises.core.chapter import read_chapter
from crm_exercises.core.errors import CrmError
from crm_exercises.core.paths import ROOT
from crm_exercises.grading.mark import Marker
from crm_exercises.grading.variants import Variants, read_salt
from crm_exercises.learning.session import starting_names

CHAPTER = read_chapter("ch06_value")
STUDENTS = {name: f"202600{place:02}" for place, name in enumerate(SUBMISSIONS, 1)} | {
    "wrong-student-number": "20269999"
}
SECOND = computed(CHAPTER)[1]


def gradebook(out: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((out / "gradebook.csv").read_text(encoding="utf-8-sig").splitlines()))


def row(out: Path, name: str) -> dict[str, str]:
    return next(entry for entry in gradebook(out) if STUDENTS[name] in (entry["student"], entry["file"][:8]))


def lost(entry: dict[str, str]) -> set[str]:
    """Return the exercises in which a row has less than full marks."""
    return {exercise.id for exercise in CHAPTER if float(entry[exercise.id] or 0) < exercise.marks}


def test_the_sample_class_is_fresh(tmp_path: Path) -> None:
    for path in write_class(tmp_path):
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), "run: python tests/make_sample_class.py"


EXPECTED: dict[str, tuple[str, set[str]]] = {
    "perfect": ("graded", set()),
    "blank": ("nothing attempted", set(CHAPTER.exercises)),
    "one-known-mistake": ("graded", {computed(CHAPTER)[0]}),
    "hard-coded-public-answers": ("graded", set(computed(CHAPTER))),
    "crash-in-the-middle": ("graded", {SECOND}),
    "endless-loop": ("graded", {SECOND}),
    "dead-kernel": ("the run was broken off (the rest is graded)", {SECOND}),
    "sys-exit": ("graded", {SECOND}),
    "syntax-error": ("graded", {SECOND}),
    "deleted-cells": ("graded", set(list(CHAPTER.exercises)[1:3])),
    "duplicated-cells": ("graded", set()),
    "renamed-variable": ("graded", {computed(CHAPTER)[0]}),
    "wrong-student-number": ("student number differs from the file name (graded)", set()),
    "english-notebook": ("graded", set()),
    "hand-in-with-clicked-forms": ("graded", set()),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_submission_earns_what_is_in_it(sample_class: Path, name: str) -> None:
    entry = row(sample_class, name)
    status, without = EXPECTED[name]
    assert (entry["status"], lost(entry)) == (status, without)


@pytest.mark.parametrize(
    ("name", "status"),
    [("no-student-number", "no student number (not graded)"), ("broken-file", "broken file (not graded)")],
)
def test_what_cannot_be_marked_has_a_row_and_a_name(sample_class: Path, name: str, status: str) -> None:
    entry = row(sample_class, name)
    assert (entry["status"], entry["total"], entry["student"]) == (status, "", "")


def test_a_hard_coded_answer_earns_nothing_where_the_answer_is_computed(sample_class: Path) -> None:
    entry = row(sample_class, "hard-coded-public-answers")
    assert [entry[name] for name in computed(CHAPTER)] == ["0"] * len(computed(CHAPTER))
    page = (sample_class / "feedback" / f"{STUDENTS['hard-coded-public-answers']}.html").read_text(encoding="utf-8")
    assert "手工填的数" in page


def test_the_known_mistake_is_named_in_the_student_s_language(sample_class: Path) -> None:
    page = (sample_class / "feedback" / f"{STUDENTS['one-known-mistake']}.html").read_text(encoding="utf-8")
    assert CHAPTER.exercises[computed(CHAPTER)[0]].mistakes[0].zh.replace('"', "&#34;").replace("'", "&#39;") in page
    assert 'lang="zh-CN"' in page
    english = (sample_class / "feedback" / f"{STUDENTS['english-notebook']}.html").read_text(encoding="utf-8")
    assert 'lang="en"' in english
    assert CHAPTER.title.en in english


@pytest.mark.parametrize(
    ("name", "told", "not_told"),
    [
        ("endless-loop", "超过时限", "CellTimeoutError"),
        ("dead-kernel", "运行到这一格中断了", "exit code"),
        ("sys-exit", "exit 或 quit", "SystemExit"),
    ],
)
def test_what_stopped_a_cell_is_a_sentence_in_the_student_s_language(
    sample_class: Path, name: str, told: str, not_told: str
) -> None:
    page = (sample_class / "feedback" / f"{STUDENTS[name]}.html").read_text(encoding="utf-8")
    assert told in page and not_told not in page


def test_the_spreadsheet_keeps_student_numbers_as_text(sample_class: Path) -> None:
    sheet: Any = load_workbook(sample_class / "gradebook.xlsx").active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "student"
    assert rows[1][0] == STUDENTS["perfect"]
    assert rows[1][rows[0].index("total")] == CHAPTER.marks


def test_a_result_file_tells_all_and_no_expected_value(sample_class: Path) -> None:
    result = json.loads((sample_class / "results" / f"{STUDENTS['perfect']}.json").read_text(encoding="utf-8"))
    assert result["total"] == CHAPTER.marks
    assert {entry["outcome"] for entry in result["exercises"]} == {"correct"}
    assert result["box"]


def test_data_on_which_the_reference_fails_are_drawn_anew() -> None:
    first = Variants("salt", 1).token("1", "a")
    second = Variants("salt", 1, lambda token: token != first).token("1", "a")
    assert second != first
    assert Variants("salt", 1, lambda token: token != first).token("2", "b") == second
    with pytest.raises(CrmError) as caught:
        Variants("salt", 1, lambda token: False).token("1", "a")
    assert caught.value.key == "grade.no_variant"


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_nobody_else_reads_the_salt_at_any_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes, sync = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (modes.append(os.fstat(file).st_mode & 0o777), sync(file)))
    (tmp_path / ".salt.txt.part").write_text("left by a call that was killed", encoding="utf-8")
    before = os.umask(0)
    try:
        salt = read_salt(tmp_path, None)
    finally:
        os.umask(before)
    assert (salt, modes) == (read_salt(tmp_path, None), [0o600])
    assert (tmp_path / "salt.txt").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["一个秘密".encode("gbk"), "一个秘密\n".encode()])
def test_a_salt_of_any_encoding_is_as_good_as_another(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "salt").write_bytes(content)
    assert len(set(read_salt(tmp_path, tmp_path / "salt"))) >= 4


@pytest.mark.parametrize("name", ["missing", "empty", "folder"])
def test_a_salt_that_is_none_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").write_bytes(b" \n")
    (tmp_path / "folder").mkdir()
    with pytest.raises(CrmError, match=name):
        read_salt(tmp_path, tmp_path / name)


def test_a_course_that_fails_on_some_data_is_noticed() -> None:
    first = computed(CHAPTER)[0]
    exercise = CHAPTER.exercises[first].model_copy(update={"body": "1 / 0"})
    broken = CHAPTER.model_copy(update={"exercises": {**CHAPTER.exercises, first: exercise}})
    assert Marker(CHAPTER, starting_names).works("1")
    assert not Marker(broken, starting_names).works("1")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A class of two, in a folder that a test may change."""
    folder = tmp_path / "class"
    folder.mkdir()
    for name in ("perfect", "one-known-mistake"):
        path = next(FOLDER.glob(f"*-{name}.ipynb"))
        shutil.copy(path, folder)
    return folder


def results(out: Path) -> dict[str, dict[str, Any]]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (out / "results").glob("*.json")}


def test_a_second_call_marks_only_what_is_missing(small: Path, tmp_path: Path, crm: Any, box: str) -> None:
    out = tmp_path / "out"
    assert crm("grade", small, "--out", out, "--box", box).exit_code == 0
    before, book = results(out), (out / "gradebook.csv").read_bytes()
    (out / "results" / f"{STUDENTS['perfect']}.json").unlink()
    (out / "results" / f"{STUDENTS['one-known-mistake']}.json").touch()
    done = crm("grade", small, "--out", out, "--box", box)
    assert "1 marked now, 1 kept" in done.output
    assert (out / "gradebook.csv").read_bytes() == book
    same = {
        name: {key: value for key, value in result.items() if key not in {"graded_at", "seconds", "cpu"}}
        for name, result in results(out).items()
    }
    assert same == {
        name: {key: value for key, value in result.items() if key not in {"graded_at", "seconds", "cpu"}}
        for name, result in before.items()
    }


def test_a_manual_mark_counts_is_shown_and_survives(small: Path, tmp_path: Path, crm: Any, box: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    student, exercise = STUDENTS["one-known-mistake"], computed(CHAPTER)[0]
    (out / "overrides.csv").write_text(
        f"student,exercise,marks,why\n{student},{exercise},1,well argued\n{student},nothing,1,\n{student},{exercise},99,\n",
        encoding="utf-8",
    )
    for arguments in ((), ("--force",), ("--only", student, "--exercise", exercise)):
        done = crm("grade", small, "--out", out, "--box", box, *arguments)
        assert "line 3" in done.output
        assert "line 4" in done.output
        entry = next(entry for entry in gradebook(out) if entry["student"] == student)
        assert entry[exercise] == "1"
        assert entry["manual marks"] == f"{exercise}=1 (well argued)"
    assert "well argued" in (out / "feedback" / f"{student}.html").read_text(encoding="utf-8")


def test_the_roster_gives_names_and_tells_who_is_missing(small: Path, tmp_path: Path, crm: Any, box: str) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(f"学号,姓名\n{STUDENTS['perfect']},=1+1\n007,无名\n", encoding="utf-8")
    (small / "无名.rar").write_bytes(b"Rar!\x1a\x07")
    out = tmp_path / "out"
    done = crm("grade", small, "--out", out, "--roster", roster, "--box", box)
    assert "007" in done.output
    entries = {entry["student"]: entry for entry in gradebook(out)}
    assert (entries["007"]["status"], entries["007"]["total"]) == ("no submission", "")
    assert "RAR" in entries["007"]["remarks"] and entries["007"]["file"] == "无名.rar"
    assert not (out / "feedback" / "007.html").exists()
    assert entries[STUDENTS["perfect"]]["name"] == "'=1+1"
    assert entries[STUDENTS["one-known-mistake"]]["status"] == "not on the roster (graded)"


@pytest.mark.parametrize(
    "arguments",
    [
        ("{none}", "--out", "{out}"),
        ("{small}", "--out", "{out}", "--only", "12345"),
        ("{small}", "--out", "{out}", "--exercise", "nothing"),
        ("{empty}", "--out", "{out}"),
        ("{small}",),
    ],
)
def test_a_wrong_call_exits_with_2_and_says_why(
    small: Path, tmp_path: Path, crm: Any, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "empty").mkdir()
    places = {"none": tmp_path / "none", "out": tmp_path / "out", "small": small, "empty": tmp_path / "empty"}
    done = crm("grade", *(argument.format(**places) for argument in arguments))
    assert done.exit_code == 2
    assert done.output.strip()


def starter(folder: Path, chapter: str, student: str) -> None:
    """Put a notebook with nothing but the number of a student into ``folder``."""
    notebook = json.loads((ROOT / "notebooks" / "en" / f"{chapter}.ipynb").read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "student")
    cell["source"] = f'student = "{student}"'
    (folder / f"{student}-{chapter}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def test_a_second_chapter_takes_nothing_from_the_first(tmp_path: Path, crm: Any, box: str) -> None:
    folder, out, roster = tmp_path / "class", tmp_path / "out", tmp_path / "roster.csv"
    folder.mkdir()
    first, second = "ch12_bank_a", "ch12_bank_b"
    roster.write_text("学号,姓名\n001,张三\n002,李四\n", encoding="utf-8")

    def grade(*arguments: str) -> Any:
        return crm("grade", folder, "--out", out, "--box", box, "--roster", roster, *arguments)

    starter(folder, first, "001")
    assert grade().exit_code == 0
    before = results(out)
    assert {student: result["status"] for student, result in before.items()} == {"001": "blank", "002": "absent"}
    starter(folder, second, "002")
    assert "1 kept" in grade().output
    assert results(out) == before
    assert {student: result["status"] for student, result in results(out / second).items()} == {
        "001": "absent",
        "002": "blank",
    }
    for arguments in (("--chapter", second), ("--only", "002"), ("--exercise", "q5-why")):
        done = grade(*arguments)
        assert (done.exit_code, first in done.output, second in done.output) == (0, False, True)
        assert results(out) == before
    for arguments, said in (
        (("--chapter", "ch06"), first),
        (("--only", "003"), "003"),
        (("--exercise", "abc-rule"), "q5-why"),
    ):
        done = grade(*arguments)
        assert (done.exit_code, said in done.output) == (2, True)
    (out / second / "review.csv").write_bytes(b"\x00")
    assert (grade("--force").exit_code, results(out)) == (2, before), "said before anything is marked"
    (out / second / "review.csv").unlink()
    assert crm("report", out).output.count("class.html") == 2


def test_two_numbers_that_differ_in_case_alone_are_two_students(tmp_path: Path, crm: Any, box: str) -> None:
    folder, out = tmp_path / "class", tmp_path / "out"
    for student in ("ab1", "AB1"):
        (folder / f"of-{student.islower()}").mkdir(parents=True)
    starter(folder / "of-True", "ch12_bank_a", "ab1")
    assert "1 marked now, 0 kept" in crm("grade", folder, "--out", out, "--box", box).output
    assert set(results(out)) == {"ab1"}
    starter(folder / "of-False", "ch12_bank_a", "AB1")
    assert "1 marked now, 1 kept" in crm("grade", folder, "--out", out, "--box", box).output
    found = results(out)
    assert (
        {result["student"] for result in found.values()} == {"ab1", "AB1"} == {row["student"] for row in gradebook(out)}
    )
    assert len({name.casefold() for name in found}) == 2
    assert {path.stem for path in (out / "feedback").iterdir()} == set(found)
    assert "0 marked now, 2 kept" in crm("grade", folder, "--out", out, "--box", box).output
    assert results(out) == found
    shutil.rmtree(folder / "of-False")
    assert "0 marked now, 1 kept" in crm("grade", folder, "--out", out, "--box", box).output
    assert set(results(out)) == {"ab1"} == {path.stem for path in (out / "feedback").iterdir()}


def test_a_roster_that_changes_changes_what_is_kept(small: Path, tmp_path: Path, crm: Any, box: str) -> None:
    out, roster = tmp_path / "out", tmp_path / "roster.csv"
    student = STUDENTS["perfect"]
    found = []
    for name in (None, "张三", "张三丰", None):
        roster.write_text(f"学号,姓名\n{student if name else 1},{name}\n", encoding="utf-8")
        done = crm("grade", small, "--out", out, "--box", box, "--roster", roster)
        assert found == [] or "0 marked now, 2 kept" in done.output
        found.append([row(out, "perfect")[column] for column in ("name", "status", "total")])
    full = str(CHAPTER.marks)
    assert found == [
        ["", "not on the roster (graded)", full],
        ["张三", "graded", full],
        ["张三丰", "graded", full],
        ["", "not on the roster (graded)", full],
    ]
    roster.write_text(f"学号,姓名\n{student},张三\n", encoding="utf-8")
    crm("grade", small, "--out", out, "--box", box, "--roster", roster)
    crm("grade", small, "--out", out, "--box", box)
    assert row(out, "perfect")["name"] == "张三", "a call without a roster forgets no name"


def test_what_cannot_be_read_is_said_where_there_is_nothing_else(tmp_path: Path, crm: Any) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "work.rar").write_bytes(b"Rar!")
    done = crm("grade", folder, "--out", tmp_path / "out")
    assert (done.exit_code, "work.rar" in done.output, ".zip" in done.output) == (2, True, True)


def test_hidden_answers_of_a_form_in_the_zip_count_once(tmp_path: Path, crm: Any, box: str) -> None:
    """A bare notebook with forms that were clicked has no answers in it: unattempted, not wrong."""
    folder = tmp_path / "class"
    folder.mkdir()
    notebook = perfect(CHAPTER, "20268888")
    form = next(exercise for exercise in CHAPTER if exercise.own)
    for cell in notebook["cells"]:
        if cell["metadata"].get("crm", {}).get("exercise") == form.id and cell["metadata"]["crm"]["role"] == "answer":
            cell["source"] = "\n".join(f'{name} = form("{form.id}", "{name}")' for name in form.answer)
    (folder / "20268888.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    out = tmp_path / "out"
    crm("grade", folder, "--out", out, "--box", box)
    found = {entry["exercise"]: entry["outcome"] for entry in results(out)["20268888"]["exercises"]}
    assert found[form.id] == "unattempted"
    assert set(found.values()) == {"unattempted", "correct"}
