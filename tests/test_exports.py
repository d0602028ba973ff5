"""Exports are read back by parsers that are not ours, where one exists, and compared question by question."""

from __future__ import annotations

import html
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from crm_exercises.authoring import importer
from crm_exercises.authoring.bank import Item, items
from crm_exercises.authoring.exports import FORMATS, chaoxing, gift, qti, text, writer
from crm_exercises.authoring.importer import read
from crm_exercises.authoring.source import read_source
from crm_exercises.core.errors import UsageError
from crm_exercises.core.messages import LANGS

KINDS = {"choice", "choices", "matching", "ordering", "fill", "prose"}


@pytest.fixture(scope="module", params=LANGS)
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def bank(lang: str) -> list[Item]:
    found = items(lang)
    assert len(found) >= 120
    assert {item.kind for item in found} == KINDS
    return found


def by_chapter(bank: list[Item]) -> list[Item]:
    return sorted(bank, key=lambda item: item.chapter)


def bare(text: str) -> str:
    """Return a text without tags, escapes and white space, and with plain quotes: what a reader sees."""
    text = html.unescape(html.unescape(text)).replace("’", "'").replace("‘", "'")
    return re.sub(r"\s+", "", html.unescape(re.sub(r"</?\w[^>]*>", "", text)))


def test_moodle_is_read_back(bank: list[Item], lang: str, tmp_path: Path) -> None:
    parser = pytest.importorskip("moodle_xml_parser.parser")
    path = tmp_path / "bank.xml"
    path.write_bytes(writer("moodle")(bank, lang))
    read_back = parser.parse_file(str(path))["multichoice"]
    mine = [item for item in by_chapter(bank) if item.kind in ("choice", "choices")]
    assert len(read_back) == len(mine)
    for item, found in zip(mine, read_back, strict=True):
        assert found.name == item.title
        assert bare(found.text_pre_parse) == bare(item.stem)
        assert found.single is (item.kind == "choice")
        assert [bare(option.answer) for option in found.options] == [bare(each) for each in item.options.values()]
        assert [bare(option.feedback) for option in found.options] == [bare(each) for each in item.why.values()]
        right = [
            letter for letter, option in zip(item.options, found.options, strict=True) if option.score_fraction > 0
        ]
        assert right == sorted(item.letters)
        assert sum(option.score_fraction for option in found.options if option.score_fraction > 0) == pytest.approx(
            100, abs=0.01
        )
        everything = sum(option.score_fraction for option in found.options)
        assert everything == pytest.approx(0 if item.kind == "choices" else 100, abs=0.01)


def test_moodle_holds_the_other_kinds_too(bank: list[Item], lang: str) -> None:
    quiz = ET.fromstring(writer("moodle")(bank, lang))
    found = {question.findtext("idnumber"): question for question in quiz if question.get("type") != "category"}
    assert found.keys() == {item.id for item in bank}
    assert len([q for q in quiz if q.get("type") == "category"]) == len({item.chapter for item in bank})
    for item in bank:
        question = found[item.id]
        if item.kind == "matching":
            pairs = [
                (bare(each.findtext("text") or ""), each.findtext("answer/text"))
                for each in question.iter("subquestion")
            ]
            wanted = [(bare(part), item.options[item.right[key]]) for key, part in item.parts.items()]
            assert [pair for pair in pairs if pair[0]] == wanted
            assert {answer for _, answer in pairs} == set(item.options.values())
            told = bare(question.findtext("generalfeedback/text") or "")
            assert all(bare(reason) in told for reason in item.why.values())
        if item.kind == "fill":
            words = [answer.findtext("text") for answer in question.findall("answer")]
            assert words[0] == item.right
        if item.kind == "prose":
            assert bare(str(item.right)) in bare(question.findtext("graderinfo/text") or "")


def test_gift_is_read_back(bank: list[Item], lang: str) -> None:
    parser = pytest.importorskip("pygiftparser.parser")
    read_back = parser.parse(gift.write(bank, lang).decode()).questions
    assert len(read_back) == len(bank)
    names = {
        "choice": "MultipleChoiceRadio",
        "choices": "MultipleChoiceCheckbox",
        "matching": "Matching",
        "ordering": "Matching",
        "fill": "Short",
        "prose": "Essay",
    }
    wanted = Counter(names[item.kind] for item in bank)
    assert Counter(type(question.answer).__name__ for question in read_back) == wanted
    for item, found in zip(by_chapter(bank), read_back, strict=True):
        assert item.title in found.name.replace("\\", "")


