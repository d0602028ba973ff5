"""Whose it is: names against numbers, the roster, and who handed in twice."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from crm_exercises.core.errors import UsageError
from crm_exercises.grading.intake import read_roster
from crm_exercises.grading.naming import visible

from .build import CHAPTER, archive, hand_in, keys, notebook, only, packed, put, reasons, sidecar, taken

ROSTER = {"20230001": "张三", "20230002": "李四", "20230003": "王伟", "20230004": "王伟"}


# --- the number in the notebook against the name of the file ---------------------------------------------------------


def test_another_number_in_the_file_name(tmp_path: Path) -> None:
    found = only(tmp_path, notebook(), "20230002-ch06_value.ipynb", ROSTER)
    assert (found.status, found.student, found.name_hint) == ("number-mismatch", "20230001", "20230002")
    assert found.markable and keys(found.notes) == ["number-mismatch"]


def test_a_friend_s_hand_in_in_one_s_own_folder(tmp_path: Path) -> None:
    put(tmp_path / "李四_20230002" / "20230001-ch06_value.zip", hand_in())
    assert [each.status for each in taken(tmp_path).submissions] == ["number-mismatch"]
    assert taken(tmp_path, ROSTER).missing(CHAPTER) == ["20230003", "20230004"]


def test_the_folder_s_name_is_looked_up_on_the_roster(tmp_path: Path) -> None:
    put(tmp_path / "李四_12345_assignsubmission_file_" / "a.ipynb", packed(notebook("0")))
    put(tmp_path / "王伟_12346_assignsubmission_file_" / "a.ipynb", packed(notebook("0")))
    assert {each.name_hint for each in taken(tmp_path, ROSTER).submissions} == {"", "20230002"}


@pytest.mark.parametrize("name", ["20240301_ch06_value.ipynb", "ch06_value (2).ipynb", "作业202403011230.ipynb"])
def test_dates_and_counters_are_no_student_numbers(tmp_path: Path, name: str) -> None:
    found = only(tmp_path, notebook(), name)
    assert (found.status, found.name_hint) == ("ok", "")


def test_a_number_that_looks_like_a_date_is_still_one_s_own(tmp_path: Path) -> None:
    assert only(tmp_path, notebook("20230101"), "20230101.ipynb").name_hint == "20230101"


@pytest.mark.parametrize(
    ("listed", "folder"),
    [
        ("李四", "李 四_8_assignsubmission_file_"),
        ("李　四", "李四_8_assignsubmission_file_"),
        ("李四　", "1班-李四-作业"),
        ("Zoe Li", "Zoe Li_8_assignsubmission_file_"),
        ("José  Núñez", "Jose\u0301 Nu\u0301n\u0303ez_8_assignsubmission_file_"),
        ("买买提·艾力", "买买提•艾力_8_assignsubmission_file_"),
        ("ＺＯＥ　ＬＩ", "zoe li 8"),
    ],
)
def test_names_are_the_same_however_they_are_written(tmp_path: Path, listed: str, folder: str) -> None:
    roster = read_roster(put(tmp_path / "r.csv", f"学 号,姓 名\n20230001,张三\n20230002,{listed}\n".encode()))
    put(tmp_path / "class" / folder / "a.ipynb", packed(notebook("0")))
    assert [each.name_hint for each in taken(tmp_path / "class", roster).submissions] == ["20230002"]


# --- the roster -----------------------------------------------------------------------------------------------------


def test_nobody_the_roster_knows(tmp_path: Path) -> None:
    found = only(tmp_path, notebook("20239999"), roster=ROSTER)
    assert (found.status, keys(found.notes), found.markable) == ("not-on-roster", ["not-on-roster"], True)


@pytest.mark.parametrize(("listed", "typed"), [("123", "00123"), ("00123", "123")])
def test_zeros_that_a_spreadsheet_dropped_are_said(tmp_path: Path, listed: str, typed: str) -> None:
    found = only(tmp_path, notebook(typed), roster={listed: "张三"})
    assert (found.status, keys(found.notes)) == ("not-on-roster", ["not-on-roster", "roster-zeros"])
    assert found.notes[1].params == {"listed": listed}


def test_who_is_missing(tmp_path: Path) -> None:
    put(tmp_path / "a.ipynb", packed(notebook()))
    put(tmp_path / "20230002.ipynb", b"{")
    assert taken(tmp_path, ROSTER).missing(CHAPTER) == ["20230003", "20230004"]
    assert taken(tmp_path).missing(CHAPTER) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_encodings_of_a_roster(tmp_path: Path, encoding: str) -> None:
    text = "班级,学号,姓名\r\n1班,00123,张三\r\n\r\n1班,00124,李四\r\n"
    assert read_roster(put(tmp_path / "r.csv", text.encode(encoding))) == {"00123": "张三", "00124": "李四"}


@pytest.mark.parametrize(
    "text",
    [
        "00123,张三\n",
        "Student,Name\n00123,张三\n",
        "姓名\t学号\n张三\t00123\n",
        "学号;姓名\n００１２３;张三\n",
        '学号,姓名\n"=""00123""",张三\n',
        "学号,姓名\n'00123,张三\n",
        "学号,姓名\n00123.0,张三\n",
        "学 号,姓　名\n00123,张三　\n",
        "物流 2601 班名单,,\n\n序号,学号,姓名\n1,00123,张三\n",
    ],
)
def test_shapes_of_a_roster(tmp_path: Path, text: str) -> None:
    assert read_roster(put(tmp_path / "r.csv", text.encode())) == {"00123": "张三"}


