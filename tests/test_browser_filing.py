"""A student files the tray in JupyterLab by keyboard and by mouse; what is filed survives a restart and a reload."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lab import CHROMIUM, Notebook, browser_page, server
from nbformat import writes

from crm_exercises.authoring.notebooks import student_notebook
from crm_exercises.authoring.source import read_source
from crm_exercises.core.paths import ROOT

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="no chromium on this machine: install it (apt-get install chromium) to run the browser tests",
)

SOURCE = read_source(ROOT / "course" / "ch03_archive.md")
FILE, CHECK = 'sort_into("five-by-hand"', 'check("five-by-hand")'
FOCUS = "() => document.activeElement.innerText.trim()"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A work folder with the chapter in English, and its bundle beside it for the kernel."""
    for folder in ("en", "bundle"):
        (tmp_path / folder).mkdir()
    text = writes(student_notebook(SOURCE, "en")).replace('student = \\"0\\"', 'student = \\"20260001\\"')
    (tmp_path / "en" / "ch03_archive.ipynb").write_text(text, encoding="utf-8")
    (tmp_path / "bundle" / "ch03_archive.json").write_text(SOURCE.chapter.dumps(), encoding="utf-8")
    return tmp_path


def filed(cell: Any, label: str) -> str:
    return str(cell.locator("button", has_text=label).inner_text()).strip()


def test_a_tray_is_filed_by_keyboard_and_by_mouse(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_BUNDLES", str(work / "bundle"))
    with server(work, "en") as address, browser_page(1250, 1300) as page:
        notebook = Notebook(page, address, "en/ch03_archive.ipynb")
        notebook.run_all()
        cell = notebook.run(FILE)
        tray = cell.locator("select[multiple]").first
        tray.locator("option").first.wait_for(state="attached")
        page.keyboard.press("Escape")  # command mode, in which JupyterLab takes arrow keys for itself
        tray.focus()
        for key in ("Home", "Shift+ArrowDown", "Shift+ArrowDown", "Tab", "Tab"):
            page.keyboard.press(key)
            page.wait_for_timeout(250)  # as a person types: widgets tell the kernel of one change at a time
        assert page.evaluate(FOCUS).startswith("2 contracts")
        page.keyboard.press("Space")
        cell.get_by_text("3 of 36 filed · saved").wait_for()

        tray.locator("option").nth(4).click()
        page.wait_for_timeout(250)
        cell.locator("button", has_text="5 returns").click()
        cell.get_by_text("4 of 36 filed · saved").wait_for()
        cell.locator("select[multiple]").nth(1).locator("option").first.click()
        page.wait_for_timeout(250)
        cell.locator("button", has_text="Back to the tray").click()
        cell.get_by_text("3 of 36 filed · saved").wait_for()
        assert "33 missing" in notebook.run(CHECK).inner_text()
        notebook.save()

        notebook = Notebook(page, address, "en/ch03_archive.ipynb")  # the page is loaded anew
        notebook.restart()
        notebook.run_all()
        cell = notebook.run(FILE)
        cell.get_by_text("3 of 36 filed").wait_for()
        assert (filed(cell, "2 contracts"), filed(cell, "5 returns")) == (
            "2 contracts and orders (3)",
            "5 returns, claims and discounts (0)",
        )
