"""The source format: a chapter is read, survives JupyterLab's own save, and its errors name file, line, field and fix."""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbformat
import pytest

from crm_exercises.authoring.doctor import Examination
from crm_exercises.authoring.notebooks import solution_notebook, student_notebook
from crm_exercises.authoring.source import read_source
from crm_exercises.core.errors import SourceError
from crm_exercises.core.messages import Message, in_marks
from crm_exercises.core.paths import ROOT

CHAPTERS = sorted((ROOT / "course").glob("ch*.md"))

CHAPTER = """\
---
crm:
  chapter: 9
  title: {zh: 样章, en: Sample}
jupytext:
  notebook_metadata_filter: crm
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

+++ {"lang": "zh"}

# 样章

+++ {"lang": "en"}

# Sample

```{code-cell} ipython3
orders = load("transactions", student)
```

+++ {"lang": "zh"}

### 订单数

+++ {"lang": "en"}

### Orders

```{code-cell} ipython3
---
exercise: count-orders
topic: abc-analysis
marks: 2
answer:
  count: {kind: number}
hints:
- {zh: 一, en: one}
- {zh: 二, en: two}
- {zh: 三, en: three}
mistakes:
- {code: count = len(orders) + 1, zh: 多了一行。, en: One too many.}
- code: count = orders["customer_id"].nunique()
  zh: 你数的是客户。
  en: You counted customers.
---
count = len(orders)
```

+++ {"lang": "zh", "solution": "count-orders"}

数行。

+++ {"lang": "en", "solution": "count-orders"}

Count rows.
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "ch09_sample.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_chapter_is_read(tmp_path: Path) -> None:
    chapter = read_source(written(tmp_path, CHAPTER)).chapter
    exercise = chapter.exercises["count-orders"]
    assert (exercise.number, exercise.title.zh, exercise.title.en) == ("9.1", "订单数", "Orders")
    assert exercise.body == "count = len(orders)"
    assert exercise.explanation[0].en == "Count rows."
    assert [step.exercise for step in chapter.steps] == [None, "count-orders"]


@pytest.mark.parametrize(
    ("broken", "line", "field"),
    [
        (("marks: 2", "marks: two"), 35, "marks"),
        (("marks: 2\n", ""), 32, "marks"),
        (("{kind: number}", "{kind: numbr}"), 37, "answer.count"),
        (("{kind: number}", "{kind: number, tolerance: 1}"), 37, "answer.count.tolerance"),
        (("- {zh: 三, en: three}\n", ""), 38, "hints"),
        (("  en: You counted customers.\n", ""), 44, "mistakes.1.en"),
        (("exercise: count-orders", "exercise: Count Orders"), 33, "exercise"),
        (("### 订单数", "订单数"), 31, "title"),
        (('+++ {"lang": "en"}\n\n### Orders', "### Orders"), 31, "lang"),
    ],
)
def test_an_error_names_line_and_field(tmp_path: Path, broken: tuple[str, str], line: int, field: str) -> None:
    assert broken[0] in CHAPTER
    with pytest.raises(SourceError) as caught:
        read_source(written(tmp_path, CHAPTER.replace(*broken)))
    params = caught.value.params
    assert (params["file"], params["field"]) == ("ch09_sample.md", field)
    assert abs(int(str(params["line"])) - line) <= 2
    assert "改法：" in caught.value.text("zh")
    assert "ch09_sample.md" in caught.value.text("en")


SLIPS = [
    ("{kind: number}", "number", 37, "source.no_kind"),
    ("{kind: number}", "{rtol: 1}", 37, "source.no_kind"),
    ("{kind: number}", "{kind: choice, options: {a: {zh: 甲, en: one}}}", 37, "source.too_short"),
    ("marks: 2", "marks: 2.5", 35, "source.whole"),
    ("marks: 2", "marks: 0", 35, "source.bound"),
    ("marks: 2", "marks: 2\nvariant: mine", 36, "source.one_of"),
    ("- {zh: 三, en: three}", "- 三", 41, "source.mapping"),
    ("- {zh: 三, en: three}", "- {zh: 三, en: three}\n- {zh: 四, en: four}", 38, "source.too_long"),
    ("- {zh: 三, en: three}", "- {zh：三, en: three}", 41, "source.wide"),
    ("- {zh: 三, en: three}", "- {zh: 三，en: three}", 41, "source.wide"),
    ("- {zh: 三, en: three}", "- ｛zh: 三, en: three}", 41, "source.wide"),
    ("- {zh: 三, en: three}", "- {zh: 三, en: three", 41, "source.unclosed"),
    ("- {zh: 三, en: three}", '- {zh: "三, en: three}', 41, "source.unclosed"),
    ("marks: 2", "marks：2", 35, "source.wide"),
    ("marks: 2", "marks:2", 35, "source.no_space"),
    ("  count: {kind", "\tcount: {kind", 37, "source.tab"),
    ("  zh: 你数的是客户。", "   zh: 你数的是客户。", 45, "source.yaml"),
    ("counted customers.\n---\n", "counted customers.\n", 32, "source.head_open"),
    ("ipython3\n---\nexercise", "ipython3\nexercise", 31, "source.head_missing"),
    ("len(orders)\n```\n", "len(orders)\n\n", 31, "source.cell_open"),
    ("len(orders)\n```\n", "len(orders)\n\n```{code-cell} ipython3\ncount\n```\n", 31, "source.cell_open"),
    ("```{code-cell} ipython3\n---", "```{codecell} ipython3\n---", 31, "source.directive"),
    ('+++ {"lang": "en"}\n\n### Orders', "+++ {“lang”: “en”}\n\n### Orders", 27, "source.row"),
    ('"solution": "count-orders"}\n\nC', '"solution": "count"}\n\nC', 57, "source.pair_solution"),
    ('"solution": "count-orders"', '"solution": "count"', 57, "source.solution_unknown"),
    ("title: {zh: 样章, en: Sample}", "title: {zh: 样章}", 4, "source.missing"),
    ("chapter: 9", "chapter: nine", 3, "source.whole"),
    ("chapter: 9", "chapter：9", 3, "source.wide"),
]


@pytest.mark.parametrize(("right", "slip", "line", "key"), SLIPS, ids=[f"{key}-{slip}" for _, slip, _, key in SLIPS])
def test_a_slip_of_the_pen_is_told_with_its_cure(tmp_path: Path, right: str, slip: str, line: int, key: str) -> None:
    """What a teacher who writes a head by hand gets wrong is said in the teacher's language, at the line where it stands."""
    assert right in CHAPTER
    with pytest.raises(SourceError) as caught:
        read_source(written(tmp_path, CHAPTER.replace(right, slip)))
    told = caught.value.params["told"]
    assert isinstance(told, Message)
    assert (told.key, caught.value.params["line"]) == (key, line), caught.value.text("en")
    assert "改法：" in told.text("zh")
    assert told.sayable


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ch09_sample.md"
    path.write_bytes(CHAPTER.encode("gb18030"))
    with pytest.raises(SourceError) as caught:
        read_source(path)
    assert "UTF-8" in caught.value.text("zh")


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "CONTRIBUTING.zh-CN.md"])
def test_the_example_that_authors_copy_is_well(page: str, tmp_path: Path) -> None:
    example = (ROOT / page).read_text(encoding="utf-8").split("````")[1].lstrip()
    assert [
        finding.text("en") for finding in Examination(read_source(written(tmp_path, example)).chapter).findings()
    ] == []


