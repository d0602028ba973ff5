"""The filing widget without a browser: what a click saves, what is restored, what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crm_exercises.authoring.source import read_source
from crm_exercises.core.errors import UsageError
from crm_exercises.core.paths import ROOT
from crm_exercises.learning import filing, notebook
from crm_exercises.learning.filing import Tray, sort_into
from crm_exercises.learning.session import Session

CHAPTER = read_source(ROOT / "course" / "ch03_archive.md").chapter
PAPERS = {f"D{number}": f"文件 {number}" for number in range(1, 6)}
FOLDERS = {"1": "基础资料", "2": "合同"}


@pytest.fixture
def now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.chdir(tmp_path)
    made = Session(CHAPTER, "zh", "7", {})
    monkeypatch.setattr(notebook, "_current", made)
    return made


def tray(now: Session) -> Tray:
    return Tray(now, "five-by-hand", "filing", PAPERS, FOLDERS)


def test_filing_saves_at_every_click_and_sets_the_name(now: Session) -> None:
    mine = tray(now)
    mine.tray.value = ("D1", "D3")
    mine.buttons["2"].click()
    assert now.names["filing"] == {"D1": "2", "D3": "2"}
    assert [key for _, key in mine.tray.options] == ["D2", "D4", "D5"]
    assert mine.buttons["2"].description == "合同 (2)"
    assert "已归 2 / 5 件 · 已保存" in mine.state.value
    saved = json.loads(Path("ch03_archive.answers.json").read_text(encoding="utf-8"))
    assert saved["students"]["7"]["answers"] == {"five-by-hand": {"filing": {"D1": "2", "D3": "2"}}}


def test_what_was_filed_is_there_again(now: Session) -> None:
    first = tray(now)
    first.tray.value = ("D2",)
    first.file("1")
    again = tray(now)
    assert again.answer == {"D2": "1"}
    assert sort_into("five-by-hand", PAPERS, FOLDERS) == {"D2": "1"}
    again.take_out(["D2"])
    assert again.answer is ...
    assert tray(now).answer is ...


def test_what_a_check_speaks_of_stands_in_the_lists(now: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Tray] = []
    monkeypatch.setattr(filing, "Tray", lambda *given: shown.append(Tray(*given)) or shown[0])
    sort_into(
        "five-by-hand", {"a": "A lost card", "D2": "D2 · a bill"}, {"family": "家庭情况", "other": "Other reference"}
    )
    assert [text for text, _ in shown[0].tray.options] == ["a · A lost card", "D2 · a bill"]
    assert shown[0].folders == {"family": "family · 家庭情况", "other": "Other reference"}


def test_items_of_another_tray_are_not_restored(now: Session) -> None:
    now.sidecar.save("five-by-hand", "filing", {"D1": "1", "D99": "1", "D2": "9", "D3": ["1"]})
    assert tray(now).answer == {"D1": "1"}
    now.sidecar.save("five-by-hand", "filing", "nonsense")
    assert tray(now).answer is ...


def test_a_click_without_a_choice_says_what_to_do(now: Session) -> None:
    mine = tray(now)
    mine.buttons["1"].click()
    assert "先在上面选" in mine.state.value
    assert "filing" not in now.names


def test_the_last_folder_is_opened_and_gives_back(now: Session) -> None:
    mine = tray(now)
    mine.tray.value = ("D1", "D2")
    mine.file("2")
    assert [key for _, key in mine.inside.options] == ["D1", "D2"]
    mine.inside.value = ("D1",)
    mine.back.click()
    assert mine.answer == {"D2": "2"}


def test_an_answer_that_cannot_be_saved_is_said_and_kept(now: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(now.sidecar, "path", Path("no/such/folder/x.json"))
    mine = tray(now)
    mine.tray.value = ("D1",)
    mine.file("1")
    assert "没能保存" in mine.state.value
    assert now.names["filing"] == {"D1": "1"}


def test_a_wrong_exercise_is_said(now: Session) -> None:
    with pytest.raises(UsageError) as caught:
        sort_into("why-handover", PAPERS, FOLDERS)
    assert caught.value.key == "form.no_form"


def test_without_a_notebook_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "_current", None)
    assert filing.sort_into("five-by-hand", PAPERS, FOLDERS) is ...
