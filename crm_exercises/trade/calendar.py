"""The Chinese working calendar: weekends, public holidays, and weekend days that are worked to make up for a holiday.

Each year is data with its source; a year whose notice is not here is an error, never a guess.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ..core.errors import CrmError

Day = str | dt.date | pd.Timestamp


class CalendarError(CrmError):
    """A day or a year that the calendar does not know."""


@dataclass(frozen=True)
class YearPlan:
    """What the State Council announced for one year.

    Attributes
    ----------
    source
        The notice that the dates are taken from.
    holidays
        ``{name: (first day off, last day off)}`` as ISO dates, both included, weekends among them too.
    makeup
        Weekend days that are working days, as ISO dates.
    """

    source: str
    holidays: Mapping[str, tuple[str, str]]
    makeup: tuple[str, ...]


PLANS = {
    2026: YearPlan(
        source="国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号，2025-11-04）",
        holidays={
            "new_year": ("2026-01-01", "2026-01-03"),
            "spring_festival": ("2026-02-15", "2026-02-23"),
            "qingming": ("2026-04-04", "2026-04-06"),
            "labour_day": ("2026-05-01", "2026-05-05"),
            "dragon_boat": ("2026-06-19", "2026-06-21"),
            "mid_autumn": ("2026-09-25", "2026-09-27"),
            "national_day": ("2026-10-01", "2026-10-07"),
        },
        makeup=("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
    )
}


class WorkCalendar:
    """The working days of one year in mainland China.

    A day off is a Saturday, a Sunday or a public holiday; a Saturday or Sunday named in the notice as make-up day is worked.

    Parameters
    ----------
    year
        Year with four digits; :data:`PLANS` holds those that are known.

    Raises
    ------
    CalendarError
        If there is no plan for ``year``.

    Examples
    --------
    >>> calendar = WorkCalendar(2026)
    >>> calendar.is_workday("2026-10-10"), calendar.is_workday("2026-10-01")
    (True, False)
    >>> calendar.next_workday("2026-10-03")
    Timestamp('2026-10-08 00:00:00')
    """

    def __init__(self, year: int = 2026) -> None:
        if year not in PLANS:
            raise CalendarError("calendar.year", year=year, known=", ".join(map(str, PLANS)))
        self.year = year
        self.source = PLANS[year].source
        self._holidays = {
            day: name
            for name, (first, last) in PLANS[year].holidays.items()
            for day in pd.date_range(first, last, unit="us")
        }
        self._makeup = set(map(pd.Timestamp, PLANS[year].makeup))

    def is_workday(self, day: Day) -> bool:
        """Say whether people work on ``day``.

        Parameters
        ----------
        day
            A date of this year: ``"2026-10-08"``, a ``date`` or a ``Timestamp`` (its time of day does not matter).

        Raises
        ------
        CalendarError
            If ``day`` is no date or lies in another year.
        """
        return self._works(self._day(day))

    def next_workday(self, day: Day) -> pd.Timestamp:
        """Return ``day`` itself if it is a working day, otherwise the first working day after it (errors as above)."""
        found = self._day(day)
        while not self._works(found):
            found = self._day(found + pd.Timedelta(days=1))
        return found

    def table(self, first: Day, last: Day) -> pd.DataFrame:
        """Return the days from ``first`` to ``last``, both included.

        Returns
        -------
        pandas.DataFrame
            One row for each day: ``date``, ``weekday`` (1 Monday … 7 Sunday), ``workday`` (bool) and ``note``
            (``workday``, ``weekend``, ``makeup``, or the name of the holiday).

        Raises
        ------
        CalendarError
            If a day is no date, lies in another year, or ``last`` is before ``first``.
        """
        start, end = self._day(first), self._day(last)
        if end < start:
            raise CalendarError("calendar.order", first=start.date().isoformat(), last=end.date().isoformat())
        days = pd.date_range(start, end, unit="us")
        return pd.DataFrame(
            {
                "date": days,
                "weekday": days.day_of_week + 1,
                "workday": [self._works(day) for day in days],
                "note": [self._note(day) for day in days],
            }
        )

    def _works(self, day: pd.Timestamp) -> bool:
        return day in self._makeup or (day.day_of_week < 5 and day not in self._holidays)

    def _note(self, day: pd.Timestamp) -> str:
        if day in self._makeup:
            return "makeup"
        return self._holidays.get(day) or ("weekend" if day.day_of_week >= 5 else "workday")

    def _day(self, day: Day) -> pd.Timestamp:
        try:
            found = pd.Timestamp(day)
        except (TypeError, ValueError) as error:
            raise CalendarError("calendar.date", given=str(day)[:40]) from error
        if pd.isna(found):
            raise CalendarError("calendar.date", given=str(day)[:40])
        found = found.normalize()
        if found.year != self.year:
            raise CalendarError("calendar.outside", given=found.date().isoformat(), year=self.year)
        return found
