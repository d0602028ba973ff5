"""The data and figures of chapter 7: what was planted can be found on every draw."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm_exercises import data, plots
from crm_exercises.core.figures import Figure

STUDENTS = ("0", "1", "20260001", "学生甲")
TODAY = pd.Timestamp("2026-06-30")


@pytest.mark.parametrize(
    ("signed", "end"),
    [
        (date(2025, 11, 30), date(2026, 2, 28)),
        (date(2025, 12, 31), date(2026, 3, 31)),
        (date(2026, 1, 31), date(2026, 4, 30)),
        (date(2025, 9, 15), date(2025, 12, 15)),
        (date(2025, 8, 31), date(2025, 11, 30)),
    ],
)
def test_three_months_are_those_of_pandas(datasets, signed, end):
    assert datasets("generate_development").months_later(signed, 3) == end
    assert pd.Timestamp(signed) + pd.DateOffset(months=3) == pd.Timestamp(end)


@pytest.mark.parametrize("student", STUDENTS)
def test_every_opportunity_takes_the_steps_in_order_and_is_decided_by_the_end_of_june(student):
    log = data.load("opportunity_steps", student)
    first = log.groupby(["opp_id", "step"])["entered"].min().unstack()
    assert len(first) == 800 and set(first) == set(range(1, 8))
    assert (first.notna() == first.notna().cummin(axis=1)).all(axis=None)
    assert not (first.diff(axis=1) < pd.Timedelta(0)).any(axis=None)
    assert first.max(axis=None) <= TODAY
    assert log.duplicated(["opp_id", "step"]).any()


@pytest.mark.parametrize("student", STUDENTS)
def test_the_weak_points_of_the_team_show(student):
    log = data.load("opportunity_steps", student)
    counts = log.groupby(["salesperson", "step"])["opp_id"].nunique().unstack()
    rate = counts.shift(-1, axis=1) / counts
    others = rate.drop(index=["何文", "周可"])
    assert rate.loc["何文", 5] < others[5].mean()
    assert rate.loc["周可", 2] > others[2].max() and rate.loc["周可", 4] < others[4].min()


@pytest.mark.parametrize("student", STUDENTS)
def test_gates_are_jumped_in_all_three_ways_and_a_profit_needs_the_last_gate(student):
    stages = data.load("key_stages", student)
    before = stages[["account_id", "stage", "gate", "ended"]].assign(stage=stages["stage"] + 1)
    pairs = stages[stages["stage"] > 1].merge(before, on=["account_id", "stage"], how="left", suffixes=("", "_b"))
    assert pairs["gate_b"].isna().any() and (pairs["gate_b"] == "no").any()
    assert ((pairs["gate_b"] == "yes") & (pairs["started"] < pairs["ended_b"])).any()
    assert ((stages["profit"] > 0) == ((stages["stage"] == 5) & (stages["gate"] == "yes"))).all()


@pytest.mark.parametrize("student", STUDENTS)
def test_some_projects_fail_in_the_last_stage_and_some_open_ones_are_silent(student):
    past, projects = data.load("past_projects", student), data.load("pipeline", student)
    assert past["last_stage"].nunique() == 6
    assert past["accepted"].any() and (past.loc[past["accepted"], "last_stage"] == 6).all()
    assert not past.loc[past["last_stage"] == 6, "accepted"].all()
    silent = (TODAY - projects["last_contact"]).dt.days
    assert silent.min() >= 0 and (silent > 90).any() and (silent == 90).any()
    assert projects["stage"].nunique() == 6


@pytest.mark.parametrize("student", STUDENTS)
def test_contracts_hold_every_kind_of_fault_and_state(student):
    deals = data.load("contracts", student)
    when = deals[[f"s{number}" for number in range(1, 10)]]
    assert when.isna().any(axis=None) and (when.diff(axis=1) < pd.Timedelta(0)).any(axis=None)
    assert when.max(axis=None) <= TODAY and deals["formal"].max() <= TODAY
    end = deals["s8"] + pd.DateOffset(months=3)
    assert (deals["formal"] < end).any() and (deals["formal"] == end).any()
    assert (deals["formal"].isna() & (end < TODAY)).any() and (end > TODAY).any()
    assert (deals["formal"].isna() & (end == TODAY)).any()


@pytest.mark.parametrize("student", STUDENTS)
def test_ningbo_grows_by_small_dealers(student):
    sales = data.load("dealer_sales", student)
    new = (sales.groupby("shop_id")["year"].transform("nunique") == 1) & (sales["year"] == 2025)
    old = ~new & (sales["year"] == 2025)
    size = sales[new].groupby("region")["sales"].mean() / sales[old].groupby("region")["sales"].mean()
    assert len(size) == 5 and size.idxmin() == "Ningbo"


def test_a_bridge_ends_where_its_steps_lead():
    axes = plots.bridge(1000, [800, -560], ["2024", "number", "average", "2025"])
    bars = Figure(kind="figure", shows=("bars",)).canonical(axes)["bars"]
    assert [height for _, height in bars] == [1000, 1240, 800, -560]


def test_a_funnel_shows_all_steps_even_where_a_rate_is_missing():
    axes = plots.funnel([8, 4, 1], [0.5, np.nan, np.nan], ["a", "b", "c"])
    assert [text.get_text() for text in axes.texts] == ["8", "4", "1", "↓ 50%"]
