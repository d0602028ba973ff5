"""One notebook, broken in one way."""

from __future__ import annotations

import codecs
import json
import time
import tracemalloc
from pathlib import Path

import pytest

from crm_exercises.core.errors import UsageError
from crm_exercises.grading import notebook as reader
from crm_exercises.grading.notebook import SOURCE_MAX, without_outputs

from .build import CHAPTER, answer, bare, cell, check, keys, notebook, only, packed, put, reasons, sidecar, taken

WHOLE = {"abc": "# exercise: abc\nabc = 1", "rfm": "# exercise: rfm\nrfm = 2"}


def test_a_complete_notebook(tmp_path: Path) -> None:
    found = only(tmp_path, notebook())
    assert (found.status, found.student, found.chapter, found.lang) == ("ok", "20230001", CHAPTER, "zh")
    assert found.cells == WHOLE
    assert found.notes == () and found.markable and len(found.digest) == 64


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        taken(tmp_path / "nothing")


# --- the file ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", "empty"),
        (b" \n\xef\xbb\xbf\n", "empty"),
        (packed(notebook(cells=[])), "empty"),
        (packed(notebook(cells=[cell(" \n")])), "empty"),
        (b"[1, 2]", "not-a-notebook"),
        (b"\x89PNG\r\n\x1a\n", "not-a-notebook"),
        (b"<!DOCTYPE html><html></html>", "not-a-notebook"),
        (b'{"a": 1}', "not-a-notebook"),
        (b'{"cells": {"a": 1}}', "not-a-notebook"),
        (b"{", "broken-json"),
        (b'{"cells": [}', "broken-json"),
        (b'{"cells": ["' + b'\\"' * 1_000_000, "broken-json"),
        (b'{"cells": [{"outputs": [' + b"1," * 1_000_000, "broken-json"),
        (b'{"cells": [{"cell_type": ' + b"9" * 6000 + b"}]}", "broken-json"),
        (packed(notebook())[:-40], "broken-json"),
        (
            packed(notebook(metadata={"deep": 1})).replace(b"1}", b"[" * 100_000 + b"]" * 100_000 + b"}", 1),
            "broken-json",
        ),
        (packed(notebook(cells=[cell("x" * (SOURCE_MAX + 1))])), "too-large"),
        (packed(notebook(cells=[{}] * 10_001)), "too-large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_without_cells(tmp_path: Path, content: bytes, status: str) -> None:
    found = only(tmp_path, content, "20230007-ch06_value.ipynb")
    assert (found.status, found.student, found.name_hint, found.chapter) == (status, "", "20230007", CHAPTER)
    assert keys(found.notes)[0] == status


def test_deeply_nested_outputs_do_no_harm(tmp_path: Path) -> None:
    content = packed(notebook()).replace(b'"outputs": []', b'"outputs": [' + b"[" * 50_000 + b"]" * 50_000 + b"]")
    assert only(tmp_path, content).cells == WHOLE


def test_outputs_of_brackets_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "TOKENS_MAX", 1000)
    content = packed(notebook()).replace(b'"outputs": []', b'"outputs": [' + b"[]," * 1000 + b"1]")
    assert only(tmp_path, content).status == "too-large"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    whole = notebook()
    whole["cells"][3]["source"] += "  # 客户的占比"
    found = only(tmp_path, json.dumps(whole, ensure_ascii=False).encode(encoding))
    assert found.status == "ok" and found.cells["abc"].endswith("# 客户的占比") and not found.notes


def test_two_byte_order_marks(tmp_path: Path) -> None:
    assert only(tmp_path, codecs.BOM_UTF8 * 2 + packed(notebook())).status == "ok"


def test_a_damaged_byte_in_chinese_text(tmp_path: Path) -> None:
    content = packed(notebook()).replace("第".encode(), b"\xe7\xac")
    found = only(tmp_path, content)
    assert found.status == "ok" and found.cells == WHOLE and keys(found.notes) == ["damaged-text"]