@pytest.mark.parametrize(
    ("right", "slip", "where"),
    [
        ("count = len(orders)\n```", "count == = 1\n```", "line 1 of the reference"),
        ("count = len(orders)\n```", "x = 1\ncount = len(order)\n```", "line 2 of the reference"),
        ("len(orders) + 1", "len(order) + 1", "line 1 of mistake 1"),
        ('load("transactions", student)', 'load("transaction", student)', "line 1 of a given cell"),
        ("count = len(orders)\n```", "other = 1\n```", "an answer of the reference"),
    ],
)
def test_the_doctor_says_which_line_fails(tmp_path: Path, right: str, slip: str, where: str) -> None:
    assert right in CHAPTER
    findings = Examination(read_source(written(tmp_path, CHAPTER.replace(right, slip))).chapter).findings()
    assert [where in finding.text("en") for finding in findings] == [True]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_save_in_jupyterlab_changes_nothing(path: Path, tmp_path: Path) -> None:
    """JupyterLab opens the text as a notebook (jupytext), and writes it back: the same chapter must come of it."""
    saved = jupytext.writes(jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst"), fmt="md:myst")
    again = tmp_path / path.name
    again.write_text(saved, encoding="utf-8")
    before, after = read_source(path), read_source(again)
    assert after.chapter == before.chapter
    for lang in ("zh", "en"):
        for derive in (student_notebook, solution_notebook):
            assert nbformat.writes(derive(after, lang)) == nbformat.writes(derive(before, lang))


def test_cell_ids_are_stable_when_another_cell_changes(tmp_path: Path) -> None:
    before = student_notebook(read_source(written(tmp_path, CHAPTER)), "zh")
    after = student_notebook(read_source(written(tmp_path, CHAPTER.replace("# 样章", "# 新的样章"))), "zh")
    assert [cell.id for cell in before.cells[1:]] == [cell.id for cell in after.cells[1:]]
    nbformat.validate(before)


def test_the_student_notebook_tells_no_answer(tmp_path: Path) -> None:
    text = nbformat.writes(student_notebook(read_source(written(tmp_path, CHAPTER)), "en"))
    assert "len(orders)" not in text
    assert "Count rows" not in text
    assert "count = ..." in text


def test_one_mark_is_said_in_the_singular() -> None:
    said = [Message("notebook.exercise", {"number": "1.1", "title": "T", "marks": in_marks(count)}) for count in (1, 2)]
    assert [message.text("en") for message in said] == ["Exercise 1.1: T (1 mark)", "Exercise 1.1: T (2 marks)"]
    assert said[0].text("zh").endswith("（1 分）")
