"""From what a person hands in (a dict, a card, a table) to the rows that the archive's tables take."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from .archive_rules import CLASSES, DURABLE, ArchiveError, RefusedError
from .archive_tables import Row, cards, documents
from .card import Card


def records(given: Any) -> list[Row]:
    """Return plain records from a dict, an object with fields (a card, a Series, a dataclass), a DataFrame or a list of them.

    A customer card gives what is filled in, in its proper spelling where it can have one.

    Raises
    ------
    ArchiveError
        If it is none of these.
    """
    if hasattr(given, "to_dict") and getattr(given, "ndim", 0) == 2:
        return [_plain(row) for row in given.to_dict("records")]
    if isinstance(given, list | tuple):
        return [row for part in given for row in records(part)]
    if isinstance(given, Card):
        given = (given if given.problems() else given.checked()).values()
    for fields in ("model_dump", "to_dict"):
        if hasattr(given, fields):
            given = getattr(given, fields)()
    if not isinstance(given, Mapping):
        given = getattr(given, "__dict__", None)
    if not given:
        raise ArchiveError("archive.no_record")
    return [_plain(given)]


def _plain(row: Mapping[Any, Any]) -> Row:
    return {str(name): plain(value) for name, value in row.items()}


def plain(value: Any) -> Any:
    """Return ``value`` as Python has it: no NaN or NaT, no numpy, a day where a time of midnight stands."""
    if value is None or type(value) in (str, int, bool):
        return value
    if hasattr(value, "item") and not hasattr(value, "isoformat"):
        value = value.item()
    if (isinstance(value, float) and math.isnan(value)) or type(value).__name__ in ("NaTType", "NAType"):
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    return value


def as_number(value: Any) -> str:
    """Return the number of a customer or document as the archive keeps it: as text, also where it was read as 7 or 7.0."""
    found = plain(value)
    return "" if found is None else str(int(found) if isinstance(found, float) and found.is_integer() else found)


def amount(value: Any) -> float | None:
    """Return an amount of money; thousands separators are taken off.

    Raises
    ------
    ArchiveError
        If it is not a number.
    """
    found = plain(value)
    try:
        made = None if found in (None, "") else float(str(found).replace(",", ""))
    except ValueError as error:
        raise ArchiveError("archive.no_amount", given=str(value)) from error
    if made is not None and not math.isfinite(made):
        raise ArchiveError("archive.no_amount", given=str(value))
    return made


def day(value: Any) -> dt.date:
    """Return a day from a date, a timestamp or ``"2025-12-31"``; ``None`` is today.

    Raises
    ------
    ArchiveError
        If it is not a day.
    """
    found = plain(value)
    if found is None:
        return dt.date.today()
    if isinstance(found, str):
        try:
            found = dt.date.fromisoformat(found.strip()[:10])
        except ValueError as error:
            raise ArchiveError("archive.no_day", given=str(value)) from error
    if not isinstance(found, dt.date):
        raise ArchiveError("archive.no_day", given=str(value))
    return found


def card_row(row: Mapping[str, Any]) -> Row:
    """Return what the table ``cards`` takes of a record; fields without a column go into ``more``.

    Raises
    ------
    ArchiveError
        ``customer_id`` or ``name`` is missing.
    """
    row = _complete(row, "customer_id", "name")
    known = {column.name: typed(column.name, row.get(column.name)) for column in cards.c}
    return known | {"more": {name: for_json(value) for name, value in row.items() if name not in known}}


def document_row(row: Mapping[str, Any], file_class: int | None = None, *, durable: bool = True) -> Row:
    """Return what the table ``documents`` takes of a record.

    Raises
    ------
    ArchiveError
        ``document_id``, ``customer_id`` or ``title`` is missing.
    RefusedError
        ``no_class``; and, unless ``durable`` is off, ``ink``.
    """
    row = _complete(row, "document_id", "customer_id", "title")
    found = {column.name: row.get(column.name) for column in documents.c}
    found["file_class"] = file_class if file_class is not None else row.get("file_class")
    if found["file_class"] not in CLASSES:
        raise RefusedError("no_class", document=row["document_id"], given=found["file_class"])
    if durable and found["ink"] is not None and found["ink"] not in DURABLE:
        raise RefusedError("ink", document=row["document_id"], ink=found["ink"], durable=", ".join(DURABLE))
    return found | {"date": None if found["date"] is None else day(found["date"]), "amount": amount(found["amount"])}


def _complete(row: Mapping[str, Any], *needed: str) -> Row:
    """Return the record with what it must have, as text."""
    texts = {name: as_number(row.get(name)) for name in needed}
    if missing := [name for name, text in texts.items() if not text]:
        filled = [name for name, value in row.items() if value not in (None, "")]
        raise ArchiveError("archive.field", fields=", ".join(missing), found=", ".join(filled) or "–")
    return {**row, **texts}


def typed(name: str, value: Any) -> Any:
    """Return ``value`` as the column ``name`` of a card has it."""
    value = plain(value)
    if name == "annual_purchases":
        return amount(value)
    return day(value) if name == "since" and value is not None else value


def for_json(value: Any) -> Any:
    """Return ``value`` as JSON can hold it: days as ISO 8601 text."""
    value = plain(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
