"""Chapter 8: the surveys hold what the exercises rely on, for every student; the published numbers come out."""

from functools import partial

import pandas as pd
import pytest

from crm_exercises import data
from crm_exercises.core.chapter import read_chapter
from crm_exercises.core.marking import judge
from crm_exercises.core.reference import Reference
from crm_exercises.learning.session import starting_names

STUDENTS = ("0", "1", "20260001", "学生甲")
CODES = list(data.load("survey_weights")["item"])


@pytest.fixture(scope="module")
def reference():
    """The reference solutions on the published set."""
    chapter = read_chapter("ch08_satisfaction")
    solved = Reference(chapter, partial(starting_names, "0"))
    return lambda exercise: solved.expected(chapter.exercises[exercise])


def test_the_cards_draw_as_the_generator_publishes(datasets):
    for name, (unit, size, _, _) in datasets("generate_survey").SETS.items():
        crm = data.card(name)["crm"]
        assert (crm["unit"], crm["draw"]) == (unit, size)


def test_the_published_report_has_the_mean_that_was_published(reference):
    paper = data.load("report_copies")
    assert paper["index"].isna().sum() == 1
    restored = reference("index-stain")["restored"]
    assert paper["index"].fillna(restored["stain"]).mean() == pytest.approx(94.32)
    assert restored["stain"] == pytest.approx(91)


def test_every_stain_can_be_recovered():
    copies = data.pool("report_copies").set_index("copy_id")
    sums = 943.2 - copies.groupby(level=0)["index"].sum()
    assert sums.round(6).isin([96, 94.5, 95.5, 95.4, 93.1, 93.2, 100, 91, 93.5]).all()


def test_the_published_case_confuses_an_index_of_78_4_with_a_rate_of_100(reference):
    branch = reference("rate-report")["branch"]
    assert branch == pytest.approx({"valid": 4, "index": 78.4, "satisfied": 4, "rate": 100, "over": 15})


def test_every_small_report_has_four_valid_and_some_void_questionnaires_and_one_on_the_line():
    reports = data.pool("small_reports")
    good = reports[reports["answered"] >= 11]
    assert (good.groupby("report_id").size() == 4).all()
    assert (good[good["index"] == 70].groupby("report_id").size() >= 1).all()
    assert good.loc[good["index"] == 70, "report_id"].nunique() == reports["report_id"].nunique()
    assert reports.groupby("report_id")["answered"].min().max() <= 10


@pytest.mark.parametrize("student", STUDENTS)
def test_who_leaves_blanks_is_less_satisfied_and_a_reminder_helps(student):
    survey = data.load("survey", student)
    scores = survey.loc[survey["returned"], CODES]
    blanks = scores.isna().sum(axis=1)
    mean = scores.mean(axis=1)
    assert (blanks <= 1).sum() >= 64
    assert mean[blanks.between(2, 4)].mean() < mean[blanks == 0].mean() - 0.2
    returned = survey.groupby("reminded")["returned"].mean()
    assert returned[True] > returned[False] + 0.1
    assert survey.loc[~survey["returned"], CODES].isna().all(axis=None)


@pytest.mark.parametrize("student", STUDENTS)
def test_importance_comes_from_the_same_customers(student):
    survey, rated = data.load("survey", student), data.load("survey_importance", student)
    assert survey["customer_id"].tolist() == rated["customer_id"].tolist()
    assert rated[CODES].notna().all(axis=1).tolist() == survey["returned"].tolist()


@pytest.mark.parametrize("student", STUDENTS)
def test_delivery_is_behind_the_competitor_and_everybody_likes_the_own_supplier(student):
    market = data.load("market_survey", student)
    means = market.groupby("firm")[CODES].mean()
    behind = (means.loc["yunqi"] - means.loc["mohai"]) / 5 * 100
    assert behind.nsmallest(2).index.sort_values().tolist() == ["ontime", "urgent"]
    assert (behind[["ontime", "urgent"]] <= -5).all() and (behind[["packing", "attitude"]] >= 5).all()
    liking = market.assign(score=market[CODES].mean(axis=1)).pivot_table("score", "buys_from", "firm")
    assert liking.loc["yunqi", "yunqi"] > liking.loc["yunqi", "mohai"]
    assert liking.loc["mohai", "mohai"] > liking.loc["mohai", "yunqi"]


def test_every_pretest_has_one_item_that_moves_against_the_others():
    for _, version in data.pool("pretests").groupby("version_id"):
        answers = version[CODES]
        rest = pd.Series({code: answers[code].corr(answers.drop(columns=code).sum(axis=1)) for code in CODES})
        assert (rest < 0).sum() == 1


def test_every_panel_gives_a_hundred_points_and_every_customer_ten():
    assert (data.pool("survey_weights").groupby("panel_id")["weight"].sum() == 100).all()
    assert data.pool("survey_weights")["weight"].min() >= 2
    assert (data.pool("needs_survey").groupby(["round_id", "talk"])["points"].sum() == 10).all()


def test_in_every_round_of_talks_importance_changes_the_order_of_the_needs():
    for _, talks in data.pool("needs_survey").groupby("round_id"):
        sums = talks.groupby("need")[["points", "expected", "ours"]].sum()
        gap = (sums["ours"] - sums["expected"]) / sums["expected"]
        gap["stock"] *= -1
        assert gap.sort_values().index.tolist() != (gap * sums["points"]).sort_values().index.tolist()


@pytest.mark.parametrize("student", STUDENTS)
def test_the_border_of_two_thirds_is_tried_and_four_blanks_are_as_valid_as_three(student):
    survey = data.load("survey", student)
    blanks = survey.loc[survey["returned"], CODES].isna().sum(axis=1)
    assert (blanks == 4).any() and (blanks > 4).any()


@pytest.mark.parametrize(
    ("text", "earned"),
    [
        ("满意率应为4/4，也就是100%，超过了85%的目标。78.4是平均得分。样本只有4家，太少了。", 4),
        ("4家都满意，所以满意率百分之百，达标。78.4是综合满意度指数，不能和85%比。只收回4份问卷，说明不了什么。", 4),
        ("All 4 customers are satisfied, so the rate is 100 % and above the target. 78.4 is the average score. The sample is small.", 4),
        ("所有客户都满意，满意率100%，比85%的目标高15个百分点。综合指数78.4分是平均分。样本少，参考价值有限。", 4),
        ("Four of four are satisfied, a rate of 100 %, which beats the 85 % target. 78.4 is the mean index. Only four forms came back.", 4),
        ("满意率是78.4%，没有达到目标。", 0),
        ("The satisfied rate is 78.4 % and misses the target of 85 %.", 0),
    ],
)  # fmt: skip
def test_the_rewritten_paragraph_is_read_for_its_points(text, earned):
    chapter = read_chapter("ch08_satisfaction")
    solved = Reference(chapter, partial(starting_names, "0"))
    verdict = judge(chapter.exercises["rate-rewrite"], {"rewrite": {"state": "value", "value": text}}, solved)
    assert verdict.earned == earned