@pytest.mark.skipif(
    not os.environ.get("CRM_GIFT_PEGJS") or not shutil.which("node"),
    reason="set CRM_GIFT_PEGJS to the folder of the npm package gift-pegjs",
)
def test_gift_is_read_back_by_the_grammar(bank: list[Item], lang: str, tmp_path: Path) -> None:
    path = tmp_path / "bank.gift"
    path.write_bytes(gift.write(bank, lang))
    code = "const g=require(process.argv[1]);const t=require('fs').readFileSync(process.argv[2],'utf8');console.log(JSON.stringify(g.parse(t)))"
    done = subprocess.run(
        ["node", "-e", code, os.environ["CRM_GIFT_PEGJS"], str(path)], capture_output=True, text=True, check=True
    )
    read_back = [question for question in json.loads(done.stdout) if question["type"] != "Category"]
    assert len(read_back) == len(bank)
    for item, found in zip(by_chapter(bank), read_back, strict=True):
        assert bare(found["title"]) == bare(item.title)
        assert bare(found["stem"]["text"]) == bare(item.stem)
        if item.kind in ("choice", "choices"):
            assert [bare(each["text"]["text"]) for each in found["choices"]] == [
                bare(each) for each in item.options.values()
            ]
            good = [each["isCorrect"] or (each["weight"] or 0) > 0 for each in found["choices"]]
            assert [letter for letter, ok in zip(item.options, good, strict=True) if ok] == sorted(item.letters)
        if item.kind == "matching":
            pairs = [(bare(each["subquestion"]["text"]), bare(each["subanswer"])) for each in found["matchPairs"]]
            assert pairs == [(bare(part), bare(item.options[item.right[key]])) for key, part in item.parts.items()]


def test_qti_is_read_back(bank: list[Item], lang: str) -> None:
    pytest.importorskip("text2qti")
    quiz = qti.quiz(qti.markdown(bank, lang))
    questions = quiz.questions_and_delims
    assert len(questions) == len(bank)
    for item, found in zip(bank, questions, strict=True):
        assert found.title_raw == item.title
        if item.kind in ("choice", "choices"):
            good = [choice.correct for choice in found.choices]
            assert [letter for letter, ok in zip(item.options, good, strict=True) if ok] == sorted(item.letters)
            assert [bare(choice.choice_html_xml) for choice in found.choices] == [
                bare(each) for each in item.options.values()
            ]
            assert bare(found.question_html_xml) == bare(item.stem)
    package = zipfile.ZipFile(io.BytesIO(qti.write(bank, lang)))
    name = next(
        name for name in package.namelist() if name.endswith(".xml") and "meta" not in name and "manifest" not in name
    )
    assessment = ET.fromstring(package.read(name))
    assert len([element for element in assessment.iter() if element.tag.endswith("}item")]) == len(bank)


def test_chaoxing_is_read_back(bank: list[Item], lang: str, tmp_path: Path) -> None:
    import pandas as pd

    path = tmp_path / "bank.xlsx"
    path.write_bytes(chaoxing.write(bank, lang))
    table = pd.read_excel(path, sheet_name="课程题库", dtype=str, keep_default_na=False)
    columns = "目录 题目类型 大题题干 小题题型 小题题干 正确答案 答案解析 难易度 知识点 标签 选项数"
    assert list(table.columns) == [*columns.split(), *(f"选项{letter}" for letter in "ABCDEFGH")]
    assert len(table) == len(bank)
    for item, row in zip(bank, table.to_dict("records"), strict=True):
        if item.kind in ("choice", "choices"):
            texts = [row[f"选项{letter}"] for letter in row["正确答案"]]
            assert texts == [item.options[letter] for letter in item.letters]
            assert int(row["选项数"]) == len(item.options)
            assert row["题目类型"] == ("单选题" if item.kind == "choice" else "多选题")
    assert "one question first" in str(pd.read_excel(path, sheet_name="说明", header=None).iloc[1, 0])


