"""What one person handed in counts for one student in each chapter, and what a teacher gave counts whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pytest

from .build import CHAPTER, archive, keys, notebook, packed, put, reasons, taken

MOODLE = "张三_12345_assignsubmission_file_"
ROSTER = {"20230001": "张三", "20230002": "李四"}
MADE_UP = [f"9{number:04}" for number in range(6)]
OWN = "20230001"


def work(*numbers: str, name: str = "{}.ipynb") -> dict[str, bytes]:
    """Return a notebook under each of these student numbers, called ``name``."""
    return {name.format(number): packed(notebook(number)) for number in numbers}


def laid_out(folder: Path, files: Iterable[tuple[str, bytes]]) -> Path:
    for name, content in files:
        put(folder / name, content)
    return folder


STUFFED = work(*MADE_UP, OWN)
CANVAS = {
    f"zhangsan_10001_{2000001 + place}_{name}": content
    for place, (name, content) in enumerate(work(*MADE_UP, OWN).items())
}
ONE_PERSON_S: dict[str, dict[str, bytes]] = {
    "an owner's folder, Moodle": {f"{MOODLE}/{name}": content for name, content in STUFFED.items()},
    "an owner's folders within": {f"{MOODLE}/{name[:5]}/{name}": content for name, content in STUFFED.items()},
    "an owner's files, Canvas": CANVAS,
    "an owner's archive, Canvas": {"zhangsan_10001_2000001_ch06.zip": archive(STUFFED)},
    "an owner's archives": {f"{MOODLE}/{name}.zip": archive({name: content}) for name, content in STUFFED.items()},
    "an archive": {"homework.zip": archive(STUFFED)},
    "an archive called a notebook": {"homework.ipynb": archive(STUFFED)},
    "an archive in an archive": {"homework.zip": archive({"1.zip": archive(work(*MADE_UP)), "2.zip": archive(work(OWN))})},
    "an archive that looks like a platform's": {
        "homework.zip": archive(
            {f"{number}_{number}_assignsubmission_file_/a.ipynb": packed(notebook(number)) for number in (*MADE_UP, OWN)}
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("way", ONE_PERSON_S)
@pytest.mark.parametrize("whole", [False, True], ids=["folder", "archive"])
def test_one_person_s_notebooks_count_for_one_number(tmp_path: Path, way: str, whole: bool) -> None:
    files = ONE_PERSON_S[way] | work("20230002", name="李四-{}.ipynb")
    given = put(tmp_path / "z.zip", archive(files)) if whole else laid_out(tmp_path / "class", files.items())
    found = taken(given, ROSTER)
    assert [(each.student, each.counts) for each in found.submissions] == [(OWN, True), ("20230002", True)]
    assert [each.params["number"] for each in (entry.reason for entry in found.refused)] == MADE_UP
    assert set(reasons(found).values()) == {"surplus"}
    (note,) = [each for each in found.submissions[0].notes if each.key == "intake.surplus-beside"]
    assert note.params["count"] == str(len(MADE_UP)) and not found.submissions[1].notes


def test_a_student_s_folder_is_known_by_the_roster(tmp_path: Path) -> None:
    for folder in ("张三", "1班/20230001-张三", "作业6/20230001"):
        given = put(tmp_path / "z.zip", archive({f"{folder}/{name}": content for name, content in STUFFED.items()}))
        assert [each.student for each in taken(given, ROSTER).submissions] == [OWN]


FORTY = [f"2023{number:04}" for number in range(1, 41)]


@pytest.mark.parametrize(
    "files",
    [
        work(*FORTY),
        work(*FORTY, name="20232601班/{}.ipynb"),
        work(*FORTY, name="作业6-9912345/{}/ch06_value.ipynb"),
        work(*FORTY, name="学生{0}_{0}_assignsubmission_file_/ch06_value.ipynb"),
        {f"{number}.zip": archive(work(number)) for number in FORTY},
    ],
    ids=["flat", "a folder of the class", "a folder each", "Moodle", "an archive each"],
)
@pytest.mark.parametrize("name", ["", "z.zip", "class1-ch06_value.zip", "CRM-作业6-9912345.zip"])
@pytest.mark.parametrize("roster", [None, ROSTER | dict.fromkeys(FORTY, "")], ids=["", "roster"])
def test_a_class_is_marked_whole(
    tmp_path: Path, files: dict[str, bytes], name: str, roster: dict[str, str] | None
) -> None:
    given = put(tmp_path / name, archive(files)) if name else laid_out(tmp_path / "class", files.items())
    found = taken(given, roster)
    assert [each.student for each in found.submissions if each.counts] == FORTY and not found.refused


def test_which_number_counts(tmp_path: Path) -> None:
    """The one that the names say, else one of the roster, else the newest; and all notebooks under it are weighed as ever."""

    def sent(number: str, at: datetime) -> bytes:
        return archive(work(number, name="a.ipynb"), at=at)

    old, new = datetime(2026, 3, 5), datetime(2026, 3, 6)
    named = archive({"a.zip": sent(OWN, old), "b.zip": sent("90001", new)})
    put(tmp_path / "named" / f"{OWN}.zip", named)
    put(tmp_path / "nameless" / "x.zip", named)
    for folder, roster, number in (("named", None, OWN), ("nameless", ROSTER, OWN), ("nameless", None, "90001")):
        assert [each.student for each in taken(tmp_path / folder, roster).submissions] == [number]
    again = archive({"c.zip": sent(OWN, new), "d.zip": named})
    put(tmp_path / "again" / f"{OWN}.zip", again)
    assert [each.status for each in taken(tmp_path / "again").submissions] == ["duplicate", "ok"]


def test_a_notebook_of_each_chapter_counts(tmp_path: Path) -> None:
    other = notebook("90001", metadata={"crm": {"chapter": "ch06", "lang": "en"}})
    put(tmp_path / "homework.zip", archive(STUFFED | {"other.ipynb": packed(other)}))
    assert {(each.chapter, each.student) for each in taken(tmp_path, ROSTER).submissions} == {
        (CHAPTER, OWN),
        ("ch06", "90001"),
    }


def test_notebooks_without_answers_are_no_way_around(tmp_path: Path) -> None:
    blanks = {f"{number}.ipynb": notebook(number) for number in MADE_UP}
    for blank in blanks.values():
        blank["cells"] = blank["cells"][:3]
    put(tmp_path / "homework.zip", archive({name: packed(blank) for name, blank in blanks.items()} | work(OWN)))
    assert [each.student for each in taken(tmp_path, ROSTER).submissions] == [OWN]


def test_who_is_refused_is_missing_and_has_the_reason(tmp_path: Path) -> None:
    put(tmp_path / "from-the-monitor.zip", archive(work("20230001") | work("20230002", name="李四.ipynb")))
    found = taken(tmp_path, ROSTER)
    (first,) = [each for each in found.submissions if each.counts]
    (missing,) = found.missing(CHAPTER)
    assert {first.student, missing} == set(ROSTER)
    assert keys(tuple(entry.reason for entry in found.turned_away[missing])) == ["surplus"]
