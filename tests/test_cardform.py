"""The card form: checked while one types, saved at every change, restored, marked; and a dictionary that does the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import told_facts

from crm_exercises.authoring.notebooks import starter
from crm_exercises.authoring.source import read_source
from crm_exercises.core.errors import UsageError
from crm_exercises.core.paths import ROOT
from crm_exercises.learning import cardform, notebook
from crm_exercises.learning.cardform import CardForm, card_form
from crm_exercises.learning.session import Session, starting_names
from crm_exercises.trade.cards import EnterpriseCard, IndividualCard
from crm_exercises.trade.cases import record

CHAPTER = read_source(ROOT / "course" / "ch02_cards.md").chapter
STUDENT = "20260001"

pytestmark = pytest.mark.usefixtures("elsewhere")


def session(lang: str = "zh", student: str = STUDENT) -> Session:
    return Session(CHAPTER, lang, student, starting_names(student))


def form(now: Session, exercise: str = "card-person", name: str = "person") -> CardForm:
    return CardForm(now, exercise, name, CHAPTER.exercises[exercise].answer[name])  # type: ignore[arg-type]


def written(now: Session, kind: str) -> dict[str, str]:
    """Return what a careful student types: the first spelling of each fact, options by their codes."""
    facts = told_facts(kind, now.student)
    return {field: str(value).split(" | ")[0] for field, value in facts.items()}


def fill(made: CardForm, values: dict[str, str]) -> None:
    for field, value in values.items():
        made.inputs[field].value = value


def test_the_starter_opens_the_form() -> None:
    assert starter(CHAPTER.exercises["card-person"]) == 'person = card_form("card-person")'
    assert starter(CHAPTER.exercises["design-form"]) == "sheet = ..."


@pytest.mark.parametrize(
    ("exercise", "name", "kind"), [("card-person", "person", "individual"), ("card-firm", "firm", "enterprise")]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_card_filled_in_from_the_case_is_right(lang: str, exercise: str, name: str, kind: str) -> None:
    now = session(lang)
    made = form(now, exercise, name)
    fill(made, written(now, kind))
    assert now.check(exercise).tone == "correct"
    assert all("✘" not in note.value and "…" not in note.value for note in made.notes.values())


def test_a_dictionary_does_the_same() -> None:
    now = session()
    now.names["person"] = written(now, "individual")  # type: ignore[index]
    assert now.check("card-person").tone == "correct"
    now.names["person"] = {"姓名": written(now, "individual")["name"]}  # type: ignore[index]
    panel = now.check("card-person")
    assert panel.tone == "partial"
    assert "栏没填" in str(panel)


def test_it_checks_while_one_types() -> None:
    now = session()
    made = form(now)
    number = record("individual", now.student)["identity_number"]
    made.inputs["identity_number"].value = number[:5]
    assert "已输入 5 位，共 18 位" in made.notes["identity_number"].value
    assert "要改" not in made.state.value
    made.inputs["identity_number"].value = number[:16] + number[17] + number[16]
    assert "✘" in made.notes["identity_number"].value
    assert "1 处要改" in made.state.value
    made.inputs["identity_number"].value = number
    assert "✓" in made.notes["identity_number"].value
    made.inputs["identity_number"].value = ""
    assert made.notes["identity_number"].value == ""


def test_a_contradiction_shows_beside_the_other_field() -> None:
    now = session("en")
    made = form(now)
    fill(made, {**written(now, "individual"), "birth_date": "1980-01-01"})
    assert "Contradicts the identity number" in made.notes["birth_date"].value
    assert "✓" in made.notes["identity_number"].value


def test_every_change_is_on_disk_and_comes_back(tmp_path: Path) -> None:
    made = form(session())
    fill(made, {"name": "王芳", "gender": "female", "mobile": "154 12"})
    saved = json.loads((tmp_path / "ch02_cards.answers.json").read_text(encoding="utf-8"))
    kept = saved["students"][STUDENT]["answers"]["card-person"]["person"]
    assert kept == {"name": "王芳", "gender": "female", "mobile": "154 12"}
    again = form(session())
    assert (again.inputs["name"].value, again.inputs["gender"].value, again.inputs["mobile"].value) == (
        "王芳",
        "female",
        "154 12",
    )
    assert again.answer.values() == kept
    assert "3/30" in again.state.value


def test_another_student_sees_an_empty_form() -> None:
    form(session()).inputs["name"].value = "王芳"
    assert form(session(student="20260002")).answer is ...


def test_the_variable_follows_without_a_rerun() -> None:
    now = session()
    made = form(now)
    made.inputs["name"].value = "王芳"
    assert isinstance(now.names["person"], IndividualCard)
    made.inputs["name"].value = " "
    assert now.names["person"] is ...
    assert now.check("card-person").tone == "unattempted"


def test_wrong_facts_are_named_and_the_right_ones_are_not_given_away() -> None:
    now = session()
    made = form(now)
    right = written(now, "individual")
    fill(made, right | {"mobile": record("individual", STUDENT)["old_mobile"]})
    panel = now.check("card-person")
    assert panel.tone == "partial"
    assert "已经停用的旧号" in str(panel)
    assert "手机" in str(panel)
    assert right["mobile"] not in str(panel)


def test_an_unwritable_folder_is_said_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    now = session()
    made = form(now)
    monkeypatch.setattr(now.sidecar, "path", Path("/proc/nowhere/answers.json"))
    made.inputs["name"].value = "王芳"
    assert "没能保存" in made.state.value
    assert now.names["person"].name == "王芳"


def test_what_was_saved_by_hand_or_damaged_does_no_harm() -> None:
    now = session()
    now.sidecar.save("card-person", "person", {"gender": "purple", "colour": "red", "children": 2})
    made = form(now)
    assert made.inputs["gender"].value == ""
    assert made.inputs["children"].value == "2"
    assert "colour" not in made.values
    now.sidecar.save("card-person", "person", ["what?"])
    assert form(now).answer is ...


def test_labels_speak_the_notebooks_language() -> None:
    zh, en = form(session("zh")), form(session("en"))
    assert zh.inputs["postcode"].description == "邮政编码 *"
    assert en.inputs["postcode"].description == "Postal code *"
    assert [text for text, _ in en.inputs["gender"].options] == ["(choose)", "male", "female"]


def test_all_fields_of_both_cards_have_an_input() -> None:
    assert set(form(session()).inputs) == set(IndividualCard.model_fields)
    assert set(form(session(), "card-firm", "firm").inputs) == set(EnterpriseCard.model_fields)


def test_the_word_for_notebooks(monkeypatch: pytest.MonkeyPatch) -> None:
    now = session()
    monkeypatch.setattr(notebook, "_current", None)
    assert card_form("card-person") is ...
    monkeypatch.setattr(notebook, "_current", now)
    shown: list[Any] = []
    monkeypatch.setattr(cardform, "display", shown.append)
    monkeypatch.setattr(cardform, "in_notebook", lambda: True)
    assert card_form("card-person") is ...
    assert len(shown) == 1
    now.sidecar.save("card-person", "person", {"name": "王芳"})
    assert card_form("card-person").name == "王芳"
    with pytest.raises(UsageError) as caught:
        card_form("valid-digit")
    assert caught.value.key == "cardform.no_card"