def test_text_is_read_back(bank: list[Item], lang: str, tmp_path: Path) -> None:
    path = tmp_path / "bank.txt"
    path.write_bytes(text.write(bank, lang))
    reading = read(path)
    assert not reading.problems
    assert len(reading.drafts) == len(bank)
    for item, draft in zip(bank, reading.drafts, strict=True):
        about = (draft.kind, draft.topic, draft.difficulty, draft.marks)
        assert about == (item.kind, item.topic, item.difficulty, item.marks)
        assert bare(draft.stem).replace("（", "").replace("）", "") == bare(text._bracketed(item.stem)).replace(
            "（", ""
        ).replace("）", "")
        if item.kind in ("choice", "choices"):
            assert draft.options == item.options
            assert list(draft.answer) == sorted(item.letters)
        if item.kind == "matching":
            assert (draft.parts, draft.options, draft.answer) == (item.parts, item.options, item.sequence())
        if item.kind == "ordering":
            assert (draft.parts, draft.answer) == (item.parts, item.sequence())


def test_a_formula_in_a_cell_stays_text() -> None:
    assert chaoxing._safe("=1+1") == "'=1+1"
    assert chaoxing._safe("A") == "A"


def test_every_format_writes_something_for_one_question(lang: str) -> None:
    one = items(lang, ids=["q1-chain"])
    for form in FORMATS:
        if form == "qti":
            pytest.importorskip("text2qti")
        assert writer(form)(one, lang)


@pytest.mark.parametrize("sign", ["~", "=", "#", "{", "}", ":", "\\", "\n"])
def test_gift_escapes_its_own_signs(sign: str) -> None:
    assert gift.escape(f"a{sign}b") == ("a\\nb" if sign == "\n" else f"a\\{sign}b")


def test_choosing_questions() -> None:
    assert {item.chapter for item in items("zh", chapters=[3])} == {3}
    assert {item.topic for item in items("zh", topics=["qa-terms"])} == {"qa-terms"}
    assert [item.id for item in items("zh", ids=["q2-list", "q1-chain"])] == ["q2-list", "q1-chain"]
    for wrong in ({"topics": ["no-such"]}, {"ids": ["no-such"]}):
        with pytest.raises(UsageError):
            items("zh", **wrong)


# --- import --------------------------------------------------------------------------------------------------------------

SHEET = """\
一、单项选择题（每题 2 分）

1．客户档案应由谁保管？（ B ）
A．任何人　B．专人
C．客户本人
D．不需要保管
解析：五项制度之一是专人管理。
1. 专人
2. 登记

2. 下列哪项属于外部渠道？
A. 财务部
B. 网络
答案：B

二、多项选择题
1、数据仓库的特征有
A、面向主题 B、集成 C、免费
【答案】AB

三、判断题
1. 档案建好以后不用更新。
答案：错

四、简答题
1. 为什么要建档？
答案：便于交接；便于按信用调整交易额
"""


@pytest.fixture
def imported(tmp_path: Path) -> Any:
    def make(text: str, encoding: str = "utf-8") -> Any:
        path = tmp_path / "mine.txt"
        path.write_bytes(text.encode(encoding))
        return read(path)

    return make


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_teachers_document_is_read(imported: Any, encoding: str) -> None:
    reading = imported(SHEET, encoding)
    assert not reading.problems
    assert [draft.kind for draft in reading.drafts] == ["choice", "choice", "choices", "choice", "prose"]
    first = reading.drafts[0]
    assert (first.answer, list(first.options)) == ("b", ["a", "b", "c", "d"])
    assert "2. 登记" in first.explanation
    assert "B" not in first.stem
    assert reading.drafts[2].options == {"a": "面向主题", "b": "集成", "c": "免费"}
    assert reading.drafts[3].answer == "b"


BY_HAND = """\
客户关系管理期末题库

一、选择题（每题 2 分）
１、谁保管客户档案？（5 分）
Ａ、任何人
Ｂ、专人
答案:Ｂ
2．哪些是客户？
（A）个人 （B）企业 （C）桌子
【答案】：Ａ，Ｂ
3.（2023 年真题）谁定交易额？（ A、C ）
A.经理 B.客户 C.主管
4【单选】下列属于 5C 的是
A) 品德
B) 天气
正确答案： A. 品德

二、判断题（对的打√，错的打×）
1、客户档案建好以后不用更新。（×）
2、客户分级要有标准。
A. 对
B. 错
答案 A

三、填空题
1. 档案每____检查一次
答案：半年
难度：难
分值：3

四、简答题
1. 为什么要建档？
答：1. 便于交接
2. 便于查找
2. 什么是客户细分？
A. 说出标准 B. 说出目的
参考答案：
按标准分组；
分别管理。

五、案例分析题
1. 阅读材料，提出对策。
答案：见教材
"""


