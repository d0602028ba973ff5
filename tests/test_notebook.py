"""What a student meets in a notebook: five outcomes, known mistakes, hints, solutions, forms, and the hand-in."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from crm_exercises.core import messages
from crm_exercises.core.chapter import Exercise, chapter_names, read_chapter
from crm_exercises.core.errors import CrmError, UsageError
from crm_exercises.core.reference import run
from crm_exercises.learning import handin
from crm_exercises.learning import notebook as notebooks
from crm_exercises.learning.session import Session, starting_names
from crm_exercises.learning.sidecar import Sidecar

CHAPTER = read_chapter("ch06_value")
COMPUTED = next(exercise for exercise in CHAPTER if not exercise.own)
FORM = next(exercise for exercise in CHAPTER if all(kind.form for kind in exercise.answer.values()))
STUDENT = "20260001"

pytestmark = pytest.mark.usefixtures("elsewhere")


def session(lang: str = "en", student: str = STUDENT) -> Session:
    """Return a session in which the given cells have run."""
    names = starting_names(student)
    for step in CHAPTER.steps:
        if step.exercise is None:
            run(step.code, names, "<given>")
    return Session(CHAPTER, lang, student, names)


@pytest.fixture(scope="module")
def warm() -> Session:
    return session()


def answer(now: Session, exercise: Exercise, code: str) -> Any:
    run(exercise.body + "\n" + code, now.names, "<student>")  # type: ignore[arg-type]
    return now.check(exercise.id)


def test_the_five_outcomes(warm: Session) -> None:
    first = next(iter(COMPUTED.answer))
    now = Session(CHAPTER, "en", STUDENT, dict(warm.names))
    for name in COMPUTED.answer:
        now.names[name] = ...  # type: ignore[index]
    assert now.check(COMPUTED.id).tone == "unattempted"
    for name in COMPUTED.answer:
        now.names[name] = object()  # type: ignore[index]
    assert now.check(COMPUTED.id).tone == "malformed"
    assert answer(now, COMPUTED, "").tone == "correct"
    assert answer(now, COMPUTED, COMPUTED.mistakes[0].code).tone in {"wrong", "partial"}
    assert first in now.names
    ran(now, COMPUTED, "orders.sort_valuez()")
    assert now.check(COMPUTED.id).tone == "crashed"


def ran(now: Session, exercise: Exercise, code: str) -> None:
    """Run an answer cell as a notebook does: it may stop with an error."""
    source = f"# exercise: {exercise.id}\n{code}"
    stopped = None
    try:
        run(source, now.names, "<student>")  # type: ignore[arg-type]
    except Exception as error:
        stopped = error
    now.runs.ended(source, stopped)


def test_a_cell_that_stops_is_not_judged_by_the_answer_it_left_from_before(warm: Session) -> None:
    now = Session(CHAPTER, "en", STUDENT, dict(warm.names))
    ran(now, COMPUTED, COMPUTED.body)
    assert now.check(COMPUTED.id).tone == "correct"
    ran(now, COMPUTED, "spend.sort_valuez()")
    told = now.check(COMPUTED.id)
    assert told.tone == "crashed"
    assert "sort_valuez" in str(told)
    ran(now, COMPUTED, f"{COMPUTED.body}\nnothing")  # an error after the answers costs nothing, as in marking
    assert now.check(COMPUTED.id).tone == "correct"
    ran(now, COMPUTED, COMPUTED.body)
    assert now.check(COMPUTED.id).tone == "correct"


def test_the_notebook_tells_the_chapter_how_its_cells_end(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = InteractiveShell()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setattr(notebooks, "_current", None)
    for _ in range(2):  # a second run of the first cells changes nothing
        shell.run_cell(f"from crm_exercises import *\nbegin({CHAPTER.name!r}, 'en', {STUDENT!r})")
    for code, tone in ((f"{next(iter(COMPUTED.answer))} = 5", "malformed"), ("1 / 0", "crashed"), ("1 +", "crashed")):
        shell.run_cell(f"# exercise: {COMPUTED.id}\n{code}")
        assert notebooks.session().check(COMPUTED.id).tone == tone


def test_who_has_no_answer_is_told_its_name(warm: Session) -> None:
    """Also who gave it another name and has no ... to replace any more."""
    now = Session(CHAPTER, "en", STUDENT, {"my_answer": 5})
    assert all(name in str(now.check(COMPUTED.id)) for name in COMPUTED.answer)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_known_mistake_gets_its_own_sentence(warm: Session, lang: str) -> None:
    now = Session(CHAPTER, lang, STUDENT, dict(warm.names))
    for mistake in COMPUTED.mistakes:
        assert answer(now, COMPUTED, mistake.code).lines[0] == mistake[lang]


def test_the_student_s_names_are_not_touched_by_a_check(warm: Session) -> None:
    now = Session(CHAPTER, "en", STUDENT, dict(warm.names))
    before = set(now.names)
    now.check(COMPUTED.id)
    assert set(now.names) == before


def test_what_a_kernel_adds_to_the_builtins_does_not_disturb_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins
    import contextvars

    monkeypatch.setattr(builtins, "display", contextvars.copy_context(), raising=False)  # cannot be copied
    now = session()
    assert answer(now, COMPUTED, "").tone == "correct"


def test_hints_come_one_by_one_and_stay(warm: Session) -> None:
    for level in (1, 2, 3, 3):
        panel = Session(CHAPTER, "en", STUDENT, warm.names).hint(COMPUTED.id)
        assert f"Hint {level} of 3" in panel.title
    assert panel.lines[:3] == [hint.en for hint in COMPUTED.hints]


def test_the_solution_comes_after_a_try_or_when_asked_for_twice(warm: Session) -> None:
    now = Session(CHAPTER, "en", STUDENT, dict(warm.names))
    assert COMPUTED.body not in str(now.solution(COMPUTED.id))
    assert COMPUTED.body in str(now.solution(COMPUTED.id, sure=True))
    answer(now, COMPUTED, COMPUTED.mistakes[0].code)
    assert COMPUTED.body in str(now.solution(COMPUTED.id))


def test_an_exam_release_tells_only_whether_an_answer_is_well_formed(warm: Session) -> None:
    now = Session(CHAPTER.public(), "en", STUDENT, dict(warm.names))
    assert (
        "body" not in CHAPTER.public().exercises[COMPUTED.id].model_dump(exclude_defaults=True)
        or not CHAPTER.public().exercises[COMPUTED.id].body
    )
    right, wrong = answer(now, COMPUTED, ""), answer(now, COMPUTED, COMPUTED.mistakes[0].code)
    assert (right.tone, right.lines) == (wrong.tone, wrong.lines) == ("info", right.lines)
    for name in COMPUTED.answer:
        now.names[name] = object()  # type: ignore[index]
    assert now.check(COMPUTED.id).tone == "malformed"
    assert not now.hint(COMPUTED.id).lines


@pytest.mark.parametrize("name", chapter_names())
def test_the_public_chapter_holds_no_answer(name: str) -> None:
    chapter = read_chapter(name)
    text = chapter.public().dumps()
    for exercise in chapter:
        assert (
            exercise.body not in json.loads(text)["exercises"][exercise.id].get("body", "") or not exercise.body.strip()
        )
        for mistake in exercise.mistakes:
            assert mistake.zh not in text
        for kind in exercise.answer.values():
            for option in getattr(kind, "options", {}).values():
                assert not option.why or option.why.zh not in text
            for told in ("points", "needs", "avoid", "accept"):
                assert not getattr(kind.public(), told, ()), (exercise.id, told)


def test_an_unknown_exercise_is_named_with_those_that_exist(warm: Session) -> None:
    with pytest.raises(UsageError) as caught:
        warm.check("rfm-nothing")
    assert COMPUTED.id in caught.value.text("en")


def test_two_students_have_other_answers(warm: Session) -> None:
    other = session(student="20260002")
    for exercise in CHAPTER:
        if not exercise.own:
            assert warm.reference.expected(exercise) != other.reference.expected(exercise), exercise.id


def test_answers_in_the_sidecar_survive_and_belong_to_their_student(elsewhere: Path) -> None:
    mine, other = Sidecar("ch06_value", STUDENT), Sidecar("ch06_value", "2")
    mine.save(FORM.id, "x", "b")
    other.save(FORM.id, "x", "c")
    assert Sidecar("ch06_value", STUDENT).answer(FORM.id, "x") == "b"
    assert mine.export() == {"student": STUDENT, "chapter": "ch06_value", "answers": {FORM.id: {"x": "b"}}}


@pytest.mark.parametrize("text", ['{"students": {"2026', '{"students": []}'])
def test_a_student_is_told_that_saved_answers_could_not_be_read(
    elsewhere: Path, text: str, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "_language", "en")  # begin changes both, for this test only
    monkeypatch.setattr(notebooks, "_current", None)
    (elsewhere / "ch06_value.answers.json").write_text(text, encoding="utf-8")
    notebooks.begin("ch06_value", "en", STUDENT)
    (kept,) = elsewhere.glob("*.damaged-*")
    assert kept.read_text(encoding="utf-8") == text
    assert kept.name in capsys.readouterr().out


def test_a_damaged_sidecar_is_kept_aside(elsewhere: Path) -> None:
    path = elsewhere / "ch06_value.answers.json"
    path.write_text('{"students": {"2026', encoding="utf-8")
    sidecar = Sidecar("ch06_value", STUDENT)
    assert sidecar.answer(FORM.id, "x") is ...
    sidecar.save(FORM.id, "x", "b")
    assert sidecar.damaged is not None
    assert sidecar.damaged.read_text(encoding="utf-8") == '{"students": {"2026'


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(elsewhere: Path) -> None:
    elsewhere.chmod(0o500)
    with pytest.raises(CrmError) as caught:
        Sidecar("ch06_value", STUDENT).save(FORM.id, "x", "b")
    assert str(elsewhere) in caught.value.text("en")


def notebook(student: str, source: str = "") -> str:
    cells = [{"cell_type": "code", "source": f'student = "{student}"  # mine', "metadata": {}, "outputs": []}]
    cells += [{"cell_type": "code", "source": [source], "metadata": {}, "outputs": []}]
    return json.dumps(
        {"cells": cells, "metadata": {"crm": {"chapter": "ch06_value"}}, "nbformat": 4, "nbformat_minor": 5}
    )


def test_the_hand_in_is_one_file_and_says_what_is_open(
    warm: Session, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    now = Session(CHAPTER, "en", STUDENT, {})
    (elsewhere / "mine.ipynb").write_text(notebook(STUDENT), encoding="utf-8")
    now.sidecar.save(FORM.id, "x", "b")
    panel = handin.write(now, None)
    assert COMPUTED.title.en in panel.lines[1]
    with zipfile.ZipFile(elsewhere / f"{STUDENT}-ch06_value.zip") as archive:
        assert archive.namelist() == ["ch06_value.ipynb", "ch06_value.answers.json", "environment.json"]
        assert json.loads(archive.read("ch06_value.answers.json"))["answers"] == {FORM.id: {"x": "b"}}
        assert "pandas" in json.loads(archive.read("environment.json"))


@pytest.mark.parametrize(
    ("student", "saved", "ran", "key"),
    [
        ("0", notebook("0"), [], "handin.no_student"),
        (STUDENT, notebook("2"), [], "handin.other_student"),
        (STUDENT, None, [], "handin.no_notebook"),
        (
            STUDENT,
            notebook(STUDENT, f"# exercise: {COMPUTED.id}\nold"),
            [f"# exercise: {COMPUTED.id}\nnew"],
            "handin.unsaved",
        ),
    ],
)
def test_a_hand_in_that_would_lose_something_is_refused(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, student: str, saved: str | None, ran: list[str], key: str
) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    if saved:
        (elsewhere / "mine.ipynb").write_text(saved, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        handin.write(Session(CHAPTER, "zh", student, {"In": ran}), None)
    assert caught.value.key == key
    assert not list(elsewhere.glob("*.zip"))


def test_a_hand_in_that_the_disk_refuses_is_told(elsewhere: Path) -> None:
    now = Session(CHAPTER, "zh", STUDENT, {})
    for text, key in ((notebook(STUDENT)[:40], "handin.unreadable"), (notebook(STUDENT), "handin.unwritable")):
        (elsewhere / "mine.ipynb").write_text(text, encoding="utf-8")
        (elsewhere / f"{STUDENT}-ch06_value.zip").mkdir(exist_ok=True)  # what stands in the way
        with pytest.raises(UsageError) as caught:
            handin.write(now, "mine.ipynb")
        assert caught.value.key == key


def test_an_error_shows_the_line_of_the_cell_and_one_sentence() -> None:
    """What a kernel really sends: nothing of the package's inside, which only frightens."""
    source = "from crm_exercises.trade.archive import Archive\nArchive.in_memory(user='a').card('C1')"
    notebook = new_notebook(cells=[new_code_cell(source)])
    NotebookClient(notebook, allow_errors=True, kernel_name="python3").execute()
    (error,) = notebook.cells[0].outputs
    assert error.ename == "RefusedError"
    assert error.traceback[0] == "----> 2 Archive.in_memory(user='a').card('C1')"
    assert error.traceback[1].startswith("RefusedError: ") and "C1" in error.traceback[1] and len(error.traceback) == 2
