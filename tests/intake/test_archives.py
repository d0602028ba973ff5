"""Folders and archives: what platforms give, and what somebody could slip in."""

from __future__ import annotations

import io
import os
import shutil
import stat
import tracemalloc
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from crm_exercises.grading import archive as limits

from .build import CHAPTER, NOON, archive, hand_in, keys, notebook, packed, put, reasons, sidecar, taken

NOTEBOOK = packed(notebook())


def entry(name: str, content: bytes = NOTEBOOK, *, mode: int = 0, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive with one entry of this mode and a good notebook after it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as out:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        out.writestr(info, content, method)
        out.writestr("good/ch06_value.ipynb", NOTEBOOK)
    return stream.getvalue()


def patched(content: bytes, *, flags: int) -> bytes:
    """Return the archive with these flag bits set for its first entry, in both of its headers."""
    changed = bytearray(content)
    for start, offset in ((0, 6), (content.index(b"PK\x01\x02"), 8)):
        changed[start + offset] |= flags & 0xFF
        changed[start + offset + 1] |= flags >> 8
    return bytes(changed)


def unflagged(names: dict[str, bytes], encoding: str) -> bytes:
    """Return an archive whose names are in ``encoding`` without saying so, as Windows and macOS write them."""
    stand_in = {name.encode(encoding).decode("cp437"): content for name, content in names.items()}
    whole = archive(
        {f"{place:04}" + "x" * (len(name) - 4): content for place, (name, content) in enumerate(stand_in.items())}
    )
    for place, name in enumerate(stand_in):
        whole = whole.replace(f"{place:04}".encode() + b"x" * (len(name) - 4), name.encode("cp437"))
    return whole


# --- what arrives when all is well -------------------------------------------------------------------------------------


def test_a_folder_with_all_kinds_of_hand_ins(tmp_path: Path) -> None:
    put(tmp_path / "a.ipynb", packed(notebook("20230003")))
    put(tmp_path / "20230002-ch06_value.zip", hand_in("20230002"))
    put(tmp_path / "张三" / "deep" / "ch06_value.ipynb", NOTEBOOK)
    put(tmp_path / "张三" / "deep" / ".ipynb_checkpoints" / "ch06_value-checkpoint.ipynb", b"{")
    put(tmp_path / "张三" / ".DS_Store", b"x")
    put(tmp_path / "environment.json", b"{}")
    found = taken(tmp_path)
    assert [(each.student, each.status, each.source) for each in found.submissions] == [
        ("20230001", "ok", "张三/deep/ch06_value.ipynb"),
        ("20230002", "ok", "20230002-ch06_value.zip/ch06_value.ipynb"),
        ("20230003", "ok", "a.ipynb"),
    ]
    assert found.submissions[1].sidecar and not found.refused


def test_one_notebook_and_one_hand_in(tmp_path: Path) -> None:
    (alone,) = taken(put(tmp_path / "20230001_张三.ipynb", NOTEBOOK)).submissions
    assert (alone.status, alone.name_hint, alone.source) == ("ok", "20230001", "20230001_张三.ipynb")
    (packed_one,) = taken(put(tmp_path / "20230001-ch06_value.zip", hand_in())).submissions
    assert (packed_one.status, packed_one.name_hint) == ("ok", "20230001") and packed_one.sidecar


def test_moodle(tmp_path: Path) -> None:
    whole = archive(
        {
            "张三_12345_assignsubmission_file_/20230001-ch06_value.zip": hand_in(),
            "李四_1234567_assignsubmission_file_/ch06_value.ipynb": packed(notebook("20230002")),
            "王五_7654321_assignsubmission_file_ch06_value.ipynb": packed(notebook("20230003")),
            "王五_7654321_assignsubmission_file_ch06_value.answers.json": sidecar("20230003"),
        }
    )
    found = taken(put(tmp_path / "CRM-作业6-9912345.zip", whole))
    assert [(each.student, each.name_hint, each.status) for each in found.submissions] == [
        ("20230001", "20230001", "ok"),
        ("20230002", "", "ok"),
        ("20230003", "", "ok"),
    ]
    assert found.submissions[2].sidecar and not found.refused


def test_canvas(tmp_path: Path) -> None:
    whole = archive(
        {
            "zhangsan_10001_2000001_20230001-ch06_value.zip": hand_in(),
            "lisi_LATE_1000002_2000002_ch06_value-1.ipynb": packed(notebook("20230002")),
            "lisi_LATE_1000002_2000003_ch06_value.answers-1.json": sidecar("20230002"),
            "wangwu_1000003_2000004_ch06_value.answers.json": sidecar("20230002", value="forged"),
            "wangwu_1000003_2000005_ch06_value.ipynb": packed(notebook("20230003")),
            "wangwu_1000003_2000006_environment.json": b"{}",
        }
    )
    found = taken(put(tmp_path / "submissions.zip", whole))
    assert [(each.student, each.name_hint, each.status, keys(each.notes)) for each in found.submissions] == [
        ("20230001", "20230001", "ok", []),
        ("20230002", "", "ok", ["late"]),
        ("20230003", "", "ok", ["sidecar-other-student"]),
    ]
    assert b'"b"' in (found.submissions[1].sidecar or b"") and not found.refused


def test_blackboard(tmp_path: Path) -> None:
    name = "作业 6_20230001_attempt_2026-03-01-10-20-30_ch06_value.ipynb"
    (found,) = taken(put(tmp_path / "g.zip", archive({name: NOTEBOOK}))).submissions
    assert (found.name_hint, found.received) == ("20230001", datetime(2026, 3, 1, 10, 20, 30))


@pytest.mark.parametrize("folder", ["20230001-张三", "张三_20230001", "作业6/20230001张三(20230001)", "1班/20230001"])
def test_folders_named_after_students(tmp_path: Path, folder: str) -> None:
    (found,) = taken(put(tmp_path / "z.zip", archive({f"{folder}/ch06_value.ipynb": NOTEBOOK}))).submissions
    assert (found.status, found.name_hint) == ("ok", "20230001")


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
def test_chinese_names_that_do_not_say_their_encoding(tmp_path: Path, encoding: str) -> None:
    whole = unflagged({"学习通作业/张三-20230001/我的答案.ipynb": NOTEBOOK, "王喆镕/a.ipynb": NOTEBOOK}, encoding)
    found = taken(put(tmp_path / "z.zip", whole))
    assert {each.source for each in found.submissions} == {
        "z.zip/学习通作业/张三-20230001/我的答案.ipynb",
        "z.zip/王喆镕/a.ipynb",
    }


def test_western_names_are_not_taken_for_chinese(tmp_path: Path) -> None:
    whole = unflagged({"résumé señor/a.ipynb": NOTEBOOK}, "cp437")
    (found,) = taken(put(tmp_path / "z.zip", whole)).submissions
    assert found.source == "z.zip/résumé señor/a.ipynb"


def test_windows_separators(tmp_path: Path) -> None:
    found = taken(put(tmp_path / "z.zip", entry("20230007\\ch06_value.ipynb", packed(notebook("20230007")))))
    assert found.submissions[1].source == "z.zip/20230007/ch06_value.ipynb"


def test_what_systems_leave_behind_is_skipped(tmp_path: Path) -> None:
    whole = archive(
        dict.fromkeys(("__MACOSX/a/._b.ipynb", "a/.DS_Store", "Thumbs.db", "a/._c.ipynb", "a/desktop.ini"), b"x")
    )
    found = taken(put(tmp_path / "z.zip", whole))
    assert not found.submissions and not found.refused


def test_an_archive_named_like_a_notebook(tmp_path: Path) -> None:
    (found,) = taken(put(tmp_path / "a.ipynb", hand_in()).parent).submissions
    assert found.status == "ok" and found.source == "a.ipynb/ch06_value.ipynb"


def test_times(tmp_path: Path) -> None:
    outer = archive(
        {"a.zip": hand_in("1"), "b.ipynb": packed(notebook("2")), "c.zip": hand_in("3", at=datetime(1980, 1, 1))}
    )
    path = put(tmp_path / "z.zip", outer)
    assert {each.student: each.received for each in taken(path).submissions} == dict.fromkeys("123", NOON)
    loose = put(tmp_path / "x" / "a.ipynb", NOTEBOOK)
    os.utime(loose, (1_000_000_000, 1_000_000_000))
    assert taken(loose).submissions[0].received == datetime.fromtimestamp(1_000_000_000)


def test_a_time_that_is_none(tmp_path: Path) -> None:
    whole = bytearray(archive({"a.ipynb": NOTEBOOK}))
    place = whole.index(b"PK\x01\x02") + 12
    whole[place : place + 4] = b"\xff\xff\xff\xff"
    assert taken(put(tmp_path / "z.zip", bytes(whole))).submissions[0].status == "ok"


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../../evil.ipynb", "outside"),
        ("a/../../evil.ipynb", "outside"),
        ("..\\evil.ipynb", "outside"),
        ("/etc/evil.ipynb", "outside"),
        ("\\\\server\\evil.ipynb", "outside"),
        ("C:\\evil.ipynb", "outside"),
        ("x" * 300 + ".ipynb", "absurd-name"),
        ("x/" * 40 + "a.ipynb", "absurd-name"),
        ("x" * 200 + "/" + ("y" * 200 + "/") * 5 + "a.ipynb", "absurd-name"),
        (".", "absurd-name"),
        ("notes.docx", "other-file"),
        ("evil.ipynb\u202e.exe", "other-file"),
        ("a.rar", "packed"),
    ],
    ids=lambda value: value[:12].replace("\\", "_"),
)
def test_names_that_are_refused(tmp_path: Path, name: str, reason: str) -> None:
    found = taken(put(tmp_path / "z.zip", entry(name)))
    assert [each.source for each in found.submissions] == ["z.zip/good/ch06_value.ipynb"]
    assert list(reasons(found).values()) == [reason]
    assert not list(tmp_path.parent.rglob("evil*"))


