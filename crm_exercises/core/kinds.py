"""The closed set of answer kinds. Each knows its canonical JSON form, what is malformed, how two answers compare and how a
first difference reads.

A kind is what stands in an exercise's head (``answer: {recency: {kind: table, key: customer_id}}``), validated.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from . import scalars
from .comparison import RIGHT, Comparison, commonest, differing, looks, quarters
from .errors import MalformedError
from .messages import Message
from .scalars import Scalar

Json = Any
ITEM_LIMIT = 200_000
"""Largest number of single values in one answer."""


class Model(BaseModel):
    """Base of all specifications: unknown fields are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Pair(Model):
    """One text in both languages."""

    zh: str
    en: str

    def __getitem__(self, lang: str) -> str:
        return str(getattr(self, lang))


class Kind(Model):
    """What all kinds share."""

    kind: str
    partial: bool = True
    """Whether a part of the answer earns a part of the credit; not where a value may come out alike on other data."""
    form: ClassVar[bool] = False
    """Whether the answer is clicked or typed rather than computed."""
    opens: ClassVar[str] = "form"
    """The word that opens the form in a notebook."""

    @abstractmethod
    def canonical(self, value: Any) -> Json:
        """Return ``value`` as JSON, or raise :class:`MalformedError`. Canonical JSON is its own canonical form."""

    @abstractmethod
    def compare(self, given: Json, expected: Json) -> Comparison:
        """Compare two canonical answers."""

    def marked(self, given: Json, expected: Json) -> Comparison:
        """Compare two canonical answers for marks: without partial credit where the exercise allows none."""
        found = self.compare(given, expected)
        return found if found.right or self.partial else replace(found, credit=0.0)

    def public(self) -> Kind:
        """Return the kind without anything that tells the right answer."""
        return self


class Tolerant(Kind):
    """A kind whose numbers compare within a tolerance: ``|given - expected| <= max(rtol * larger, atol)``."""

    rtol: float = 1e-6
    atol: float = 1e-9

    def same(self, given: Scalar, expected: Scalar) -> bool:
        """Say whether two values are the same answer within this kind's tolerance."""
        return scalars.same(given, expected, self.rtol, self.atol)


class Number(Tolerant):
    """One number, of Python, numpy or pandas alike. No partial credit; a difference is told as too high or too low and by what ratio."""

    kind: Literal["number"]

    def canonical(self, value: Any) -> Json:
        if getattr(value, "size", 1) == 1 and hasattr(value, "squeeze"):
            value = value.squeeze()
        if getattr(value, "ndim", 0) or isinstance(value, list | tuple | set | dict):
            raise MalformedError("malformed.number_many", type=type(value).__name__)
        number = scalars.canonical(value)
        if isinstance(number, str):
            raise MalformedError("malformed.number_text", given=scalars.shown(number))
        if isinstance(number, bool) or number is None:
            raise MalformedError("malformed.number", given=scalars.shown(number))
        return number

    def compare(self, given: Json, expected: Json) -> Comparison:
        if self.same(given, expected):
            return RIGHT
        plain = looks(given, expected)
        if (given < 0) != (expected < 0) or not expected or not given:
            return Comparison(0.0, (Message("diff.number", {"given": scalars.shown(given)}), *plain))
        if scalars.rounded(given, expected):
            return Comparison(0.0, plain)
        key = "diff.number_high" if abs(given) > abs(expected) else "diff.number_low"
        ratio = scalars.apart(given / expected, 1)[0] if f"{given / expected:.3g}" == "1" else f"{given / expected:.3g}"
        return Comparison(0.0, (Message(key, {"given": scalars.shown(given), "ratio": ratio}), *plain))