def test_what_teachers_type_in_their_own_way_is_read(imported: Any) -> None:
    """Full-width letters, missing explanations, five ways of marking options and answers; a heading of an unknown kind."""
    reading = imported(BY_HAND)
    assert [problem.params["problem"].key for problem in reading.problems] == ["import.unknown_kind"]
    found = [(draft.kind, draft.answer) for draft in reading.drafts]
    choices = [("choice", "b"), ("choices", "ab"), ("choices", "ac"), ("choice", "a"), ("choice", "b"), ("choice", "a")]
    assert found[:7] == [*choices, ("fill", "半年")]
    assert [draft.stem for draft in reading.drafts[:3]] == [
        "谁保管客户档案？",
        "哪些是客户？",
        "（2023 年真题）谁定交易额？（　）",
    ]
    assert reading.drafts[1].options == {"a": "个人", "b": "企业", "c": "桌子"}
    assert (reading.drafts[0].marks, reading.drafts[6].marks, reading.drafts[6].difficulty) == (5, 3, 3)
    assert found[7:] == [("prose", "1. 便于交接\n2. 便于查找"), ("prose", "按标准分组；\n分别管理。")]
    assert "A. 说出标准" in reading.drafts[8].stem


def test_headings_without_the_word_for_question_are_headings(imported: Any) -> None:
    """“六、连线” opens a part of the paper: it is no question, and takes none with it."""
    reading = imported(
        "一、问答\n1. 为什么要建档？\n答：便于交接\n二、连线\n1. 配一配\n1) 纸\n2) 笔\nA. 书写\nB. 打印\n答案：1B 2A\n"
        "三、案例分析\n1. 某酒店……\n答：略"
    )
    assert [(draft.kind, draft.answer) for draft in reading.drafts] == [("prose", "便于交接"), ("matching", "1b 2a")]
    assert [(problem.params["where"], problem.params["problem"].key) for problem in reading.problems] == [
        ("12", "import.unknown_kind")
    ]


def test_questions_numbered_in_chinese_are_read(imported: Any) -> None:
    reading = imported(
        "一、谁保管档案？\nA. 专人\nB. 客户\n答案：A\n二、为什么？\n答案：\n一、便于交接\n二、便于查找\n\n三、何时？\n答案：半年"
    )
    assert not reading.problems
    assert [draft.answer for draft in reading.drafts] == ["a", "一、便于交接\n二、便于查找", "半年"]


@pytest.mark.parametrize(
    ("numeral", "number"), [("7", 7), ("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("三十五", 35)]
)
def test_numerals(numeral: str, number: int) -> None:
    assert importer._number(numeral) == number


def test_an_english_document_is_read(imported: Any) -> None:
    reading = imported(
        "1. [Single choice] Who?\nA. anybody\nB. one\nAnswer: B\nExplanation: a rule\nDifficulty: 3  Topic: qa-single  Marks: 4"
    )
    draft = reading.drafts[0]
    assert (draft.kind, draft.answer, draft.explanation) == ("choice", "b", "a rule")
    assert (draft.difficulty, draft.topic, draft.marks) == (3, "qa-single", 4)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1. 谁？\nA. 甲\nB. 乙\n答案：丙", "import.no_option"),
        ("1. 为什么？\n答案：略", "import.no_answer"),
        ("1. [填空题] ____和____\n答案：甲；乙", "import.gaps"),
        ("1. 为什么？\n答案：因为\n什么时候？\n答案：明天", "import.two_answers"),
        ("1. [单选题] 谁？\nA. 甲\nB. 乙", "import.no_answer"),
        ("1. [单选题] 谁？\nA. 甲\nB. 乙\n答案：D", "import.no_option"),
        ("1. [单选题] 谁？\nA. 甲\nB. 乙\n答案：AB", "import.one_answer"),
        ("1. [单选题] 谁？\nA. 甲\n答案：A", "import.few_options"),
        ("1. [判断题] 对吗？\n答案：也许", "import.judgement"),
        ("1. [画图题] 画一幅图。\n答案：略", "import.unknown_kind"),
        ("1. [排序题] 排好。\na) 一\nb) 二\nc) 三\n答案：a b", "import.sequence"),
    ],
)
def test_what_cannot_be_read_is_reported_with_its_line(imported: Any, text: str, key: str) -> None:
    reading = imported("\n" + text)
    assert [problem.params["problem"].key for problem in reading.problems] == [key]
    assert reading.problems[0].params["where"] == "2"
    assert not reading.drafts