@pytest.mark.parametrize(
    ("mode", "reason"),
    [(stat.S_IFLNK | 0o777, "symlink"), (stat.S_IFIFO, "special-file"), (stat.S_IFCHR, "special-file")],
)
def test_entries_that_are_no_files(tmp_path: Path, mode: int, reason: str) -> None:
    found = taken(put(tmp_path / "z.zip", entry("a.ipynb", b"/etc/passwd", mode=mode)))
    assert reasons(found) == {"z.zip/a.ipynb": reason} and len(found.submissions) == 1


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_without_a_limit(tmp_path: Path, method: int) -> None:
    found = taken(put(tmp_path / "z.zip", entry("a.ipynb", method=method)))
    assert reasons(found) == {"z.zip/a.ipynb": "compression"} and len(found.submissions) == 1


def test_a_password(tmp_path: Path) -> None:
    found = taken(put(tmp_path / "z.zip", patched(entry("a.ipynb"), flags=0x1)))
    assert reasons(found) == {"z.zip/a.ipynb": "encrypted"} and len(found.submissions) == 1


def test_a_damaged_entry(tmp_path: Path) -> None:
    whole = bytearray(entry("a.ipynb"))
    whole[60:70] = b"\0" * 10
    found = taken(put(tmp_path / "z.zip", bytes(whole)))
    assert reasons(found) == {"z.zip/a.ipynb": "zip-broken-entry"} and len(found.submissions) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "zip-broken"),
        (b"nonsense", "zip-broken"),
        (hand_in()[:-30], "zip-broken"),
        (b"Rar!\x1a\x07\x00rest", "packed"),
    ],
    ids=["empty", "nonsense", "truncated", "rar"],
)
def test_archives_that_are_none(tmp_path: Path, content: bytes, reason: str) -> None:
    put(tmp_path / "a.zip", content)
    put(tmp_path / "b.zip", archive({"inner.zip": content, "ch06_value.ipynb": NOTEBOOK}))
    found = taken(tmp_path)
    assert reasons(found) == {"a.zip": reason, "b.zip/inner.zip": reason} and len(found.submissions) == 1