def test_a_lone_surrogate_in_a_source(tmp_path: Path) -> None:
    found = only(tmp_path, packed(notebook()).replace(b"abc = 1", b"abc = '\\ud800'"))
    assert found.cells["abc"] == "# exercise: abc\nabc = '?'"


def test_nan_and_doubled_keys(tmp_path: Path) -> None:
    content = packed(notebook()).replace(b'"nbformat": 4', b'"x": NaN, "y": -Infinity, "cells": [], "nbformat": 4', 1)
    assert only(tmp_path, content).cells == WHOLE


def test_raw_line_breaks_in_strings(tmp_path: Path) -> None:
    assert only(tmp_path, packed(notebook()).replace(rb"\n", b"\n")).cells == WHOLE


def test_sources_as_lists_with_rubbish_and_windows_lines(tmp_path: Path) -> None:
    whole = notebook()
    whole["cells"][3]["source"] = ["# exercise: abc\r\n", None, 3, "abc = 1"]
    whole["cells"] += [None, "text", 7, {"cell_type": "code"}, {"source": {"a": 1}, "metadata": []}]
    assert only(tmp_path, whole).cells == WHOLE


def test_metadata_of_other_shapes(tmp_path: Path) -> None:
    whole = notebook(metadata=[1, 2])
    whole["cells"][3]["metadata"] = {"crm": {"exercise": ["abc"], "role": "answer"}, "tags": "parameters"}
    whole["cells"][5]["metadata"] = "none"
    assert only(tmp_path, whole).cells == WHOLE


def test_format_3(tmp_path: Path) -> None:
    old = [
        {"cell_type": item["cell_type"], "metadata": item["metadata"], "input": item["source"]}
        for item in notebook()["cells"]
    ]
    whole = {"nbformat": 3, "nbformat_minor": 0, "metadata": notebook()["metadata"], "worksheets": [{"cells": old}, 3]}
    assert only(tmp_path, whole).cells == WHOLE


@pytest.mark.parametrize("name", ["a.ipynb.txt", "a.ipynb.json", "A.IPYNB", "a (1).ipynb", "a.ipynb (2).txt"])
def test_names_that_browsers_give(tmp_path: Path, name: str) -> None:
    assert only(tmp_path, notebook(), name).status == "ok"


def test_a_notebook_above_the_limit(tmp_path: Path) -> None:
    with (tmp_path / "20230001-ch06_value.ipynb").open("wb") as file:
        file.truncate(201 * 2**20)  # sparse: it takes no room
    (found,) = taken(tmp_path).submissions
    assert (found.status, found.name_hint) == ("too-large", "20230001")


