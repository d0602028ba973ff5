"""Building: deterministic, incremental, checked, and never at the cost of what somebody wrote."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_source import CHAPTER

from crm_exercises.authoring.build import Build
from crm_exercises.authoring.release import release
from crm_exercises.core.chapter import read_chapter
from crm_exercises.core.errors import CrmError, SourceError, UsageError
from crm_exercises.core.paths import ROOT
from crm_exercises.learning.desk import Desk


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout with one chapter."""
    (tmp_path / "course").mkdir()
    (tmp_path / "crm_exercises" / "core").mkdir(parents=True)
    shutil.copytree(ROOT / "course" / "messages", tmp_path / "course" / "messages")
    (tmp_path / "course" / "ch09_sample.md").write_text(
        CHAPTER.replace('load("transactions", student)', "[1, 2, 3]").replace('orders["customer_id"].nunique()', "1"),
        encoding="utf-8",
    )
    return tmp_path


def contents(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for folder in ("notebooks", "solutions")
        for path in sorted((root / folder).rglob("*.*"))
    }


@pytest.fixture(autouse=True)
def bundles(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels that execute the sample's solution find its bundle."""
    monkeypatch.setenv("CRM_BUNDLES", str(checkout / "notebooks" / "bundle"))


def test_a_build_is_deterministic_to_the_byte_and_then_fresh(checkout: Path) -> None:
    Build(checkout).run()
    first = contents(checkout)
    assert {
        "notebooks/zh/ch09_sample.ipynb",
        "solutions/en/ch09_sample.ipynb",
        "notebooks/bundle/ch09_sample.json",
    } <= first.keys()
    assert Build(checkout, check=True).run().stale == []
    for name in first:
        (checkout / name).unlink()
    Build(checkout).run()
    assert contents(checkout) == first


def test_solutions_are_executed_and_keep_their_outputs(checkout: Path) -> None:
    Build(checkout).run()
    solution = json.loads((checkout / "solutions" / "en" / "ch09_sample.ipynb").read_text(encoding="utf-8"))
    peek = next(cell for cell in solution["cells"] if "peek(count)" in "".join(cell["source"]))
    assert peek["outputs"][0]["text"] == ["3\n"]
    student = json.loads((checkout / "notebooks" / "en" / "ch09_sample.ipynb").read_text(encoding="utf-8"))
    assert all(not cell.get("outputs") for cell in student["cells"])


def test_check_names_what_is_stale_and_writes_nothing(checkout: Path) -> None:
    Build(checkout).run()
    before = contents(checkout)
    source = checkout / "course" / "ch09_sample.md"
    source.write_text(source.read_text(encoding="utf-8").replace("Count rows.", "Count the rows."), encoding="utf-8")
    stale = Build(checkout, check=True).run().stale
    assert {"notebooks/bundle/ch09_sample.json", "solutions/en/ch09_sample.ipynb"} <= set(stale)
    assert "notebooks/en/ch09_sample.ipynb" not in stale
    assert contents(checkout) == before


def test_solutions_are_executed_again_when_what_they_say_changes(checkout: Path) -> None:
    Build(checkout).run()
    executed: list[str] = []
    Build(checkout, tell=executed.append).run()
    assert executed == []
    path = checkout / "course" / "messages" / "core.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("No student number yet", "Still none"), encoding="utf-8")
    Build(checkout, tell=executed.append).run()
    assert executed == ["solutions/zh/ch09_sample.ipynb", "solutions/en/ch09_sample.ipynb"]


def test_a_hand_edit_of_a_derived_file_is_found_and_kept_aside(checkout: Path) -> None:
    Build(checkout).run()
    path = checkout / "notebooks" / "zh" / "ch09_sample.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("count = ...", "count = 3"), encoding="utf-8")
    assert Build(checkout, check=True).run().stale == ["notebooks/zh/ch09_sample.ipynb"]
    report = Build(checkout).run()
    assert report.written == ["notebooks/zh/ch09_sample.ipynb"]
    assert "count = 3" in (checkout / report.rescued[0]).read_text(encoding="utf-8")


def test_a_chapter_that_is_gone_takes_what_was_derived_with_it(checkout: Path) -> None:
    Build(checkout).run()
    (checkout / "course" / "ch09_sample.md").unlink()
    Build(checkout).run()
    assert not list((checkout / "notebooks").rglob("ch09*"))


def test_a_solution_that_fails_says_where(checkout: Path) -> None:
    source = checkout / "course" / "ch09_sample.md"
    source.write_text(
        source.read_text(encoding="utf-8").replace("count = len(orders)\n```", "count = len(nothing)\n```"),
        encoding="utf-8",
    )
    with pytest.raises(CrmError) as caught:
        Build(checkout).run()
    assert "ch09_sample" in caught.value.text("en")
    assert "nothing" in caught.value.text("en")


def test_a_sentence_in_one_language_only_is_refused(checkout: Path) -> None:
    (checkout / "course" / "messages" / "more.yaml").write_text("a.b: {zh: 只有中文}\n", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        Build(checkout).run()
    assert caught.value.params["file"] == "more.yaml"


def test_a_second_update_keeps_the_new_version_that_a_student_went_on_in(tmp_path: Path) -> None:
    notebooks = tmp_path / "notebooks"
    for lang in ("zh", "en"):
        (notebooks / lang).mkdir(parents=True)
    issued, desk = notebooks / "zh" / "ch09_sample.ipynb", Desk(tmp_path / "work", notebooks)
    mine = tmp_path / "work" / "zh" / "ch09_sample.ipynb"
    beside, third = mine.with_suffix(".new.ipynb"), mine.with_suffix(".new-2.ipynb")

    def update(text: str) -> list[str]:
        issued.write_text(text, encoding="utf-8")
        return desk.update().new_versions

    update("first")
    mine.write_text("my work", encoding="utf-8")
    assert update("second") == [str(beside)]
    assert update("third") == [str(beside)]  # nobody worked in the second
    assert beside.read_text(encoding="utf-8") == "third"
    beside.write_text("my work in the new version", encoding="utf-8")
    assert update("fourth") == [str(third)]
    desk.issued_path.write_text("[]", encoding="utf-8")  # damaged: what was issued is not known any more
    assert update("fourth") == [str(third)]
    assert (mine.read_text(encoding="utf-8"), beside.read_text(encoding="utf-8")) == (
        "my work",
        "my work in the new version",
    )


def test_an_update_of_the_desk_keeps_what_a_student_changed(checkout: Path, tmp_path: Path) -> None:
    Build(checkout).run()
    desk = Desk(tmp_path / "work", checkout / "notebooks")
    assert desk.update().count == 2
    mine, theirs = tmp_path / "work" / "zh" / "ch09_sample.ipynb", tmp_path / "work" / "en" / "ch09_sample.ipynb"
    mine.write_text("my work", encoding="utf-8")
    source = checkout / "course" / "ch09_sample.md"
    source.write_text(
        source.read_text(encoding="utf-8")
        .replace("### 订单数", "### 有几张订单")
        .replace("### Orders", "### How many orders"),
        encoding="utf-8",
    )
    Build(checkout).run()
    update = desk.update()
    assert mine.read_text(encoding="utf-8") == "my work"
    assert "How many orders" in theirs.read_text(encoding="utf-8")
    assert update.new_versions == [str(mine.with_suffix(".new.ipynb"))]
    assert desk.update().new_versions == []


def texts(folder: Path) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8", errors="ignore")
        for path in folder.rglob("*")
        if path.suffix in {".json", ".ipynb", ".py", ".md"}
    )


def test_an_exam_release_runs_and_holds_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRM_BUNDLES")
    names = release(tmp_path / "exam", ["ch06"], exam=True)
    assert names == ["ch06_value"]
    assert not (tmp_path / "exam" / "solutions").exists()
    assert not (tmp_path / "exam" / "course").exists()
    handed_out = texts(tmp_path / "exam")
    for exercise in read_chapter("ch06_value"):
        assert exercise.body.strip() not in handed_out or len(exercise.body) < 20
        for told in (*exercise.mistakes, *exercise.hints):
            assert told.zh not in handed_out
    code = (
        "from crm_exercises import *; begin('ch06_value', 'en', '1'); abc, crossing = {'a': 1}, 'x'; check('abc-classes');"
        "import pandas as pd; abc = pd.DataFrame({'customer_id': ['1']}); check('abc-classes')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path / "exam",
        env={"PATH": "", "CRM_HOME": str(tmp_path / "exam")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Cannot be read" in done.stdout
    assert "Received" in done.stdout


def test_a_release_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError):
        release(tmp_path / "there")
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["mine.txt"]
