"""Chapter 9: its figures, and what its exercises rely on in the data that stand beside Superstore."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conftest import draw_and_close

from crm_exercises import data
from crm_exercises.core.errors import UsageError
from crm_exercises.plots import performance

STUDENTS = ("0", "1", "20260001", "学生甲")


# Figures


def test_a_whale_curve_runs_over_all_customers_and_names_its_peak(lang: str) -> None:
    axes = performance.whale([0, 0.9, 1.6, 1.0])
    (line,) = [line for line in axes.get_lines() if len(line.get_xdata()) == 4]
    assert line.get_xydata() == pytest.approx(np.array([[0, 0], [1 / 3, 0.9], [2 / 3, 1.6], [1, 1]]))
    assert [text.get_text() for text in axes.texts] == ["160%"]
    assert axes.get_title() and axes.get_xlabel() and axes.get_ylabel()
    draw_and_close(axes)


@pytest.mark.parametrize("cumulative", [[], [0.9, 1.6, 1.0], [0, 900, 1600]])
def test_a_whale_curve_of_something_else_is_refused(cumulative: list[float]) -> None:
    with pytest.raises(UsageError) as caught:
        performance.whale(cumulative)
    assert caught.value.key == "performance.whale.ends"


def test_drift_draws_a_named_line_for_each_group(lang: str) -> None:
    shares = pd.DataFrame({"East": [0.4, 0.3], "West": [0.6, 0.7]}, index=[2016, 2017])
    axes = performance.drift(shares, names=data.codes("superstore", "region", lang))
    assert [line.get_xydata().tolist() for line in axes.get_lines()] == [
        [[2016, 0.4], [2017, 0.3]],
        [[2016, 0.6], [2017, 0.7]],
    ]
    assert [text.get_text() for text in axes.texts] == (["East", "West"] if lang == "en" else ["东部", "西部"])
    draw_and_close(axes)


def test_drift_refuses_amounts_and_a_table_on_its_side() -> None:
    shares = pd.DataFrame({"East": [0.4, 0.3], "West": [0.6, 0.7]}, index=[2016, 2017])
    for wrong in (shares * 100, shares.T):
        with pytest.raises(UsageError) as caught:
            performance.drift(wrong)
        assert caught.value.key == "performance.drift.total"
        assert caught.value.text("zh") != caught.value.text("en")


def test_cross_map_puts_turn_to_the_right_and_margin_up(lang: str) -> None:
    names = data.codes("superstore", "sub_category", lang)
    axes = performance.cross_map([0.4, -0.1, 0.38], [2, 1.5, 2.1], groups=["Paper", "Tables", "Labels"], names=names)
    assert axes.collections[0].get_offsets().tolist() == [[2, 0.4], [1.5, -0.1], [2.1, 0.38]]
    assert {names[one] for one in ("Paper", "Tables", "Labels")} <= {text.get_text() for text in axes.texts}
    draw_and_close(axes)


# Data


@pytest.mark.parametrize("student", STUDENTS)
def test_log_and_accounts_are_those_of_the_student_s_own_customers(student: str) -> None:
    mine = set(data.load("superstore", student)["customer_id"])
    assert set(data.load("superstore_accounts", student)["customer_id"]) == mine
    assert set(data.load("superstore_service", student)["customer_id"]) == mine


@pytest.mark.parametrize("student", STUDENTS)
def test_the_log_is_untidy_as_its_card_says(student: str) -> None:
    service = data.load("superstore_service", student)
    log = service.drop_duplicates()
    assert len(log) < len(service) and log["event_id"].is_unique
    assert log.loc[log["kind"].isin(["visit", "call"]), "minutes"].isna().any()
    assert not log.loc[log["kind"] != "visit", "ordered"].any()


@pytest.mark.parametrize("student", STUDENTS)
def test_service_hides_losses_and_a_minority_earns_more_than_everything(student: str) -> None:
    orders, accounts = data.load("superstore", student), data.load("superstore_accounts", student)
    gross = orders[orders["order_date"].dt.year == 2017].groupby("customer_id")["profit"].sum()
    gross = gross.reindex(accounts["customer_id"]).fillna(0)
    profit = gross - accounts.set_index("customer_id")["service_cost"]
    assert profit.sum() > 0
    assert ((gross > 0) & (profit < 0)).mean() > 0.1
    assert profit.nlargest(len(profit) // 4).sum() > 1.5 * profit.sum()


@pytest.mark.parametrize("student", STUDENTS)
def test_habits_of_the_sales_force_can_be_found(student: str) -> None:
    log = data.load("superstore_service", student).drop_duplicates()
    visits = log[log["kind"] == "visit"].groupby("salesperson")
    assert visits.size().idxmax() == visits["ordered"].mean().idxmin() == "S3"
    assert visits["ordered"].mean().idxmax() == "S1"


@pytest.mark.parametrize("student", STUDENTS)
def test_some_promotions_lose_money_and_some_earn(student: str) -> None:
    one = data.load("superstore_promotions", student)
    net = (one["sales"] - one["baseline"] - one["dip"]) * one["margin"] - one["cost"]
    assert net.groupby(one["kind"]).sum().agg(["min", "max"]).prod() < 0


@pytest.mark.parametrize("student", STUDENTS)
def test_support_is_proposed_for_good_and_for_bad_customers(student: str) -> None:
    orders, proposals = data.load("superstore", student), data.load("superstore_support", student)
    sums = orders[orders["order_date"].dt.year == 2017].groupby("customer_id")[["sales", "profit"]].sum()
    mine = proposals[proposals["customer_id"].isin(sums.index)].set_index("customer_id").join(sums)
    gain = mine["extra_sales"] * mine["profit"] / mine["sales"] - mine["cost"]
    assert (gain > 0).sum() >= 20 and (mine["profit"] < 0).sum() >= 5


@pytest.mark.parametrize("student", STUDENTS)
def test_among_the_best_proposals_are_some_that_do_not_qualify_and_people_are_scarcer_than_money(student: str) -> None:
    orders, proposals = data.load("superstore", student), data.load("superstore_support", student)
    sums = orders[orders["order_date"].dt.year == 2017].groupby("customer_id")[["sales", "profit"]].sum()
    accounts = data.load("superstore_accounts", student).set_index("customer_id").join(sums)
    mine = proposals.set_index("customer_id").join(accounts, how="inner")
    assets = (mine["receivable_start"] + mine["receivable_end"]) / 2 + mine["dedicated_stock"]
    qualifies = (assets > 0) & ((mine["profit"] - mine["service_cost"]) / assets >= 0.3)
    gain = mine["extra_sales"] * mine["profit"] / mine["sales"] - mine["cost"]
    best = (gain / mine["cost"])[gain > 0].nlargest(15).index
    assert (~qualifies[best]).any()
    wanted = mine.loc[[one for one in best if qualifies[one]], ["days", "cost"]].sum()
    assert wanted["days"] / 90 > max(1, wanted["cost"] / 2600)