def test_twenty_megabytes_of_outputs_cost_little_time_and_memory(tmp_path: Path) -> None:
    size = 20 * 2**20
    noisy = {"output_type": "stream", "name": "stdout", "text": ['a line of "output" 客户\n'] * (size // 30)}
    whole = notebook()
    whole["cells"][3]["outputs"] = [noisy]
    whole["metadata"]["widgets"] = {"state": {str(number): {"x": [1]} for number in range(10_000)}}
    put(tmp_path / "a.ipynb", packed(whole))
    start = time.perf_counter()
    (found,) = taken(tmp_path).submissions
    seconds = time.perf_counter() - start
    tracemalloc.start()
    assert taken(tmp_path).submissions == (found,)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.cells == WHOLE
    assert seconds < 5 and peak < 1.5 * (tmp_path / "a.ipynb").stat().st_size


def test_outputs_are_cut_only_where_they_are_outputs() -> None:
    tricky = {"source": '"outputs": [1] "', "outputs": [{"outputs": ["]"]}], "x": "outputs", "attachments": {}, "n": 1}
    assert json.loads(without_outputs(json.dumps(tricky).encode())) == tricky | {"outputs": None, "attachments": None}


# --- the student number ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "student"),
    [
        ("student = 20230001", "20230001"),
        ("student = ' 20230001 '", "20230001"),
        ("student = '２０２３０００１'", "20230001"),
        ("student: str = 'u2023_01-a'", "u2023_01-a"),
        ("a = student = '7'", "7"),
        ("student = '0'\nstudent = '20230001'", "20230001"),
        ("student = 020230001  # mine", "020230001"),
        ("student = “20230001”", "20230001"),
        ("student = ２０２３０００１", "20230001"),
        ("student = '20230001  # mine", "20230001"),
    ],
)
def test_spellings_of_a_student_number(tmp_path: Path, first: str, student: str) -> None:
    found = only(tmp_path, notebook(first=first))
    assert (found.status, found.student) == ("ok", student)


@pytest.mark.parametrize(
    "first",
    [
        "student = '0'",
        "student = 0",
        "student = '  '",
        "student = ''",
        "",
        "x = 1",
        "student = input()",
        "student = True",
        "student = 2.5",
        "student = f'{__import__(\"os\")}'",
        "student = (",
        "student += '20230001'",
        "student = x = (lambda: '1')()",
        "student = '''\n",
        "student = '\0'",
        "student = " + "-" * 5000 + "1",
        "student = " + "(" * 5000,
    ],
)
def test_no_student_number(tmp_path: Path, first: str) -> None:
    found = only(tmp_path, notebook(first=first), "20230009-ch06_value.ipynb")
    assert (found.status, found.student, found.name_hint) == ("no-student-number", "", "20230009")
    assert found.cells == WHOLE


@pytest.mark.parametrize("typed", ["../../etc", "a/b", "张三", "2023 0001", "-rf", "1" * 33, "2,023", "=1+1", "a\\nb"])
def test_student_numbers_that_could_be_no_file_name(tmp_path: Path, typed: str) -> None:
    found = only(tmp_path, notebook(typed))
    assert (found.status, found.student) == ("no-student-number", "")
    assert keys(found.notes) == ["no-student-number", "number-unusable"]


def test_invisible_characters_in_a_student_number(tmp_path: Path) -> None:
    found = only(tmp_path, notebook("2023\u200b00\u202e01\ufeff"))
    assert (found.status, found.student, keys(found.notes)) == ("ok", "20230001", ["number-hidden-characters"])


def test_the_number_in_a_cell_of_its_own(tmp_path: Path) -> None:
    whole = notebook("0")
    whole["cells"].insert(2, cell("student = '20230001'"))
    assert only(tmp_path, whole).student == "20230001"


def test_a_student_number_in_an_answer_does_not_count(tmp_path: Path) -> None:
    whole = notebook("0")
    whole["cells"][3] = answer("abc", "student = '20230001'")
    assert only(tmp_path, whole).status == "no-student-number"


# --- chapter and answers -------------------------------------------------------------------------------------------


def test_lost_metadata_and_ids_leave_the_markers(tmp_path: Path) -> None:
    found = only(tmp_path, bare(notebook(), markers=True))
    assert (found.status, found.chapter, found.lang, found.cells) == ("ok", CHAPTER, "zh", WHOLE)


def test_lost_markers_too_leave_the_place_before_the_check(tmp_path: Path) -> None:
    found = only(tmp_path, bare(notebook()))
    assert (found.status, found.cells) == ("ok", {"abc": "abc = 1", "rfm": "rfm = 2"})


def test_lost_answer_before_its_check_is_not_made_up(tmp_path: Path) -> None:
    whole = bare(notebook())
    whole["cells"] = [item for item in whole["cells"] if item["source"] != "abc = 1"]
    found = only(tmp_path, whole)
    assert found.cells == {"rfm": "rfm = 2"} and keys(found.notes) == ["missing-cell"]


def test_an_id_alone_is_enough(tmp_path: Path) -> None:
    whole = notebook()
    whole["cells"][3] |= {"metadata": {}, "source": "abc = 1"}
    assert only(tmp_path, whole).cells["abc"] == "abc = 1"


def test_lost_metadata_and_begin_leave_the_file_name(tmp_path: Path) -> None:
    whole = notebook(metadata={})
    del whole["cells"][2]
    assert only(tmp_path, whole, "my ch06_value.ipynb").chapter == CHAPTER


@pytest.mark.parametrize("chapter", ["ch99", "../ch06", ["ch06_value"], "\u202e"])
def test_an_unknown_chapter(tmp_path: Path, chapter: object) -> None:
    whole = notebook(metadata={"crm": {"chapter": chapter}})
    del whole["cells"][2]
    found = only(tmp_path, whole)
    assert (found.status, found.chapter) == ("no-chapter", "")
    assert "\u202e" not in str(found.notes[0].params)


def test_all_answer_cells_deleted(tmp_path: Path) -> None:
    whole = notebook()
    whole["cells"] = whole["cells"][:3]
    found = only(tmp_path, whole)
    assert (found.status, keys(found.notes)) == ("no-answer-cells", ["no-answer-cells"])


def test_one_answer_cell_deleted(tmp_path: Path) -> None:
    whole = notebook()
    del whole["cells"][3:5]
    found = only(tmp_path, whole)
    assert found.status == "ok" and [(note.key, note.params) for note in found.notes] == [
        ("intake.missing-cell", {"exercise": "abc"})
    ]


def test_a_copied_answer_cell(tmp_path: Path) -> None:
    whole = notebook()
    whole["cells"].insert(5, answer("abc", "abc = 3"))
    found = only(tmp_path, whole)
    assert found.cells["abc"] == "# exercise: abc\nabc = 1\n# exercise: abc\nabc = 3"
    assert keys(found.notes) == ["answer-twice"]


def test_an_answer_cell_turned_into_text(tmp_path: Path) -> None:
    whole = notebook()
    whole["cells"][3]["cell_type"] = "markdown"
    found = only(tmp_path, whole)
    assert found.cells == WHOLE and keys(found.notes) == ["answer-not-code"]


def test_an_answer_to_no_exercise(tmp_path: Path) -> None:
    whole = notebook()
    whole["cells"].append(answer("made-up", "x = 1"))
    found = only(tmp_path, whole)
    assert found.cells == WHOLE and keys(found.notes) == ["unknown-exercises"]


def test_an_endless_answer(tmp_path: Path) -> None:
    whole = notebook()
    whole["cells"][3] = answer("abc", "#" * 200_000)
    found = only(tmp_path, whole)
    assert list(found.cells) == ["rfm"] and keys(found.notes) == ["answer-too-long"]


def test_a_check_typed_into_the_answer(tmp_path: Path) -> None:
    whole = notebook()
    whole["cells"][3] = answer("abc", 'abc = 1\ncheck("abc")')
    assert list(only(tmp_path, whole).cells) == ["abc", "rfm"]


def test_colab_leaves_its_own_traces(tmp_path: Path) -> None:
    whole = bare(notebook(), markers=True)
    whole["metadata"] = {"colab": {"provenance": []}, "kernelspec": {"name": "python3"}}
    for item in whole["cells"]:
        item["metadata"] = {"id": "Xy_z", "colab": {"base_uri": "https://localhost/"}}
        del item["id"]
    whole["cells"].insert(3, check("abc") | {"metadata": {}})
    assert only(tmp_path, whole).cells == WHOLE


@pytest.mark.parametrize(
    "source",
    ["\n" * 500_000, " " * 500_000, "# exercise" + " " * 500_000, 'check("' * 100_000, "student = (\n" * 700],
    ids=["lines", "blanks", "marker", "checks", "numbers"],
)
def test_sources_made_to_be_slow(tmp_path: Path, source: str) -> None:
    whole = notebook()
    whole["cells"] += [cell(source)] * 5
    start = time.perf_counter()
    assert only(tmp_path, whole).cells == WHOLE
    assert time.perf_counter() - start < 5


# --- saved answers and digest ------------------------------------------------------------------------------------------


def test_answers_saved_beside_the_notebook(tmp_path: Path) -> None:
    put(tmp_path / "ch06_value.answers.json", b"\xef\xbb\xbf" + sidecar())
    found = only(tmp_path, notebook())
    assert json.loads(found.sidecar or b"") == json.loads(sidecar()) and not found.notes


def test_the_file_of_the_student_s_folder_itself(tmp_path: Path) -> None:
    parts = {"20230001": {"answers": {"rfm": {"rfm": "b"}}, "progress": {"rfm": {"tries": 3}}}, "0": {"answers": {}}}
    put(tmp_path / "ch06_value.answers.json", json.dumps({"chapter": CHAPTER, "students": parts}).encode())
    assert json.loads(only(tmp_path, notebook()).sidecar or b"") == json.loads(sidecar())


def test_answers_saved_before_there_was_a_number(tmp_path: Path) -> None:
    put(tmp_path / "ch06_value.answers.json", sidecar("0"))
    assert json.loads(only(tmp_path, notebook()).sidecar or b"")["answers"] == {"rfm": {"rfm": "b"}}


def test_answers_of_another_student(tmp_path: Path) -> None:
    put(tmp_path / "ch06_value.answers.json", sidecar("20230002"))
    found = only(tmp_path, notebook())
    assert found.sidecar is None and keys(found.notes) == ["sidecar-other-student"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"chapter": "ch06_value"}',
        b'{"chapter": "ch06_value", "answers": {"rfm": 3}}',
        b'{"chapter": "ch06_value", "answers": {"rfm": {"rfm": NaN}}}',
        b'{"chapter": "ch06_value", "answers": {"rfm": {"rfm": "\\ud800"}}}',
        b'{"chapter": "ch06_value", "answers": {"rfm": {"rfm": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}}",
        b'{"chapter": "ch06_value", "answers": {"rfm": {"rfm": "' + b"x" * 2**20 + b'"}}}',
    ],
)
def test_unreadable_saved_answers(tmp_path: Path, content: bytes) -> None:
    put(tmp_path / "ch06_value.answers.json", content)
    found = only(tmp_path, notebook())
    assert (found.status, found.sidecar, keys(found.notes)) == ("ok", None, ["sidecar-unreadable"])
    assert reasons(taken(tmp_path)) == {"ch06_value.answers.json": "sidecar-unreadable"}


