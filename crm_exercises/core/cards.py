"""Answers that are customer cards, marked field by field.

Canonical form: ``{field: text, number or code of an option, …}`` with only the fields that are filled in. Names of fields and options
stand in the message catalogue (``card.field.…``, ``card.option.…``), so a student may write them in either language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from . import scalars
from .comparison import RIGHT, Comparison
from .errors import MalformedError
from .kinds import Json, Kind, capped
from .messages import LANGS, Message, catalogue
from .scalars import Scalar

SHOWN = 4
"""How many wrong fields are named at once: enough to go on with, few enough to read."""
DAY = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})\D*")
EITHER = " | "
"""Between spellings in an expected answer: each of them is right."""


class Card(Kind):
    """A card filled in with its form, written as a dictionary, or made with :mod:`crm_exercises.trade.cards`.

    Credit is the share of the fields that are right. A wrong tick among ``n`` options costs ``1/(n-1)`` of a field and a fact that the
    case does not give costs a field, so ticking at random earns nothing on average.
    """

    kind: Literal["card"]
    form: ClassVar[bool] = True
    opens: ClassVar[str] = "card_form"
    card: Literal["individual", "enterprise"]
    fields: Annotated[tuple[str, ...], Field(min_length=3)]
    """The fields that are marked; the others are the student's own business."""

    def canonical(self, value: Any) -> Json:
        if hasattr(value, "model_dump"):
            value = dict(value)  # not model_dump, which warns of what a draft holds
        elif hasattr(value, "to_dict") and getattr(value, "ndim", 0) == 1:
            value = value.to_dict()
        if not isinstance(value, Mapping):
            raise MalformedError("malformed.card", type=type(value).__name__)
        capped(len(value))
        found = {field_named(str(name)): scalars.canonical(item) for name, item in value.items()}
        filled = {name: item.strip() if isinstance(item, str) else item for name, item in found.items()}
        return {name: coded(name, item) for name, item in filled.items() if item is not None and item != ""}

    def compare(self, given: Json, expected: Json) -> Comparison:
        if given == expected:
            return RIGHT
        empty, wrong, extra, credit = [], [], [], 0.0
        wanted = [name for name in self.fields if name in expected]
        for name in wanted:
            if name not in given:
                empty.append(name)
            elif same(given[name], expected[name]):
                credit += 1
            else:
                wrong.append(name)
                others = len(options(name)) - 1
                credit -= 1 / others if others > 0 else 0
        extra = [name for name in self.fields if name not in expected and name in given]
        if not (empty or wrong or extra):
            return RIGHT
        told = [
            Message(
                _fault(name, given[name], expected[name]), {"label": label(name), "given": _shown(name, given[name])}
            )
            for name in wrong
        ]
        told += [Message("diff.card_extra", {"label": label(name)}) for name in extra]
        told = told[:SHOWN]
        if empty:
            told.append(Message("diff.card_empty", {"count": len(empty), "label": label(empty[0])}))
        return Comparison(max(0.0, round((credit - len(extra)) / len(wanted), 4)), tuple(told))


def label(field: str) -> Message:
    """Return the name of a field, to be said in either language."""
    return Message(f"card.field.{field}")


@cache
def options(field: str) -> tuple[str, ...]:
    """Return the codes of a field's options in the order of the catalogue's keys; empty if any text may stand there."""
    start = f"card.option.{field}."
    return tuple(key.removeprefix(start) for key in catalogue() if key.startswith(start))


def field_named(name: str) -> str:
    """Return the field that ``name`` means: its own name or its label in either language.

    Raises
    ------
    MalformedError
        If no card has such a field.
    """
    found = _names().get(scalars.tidy(name))
    if found is None:
        raise MalformedError("malformed.card_field", field=name[:40])
    return found


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for key, texts in catalogue().items():
        if key.startswith("card.field."):
            field = key.removeprefix("card.field.")
            spellings = [
                field,
                *(text for lang in LANGS for text in (texts[lang], *re.split(r"[（(或]", texts[lang])[:1])),
            ]
            names |= {scalars.tidy(text): field for text in spellings}
    return names


def coded(field: str, value: Scalar) -> Scalar:
    """Return the code of an option that is given by its label; anything else stays as it is."""
    if isinstance(value, str):
        for code in options(field):
            texts = catalogue()[f"card.option.{field}.{code}"]
            if scalars.tidy(value) in {code, *(scalars.tidy(texts[lang]) for lang in LANGS)}:
                return code
    return value


def same(given: Scalar, expected: Scalar) -> bool:
    """Say whether two values of a field state the same fact, however it is written."""
    if isinstance(expected, int | float):
        number = _number(given)
        return number is not None and abs(number - expected) <= 1e-6 * max(1.0, abs(expected))
    if given is None or expected is None:
        return given == expected
    written = _date(str(given))
    return any(
        _plain(given) == _plain(spelling) or (written and written == spelling)
        for spelling in str(expected).split(EITHER)
    )


def _number(value: Scalar) -> float | None:
    try:
        return float(unicodedata.normalize("NFKC", str(value)).replace(",", "").strip())
    except ValueError:
        return None


def _date(text: str) -> str | None:
    found = DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return "{}-{:0>2}-{:0>2}".format(*found.groups()) if found else None


def _plain(value: Scalar) -> str:
    """Return a text without what only looks different: full width, case, blanks, hyphens, the country code of a telephone."""
    return re.sub(r"^\+86|[\s\-–—·]", "", unicodedata.normalize("NFKC", str(value)).casefold())


def _fault(field: str, given: Scalar, expected: Scalar) -> str:
    """Return the key of the sentence: no option of the field, no number where one is due, or another fact than the case's."""
    if options(field) and given not in options(field):
        return "diff.card_option"
    if isinstance(expected, int | float) and _number(given) is None:
        return "diff.card_number"
    return "diff.card_wrong"


def _shown(field: str, value: Scalar) -> Message | str:
    known = isinstance(value, str) and value in options(field)
    return Message(f"card.option.{field}.{value}") if known else scalars.shown(value)