def test_a_roster_of_numbers_alone(tmp_path: Path) -> None:
    assert read_roster(put(tmp_path / "r.csv", "学号\n1\n2\n".encode())) == {"1": "", "2": ""}


@pytest.mark.parametrize(
    ("content", "key", "line"),
    [
        (b"", "roster-empty", None),
        ("学号,姓名\n".encode(), "roster-empty", None),
        ("班级,姓名\n1,张三\n".encode(), "roster-no-column", None),
        ("学号,姓名\n1,张三\n2.023E+11,李四\n".encode(), "roster-number", 3),
        ("学号,姓名\n1,张三\n,李四\n".encode(), "roster-number", 3),
        ("学号,姓名\n1,张三\n\n1,李四\n".encode(), "roster-twice", 4),
        (b"PK\x03\x04\x00\x00\x00\x00", "roster-not-csv", None),
        (b"\xff\xff\xff", "roster-not-csv", None),
        (b'a,"' + b"x" * 200_000, "roster-not-csv", None),
    ],
)
def test_rosters_that_cannot_be_used(tmp_path: Path, content: bytes, key: str, line: int | None) -> None:
    with pytest.raises(UsageError) as caught:
        read_roster(put(tmp_path / "r.csv", content))
    assert (caught.value.key, caught.value.params.get("line")) == (f"intake.{key}", line)


def test_a_roster_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_roster(tmp_path / "r.csv")


# --- twice the same student ----------------------------------------------------------------------------------------------


def test_the_newer_of_two_counts(tmp_path: Path) -> None:
    put(tmp_path / "z.zip", archive({"new.ipynb": packed(notebook())}, at=datetime(2026, 3, 6)))
    put(tmp_path / "a.zip", archive({"old.ipynb": packed(notebook())}, at=datetime(2026, 3, 5)))
    old, new = taken(tmp_path).submissions
    assert (old.source, old.status, keys(old.notes)) == ("a.zip/old.ipynb", "duplicate", ["duplicate"])
    assert (new.source, new.status, keys(new.notes)) == ("z.zip/new.ipynb", "ok", ["counts-instead"])
    assert old.notes[0].params == {"counts": new.source} and not old.markable


@pytest.mark.parametrize("again", ["a-1.ipynb", "a (1).ipynb"])
def test_a_platform_s_second_upload_of_the_same_time(tmp_path: Path, again: str) -> None:
    put(tmp_path / "z.zip", archive({again: packed(notebook()), "a.ipynb": packed(notebook())}))
    counting = [each.source for each in taken(tmp_path).submissions if each.markable]
    assert counting == [f"z.zip/{again}"]


def test_what_cannot_be_marked_replaces_nothing(tmp_path: Path) -> None:
    empty = notebook()
    empty["cells"] = empty["cells"][:3]
    put(tmp_path / "new.zip", archive({"a.ipynb": packed(empty)}, at=datetime(2026, 3, 6)))
    put(tmp_path / "old.zip", archive({"a.ipynb": packed(notebook())}, at=datetime(2026, 3, 5)))
    assert [each.status for each in taken(tmp_path).submissions] == ["ok", "no-answer-cells"]


@pytest.mark.parametrize(("name", "instead"), [("20230001-later", "duplicate"), ("20230002", "number-taken")])
def test_a_notebook_without_answers_takes_nobody_s_place(tmp_path: Path, name: str, instead: str) -> None:
    put(tmp_path / "20230001.zip", archive({"a.ipynb": packed(notebook())}, at=datetime(2026, 3, 5)))
    empty = notebook()
    empty["cells"] = empty["cells"][:3]
    put(tmp_path / f"{name}.zip", archive({"a.ipynb": packed(empty)}, at=datetime(2026, 3, 6)))
    mine, blank = taken(tmp_path).submissions
    assert (mine.status, mine.counts) == ("ok", True)
    assert (blank.counts, keys(blank.notes)) == (False, ["no-answer-cells", instead])
    (tmp_path / "20230001.zip").unlink()
    assert [each.counts for each in taken(tmp_path).submissions] == [True]


def test_another_s_file_under_my_number_does_not_replace_mine(tmp_path: Path) -> None:
    put(tmp_path / "李四_20230002.zip", archive({"a.ipynb": packed(notebook())}, at=datetime(2026, 3, 6)))
    put(tmp_path / "张三_20230001.zip", archive({"a.ipynb": packed(notebook())}, at=datetime(2026, 3, 5)))
    mine, other = taken(tmp_path, ROSTER).submissions
    assert (mine.name_hint, mine.status) == ("20230001", "ok")
    assert keys(mine.notes) == ["number-also-claimed"]
    assert (other.name_hint, other.status, keys(other.notes)) == (
        "20230002",
        "number-taken",
        ["number-taken"],
    )
    assert other.notes[0].params == {"student": "20230001", "other": mine.source} and not other.markable


