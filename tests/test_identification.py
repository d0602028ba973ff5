"""The data of chapter 5: what its exercises rely on holds for every student."""

import pandas as pd
import pytest

from crm_exercises import data
from crm_exercises.core.chapter import read_chapter
from crm_exercises.core.explain import explained

STUDENTS = ("0", "1", "20260001", "学生甲")
LIMITS = {
    "owner": 10**7,
    "manager": 10**7,
    "purchasing": 30_000,
    "office": 8_000,
    "finance": 0,
    "user": 0,
    "reception": 0,
}


@pytest.mark.parametrize("student", STUDENTS)
def test_all_eight_cells_and_the_edges_of_their_rules_occur(student):
    prospects = data.load("prospects", student)
    facts = pd.DataFrame(
        {
            "M": prospects["budget"] >= prospects["quote"],
            "A": prospects["role"].map(LIMITS) >= prospects["quote"],
            "N": prospects["need_score"] >= 6,
        }
    )
    assert len(prospects) == 240
    assert (facts.value_counts() >= 5).sum() == 8
    assert (prospects["budget"] == prospects["quote"]).any() and (prospects["need_score"] == 6).any()
    assert prospects["judged"].nunique() == 8


@pytest.mark.parametrize("student", STUDENTS)
def test_every_method_has_effective_customers_and_every_step_needs_the_one_before(student):
    approaches = data.load("approaches", student)
    assert (approaches.groupby("method")["effective"].sum() > 0).all()
    assert approaches["method"].nunique() == 7
    assert not (approaches["effective"] & ~approaches["answered"]).any()
    assert not (approaches["ordered"] & ~approaches["effective"]).any()
    assert ((approaches["first_order"] > 0) == approaches["ordered"]).all()


@pytest.mark.parametrize("student", STUDENTS)
def test_the_score_helps_more_in_winning_than_in_keeping(student):
    efforts = data.load("efforts", student)
    saving = {}
    for aim, part in efforts.groupby("aim"):
        aimed = part[part["score"] >= 60]
        saving[aim] = 1 - (aimed["cost"].sum() / aimed["success"].sum()) / (part["cost"].sum() / part["success"].sum())
    assert 0 < saving["keep"] < saving["win"] < 1


@pytest.mark.parametrize("student", STUDENTS)
def test_cards_have_the_reading_day_of_their_grade_only(student):
    cards = data.load("reading_cards", student)
    assert ((cards["weekday"] > 0) == (cards["grade"] == "B")).all()
    assert ((cards["month_day"] > 0) == (cards["grade"] == "C")).all()
    assert cards.groupby("salesperson")["grade"].nunique().tolist() == [3] * 5


@pytest.mark.parametrize("student", STUDENTS)
def test_every_team_answers_all_questions_in_one_of_five_regions(student):
    audit = data.load("prospect_audit", student)
    questions = data.load("audit_questions", student)
    assert questions["q"].tolist() == list(range(1, 24))
    assert (audit.groupby("team_id")["q"].nunique() == 23).all()
    assert audit["region"].nunique() == 5


@pytest.mark.parametrize("student", STUDENTS)
def test_who_left_the_stock_has_a_reason(student):
    stock = data.load("prospect_stock", student)
    assert ((stock["left_week"] == 0) == (stock["outcome"] == "open")).all()


def test_the_solution_says_to_which_of_several_answers_a_reason_belongs():
    told = explained(read_chapter("ch05_identification").exercises["seven-first"], "zh")
    places = [told.index(f"`situation_{number}`") for number in range(1, 6)]
    assert places == sorted(places)
