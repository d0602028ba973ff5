"""Papers: a blueprint makes two papers comparable, a seed makes each its own."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crm_exercises.authoring.bank import items
from crm_exercises.authoring.paper import cell, comparison, draw, printed, shares
from crm_exercises.core.errors import UsageError
from crm_exercises.core.paper import Paper, as_chapter, bank, read_paper
from crm_exercises.learning.questions import Sheet
from crm_exercises.learning.session import Session


@pytest.fixture(scope="module")
def pair() -> tuple[Paper, Paper]:
    first = draw(24, "one")
    return first, draw(24, "two", avoid=first.questions)


def test_a_seed_gives_the_same_paper_again() -> None:
    assert draw(20, "a") == draw(20, "a")
    assert draw(20, "a").questions != draw(20, "b").questions


def test_two_papers_of_one_blueprint_are_comparable(pair: tuple[Paper, Paper]) -> None:
    found = [items("zh", ids=paper.questions) for paper in pair]
    assert pair[0].blueprint == pair[1].blueprint
    assert Counter(map(cell, found[0])) == Counter(map(cell, found[1])) == pair[0].blueprint["cells"]
    alike = comparison(pair)
    assert alike["marks"] == 0
    assert alike["chapter"] <= 1
    assert alike["common"] == 0


def test_every_chapter_is_on_a_large_paper(pair: tuple[Paper, Paper]) -> None:
    assert {item.chapter for item in items("zh", ids=pair[0].questions)} == set(range(1, 13))


def test_shares_add_up_and_never_exceed_the_pool() -> None:
    pool = Counter({"a": 50, "b": 3, "c": 1})
    for count in range(1, 55):
        found = shares(pool, count)
        assert sum(found.values()) == count
        assert all(found[name] <= pool[name] for name in found)


def test_choosing_what_to_draw_from() -> None:
    paper = draw(5, "x", topics=["qa-single"])
    assert {item.topic for item in items("zh", ids=paper.questions)} == {"qa-single"}
    paper = draw(6, "x", kinds=["choices"], chapters=[1, 2, 3, 6, 9])
    assert {item.kind for item in items("zh", ids=paper.questions)} == {"choices"}


@pytest.mark.parametrize("count", [0, 11])
def test_more_than_there_is(count: int) -> None:
    with pytest.raises(UsageError) as raised:
        draw(count, "x", topics=["qa-single"])
    assert (raised.value.key, raised.value.params["found"]) == ("paper.few", 10)


def test_the_key_is_on_the_key_only(pair: tuple[Paper, Paper]) -> None:
    assert "答案：" not in printed(pair[0], "zh", key=False)
    assert printed(pair[0], "zh", key=True).count("答案：") == len(pair[0].questions)
    assert "Answer: " not in printed(pair[0], "en", key=False)
    assert printed(pair[0], "en", key=True).count("\nAnswer: ") == len(pair[0].questions)


def test_an_english_paper_has_no_chinese_in_it(pair: tuple[Paper, Paper]) -> None:
    assert re.findall("[\u4e00-\u9fff]", printed(pair[0], "en", key=False)) == []


def test_a_paper_is_sat_like_a_chapter(
    pair: tuple[Paper, Paper], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "paper.json"
    path.write_text(pair[0].dumps(), encoding="utf-8")
    chapter = as_chapter(read_paper(path))
    assert list(chapter.exercises) == list(pair[0].questions)
    sheet = Sheet(Session(chapter, "zh", "20260001", {}), list(chapter), "test")
    for item in items("zh", ids=pair[0].questions):
        exercise = chapter.exercises[item.id]
        sheet.save(exercise, next(iter(exercise.answer)), item.right)
    earned, marks = sheet.total()
    assert earned == marks == chapter.marks


@pytest.mark.parametrize("text", ["{", "[]", '{"name": 1}'])
def test_what_is_no_paper(tmp_path: Path, text: str) -> None:
    path = tmp_path / "paper.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        read_paper(path)


def test_a_question_that_is_gone_is_named(pair: tuple[Paper, Paper]) -> None:
    gone = pair[0].model_copy(update={"questions": ("no-such-question",)})
    with pytest.raises(UsageError, match="no-such-question"):
        as_chapter(gone)


def test_only_questions_that_stand_alone_are_in_the_bank() -> None:
    assert len(bank()) >= 120
    assert all(chapter.number == 12 for chapter, _ in bank().values())


def test_papers_by_command(crm: Any, tmp_path: Path) -> None:
    done = crm("paper", "--count", 12, "--seed", "s", "--papers", 2, "--out", tmp_path)
    assert done.exit_code == 0, done.output
    assert "marks differ by 0" in done.output
    names = {path.name for path in tmp_path.iterdir()}
    assert {"paper-s-1.json", "paper-s-2.json", "paper-s-1.zh.txt", "paper-s-1.en.key.txt"} <= names
    exported = crm("export", "--to", "text", "--paper", tmp_path / "paper-s-1.json", "--out", tmp_path / "p.txt")
    assert "12 questions" in exported.output
