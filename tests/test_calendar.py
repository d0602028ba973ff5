"""The working calendar: official dates of 2026, and what a person reads when a day is not known."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from crm_exercises.core.messages import catalogue
from crm_exercises.trade.calendar import PLANS, CalendarError, WorkCalendar


@pytest.fixture(scope="module")
def calendar():
    return WorkCalendar(2026)


def test_the_notice_of_2026(calendar):
    """Nineteen weekdays off and six weekend days worked, checked against the text of the notice and an independent library."""
    year = calendar.table("2026-01-01", "2026-12-31").set_index("date")
    weekday = year["weekday"] <= 5
    off = year.index[weekday & ~year["workday"]].strftime("%m-%d").tolist()
    made_up = year.index[~weekday & year["workday"]].strftime("%m-%d").tolist()
    assert off == [
        "01-01",
        "01-02",
        "02-16",
        "02-17",
        "02-18",
        "02-19",
        "02-20",
        "02-23",
        "04-06",
        "05-01",
        "05-04",
        "05-05",
        "06-19",
        "09-25",
        "10-01",
        "10-02",
        "10-05",
        "10-06",
        "10-07",
    ]
    assert made_up == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
    assert (len(year), year["workday"].sum()) == (365, 261 - 19 + 6)


@pytest.mark.parametrize(
    "day", ["2026-09-20", dt.date(2026, 9, 20), pd.Timestamp("2026-09-20 13:30"), np.datetime64("2026-09-20")]
)
def test_a_day_in_any_spelling(calendar, day):
    assert calendar.is_workday(day)


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2026-09-30", "2026-09-30"),
        ("2026-10-01", "2026-10-08"),
        ("2026-10-10", "2026-10-10"),
        ("2026-10-11", "2026-10-12"),
        ("2026-02-14", "2026-02-14"),
        ("2026-02-15", "2026-02-24"),
    ],
)
def test_the_next_working_day(calendar, day, found):
    assert calendar.next_workday(day) == pd.Timestamp(found)


def test_a_series_of_days_can_be_mapped(calendar):
    days = pd.Series(pd.to_datetime(["2026-10-03", "2026-10-09"]))
    moved = days.map(calendar.next_workday)
    assert moved.dt.strftime("%m-%d").tolist() == ["10-08", "10-09"]


def test_notes(calendar):
    table = calendar.table("2026-09-19", "2026-09-25")
    assert table["note"].tolist() == ["weekend", "makeup", *["workday"] * 4, "mid_autumn"]
    assert table["weekday"].tolist() == [6, 7, 1, 2, 3, 4, 5]
    assert table["date"].dtype == "datetime64[us]"


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda c: WorkCalendar(2031), "calendar.year"),
        (lambda c: c.is_workday("soon"), "calendar.date"),
        (lambda c: c.is_workday(None), "calendar.date"),
        (lambda c: c.is_workday("2025-12-31"), "calendar.outside"),
        (lambda c: c.next_workday(pd.NaT), "calendar.date"),
        (lambda c: c.table("2026-03-02", "2026-03-01"), "calendar.order"),
        (lambda c: c.table("2026-12-30", "2027-01-02"), "calendar.outside"),
    ],
)
def test_what_is_not_known_is_said(calendar, call, key):
    with pytest.raises(CalendarError) as caught:
        call(calendar)
    assert caught.value.key == key
    assert set(catalogue()[key]) == {"zh", "en"}
    for lang in ("zh", "en"):
        assert "{" not in caught.value.text(lang)


def test_every_plan_names_its_source_and_is_consistent():
    for year, plan in PLANS.items():
        assert str(year) in plan.source
        for first, last in plan.holidays.values():
            assert str(year) == first[:4] == last[:4] and first <= last
        assert all(pd.Timestamp(day).weekday() >= 5 for day in plan.makeup)
        off = {day for first, last in plan.holidays.values() for day in pd.date_range(first, last)}
        assert not off & set(map(pd.Timestamp, plan.makeup))