class Text(Kind):
    """A short text; spaces, case and full width do not matter (:func:`.scalars.tidy`)."""

    kind: Literal["text"]

    def canonical(self, value: Any) -> Json:
        if not isinstance(value, str):
            raise MalformedError("malformed.text", type=type(value).__name__)
        return scalars.canonical(value)

    def compare(self, given: Json, expected: Json) -> Comparison:
        if scalars.tidy(given) == scalars.tidy(expected):
            return RIGHT
        return Comparison(0.0, (Message("diff.text", {"given": scalars.shown(given)}),))


class Option(Pair):
    """One option of a choice and why it is right or wrong."""

    why: Pair | None = None


class Options(Kind):
    """What one choice and several choices share: lettered options."""

    form: ClassVar[bool] = True
    options: Annotated[dict[str, Option], Field(min_length=2)]

    def letter(self, value: Any) -> str:
        """Return ``value`` as the letter of an option, or raise :class:`MalformedError`."""
        letter = scalars.tidy(value) if isinstance(value, str) else ""
        if letter not in self.options:
            raise MalformedError("malformed.letter", given=str(value)[:40], letters=", ".join(self.options))
        return letter

    def public(self) -> Kind:
        bare = {letter: Option(zh=option.zh, en=option.en) for letter, option in self.options.items()}
        return self.model_copy(update={"options": bare})

    def why(self, letters: Iterable[str]) -> tuple[Message, ...]:
        """Return the reasons of ``letters``; a reason that several share is given once."""
        told: dict[Pair, list[str]] = {}
        for letter in letters:
            if why := self.options[letter].why:
                told.setdefault(why, []).append(letter)
        return tuple(
            Message("diff.why", {"letter": ", ".join(shared), "why": why.model_dump()}) for why, shared in told.items()
        )


class Choice(Options):
    """The letter of one option."""

    kind: Literal["choice"]

    def canonical(self, value: Any) -> Json:
        return self.letter(value)

    def compare(self, given: Json, expected: Json) -> Comparison:
        return Comparison(float(given == expected), self.why([given]))


class Choices(Options):
    """Credit is the share of right options ticked minus the share of wrong options ticked, so ticking everything earns nothing."""

    kind: Literal["choices"]

    def canonical(self, value: Any) -> Json:
        if isinstance(value, str):
            value = value.replace(",", " ").split() if "," in value or " " in value.strip() else list(value.strip())
        if not isinstance(value, list | tuple | set | frozenset):
            raise MalformedError("malformed.letters", given=str(value)[:40], letters=", ".join(self.options))
        return sorted({self.letter(letter) for letter in value})

    def compare(self, given: Json, expected: Json) -> Comparison:
        ticked, right = set(given), set(expected)
        wrong = set(self.options) - right
        credit = len(ticked & right) / len(right) - (len(ticked & wrong) / len(wrong) if wrong else 0.0)
        told = list(self.why(sorted(ticked)))
        if unexplained := [letter for letter in ticked & wrong if not self.options[letter].why]:
            told.append(Message("diff.overticked", {"count": len(unexplained)}))
        if right - ticked:
            told.append(Message("diff.missed", {"count": len(right - ticked)}))
        return Comparison(max(0.0, round(credit, 4)), tuple(told))


class Collection(Tolerant):
    """What lists and mappings share: many values of one type."""

    of: Literal["number", "text"] = "text"

    def item(self, value: Any) -> Scalar:
        """Return one of the values in canonical form, or raise :class:`MalformedError`."""
        item = scalars.canonical(value)
        if self.of == "number" and isinstance(item, str):
            raise MalformedError("malformed.item_number", given=scalars.shown(item))
        return str(item) if self.of == "text" and item is not None else item


def capped(count: int) -> None:
    """Raise :class:`MalformedError` when an answer holds more values than any right one could."""
    if count > ITEM_LIMIT:
        raise MalformedError("malformed.large", count=count, limit=ITEM_LIMIT)


