"""Case texts: what a salesperson wrote after a visit, made from the person or firm that belongs to a student.

The same facts fill the text and the card, so each student fills in another card. People and firms are fictional.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from ..core.cards import coded
from ..core.messages import catalogue, say
from ..data import codes, draw, load, student_number
from ..plots import language

MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
REPORTED = dt.date(2025, 12, 30)
"""When the report on the firm was written."""


@dataclass(frozen=True)
class Case:
    """The case text of a student; what it tells is for the student to read.

    Attributes
    ----------
    kind
        ``"individual"`` or ``"enterprise"``.
    """

    kind: str
    student: str

    def text(self, lang: str | None = None) -> str:
        """Return the case as paragraphs in ``lang`` (by default the notebook's language)."""
        lang = lang or language()
        return say(f"case.{self.kind}", lang, **_words(self.kind, record(self.kind, self.student), lang)).strip()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        paragraphs = "".join(
            f'<p style="margin:.5em 0">{escape(part)}</p>' for part in self.text().split("\n") if part.strip()
        )
        style = "border-left:4px solid #b9a86a;background:#fffdf6;color:#2b2b2b;padding:6px 16px;max-width:48em;line-height:1.7"
        return {"text/plain": self.text(), "text/html": f'<div style="{style}">{paragraphs}</div>'}

    def __repr__(self) -> str:
        return self.text()


def show_case(kind: str, student: str | int | None = "0") -> Case:
    """Return the case text of a student; in a notebook it shows as the last line of a cell.

    Parameters
    ----------
    kind
        ``"individual"``: a contact person; ``"enterprise"``: one of the student's existing customers.
    student
        The student number.

    Raises
    ------
    KeyError
        There is no such kind of card.
    """
    number = student_number(student)
    record(kind, number)  # a wrong kind is an error here, not when the text is shown
    return Case(kind, number)


def record(kind: str, student: str | int | None) -> dict[str, Any]:
    """Return the row of the data set that a student's case text is made from, fields named as on the card where they are on it."""
    return {"individual": _person, "enterprise": _firm}[kind](student_number(student))


def texts(name: str, keys: Iterable[str] = ()) -> dict[str, str]:
    """Return a set of short texts in the notebook's language, such as what is to be sorted in an exercise.

    Parameters
    ----------
    name
        Name of the set: ``notes``, ``groups``, ``hotel``, ``dealer``, ``trading`` or ``ways``.
    keys
        Which of its texts, in which order; by default all, in the order of their keys.
    """
    start = f"tray.{name}."
    found = list(keys) or [key.removeprefix(start) for key in catalogue() if key.startswith(start)]
    return {key: say(start + key, language()) for key in found}


def _person(student: str) -> dict[str, Any]:
    return _plain(load("card_people", student).iloc[0].to_dict())


def _firm(student: str) -> dict[str, Any]:
    firms = load("customers", student)
    firms = firms[(firms["relation"] == "existing") & firms["kind"].isin(["ordinary", "special", "partner"])]
    chosen = draw(firms["customer_id"].tolist(), "customer_id", student, 1)
    row = _plain(firms.set_index("customer_id", drop=False).loc[chosen[0]].to_dict())
    row["position"] = row.pop("contact_title")
    row["competitor"] = coded("competitor", row["competitor"])
    return row


def _plain(row: dict[Hashable, Any]) -> dict[str, Any]:
    """Return a row of a table as Python values."""
    return {str(name): value.date() if isinstance(value, pd.Timestamp) else value for name, value in row.items()}


def _words(kind: str, row: dict[str, Any], lang: str) -> dict[str, Any]:
    """Return what the placeholders of a case text stand for, in ``lang``."""
    words: dict[str, Any] = {
        name: _date(value, lang) if isinstance(value, dt.date) else value for name, value in row.items()
    }
    if lang == "en":
        words |= {
            name.removesuffix("_en"): f"{value} ({row[name.removesuffix('_en')]})"
            for name, value in row.items()
            if name.endswith("_en")
        }
    words["salesperson"] = codes("customers", "salesperson", lang)[row["salesperson"]]
    for name, value in row.items():
        for key in (f"case.{name}.{value}", f"card.option.{name}.{value}"):
            if key in catalogue():
                words[name] = say(key, lang, **{part: words[part] for part in ("competitor",) if part in words})
                break
    if kind == "individual":
        words |= {name: say(f"case.{name}.{row['gender']}", lang) for name in ("he", "title")}
        words["surname"] = row["name"][0] if lang == "zh" else row["name_en"].split()[0]
        words["children"] = say(
            "case.children.some" if row["children"] else "case.children.none", lang, count=row["children"]
        )
    else:
        words["today"] = _date(REPORTED, lang)
        licence = "partnership" if row["form"] == "partnership" else "company"  # their licences name other things
        words |= {name: say(f"case.{name}.{licence}", lang) for name in ("head", "stake")}
        words["capital"] = f"{row['registered_capital_wan'] * 10_000:,}"
        words["old_phone"] = f"{row['phone'][:-4]}{(int(row['phone'][-4:]) + 3571) % 10_000:04}"
        rival = coded("competitor", row["competitor"])
        words["rival"] = say(
            f"case.competitor.{'none' if rival == 'none' else 'some'}",
            lang,
            rival=say(f"card.option.competitor.{rival}", lang),
        )
        words["terms"] = say(
            "case.terms.some" if row["credit_terms_days"] else "case.terms.none", lang, days=row["credit_terms_days"]
        )
        words["incidents"] = say(
            "case.incidents.some" if row["credit_incidents"] else "case.incidents.none",
            lang,
            count=row["credit_incidents"],
        )
        words |= {name: f"{row[name]:,.2f}" for name in ("annual_purchases", "previous_purchases")}
    return words


def _date(day: dt.date, lang: str) -> str:
    return (
        f"{day.year} 年 {day.month} 月 {day.day} 日"
        if lang == "zh"
        else f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    )
