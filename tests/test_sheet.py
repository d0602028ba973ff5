"""The question sheet and the inputs: every click is saved, the order is the student's own, a test tells nothing too early."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crm_exercises.authoring.source import read_source
from crm_exercises.core.chapter import Chapter
from crm_exercises.core.errors import UsageError
from crm_exercises.core.paths import ROOT
from crm_exercises.learning import inputs
from crm_exercises.learning import sheet as sheets
from crm_exercises.learning.questions import Sheet
from crm_exercises.learning.session import Session
from crm_exercises.learning.sheet import Card, View, _chosen

QUESTIONS = ("q1-chain", "q1-methods-match", "q1-channels", "q3-filing-order", "q1-database-fill")


@pytest.fixture(scope="module")
def chapter() -> Chapter:
    return read_source(ROOT / "course" / "ch12_bank_a.md").chapter


@pytest.fixture
def make(chapter: Chapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Open a sheet in an empty folder; ``names`` are the notebook's names."""
    monkeypatch.chdir(tmp_path)

    def sheet(student: str = "20260001", mode: Any = "practice", names: Any = None, public: bool = False) -> Sheet:
        now = Session(chapter.public() if public else chapter, "zh", student, {} if names is None else names)
        return Sheet(now, _chosen(now, QUESTIONS, None), mode)

    return sheet


def answer(sheet: Sheet, place: int, value: Any) -> None:
    exercise = sheet.exercises[place]
    sheet.save(exercise, next(iter(exercise.answer)), value)


def test_every_click_is_saved_and_restored(make: Any) -> None:
    names: dict[str, Any] = {}
    card = Card(make(names=names), 0, lambda: None)
    radio = card.box.children[1]
    radio.value = "b"
    assert names["q1_chain"] == "b"
    again = Card(make(), 0, lambda: None)
    assert again.box.children[1].value == "b"
    saved = json.loads(Path("ch12_bank_a.answers.json").read_text(encoding="utf-8"))
    assert saved["students"]["20260001"]["answers"]["q1-chain"] == {"q1_chain": "b"}


def test_each_kind_of_input_saves_its_own_form(make: Any) -> None:
    sheet = make()
    cards = [Card(sheet, place, lambda: None) for place in range(len(QUESTIONS))]
    grid = cards[1].box.children[1].children
    grid[1].value, grid[5].value = "c", "b"
    boxes = cards[2].box.children[1].children
    boxes[0].value = boxes[2].value = True
    steps = cards[3].box.children[1].children[1:]
    steps[2].click()
    steps[0].click()
    steps[1].click()
    steps[0].click()
    cards[4].box.children[1].value = "投入"
    saved = [sheet.saved(exercise, next(iter(exercise.answer))) for exercise in sheet.exercises]
    order = sheet.order(sheet.exercises[2], next(iter(sheet.exercises[2].answer.values())))
    ordered = sheet.order(sheet.exercises[3], next(iter(sheet.exercises[3].answer.values())))
    assert saved[1] == {"1": "c", "3": "b"}
    assert saved[2] == sorted([order[0], order[2]])
    assert saved[3] == [ordered[2], ordered[1]]
    assert saved[4] == "投入"


def test_the_order_is_the_students_own_and_letters_keep_their_meaning(make: Any) -> None:
    orders = set()
    for student in ("20260001", "20260002", "20260003", "20260004"):
        sheet = make(student)
        exercise = sheet.exercises[0]
        kind = exercise.answer["q1_chain"]
        orders.add(tuple(sheet.order(exercise, kind)))
        radio = Card(sheet, 0, lambda: None).box.children[1]
        shown = {letter: text for text, letter in radio.options}
        assert shown == {letter: option.zh for letter, option in kind.options.items()}
        answer(sheet, 0, "b")
        assert sheet.verdict(exercise).earned == exercise.marks
    assert len(orders) > 1
    published = make("0")
    assert published.order(published.exercises[0], published.exercises[0].answer["q1_chain"]) == ["a", "b", "c", "d"]


def test_practice_tells_why_at_once_in_the_options_own_words(make: Any) -> None:
    sheet = make()
    card = Card(sheet, 0, lambda: None)
    card.box.children[1].value = "a"
    assert "名单寻找法" in card.feedback.value
    assert "✘" in card.feedback.value
    card.box.children[1].value = "b"
    assert "正确" in card.feedback.value


def test_a_changed_answer_takes_the_old_feedback_away(make: Any) -> None:
    card = Card(make(), 2, lambda: None)
    card._check()
    assert card.feedback.value
    card.box.children[1].children[0].value = True
    assert not card.feedback.value


def test_a_test_tells_nothing_until_it_is_handed_in(make: Any) -> None:
    view = View(make(mode="test"), "all")
    cards = [view.card(place) for place in range(len(QUESTIONS))]
    cards[0].box.children[1].value = "b"
    assert not any(card.feedback.value for card in cards)
    assert not any(button.description == "检查" for card in cards for button in _buttons(card.box))
    assert "得分" not in view.head.value
    view.hand.click()
    assert not view.sheet.handed_in, "the first click only asks"
    view.hand.click()
    assert view.sheet.handed_in
    assert "得分 2 /" in view.head.value
    assert [number.button_style for number in view.numbers].count("success") == 1
    assert all(view.card(place).feedback.value for place in range(len(QUESTIONS)))
    assert view.card(0).box.children[1].disabled
    assert View(make(mode="test"), "one").sheet.handed_in, "it stays handed in"


