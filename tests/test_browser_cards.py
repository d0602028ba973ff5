"""A student fills in a card in JupyterLab: a wrong number is told at once, what is typed survives a reload, the check is right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lab import CHROMIUM, Notebook, browser_page, server
from nbformat import writes

from crm_exercises.authoring.notebooks import student_notebook
from crm_exercises.authoring.source import read_source
from crm_exercises.core.messages import say
from crm_exercises.core.paths import ROOT
from crm_exercises.trade.cards import IndividualCard
from crm_exercises.trade.cases import record

pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="no chromium on this machine: install it (apt-get install chromium) to run the browser tests",
)

SOURCE = read_source(ROOT / "course" / "ch02_cards.md")
STUDENT = "20260001"
MARKED = SOURCE.chapter.exercises["card-person"].answer["person"].fields  # type: ignore[union-attr]
FORM, CHECK = 'card_form("card-person")', 'check("card-person")'


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A work folder with the chapter in Chinese, and its bundle beside it for the kernel."""
    (tmp_path / "zh").mkdir()
    notebook = student_notebook(SOURCE, "zh")
    text = writes(notebook).replace('student = \\"0\\"', f'student = \\"{STUDENT}\\"')
    (tmp_path / "zh" / "ch02_cards.ipynb").write_text(text, encoding="utf-8")
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "ch02_cards.json").write_text(SOURCE.chapter.dumps(), encoding="utf-8")
    return tmp_path


def row(cell: Any, label: str) -> Any:
    """Return the row of the form whose label begins with ``label``."""
    return cell.locator(".widget-hbox", has=cell.page.locator(f"label:has-text('{label}')")).first


def test_a_student_fills_in_a_card(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_BUNDLES", str(work / "bundle"))
    facts = {name: str(value).split(" | ")[0] for name, value in record("individual", STUDENT).items()}
    number = facts["identity_number"]
    with server(work, "zh") as address, browser_page(1250, 1500) as page:
        notebook = Notebook(page, address, "zh/ch02_cards.ipynb")
        notebook.run_all()
        assert "未作答" in notebook.run(CHECK).inner_text()

        cell = notebook.cell(FORM)
        identity = row(cell, "身份证号").locator("input")
        identity.fill(number[:16] + number[17] + number[16])
        row(cell, "身份证号").get_by_text("校验码不符").wait_for()
        page.screenshot(path=str(work / "wrong.png"))
        identity.fill(number[:6])
        row(cell, "身份证号").get_by_text("已输入 6 位，共 18 位").wait_for()
        identity.fill(number)
        row(cell, "身份证号").get_by_text("✓").wait_for()
        cell.get_by_text("已保存").wait_for()

        identity.press("Tab")  # the keyboard alone leads to the next field
        page.keyboard.type(facts["birth_date"])
        row(cell, "出生日期").get_by_text("✓").wait_for()
        assert "部分正确" in notebook.run(CHECK).inner_text()
        notebook.save()

        notebook = Notebook(page, address, "zh/ch02_cards.ipynb")  # the page is loaded anew
        notebook.run(FORM)
        cell = notebook.cell(FORM)
        assert row(cell, "身份证号").locator("input").input_value() == number
        assert row(cell, "出生日期").locator("input").input_value() == facts["birth_date"]

        for field in MARKED:
            label = say(f"card.field.{field}", "zh")
            if IndividualCard.options(field):
                row(cell, label).locator("select").select_option(label=say(f"card.option.{field}.{facts[field]}", "zh"))
            else:
                row(cell, label).locator("input").fill(facts[field])
        row(cell, "同意留存资料").get_by_text("✓").wait_for()
        page.wait_for_timeout(500)
        page.screenshot(path=str(work / "filled.png"))
        assert "正确" in notebook.run(CHECK).inner_text()
        assert "部分正确" not in notebook.cell(CHECK).inner_text()

        notebook.restart()
        notebook.run_all()
        assert "正确" in notebook.cell(CHECK).inner_text()
        assert "部分正确" not in notebook.cell(CHECK).inner_text()
        page.screenshot(path=str(work / "right.png"))
