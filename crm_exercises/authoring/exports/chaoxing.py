"""The spreadsheet that 学习通 (Chaoxing) imports, as observed: no public description exists, so try with one question first.

Matching and ordering are written as gaps, since their form there is not known.
"""

from __future__ import annotations

import io
from typing import Any

from ..bank import Item

SHEET = "课程题库"
LETTERS = "ABCDEFGH"
COLUMNS = (
    "目录 题目类型 大题题干 小题题型 小题题干 正确答案 答案解析 难易度 知识点 标签 选项数".split()  # noqa: SIM905
)
TYPES = {"choice": "单选题", "choices": "多选题", "fill": "填空题", "prose": "简答题"}
LEVELS = {1: "易", 2: "中", 3: "难"}
NOTE = (
    "这个表的格式是按实际观察整理的，平台没有公开说明。请先用一道题试着导入，确认无误再导入全部。",
    "The form of this sheet is as observed; the platform does not publish one. Try with one question first.",
)


def write(items: list[Item], lang: str) -> bytes:
    """Return the workbook: the sheet 课程题库, and a note on a second sheet."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet: Any = book.active
    sheet.title = SHEET
    sheet.append([*COLUMNS, *(f"选项{letter}" for letter in LETTERS)])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for item in items:
        sheet.append([_safe(value) for value in row(item)])
    note = book.create_sheet("说明")
    for line in NOTE:
        note.append([line])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def row(item: Item) -> list[Any]:
    """Return one question as the cells of a row."""
    if item.kind in ("matching", "ordering"):
        item = item.spelt_out()
    name = "名词解释" if item.topic == "qa-terms" else TYPES[item.kind]
    options = [*item.options.values()]
    if item.kind in ("choice", "choices"):
        place = {letter: LETTERS[index] for index, letter in enumerate(item.options)}
        answer = "".join(place[letter] for letter in item.letters)
    else:
        answer = ";".join(dict.fromkeys((str(item.right), *item.accept))) if item.kind == "fill" else str(item.right)
    catalogue = f"第{item.chapter:02}章"
    about = [item.explanation(), LEVELS[item.difficulty], item.topic_title, item.topic, len(options) or None]
    padded = options + [None] * (len(LETTERS) - len(options))
    return [catalogue, name, item.stem, None, None, answer, *about, *padded]


def _safe(value: Any) -> Any:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" else value