MOODLE = "{}_{}_assignsubmission_file_"


def claims(folder: Path, *names: str) -> None:
    """Put notebooks with one student number into these places, each newer than the one before."""
    for day, name in enumerate(names, 1):
        put(folder / f"{name}.zip", archive({"a.ipynb": packed(notebook())}, at=datetime(2026, 3, day)))


def settled(folder: Path, roster: dict[str, str] | None = None) -> dict[str, str]:
    return {each.source.split("_")[0]: each.status for each in taken(folder, roster).submissions}


def test_of_two_owners_the_one_whose_name_is_the_number_s_counts(tmp_path: Path) -> None:
    claims(
        tmp_path, MOODLE.format("张三", 7), MOODLE.format("李四", 8) + "20230001-ch06_value", MOODLE.format("Nobody", 9)
    )
    assert settled(tmp_path, ROSTER) == {"张三": "ok", "李四": "number-taken", "Nobody": "number-taken"}
    (mine,) = [each for each in taken(tmp_path, ROSTER).submissions if each.markable]
    assert keys(mine.notes) == ["number-also-claimed"] * 2


def test_of_two_owners_nobody_knows_neither_counts(tmp_path: Path) -> None:
    claims(tmp_path, MOODLE.format("张三", 7), MOODLE.format("李四", 8) + "20230001-ch06_value")
    for roster in (None, {"20230001": "张三丰"}):
        assert settled(tmp_path, roster) == {"张三": "number-contested", "李四": "number-contested"}
    one, other = taken(tmp_path).submissions
    assert (one.notes[0].params["other"], other.notes[0].params["other"]) == (other.source, one.source)
    assert taken(tmp_path, {"20230001": "张三丰"}).missing(CHAPTER) == []


def test_two_students_of_one_name_do_not_take_each_other_s_place(tmp_path: Path) -> None:
    for owner in (7, 8):
        put(tmp_path / MOODLE.format("王伟", owner) / "a.ipynb", packed(notebook("20230003")))
    assert {each.status for each in taken(tmp_path, ROSTER).submissions} == {"number-contested"}


def test_a_name_of_several_others_is_no_match(tmp_path: Path) -> None:
    put(tmp_path / MOODLE.format("王伟", 7) / "a.ipynb", packed(notebook()))
    (found,) = taken(tmp_path, ROSTER).submissions
    assert (found.status, found.name_hint) == ("number-mismatch", "20230003 / 20230004")


@pytest.mark.parametrize("roster", [None, ROSTER])
def test_one_owner_twice_is_no_quarrel(tmp_path: Path, roster: dict[str, str] | None) -> None:
    claims(tmp_path, "1/" + MOODLE.format("张三", 7), "2/" + MOODLE.format("张三", 8))
    assert [each.status for each in taken(tmp_path, roster).submissions] == ["duplicate", "ok"]


def test_two_others_under_a_third_s_number(tmp_path: Path) -> None:
    claims(tmp_path, "李四_20230002", "王伟_20230003")
    assert set(settled(tmp_path, ROSTER).values()) == {"number-contested"}


def test_saved_answers_named_after_another_are_not_taken(tmp_path: Path) -> None:
    for student in ("20230001", "20230002"):
        put(tmp_path / f"{student}-ch06_value.ipynb", packed(notebook(student)))
    put(tmp_path / "20230002-ch06_value.answers.json", sidecar("20230001", value="forged"))
    for roster in (None, ROSTER):
        found = taken(tmp_path, roster)
        assert [each.sidecar for each in found.submissions] == [None, None]
        assert reasons(found) == {"20230002-ch06_value.answers.json": "sidecar-misnamed"}
    put(tmp_path / "20230001-ch06_value.answers.json", sidecar("20230001", value="mine"))
    mine = taken(tmp_path).submissions[0]
    assert b"mine" in (mine.sidecar or b"") and not mine.notes


def test_two_chapters_of_one_student_are_no_duplicates(tmp_path: Path) -> None:
    other = notebook(metadata={"crm": {"chapter": "ch06", "lang": "en"}})
    other["cells"][3]["metadata"]["crm"]["exercise"] = "other"
    put(tmp_path / "a.ipynb", packed(other))
    put(tmp_path / "b.ipynb", packed(notebook()))
    assert [(each.chapter, each.lang, each.status) for each in taken(tmp_path).submissions] == [
        ("ch06", "en", "ok"),
        ("ch06_value", "zh", "ok"),
    ]


def test_text_of_a_stranger_is_shown_safely() -> None:
    assert (
        visible("a\r\n\tb\x1b[31m\u2066c\u2028\ud800") == "a\\u{d}\\u{a}\\u{9}b\\u{1b}[31m\\u{2066}c\\u{2028}\\u{d800}"
    )
    assert len(visible("x" * 10_000)) == 300
