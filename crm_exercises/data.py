"""The data sets of the workbook: the published set, and each student's own draw from it.

A data set is one CSV file below ``datasets/`` and one entry (its *card*) in ``datasets/datapackage.json``, a Frictionless
Data package. The card says what the columns are, where the data come from and how a student's share is drawn.
"""

from __future__ import annotations

import json
import unicodedata
from copy import deepcopy
from functools import cache
from hashlib import sha256
from heapq import nsmallest
from pathlib import Path
from typing import Any

import pandas as pd

from .core.errors import DataError
from .core.paths import ROOT

DATASETS = ROOT / "datasets"

PUBLISHED = "0"
"""The student number that stands for the published set."""

READ = {"string": "str", "integer": "int64", "number": "str", "boolean": "bool", "date": "str", "datetime": "str"}
TIMES = {"date": "%Y-%m-%d", "datetime": "%Y-%m-%dT%H:%M:%S"}


def load(name: str, student: str | int | None = PUBLISHED) -> pd.DataFrame:
    """Return the data set ``name`` as ``student`` has it.

    Parameters
    ----------
    name
        Name of the data set, one of :func:`names`.
    student
        Student number, as text or int. ``"0"``, ``0``, ``""`` and ``None`` mean the published set. Any other number
        draws units (customers, applicants …) from the pool: those whose SHA-256 of ``student|unit column|unit`` is
        smallest, as many as the card says. The draw is the same on every machine and in every version of Python.

    Returns
    -------
    pandas.DataFrame
        The rows in the order of the pool, index 0, 1, 2 …; a copy, so changing it changes nothing else.
        Columns, units of measure and source are on the card (:func:`columns`, :func:`card`).

    Raises
    ------
    DataError
        The data set is unknown, its file is missing, or the file cannot be read.

    Notes
    -----
    Tables with the same unit column and the same units are drawn alike. If one of them lacks some of the units, its draw
    still holds all of the other's units that it has (given the same size of draw).
    """
    table, crm = _table(DATASETS, name), _resource(DATASETS, name)["crm"]
    where = crm["published"].get("where")
    number = student_number(student)
    if number == PUBLISHED:
        kept = table[table[where]] if where else table
    elif "draw" in crm:
        unit = crm["unit"]
        kept = table[table[unit].isin(draw(table[unit].unique().tolist(), unit, number, crm["draw"]))]
    else:
        kept = table
    return kept.drop(columns=where or []).reset_index(drop=True).copy()


def draw(units: list[Any], unit: str, student: str, size: int) -> list[Any]:
    """Return the ``size`` of ``units`` that belong to ``student``; ``unit`` is the name of their column."""

    def rank(value: object) -> bytes:
        return sha256(f"{student}|{unit}|{value}".encode()).digest()

    return nsmallest(size, units, key=rank)


def student_number(student: str | int | None) -> str:
    """Return the student number in its one spelling: full width made half width, no spaces around; none is ``"0"``."""
    text = "" if student is None else unicodedata.normalize("NFKC", str(student)).strip()
    return text or PUBLISHED


def pool(name: str) -> pd.DataFrame:
    """Return all rows and columns of the data set ``name``, typed as its card says (a copy).

    Raises
    ------
    DataError
        The data set is unknown, its file is missing, or the file cannot be read.
    """
    return _table(DATASETS, name).copy()


def card(name: str) -> dict[str, Any]:
    """Return the card of the data set ``name``: its Frictionless resource descriptor (a copy).

    Titles and descriptions in Chinese stand beside the English ones as ``title_zh`` and ``description_zh``. What
    Frictionless Data has no word for is below ``"crm"``: ``unit``, ``draw``, ``published``, ``carrier``, ``derived``,
    ``pitfalls``.

    Raises
    ------
    DataError
        The data set is unknown, or there is no ``datapackage.json``.
    """
    return deepcopy(_resource(DATASETS, name))


