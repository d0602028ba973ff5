"""The data of chapter 1: what was planted can be found, and the solutions know every sentence."""

import ast

import pandas as pd
import pytest

from crm_exercises import data
from crm_exercises.core.chapter import read_chapter
from crm_exercises.core.reference import Reference
from crm_exercises.learning.session import starting_names

STUDENTS = ("0", "1", "20260001", "学生甲")
SORTED = {
    "methods-sort": "methods",
    "prospect-sort": "prospecting",
    "dealer-sort": "dealer",
    "cautions-spot": "notes",
    "database-sort": "database",
}


@pytest.fixture(scope="module")
def chapter():
    return read_chapter("ch01_sources")


def answer(chapter, exercise, student):
    """Return the canonical answers of an exercise on a student's data."""
    return Reference(chapter, lambda: starting_names(student)).expected(chapter.exercises[exercise])


@pytest.mark.parametrize("exercise", SORTED)
def test_the_solution_puts_every_sentence_where_it_belongs(chapter, exercise, datasets):
    keys = datasets("generate_sources").keys()[SORTED[exercise]]
    body = ast.parse(chapter.exercises[exercise].body)
    assert ast.literal_eval(body.body[0].value) == keys


@pytest.mark.parametrize("exercise", SORTED)
@pytest.mark.parametrize("student", STUDENTS)
def test_every_student_has_something_to_sort(chapter, exercise, student):
    filed = next(iter(answer(chapter, exercise, student).values()))
    assert len(filed) >= 5
    assert len(set(filed.values())) >= 3


@pytest.mark.parametrize("student", STUDENTS)
def test_every_free_text_source_is_recognised(chapter, student):
    tidy = answer(chapter, "log-classify", student)["tidy"]["columns"]
    assert None not in tidy["code"]
    assert set(tidy["code"]) == set(data.codes("leads", "source"))


@pytest.mark.parametrize("student", STUDENTS)
def test_leads_costs_and_lists_are_of_the_same_territories(student):
    tables = [data.load(name, student) for name in ("leads", "source_costs", "source_lists")]
    territories = [set(table["territory"]) for table in tables]
    assert territories[0] == territories[1] == territories[2]
    assert len(territories[0]) == 8
    assert (tables[1]["amount"] < 0).any()


@pytest.mark.parametrize("student", STUDENTS)
def test_an_exhibition_begins_to_pay_within_the_figure(chapter, student):
    found = answer(chapter, "prospect-lines", student)
    assert 5 < found["turning"] <= 60


def test_cheap_leads_are_dear_and_the_fair_pays_in_spite_of_its_cost():
    leads, costs = data.pool("leads"), data.pool("source_costs")
    whole = leads.groupby("source").agg(leads=("lead_id", "size"), good=("qualified", "sum"), margin=("margin", "sum"))
    whole["cost"] = costs.groupby("source")["amount"].sum()
    per_lead, per_good, ratio = (
        whole["cost"] / whole["leads"],
        whole["cost"] / whole["good"],
        whole["margin"] / whole["cost"],
    )
    assert per_lead["web"] < per_lead["visit"] and per_good["web"] > per_good["visit"]
    assert per_good["fair"] > per_good["visit"] and ratio["fair"] > ratio["visit"]
    assert ratio["press"] < 1


def test_each_salesperson_keeps_the_habits_that_were_planted(chapter):
    habits = answer(chapter, "cautions-log", "0")["habits"]
    late = pd.Series(habits["columns"]["late"], index=[row[0] for row in habits["rows"]])
    assert late.idxmax() == "孙一" and late.idxmin() == "林晓"


@pytest.mark.parametrize("student", STUDENTS)
def test_one_spelling_leaves_fewer_firms_than_names_and_no_trace_of_the_endings(chapter, student):
    clean = answer(chapter, "dedupe-clean", student)
    keys = pd.Series(clean["clean"]["columns"]["key"])
    names = data.load("source_lists", student)["name"]
    assert clean["count"] == keys.nunique() < 0.8 * names.nunique()
    assert not keys.str.contains(r"\s|公司|有限|杭州|市|[()（）]").any()
    assert answer(chapter, "dedupe-merge", student)["saved_calls"] == len(names) - clean["count"]


def test_the_published_set_has_the_totals_that_the_solutions_name(chapter):
    assert answer(chapter, "log-first", "0")["untidy"] == 67
    assert answer(chapter, "channels-join", "0")["unattended"] == 36
    assert answer(chapter, "prospect-lines", "0")["turning"] == 33
    assert answer(chapter, "dedupe-clean", "0")["count"] == 137
    assert answer(chapter, "dedupe-merge", "0")["shared"] == 56
    assert len(data.load("source_lists")) == 217


@pytest.mark.parametrize("student", STUDENTS)
def test_each_word_of_a_rule_decides_something(student):
    log, visits = data.load("lead_log", student)["source"], data.load("visits", student)
    assert log.str.count(r"\s").sum() > log.str.contains(r"\s").sum()
    begin, written = visits["begin"], visits["written"]
    assert {"11:30", "13:30"} <= set(begin.dt.strftime("%H:%M"))
    assert ((written.dt.date > begin.dt.date) & (written.dt.day < begin.dt.day)).any()


@pytest.mark.parametrize("student", STUDENTS)
def test_more_money_never_buys_a_source_that_loses_money(chapter, student):
    answers = answer(chapter, "keep-budget", student)
    margins = data.load("leads", student).groupby("source")["margin"].sum()
    spent = data.load("source_costs", student).groupby("source")["amount"].sum()
    budgets, gains = zip(*answers["gains"].items(), strict=True)
    assert sorted(gains) == list(gains) and len(set(gains)) == len(gains)
    assert int(budgets[-1]) > spent.sum() and gains[-1] > (margins - spent).sum()
    assert sum(answers["kept"].values()) <= 20_000