class List(Collection):
    """Values in order, or (``ordered: false``) in any order; partial credit in quarters (:func:`quarters`)."""

    kind: Literal["list"]
    ordered: bool = True

    def canonical(self, value: Any) -> Json:
        if getattr(value, "ndim", 1) > 1:
            raise MalformedError("malformed.list_table", type=type(value).__name__)
        if isinstance(value, str | bytes | Mapping) or not hasattr(value, "__iter__") or not hasattr(value, "__len__"):
            raise MalformedError("malformed.list", type=type(value).__name__)
        capped(len(value))
        return [self.item(item) for item in value]

    def compare(self, given: Json, expected: Json) -> Comparison:
        if not self.ordered:
            return self._compare_sets(given, expected)
        hits = sum(self.same(mine, right) for mine, right in zip(given, expected, strict=False))
        length = max(len(given), len(expected))
        if hits == length:
            return RIGHT
        differences = []
        if len(given) != len(expected):
            differences.append(Message("diff.length", {"given": len(given), "expected": len(expected)}))
        first = next(
            (
                (i, mine, right)
                for i, (mine, right) in enumerate(zip(given, expected, strict=False))
                if not self.same(mine, right)
            ),
            None,
        )
        if first:
            differences += differing("diff.place", first[1], first[2], place=first[0] + 1)
        return Comparison(quarters([(hits / length, commonest(expected))]), tuple(differences))

    def _compare_sets(self, given: Json, expected: Json) -> Comparison:
        mine, right = ([self._round(value) for value in values] for values in (given, expected))
        extra, missing = (
            list((Counter(mine) - Counter(right)).elements()),
            list((Counter(right) - Counter(mine)).elements()),
        )
        if not extra and not missing:
            return RIGHT
        written = dict(zip([*mine, *right], [*given, *expected], strict=True))
        differences = [
            Message(key, {"count": len(values), "example": scalars.shown(written[values[0]])})
            for key, values in (("diff.missing", missing), ("diff.extra", extra))
            if values
        ]
        share = (len(right) - len(missing) - len(extra)) / len(right) if right else 0.0
        return Comparison(quarters([(max(0.0, share), 0.0)]), tuple(differences))

    @staticmethod
    def _round(value: Scalar) -> Scalar:
        return scalars.tidy(value) if isinstance(value, str) else round(value, 6) if isinstance(value, float) else value


class MappingKind(Collection):
    """Values by key (a dict or a Series); partial credit in quarters (:func:`quarters`)."""

    kind: Literal["mapping"]
    why: dict[str, Pair] = Field(default_factory=dict)
    """What belongs to a value, by the value: told of the first entry that should have it."""

    def canonical(self, value: Any) -> Json:
        if hasattr(value, "to_dict") and getattr(value, "ndim", 0) == 1:
            value = value.to_dict()
        if not isinstance(value, Mapping):
            raise MalformedError("malformed.mapping", type=type(value).__name__)
        capped(len(value))
        return {str(scalars.canonical(key)): self.item(item) for key, item in value.items()}

    def compare(self, given: Json, expected: Json) -> Comparison:
        differences = []
        missing = [key for key in expected if key not in given]
        extra = [key for key in given if key not in expected]
        if missing:
            differences.append(Message("diff.missing", {"count": len(missing), "example": missing[0]}))
        if extra:
            differences.append(Message("diff.extra", {"count": len(extra), "example": extra[0]}))
        wrong = [key for key in expected if key in given and not self.same(given[key], expected[key])]
        if wrong:
            differences += differing("diff.entry", given[wrong[0]], expected[wrong[0]], key=wrong[0])
            if reason := self.why.get(str(expected[wrong[0]])):
                differences.append(Message("diff.entry_why", {"why": reason.model_dump()}))
        if len(wrong) > 1:
            differences.append(Message("diff.wrong_count", {"count": len(wrong)}))
        if not differences:
            return RIGHT
        hits = len(expected) - len(missing) - len(wrong)
        share = hits / max(len(given), len(expected))
        return Comparison(quarters([(share, commonest(list(expected.values())))]), tuple(differences))

    def public(self) -> Kind:
        return self.model_copy(update={"why": {}})