def test_a_bomb_by_ratio(tmp_path: Path) -> None:
    found = taken(put(tmp_path / "z.zip", entry("a.ipynb", bytes(30 * 2**20))))
    assert reasons(found) == {"z.zip/a.ipynb": "zip-ratio"} and len(found.submissions) == 1


def test_a_bomb_by_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = archive({f"{place}.ipynb": NOTEBOOK for place in range(9)})
    size = len(inner) + 2 * len(NOTEBOOK) + 1
    monkeypatch.setattr(limits, "_hand_in", lambda: limits._Budget(entries=100, size=size))
    bomb = archive({"inner.zip": inner, "last.ipynb": b""})
    whole = archive({"bomb.zip": bomb, "good.zip": hand_in()})
    found = taken(put(tmp_path / "z.zip", whole))
    assert set(reasons(found).values()) == {"zip-size"} and len(found.refused) == 7
    assert "z.zip/good.zip/ch06_value.ipynb" in {each.source for each in found.submissions}


def test_a_bomb_by_count(tmp_path: Path) -> None:
    bomb = archive({f"{place}.ipynb": b"" for place in range(5_001)})
    tracemalloc.start()
    found = taken(put(tmp_path / "z.zip", archive({"bomb.zip": bomb, "good.zip": hand_in()})))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reasons(found) == {"z.zip/bomb.zip": "zip-entries"} and len(found.submissions) == 1
    assert peak < 4 * len(bomb)


