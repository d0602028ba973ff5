"""Cards in a spreadsheet, and back, without loss.

A spreadsheet turns an identity number of 18 digits into a rounded number and drops the leading zero of a postal code. Therefore every
text is written into a cell that is set to text, and a text that comes back as a number is refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError

from ..core.cards import field_named, options
from ..core.errors import MalformedError
from ..core.messages import Message, language, say
from .card import Card
from .validation import FieldError

AnyCard = TypeVar("AnyCard", bound=Card)
TEXT, DATE = "@", "yyyy-mm-dd"


def write_cards(cards: Iterable[Card], path: str | Path, lang: str | None = None) -> None:
    """Write cards of one kind to an ``.xlsx`` file: the labels in the first row, then one row for each card.

    Parameters
    ----------
    cards
        At least one; drafts may be among them, their faults are kept.
    lang
        Language of the labels; by default the notebook's.

    Raises
    ------
    FieldError
        There is no card, not all are cards of one kind, the file is not called ``.xlsx`` or cannot be written, or a text holds a control
        character.
    """
    lang, given = lang or language(), list(cards)
    if not given or any(type(card) is not type(given[0]) or not isinstance(card, Card) for card in given):
        raise FieldError("card.sheet.cards")
    if Path(path).suffix.lower() != ".xlsx":
        raise FieldError("card.sheet.name", path=str(path))
    book, fields = Workbook(), given[0].fields()
    sheet: Any = book.active
    sheet.title = say(f"card.{given[0].card_kind}", lang)[:31]
    for column, field in enumerate(fields, start=1):
        sheet.cell(1, column, say(f"card.field.{field}", lang)).font = Font(bold=True)
    for number, card in enumerate(given, start=2):
        for field, value in card.values().items():
            _put(sheet.cell(number, fields.index(field) + 1), field, value, lang)
    sheet.freeze_panes = "A2"
    try:
        book.save(path)
    except OSError as error:
        raise FieldError("card.sheet.unwritable", path=str(path), why=error.strerror or str(error)) from error


def _put(cell: Cell, field: str, value: Any, lang: str) -> None:
    if isinstance(value, str):
        option = f"card.option.{field}.{value}"
        try:
            cell.value = say(option, lang) if value in options(field) else value
        except IllegalCharacterError as error:
            raise FieldError("card.sheet.control", column=Message(f"card.field.{field}"), row=cell.row) from error
        cell.data_type = "s"  # so that a text that begins with = or looks like a number stays text
        cell.number_format = TEXT
    else:
        cell.value = value
        if isinstance(value, dt.date):
            cell.number_format = DATE


def read_cards(path: str | Path, card: type[AnyCard]) -> list[AnyCard]:
    """Return the cards in an ``.xlsx`` file, as drafts: ask each for its :meth:`~.card.Card.problems`.

    Parameters
    ----------
    path
        A file with the labels (in either language) or the names of the fields in its first row.
    card
        :class:`~.cards.IndividualCard` or :class:`~.cards.EnterpriseCard`.

    Raises
    ------
    FieldError
        The file cannot be read, a column with something in it is no field, or a number stands where text is due (row and column are named).
    """
    try:
        sheet: Any = load_workbook(path, data_only=True).active
    except Exception as error:  # openpyxl, zipfile and the file system each raise their own
        raise FieldError("card.sheet", path=str(path), why=f"{type(error).__name__}: {error}") from error
    rows = sheet.iter_rows(values_only=True)
    fields = [None if name is None else _field(str(name), card) for name in next(rows, ())]
    found = []
    for number, row in enumerate(rows, start=2):
        values: dict[str, Any] = {}
        for place, (field, value) in enumerate(zip(fields, row, strict=False), start=1):
            if value in (None, ""):
                continue
            if field is None:
                raise FieldError("card.sheet.heading", column=get_column_letter(place), row=number)
            values[field] = value
        if values:
            found.append(card.draft({field: _taken(card, field, value, number) for field, value in values.items()}))
    return found


def _field(name: str, card: type[Card]) -> str:
    try:
        field = field_named(name)
    except MalformedError:
        field = ""
    if field not in card.model_fields:
        raise FieldError("card.sheet.column", column=name)
    return field


def _taken(card: type[Card], field: str, value: Any, row: int) -> Any:
    if isinstance(value, dt.datetime):
        return value.date()
    kinds = str(card.model_fields[field].annotation)
    if isinstance(value, int | float) and not any(kind in kinds for kind in ("int", "float")):
        raise FieldError("card.sheet.text", row=row, column=Message(f"card.field.{field}"))
    if isinstance(value, int) and "float" in kinds:
        return float(value)
    return value
