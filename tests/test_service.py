"""The data of chapter 11: published totals, what was planted can be found by every student, the carrier is read without being run."""

import pickle

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from crm_exercises import data, plots
from crm_exercises.plots import control_chart
from crm_exercises.trade.calendar import WorkCalendar

STUDENTS = ("0", "1", "20260001", "学生甲")
BASE = 25
STEPS = ["record", "judge", "assign", "analyse", "propose", "approve", "act", "evaluate"]


def test_telco_churn():
    telco = data.load("telco_churn")
    assert (len(telco), (telco["churn"] == "Yes").sum()) == (7043, 1869)
    assert telco["internet_service"].value_counts().to_dict() == {"Fiber optic": 3096, "DSL": 2421, "No": 1526}
    assert (telco.loc[telco["total_charges"].isna(), "tenure"] == 0).all() and telco["total_charges"].isna().sum() == 11
    known = telco.dropna(subset="total_charges")
    assert known["total_charges"].corr(known["tenure"] * known["monthly_charges"]) > 0.999


def test_a_pickled_table_is_read_without_being_run(datasets):
    reader = datasets("frozen_frame")
    with pytest.raises(pickle.UnpicklingError, match="is no part of a plain table"):
        reader.columns(pickle.dumps(print))


@pytest.mark.parametrize("student", STUDENTS)
def test_who_listens_badly_is_rated_lower(student):
    calls, turns = data.load("calls", student), data.load("call_turns", student)
    assert set(calls["call_id"]) == set(turns["call_id"])
    breaks = turns[turns["act"].isin(["interrupt", "assume", "brush_off", "argue"])].groupby("call_id").size()
    mood = calls.groupby(breaks.reindex(calls["call_id"], fill_value=0).clip(upper=3).to_numpy())["rating"].mean()
    assert mood.is_monotonic_decreasing and calls["rating"].isna().any()


@pytest.mark.parametrize("student", STUDENTS)
def test_contacts_fall_due_before_during_and_after_the_plan(student):
    customers = data.load("contact_list", student)
    days = pd.to_timedelta(customers["grade"].map({"A": 28, "B": 42, "C": 84}), unit="D")
    due = (customers["last_contact"] + days).dropna().map(WorkCalendar(2026).next_workday)
    assert {"A", "B", "C"} == set(customers["grade"]) and customers["last_contact"].isna().any()
    assert (due < "2026-04-27").any() and due.between("2026-04-27", "2026-05-15").any() and (due > "2026-05-15").any()


@pytest.mark.parametrize("student", STUDENTS)
def test_promises_have_all_three_outcomes(student):
    promises = data.load("service_promises", student)
    deadline = promises["made"] + pd.to_timedelta(promises["promised_hours"], unit="h")
    pending = promises["done"].isna() & (deadline >= "2026-06-30 18:00")
    assert pending.any() and (promises["done"].isna() & ~pending).any()
    assert not (promises["done"] < promises["made"]).any()


@pytest.mark.parametrize("student", STUDENTS)
def test_complaints_agree_with_their_log(student):
    complaints = data.load("complaints", student).set_index("complaint_id")
    log = data.load("complaint_steps", student)
    assert set(log["complaint_id"]) == set(complaints.index)
    first = log.groupby(["complaint_id", "step"])["at"].min().unstack().reindex(columns=STEPS)
    closed = complaints[complaints["state"] == "closed"]
    assert (first["record"] == complaints["received"].reindex(first.index)).all()
    assert (first.loc[closed.index, "act"] == closed["closed"]).all() and (closed["replied"] <= closed["closed"]).all()
    assert first.loc[closed.index[~closed["holds"]], ["assign", "analyse", "propose", "approve"]].isna().all(axis=None)


@pytest.mark.parametrize("student", STUDENTS)
def test_a_slow_reply_costs_customers(student):
    complaints = data.load("complaints", student)
    hours = (complaints["replied"] - complaints["received"]) / pd.Timedelta(hours=1)
    stay = complaints.groupby(np.select([hours <= 2, hours <= 24], [0, 1], 2))["stayed"].mean()
    assert stay.is_monotonic_decreasing and complaints["replied"].isna().any()


def runs_of_eight(values: pd.Series, centre: float) -> pd.Series:
    """Where eight values in a row are complete on one side of the centre line."""
    return np.sign(values - centre).rolling(8).sum().abs() == 8


@pytest.mark.parametrize("team", ["G001", "G120", "G400"])
def test_the_charts_of_a_team_show_storm_and_change(team):
    pools = map(data.pool, ("service_days", "service_weeks", "carrier_changes"))
    days, weeks, changes = (pool[pool["team_id"] == team].reset_index(drop=True) for pool in pools)
    calendar = WorkCalendar(2026)
    assert len(days) == 60 and days["day"].map(calendar.is_workday).all()
    calm = days.iloc[:BASE][days["note"].iloc[:BASE].isna()]
    mean = calm["late"].sum() / calm["orders"].sum()
    share = days["late"] / days["orders"]
    out = share > mean + 3 * np.sqrt(mean * (1 - mean) / days["orders"])
    before = days["day"] < changes["changed"].iloc[0]
    assert days.loc[out & before, "note"].tolist() == ["storm"]
    assert runs_of_eight(share, mean).idxmax() - 7 == (~before).idxmax()
    usual = weeks["complaints"].iloc[:BASE].mean()
    assert (weeks["complaints"] > usual + 3 * np.sqrt(usual)).any() and runs_of_eight(weeks["complaints"], usual).any()


@pytest.mark.parametrize(
    ("lang", "title"), [("zh", "每周投诉件数的控制图"), ("en", "Control chart of complaints by week")]
)
def test_a_control_chart_shows_what_it_is_given(lang, title):
    before = plots.language()
    plots.set_language(lang)
    try:
        axes = control_chart([3, 9, 4], 5.5, 0, [11, 12, 13], shares=False)
    finally:
        plots.set_language(before)
    heights = [line.get_ydata().tolist() for line in axes.get_lines()]
    assert heights == [[3, 9, 4], [5.5] * 3, [11, 12, 13], [0] * 3]
    assert axes.get_title() == title and axes.get_xlabel() and axes.get_ylabel()
    plt.close(axes.figure)