def test_a_bomb_by_nesting(tmp_path: Path) -> None:
    whole = NOTEBOOK
    for place in range(30):
        whole = archive({f"{place}.zip" if place else "a.ipynb": whole})
    found = taken(put(tmp_path / "z.zip", whole))
    assert reasons(found) == {"z.zip/29.zip/28.zip/27.zip": "zip-nested"} and not found.submissions


def test_entries_above_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FILE_MAX", 1000)
    found = taken(put(tmp_path / "z.zip", archive({"20230001.ipynb": NOTEBOOK, "b.zip": os.urandom(2000)})))
    assert [(each.status, each.name_hint) for each in found.submissions] == [("too-large", "20230001")]
    assert reasons(found) == {"z.zip/b.zip": "zip-large"}


def test_a_size_that_lies(tmp_path: Path) -> None:
    whole = bytearray(entry("a.ipynb", bytes(5 * 2**20)))
    place = whole.index(b"PK\x01\x02") + 24
    whole[place : place + 4] = (10).to_bytes(4, "little")
    found = taken(put(tmp_path / "z.zip", bytes(whole)))
    assert reasons(found) == {"z.zip/a.ipynb": "zip-broken-entry"}


# --- folders -----------------------------------------------------------------------------------------------------------


def test_links_and_pipes_in_folders(tmp_path: Path) -> None:
    secret = put(tmp_path / "secret" / "a.ipynb", NOTEBOOK)
    folder = tmp_path / "hand-ins"
    put(folder / "good.ipynb", NOTEBOOK)
    (folder / "link.ipynb").symlink_to(secret)
    (folder / "around").symlink_to(folder)
    (folder / "gone.zip").symlink_to(tmp_path / "nowhere")
    os.mkfifo(folder / "pipe.ipynb")
    found = taken(folder)
    assert [each.source for each in found.submissions] == ["good.ipynb"]
    assert reasons(found) == {
        "around": "symlink",
        "gone.zip": "symlink",
        "link.ipynb": "symlink",
        "pipe.ipynb": "special-file",
    }


def test_folders_without_end(tmp_path: Path) -> None:
    put(tmp_path / "x" / Path(*["d"] * 40) / "a.ipynb", NOTEBOOK)
    assert list(reasons(taken(tmp_path)).values()) == ["absurd-name"]
    shutil.rmtree(tmp_path / "x")


def test_other_files_are_named(tmp_path: Path) -> None:
    put(tmp_path / "a.docx", b"x")
    put(tmp_path / "b.7z", b"x")
    assert reasons(taken(tmp_path)) == {"a.docx": "other-file", "b.7z": "packed"}
    assert reasons(taken(tmp_path / "a.docx")) == {"a.docx": "other-file"}


def test_names_that_would_break_a_report(tmp_path: Path) -> None:
    put(tmp_path / "a\nb\u202etxt.ipynb", NOTEBOOK)
    put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/c\xff.docx")), b"x")
    found = taken(tmp_path)
    assert found.submissions[0].source == "a\\u{a}b\\u{202e}txt.ipynb"
    assert list(reasons(found)) == ["c\\u{dcff}.docx"]


def test_nothing_is_written_and_the_order_does_not_depend_on_the_archive(tmp_path: Path) -> None:
    names = [f"{student}/{CHAPTER}.ipynb" for student in ("20230003", "20230001", "20230002")]
    first = put(tmp_path / "z.zip", archive({name: packed(notebook(name[:8])) for name in names}))
    found = taken(first)
    assert [each.student for each in found.submissions] == ["20230001", "20230002", "20230003"]
    put(first, archive({name: packed(notebook(name[:8])) for name in reversed(names)}))
    assert taken(first).submissions == found.submissions
    assert list(tmp_path.iterdir()) == [first]