def test_saved_answers_without_a_notebook(tmp_path: Path) -> None:
    put(tmp_path / "a" / "ch06_value.answers.json", sidecar())
    put(tmp_path / "b" / "ch06_value.ipynb", packed(notebook()))
    assert reasons(taken(tmp_path)) == {"a/ch06_value.answers.json": "sidecar-unused"}


def test_one_student_s_file_cannot_replace_another_s_answers(tmp_path: Path) -> None:
    for student in ("20230001", "20230002"):
        put(tmp_path / f"{student}.ipynb", packed(notebook(student)))
    put(tmp_path / "a.answers.json", sidecar("20230001"))
    put(tmp_path / "b.answers.json", sidecar("20230002", value="good"))
    put(tmp_path / "c.answers.json", sidecar("20230002", value="forged"))
    first, second = taken(tmp_path).submissions
    assert first.sidecar and not first.notes
    assert second.sidecar is None and keys(second.notes) == ["sidecar-ambiguous"]


def test_the_digest_depends_on_what_is_marked_and_on_nothing_else(tmp_path: Path) -> None:
    def digest(folder: str, whole: dict[str, object], saved: bytes = b"") -> str:
        if saved:
            put(tmp_path / folder / "ch06_value.answers.json", saved)
        return only(tmp_path / folder, whole).digest

    other = notebook()
    other["cells"][3] = answer("abc", "abc = 9")
    noisy = notebook(metadata=notebook()["metadata"] | {"widgets": {"a": 1}})
    plain = digest("a", notebook())
    assert plain == digest("b", noisy)
    assert len({plain, digest("c", other), digest("d", notebook("7")), digest("e", notebook(), sidecar())}) == 4