def test_practice_after_a_test_changes_nothing_of_the_test(make: Any) -> None:
    test = make(mode="test")
    answer(test, 0, "a")
    test.hand_in()
    practice = make()
    answer(practice, 0, "b")
    assert practice.total()[0] == practice.exercises[0].marks
    again = make(mode="test")
    assert again.handed_in
    assert again.total()[0] == 0
    assert again.saved(again.exercises[0], "q1_chain") == "a"
    assert Card(again, 0, lambda: None).box.children[1].value == "a"


def test_sheets_that_begin_alike_are_different_tests(make: Any) -> None:
    whole = make(mode="test")
    part = Sheet(whole.now, whole.exercises * 8, "test")
    longer = Sheet(whole.now, [*part.exercises, whole.exercises[0]], "test")
    part.hand_in()
    assert part.handed_in
    assert not longer.handed_in


def test_a_test_that_cannot_be_kept_is_not_handed_in_and_says_so(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    view = View(make(mode="test"), "all")
    monkeypatch.setattr("tempfile.NamedTemporaryFile", _fail)
    view.hand.click()
    view.hand.click()
    assert not view.sheet.handed_in
    assert "answers.json" in view.head.value


def test_the_buttons_below_stay_the_same_so_that_the_keyboard_stays_on_them(make: Any) -> None:
    view = View(make(mode="test"), "one")
    before = view.foot, view.foot.children
    view.next.click()
    assert (view.foot, view.foot.children) == before
    assert view.foot in view.box.children
    assert view.foot.children[1] is view.next


def test_after_a_test_every_option_says_why(make: Any) -> None:
    sheet = make(mode="test")
    answer(sheet, 0, "a")
    sheet.hand_in()
    panel = sheet.told(sheet.exercises[0])
    assert len(panel.lines) == 4
    assert sum(line.startswith("✔") for line in panel.lines) == 1
    assert sum("你选的" in line for line in panel.lines) == 1


def test_an_exam_release_never_tells(make: Any) -> None:
    sheet = make(mode="test", public=True)
    sheet.hand_in()
    view = View(sheet, "all")
    assert not sheet.tells
    assert not view.card(0).feedback.value
    assert "得分" not in view.head.value


def test_one_by_one_and_all_at_once(make: Any) -> None:
    view = View(make(), "one")
    assert len(view.body.children) == 1
    view.next.click()
    assert view.place == 1
    view.numbers[4].click()
    assert view.place == 4
    assert view.next.disabled
    view.switch.click()
    assert len(view.body.children) == len(QUESTIONS)


def test_the_head_counts_what_is_answered(make: Any) -> None:
    view = View(make(), "one")
    assert "已答 0 / 5" in view.head.value
    view.card(0).box.children[1].value = "c"
    assert "已答 1 / 5" in view.head.value
    assert view.numbers[0].button_style == "info"


def test_without_widgets_the_sheet_is_text(make: Any) -> None:
    text = make().text()
    assert "b. 无限连锁法" in text
    assert 'q1_chain = "a"' in text


def test_a_folder_that_cannot_be_written_to_loses_nothing(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = make()
    card = Card(sheet, 0, lambda: None)
    monkeypatch.setattr("tempfile.NamedTemporaryFile", _fail)
    card.box.children[1].value = "b"
    assert "answers.json" in card.state.value
    assert card.box.children[1].value == "b"


def _fail(*_: Any, **__: Any) -> Any:
    raise OSError(28, "No space left on device")


def test_a_topic_without_questions_is_said(make: Any) -> None:
    sheet = make()
    with pytest.raises(UsageError) as raised:
        _chosen(sheet.now, (), "no-topic")
    assert raised.value.key == "sheet.empty"
    assert len(_chosen(sheet.now, (), "source-methods")) == 2


def test_sheet_before_begin_says_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_exercises.learning.notebook._current", None)
    sheets.sheet()
    assert "begin" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("call", "said"), [({"mode": "exam"}, "exam"), ({"layout": "x"}, "“x”"), ({"paper": "nope"}, "nope")]
)
def test_a_wrong_call_is_said_in_the_notebooks_language(
    make: Any, call: Any, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = make().now
    for lang, other in (("zh", "cannot"), ("en", "请")):
        now.lang = lang
        monkeypatch.setattr("crm_exercises.learning.notebook._current", now)
        sheets.sheet(**call)
        told = capsys.readouterr().out
        assert said in told
        assert other not in told
        assert "Errno" not in told


def test_every_form_kind_has_an_input_and_an_example() -> None:
    assert inputs.CLASSES.keys() == inputs.EXAMPLES.keys()


def _buttons(box: Any) -> list[Any]:
    found = []
    for child in getattr(box, "children", ()):
        found += [child] if type(child).__name__ == "Button" else _buttons(child)
    return found
