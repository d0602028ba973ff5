"""A student in JupyterLab: a wrong answer is told what is wrong, the right one turns right, and a click is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import CHROMIUM, Notebook, browser_page, server

from crm_exercises.core.chapter import read_chapter
from crm_exercises.learning.desk import Desk

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="no chromium on this machine: install it (apt-get install chromium) to run the browser tests",
)

CHAPTER = read_chapter("ch06_value")
COMPUTED = next(exercise for exercise in CHAPTER if not exercise.own)
FORM = next(exercise for exercise in CHAPTER if all(kind.kind == "choice" for kind in exercise.answer.values()))


def test_a_student_solves_an_exercise_in_chinese(tmp_path: Path) -> None:
    Desk(tmp_path).update()
    marker = f"# exercise: {COMPUTED.id}"
    check = f'check("{COMPUTED.id}")'
    with server(tmp_path, "zh") as address, browser_page() as page:
        notebook = Notebook(page, address, "zh/ch06_value.ipynb")
        notebook.write('student = "0"', 'student = "20260001"')
        notebook.run_all()
        assert "未作答" in notebook.run(check).inner_text()

        notebook.write(marker, f"{marker}\n{COMPUTED.body}\n{COMPUTED.mistakes[0].code}")
        notebook.run(marker)
        told = notebook.run(check).inner_text()
        assert COMPUTED.mistakes[0].zh in told
        assert "还不对" in told or "部分正确" in told
        notebook.cell(check).get_by_role("button", name="提示").click()
        page.get_by_text(COMPUTED.hints[0].zh[:12]).first.wait_for()
        page.screenshot(path=str(tmp_path / "wrong.png"))

        notebook.write(marker, f"{marker}\n{COMPUTED.body}")
        notebook.run(marker)
        assert "正确" in notebook.run(check).inner_text()

        right = COMPUTED_LETTER
        cell = notebook.cell(f'form("{FORM.id}")')
        cell.locator(f"label:has-text('{right}.') input, input").nth(
            list(next(iter(FORM.answer.values())).options).index(right)
        ).click()  # type: ignore[attr-defined]
        page.get_by_text("已保存").first.wait_for()
        assert "正确" in notebook.run(f'check("{FORM.id}")').inner_text()
        notebook.restart()
        notebook.run_all()
        assert "正确" in notebook.cell(f'check("{FORM.id}")').inner_text()

        notebook.save()
        assert "20260001-ch06_value.zip" in notebook.run("hand_in()").inner_text()
    assert (tmp_path / "zh" / "20260001-ch06_value.zip").is_file()


def _letter() -> str:
    names: dict[str, str] = {}
    exec(FORM.body, names)
    return names[next(iter(FORM.answer))]


COMPUTED_LETTER = _letter()