def names() -> list[str]:
    """Return the names of the data sets, in the order of ``datapackage.json``."""
    return list(_resources(DATASETS))


def columns(name: str, lang: str = "en") -> pd.DataFrame:
    """Return the code book of ``name``: a table of column, title, type, unit, description, in ``lang`` (``zh`` or ``en``).

    The column that marks the published set is left out, as :func:`load` does.
    """
    resource = _resource(DATASETS, name)
    hidden = resource["crm"]["published"].get("where")
    rows = [
        [
            field["name"],
            _said(field, "title", lang),
            field["type"],
            field.get("unit", ""),
            _said(field, "description", lang),
        ]
        for field in resource["schema"]["fields"]
        if field["name"] != hidden
    ]
    return pd.DataFrame(rows, columns=["column", "title", "type", "unit", "description"])


def codes(name: str, column: str, lang: str = "en") -> dict[Any, str]:
    """Return what the codes of a column mean: ``{code as in the column: label in lang}``, empty without codes."""
    for field in _resource(DATASETS, name)["schema"]["fields"]:
        if field["name"] == column:
            kind = int if field["type"] == "integer" else str
            return {kind(code): label[lang] for code, label in field.get("codes", {}).items()}
    raise DataError("data.no-column", name=name, column=column)


def verify(folder: Path | None = None) -> list[DataError]:
    """Compare every data file with the checksum on its card.

    Parameters
    ----------
    folder
        The folder with ``datapackage.json``; by default the workbook's own.

    Returns
    -------
    list of DataError
        One for each file that is missing or differs; empty if all is well.
    """
    folder = folder or DATASETS
    problems = []
    for name, resource in _resources(folder).items():
        path = folder / resource["path"]
        if not path.is_file():
            problems.append(DataError("data.missing", name=name, path=_short(path)))
            continue
        found = f"sha256:{sha256(path.read_bytes()).hexdigest()}"
        if found != resource["hash"]:
            problems.append(
                DataError("data.damaged", name=name, path=_short(path), expected=resource["hash"], found=found)
            )
    return problems


def _said(field: dict[str, Any], word: str, lang: str) -> str:
    text: str = field[word if lang == "en" else f"{word}_{lang}"]
    return text


def _short(path: Path) -> str:
    """Return ``path`` below the workbook's folder if it is there, so that a sentence stays short."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


@cache
def _resources(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / "datapackage.json"
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
        return {resource["name"]: resource for resource in package["resources"]}
    except FileNotFoundError as error:
        raise DataError("data.no-index", path=_short(path)) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError("data.unreadable", name="datapackage", path=_short(path), reason=str(error)) from error


def _resource(folder: Path, name: str) -> dict[str, Any]:
    resources = _resources(folder)
    if name not in resources:
        raise DataError("data.unknown", name=name, known=", ".join(resources))
    return resources[name]


@cache
def _table(folder: Path, name: str) -> pd.DataFrame:
    """Read the file of ``name`` once for the process; no caller may change what this returns."""
    resource = _resource(folder, name)
    path = folder / resource["path"]
    kinds = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    try:
        table = pd.read_csv(
            path,
            usecols=list(kinds),
            dtype={column: READ[kind] for column, kind in kinds.items()},
            keep_default_na=False,
            na_values=[""],
            encoding="utf-8",
        )
        for column, kind in kinds.items():
            if kind == "number":  # from text by Python's own rule, which is exact in every version of pandas
                table[column] = table[column].astype("float64")
            elif kind in TIMES:
                table[column] = pd.to_datetime(table[column], format=TIMES[kind]).astype("datetime64[us]")
    except FileNotFoundError as error:
        raise DataError("data.missing", name=name, path=_short(path)) from error
    except (OSError, ValueError, KeyError) as error:
        raise DataError("data.unreadable", name=name, path=_short(path), reason=str(error)) from error
    return table[list(kinds)]