def test_an_empty_file_is_reported(imported: Any) -> None:
    assert imported("没有题目\n").problems[0].key == "import.nothing"


def test_import_writes_a_chapter_that_builds(crm: Any, tmp_path: Path) -> None:
    source, out = tmp_path / "mine.txt", tmp_path / "ch12_mine.md"
    source.write_text(SHEET, encoding="utf-8")
    done = crm("import", source, "--out", out, "--topic", "archive-rules")
    assert done.exit_code == 0, done.output
    assert "to be translated" in done.output
    chapter = read_source(out).chapter
    assert [exercise.kinds[0] for exercise in chapter] == ["choice", "choice", "choices", "choice", "prose"]
    assert next(iter(chapter)).number == "12.401"
    again = crm("import", source, "--out", out)
    assert again.exit_code == 2
    assert "not overwritten" in again.output


def test_import_of_both_languages_needs_no_translation(crm: Any, tmp_path: Path) -> None:
    for lang in LANGS:
        found = [item for item in items(lang) if item.kind in ("choice", "choices", "matching", "ordering")]
        (tmp_path / f"{lang}.txt").write_bytes(text.write(found, lang))
    out = tmp_path / "ch12_both.md"
    done = crm("import", tmp_path / "zh.txt", "--en", tmp_path / "en.txt", "--out", out)
    assert done.exit_code == 0, done.output
    assert "to be translated" not in done.output


def test_a_question_that_fails_does_not_shift_the_translations(crm: Any, tmp_path: Path) -> None:
    """English questions are found by their place in the file, whatever could not be read before them."""
    (tmp_path / "zh.txt").write_text(
        "1. 甲？\nA. 一\nB. 二\n答案：A\n\n2. 乙？\nA. 一\nB. 二\n\n3. 丙？\nA. 一\nB. 二\n答案：A\n", "utf-8"
    )
    (tmp_path / "en.txt").write_text(
        "\n\n".join(
            f"{place}. {word}?\nA. one\nB. two\nAnswer: A" for place, word in enumerate(("First", "Second", "Third"), 1)
        )
    )
    out = tmp_path / "ch12_shift.md"
    done = crm("import", tmp_path / "zh.txt", "--en", tmp_path / "en.txt", "--out", out)
    assert done.exit_code == 1
    assert "zh.txt 6" in done.output
    assert [(exercise.title.zh, exercise.title.en) for exercise in read_source(out).chapter] == [
        ("甲", "First"),
        ("丙", "Third"),
    ]


def test_import_refuses_a_name_that_build_would_not_find(crm: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text(SHEET, encoding="utf-8")
    done = crm("import", tmp_path / "mine.txt", "--out", tmp_path / "mine.md")
    assert (done.exit_code, "ch12_mine.md" in done.output) == (2, True)


def test_import_reads_a_spreadsheet(crm: Any, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["说明：请勿修改表头"])
    book.active.append(["题型", "题干", "选项A", "选项B", "选项C", "答案", "解析"])
    book.active.append(["单选", "谁保管档案？", "专人", "客户", 3, "A", "五项制度"])
    book.active.append(["多选", "没有答案的题", "甲", "乙", None, None, None])
    path = tmp_path / "mine.xlsx"
    book.save(path)
    reading = read(path)
    assert [draft.options for draft in reading.drafts] == [{"a": "专人", "b": "客户", "c": "3"}]
    assert [problem.params["where"] for problem in reading.problems] == ["Sheet!4"]
    assert crm("import", path, "--out", tmp_path / "ch12_x.md").exit_code == 1


@pytest.mark.parametrize("name", ["mine.docx", "absent.txt", "broken.xlsx"])
def test_files_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    if name != "absent.txt":
        (tmp_path / name).write_bytes(b"\x00\x01")
    with pytest.raises(UsageError):
        read(tmp_path / name)


def test_export_by_command(crm: Any, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "bank.xlsx"
    done = crm("export", "--to", "chaoxing", "--out", out, "--chapters", "1,3-4", "--content", "zh")
    assert done.exit_code == 0, done.output
    assert "one question first" in done.output
    assert out.is_file()
    assert crm("export", "--to", "text", "--chapters", "one", "--out", out).exit_code == 2
