"""What every customer card can do: be filled in bit by bit, say what is wrong with it, be written out and read back.

``EnterpriseCard.draft(…)`` takes what there is; :meth:`Card.problems` says what is wrong with which field, and :meth:`Card.checked`
returns the card in its proper spelling or refuses it. (``EnterpriseCard(…)`` is pydantic's own constructor: it refuses a card with a wrong
field at once.) Names of groups, fields and options in both languages stand in the message catalogue.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo

from ..core.cards import coded, field_named
from ..core.errors import MalformedError
from ..core.messages import Message, language
from . import validation as checks
from .validation import FieldError, UnfinishedError


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field of a card; ``unfinished`` if it may become right when more is typed."""

    field: str
    message: Message
    unfinished: bool = False

    def text(self, lang: str | None = None) -> str:
        """Return the field's label and what is wrong, in ``lang`` (by default the notebook's language)."""
        return self.sentence().text(lang or language())

    def sentence(self) -> Message:
        """Return the field's label and what is wrong, to be said in either language."""
        return Message("field.problem", {"label": Message(f"card.field.{self.field}"), "why": self.message})

    def __str__(self) -> str:
        return self.text()


class CardError(FieldError):
    """A card has fields that cannot be; ``problems`` holds them all."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("card.invalid", count=len(problems), first=problems[0].sentence())
        self.problems = problems


def _checked(check: Callable[[Any], Any]) -> Any:
    return BeforeValidator(lambda value: None if value is None or value == "" else check(value))


Text = Annotated[str | None, _checked(checks.text)]
Day = Annotated[dt.date | None, _checked(checks.day)]
Year = Annotated[int | None, _checked(checks.year)]
Count = Annotated[int | None, _checked(checks.count)]
Amount = Annotated[float | None, _checked(checks.amount)]
Identity = Annotated[str | None, _checked(checks.identity_number)]
Code = Annotated[str | None, _checked(checks.social_credit_code)]
Mobile = Annotated[str | None, _checked(checks.mobile)]
Phone = Annotated[str | None, _checked(checks.telephone)]
Postcode = Annotated[str | None, _checked(checks.postcode)]
Email = Annotated[str | None, _checked(checks.email)]


class Card(BaseModel):
    """A customer card; :mod:`.cards` has the two kinds."""

    model_config = ConfigDict(extra="forbid")
    card_kind: ClassVar[str] = ""
    groups: ClassVar[tuple[str, ...]] = ()
    ordered: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Pairs of dates of which the first may not lie after the second."""

    @field_validator("*", mode="before")
    @classmethod
    def _option(cls, value: Any, info: ValidationInfo) -> Any:
        """Turn an option's label into its code, and refuse what is no option."""
        choices = cls.options(info.field_name or "")
        if not choices or value in (None, ""):
            return None if value == "" else value
        code = coded(info.field_name or "", value)
        if code not in choices:
            shown = ", ".join(Message(f"card.option.{info.field_name}.{choice}").text(language()) for choice in choices)
            raise FieldError("field.option", given=str(value)[:20], options=shown)
        return code

    @classmethod
    def draft(cls, values: Mapping[str, Any] | Card | None = None, /, **more: Any) -> Self:
        """Return a card with whatever is known so far, unchecked; fields may be named by their labels.

        Raises
        ------
        FieldError
            The card has no such field, or ``values`` are neither a dictionary nor a card.
        """
        if isinstance(values, Card):
            values = values.values()
        elif values is not None and not isinstance(values, Mapping):
            raise FieldError("malformed.card", type=type(values).__name__)
        given: dict[str, Any] = {}
        for name, value in {**(values or {}), **more}.items():
            try:
                field = field_named(str(name))
            except MalformedError:
                field = ""
            if field not in cls.model_fields:
                raise FieldError("field.unknown", field=name, known=", ".join(cls.model_fields))
            given[field] = coded(field, _plain(value))
        return cls.model_construct(**given)

    @classmethod
    def fields(cls, group: str | None = None) -> list[str]:
        """Return the names of the fields, of one group or of all, in the order of the card."""
        return [name for name, info in cls.model_fields.items() if group in (None, _about(info)["group"])]

    @classmethod
    def options(cls, field: str) -> tuple[str, ...]:
        """Return the codes of a field's options; empty if anything may be written there."""
        info = cls.model_fields.get(field)
        found = [get_args(part) for part in get_args(info.annotation)] if info else []
        return tuple(str(choice) for part in found for choice in part)

    @classmethod
    def required(cls) -> list[str]:
        """Return the fields that a complete card has filled in."""
        return [name for name, info in cls.model_fields.items() if _about(info)["required"]]

    def values(self) -> dict[str, Any]:
        """Return the fields that are filled in."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) not in (None, "")}

    def missing(self) -> list[str]:
        """Return the required fields that are empty."""
        filled = self.values()
        return [name for name in self.required() if name not in filled]

    def completeness(self) -> float:
        """Return the share of the required fields that are filled in, from 0 to 1 (right or wrong)."""
        return 1 - len(self.missing()) / len(self.required())

    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong: each field by itself, then what contradicts another field. Empty fields are not wrong."""
        try:
            checked = type(self).model_validate(self.values())
        except ValidationError as error:
            found = _problems(type(self), error)
            right = {name: value for name, value in self.values().items() if name not in {one.field for one in found}}
            checked = type(self).model_validate(right)
        else:
            found = ()
        return (*found, *checked._contradictions())

    def checked(self) -> Self:
        """Return the card with each field in its proper spelling and type.

        Raises
        ------
        CardError
            A field cannot be, or contradicts another.
        """
        if found := self.problems():
            raise CardError(found)
        return type(self)(**self.values())

    def _contradictions(self) -> Iterator[Problem]:
        for earlier, later in self.ordered:
            first, second = getattr(self, earlier), getattr(self, later)
            if first and second and second < first:
                yield Problem(
                    later,
                    Message("field.order", {"other": Message(f"card.field.{earlier}"), "date": first.isoformat()}),
                )

    def to_json(self) -> str:
        """Return the card as JSON text: dates as ``YYYY-MM-DD``, only what is filled in. A draft's faults are kept."""
        values = {
            name: value.isoformat() if isinstance(value, dt.date) else value for name, value in self.values().items()
        }
        return json.dumps({"card": self.card_kind, **values}, ensure_ascii=False)

    @classmethod
    def from_json(cls, source: str) -> Self:
        """Return the card that :meth:`to_json` wrote; dates are dates again.

        Raises
        ------
        FieldError
            It is no card's JSON, another kind of card, or has a field that this card has not.
        """
        try:
            values = dict(json.loads(source))
        except (TypeError, ValueError) as error:
            raise FieldError("card.json", given=str(source)[:40]) from error
        if values.pop("card", cls.card_kind) != cls.card_kind:
            raise FieldError("card.other", wanted=Message(f"card.{cls.card_kind}"))
        return cls.draft({name: cls._revived(name, value) for name, value in values.items()})

    @classmethod
    def _revived(cls, field: str, value: Any) -> Any:
        """Return a date that was written as text as a date again; a draft's impossible date stays text."""
        if isinstance(value, str) and cls.model_fields[field].annotation == dt.date | None:
            with contextlib.suppress(ValueError):
                return dt.date.fromisoformat(value)
        return value

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self.values().items())
        return f"{type(self).__name__}({inside})"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        from .card_view import as_html, as_text

        return {"text/plain": as_text(self), "text/html": as_html(self)}


def _plain(value: Any) -> Any:
    """Return a value of a table's row as Python has it: no numpy number, a day where a time of midnight stands, nothing for NaN."""
    if hasattr(value, "item") and not hasattr(value, "isoformat"):
        value = value.item()
    if value is None or value != value:  # NaN and NaT are not even equal to themselves
        return None
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return value


def _about(info: FieldInfo) -> dict[str, Any]:
    extra = info.json_schema_extra
    return dict(extra) if isinstance(extra, Mapping) else {}


def _problems(card: type[Card], error: ValidationError) -> tuple[Problem, ...]:
    """Turn pydantic's errors into problems, in the order of the card."""
    found = []
    for detail in error.errors():
        name = str(detail["loc"][0])
        if detail["type"] == "extra_forbidden":
            raise FieldError("field.unknown", field=name, known=", ".join(card.model_fields)) from error
        raised = detail.get("ctx", {}).get("error")
        if isinstance(raised, FieldError):
            found.append(Problem(name, Message(raised.key, raised.params), isinstance(raised, UnfinishedError)))
        else:
            found.append(Problem(name, Message("field.text")))
    order = {name: place for place, name in enumerate(card.model_fields)}
    return tuple(sorted(found, key=lambda problem: order[problem.field]))
