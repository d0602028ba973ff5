"""More answers that are clicked or typed: things to match, steps to put in order, a gap to fill."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations, pairwise
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from rapidfuzz import fuzz

from . import scalars
from .comparison import RIGHT, Comparison, commonest, quarters
from .errors import MalformedError
from .kinds import Json, Kind, Options, Pair
from .messages import Message

CLOSE = 80
"""Alikeness (0 to 100) from which a wrong word counts as misspelt rather than as another word."""


class Matching(Options):
    """Each item belongs to one option; an option may serve several items or none.

    Credit is the share of right items, corrected for what one option for all would earn, in quarters.
    """

    kind: Literal["matching"]
    items: Annotated[dict[str, Pair], Field(min_length=2)]
    reasons: dict[str, Pair] = Field(default_factory=dict)
    """Why an item belongs where it does."""

    def canonical(self, value: Any) -> Json:
        if not isinstance(value, Mapping):
            raise MalformedError("malformed.matching", type=type(value).__name__, items=", ".join(self.items))
        given = {str(key): letter for key, letter in value.items() if letter not in (None, "", ...)}
        strange = [key for key in given if key not in self.items]
        if strange:
            raise MalformedError("malformed.item", given=strange[0][:40], items=", ".join(self.items))
        return {key: self.letter(given[key]) for key in self.items if key in given}

    def compare(self, given: Json, expected: Json) -> Comparison:
        wrong = [key for key in self.items if key in given and given[key] != expected[key]]
        missing = len(self.items) - len(given)
        if not wrong and not missing:
            return RIGHT
        told = [
            Message("diff.matched", {"item": _both(self.items[key]), "why": _both(self.reasons.get(key))})
            for key in wrong
        ]
        if missing:
            told.append(Message("diff.unplaced", {"count": missing}))
        share = 1 - (len(wrong) + missing) / len(self.items)
        return Comparison(quarters([(share, commonest(list(expected.values())))]), tuple(told))

    def public(self) -> Kind:
        return super().public().model_copy(update={"reasons": {}})


class Ordering(Kind):
    """Steps to put in order. Credit is the share of pairs in the right order beyond chance, in quarters."""

    kind: Literal["ordering"]
    form: ClassVar[bool] = True
    items: Annotated[dict[str, Pair], Field(min_length=3)]
    why: Pair | None = None

    def canonical(self, value: Any) -> Json:
        if isinstance(value, str):
            value = [letter for letter in re.split(r"[\s,，、>→-]+", value) if letter]
            value = list(value[0]) if len(value) == 1 else value
        if not isinstance(value, list | tuple):
            raise MalformedError("malformed.ordering", type=type(value).__name__, items=", ".join(self.items))
        letters = [scalars.tidy(str(letter)) for letter in value]
        strange = [letter for letter in letters if letter not in self.items]
        if strange:
            raise MalformedError("malformed.item", given=strange[0][:40], items=", ".join(self.items))
        if len(set(letters)) < len(letters):
            raise MalformedError("malformed.twice", given=next(each for each in letters if letters.count(each) > 1))
        return letters

    def compare(self, given: Json, expected: Json) -> Comparison:
        if given == expected:
            return RIGHT
        place = {letter: index for index, letter in enumerate(given)}
        pairs = list(combinations(expected, 2))
        hits = sum(first in place and second in place and place[first] < place[second] for first, second in pairs)
        told = []
        swapped = next(((a, b) for a, b in pairwise(given) if expected.index(a) > expected.index(b)), None)
        if swapped:
            first, second = (_both(self.items[letter]) for letter in swapped)
            told.append(Message("diff.swapped", {"first": second, "second": first}))
        if len(given) < len(expected):
            told.append(Message("diff.unplaced", {"count": len(expected) - len(given)}))
        elif self.why:
            told.append(Message("diff.because", {"why": _both(self.why)}))
        return Comparison(quarters([(hits / len(pairs), 0.5)]), tuple(told))

    def public(self) -> Kind:
        return self.model_copy(update={"why": None})


class Fill(Kind):
    """A word or number for a gap: the reference's, or one of the accepted variants."""

    kind: Literal["fill"]
    form: ClassVar[bool] = True
    accept: tuple[str, ...] = ()
    why: Pair | None = None

    def canonical(self, value: Any) -> Json:
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = f"{value:g}"
        if not isinstance(value, str):
            raise MalformedError("malformed.text", type=type(value).__name__)
        return str(scalars.canonical(value)).strip()

    def compare(self, given: Json, expected: Json) -> Comparison:
        right = {_bare(word) for word in (expected, *self.accept)}
        mine = _bare(given)
        if mine in right:
            return RIGHT
        close = len(mine) > 3 and any(fuzz.ratio(mine, word) >= CLOSE for word in right)
        told = [Message("diff.fill_close" if close else "diff.text", {"given": scalars.shown(given)})]
        if self.why:
            told.append(Message("diff.because", {"why": _both(self.why)}))
        return Comparison(0.0, tuple(told))

    def public(self) -> Kind:
        return self.model_copy(update={"accept": (), "why": None})


def _bare(text: str) -> str:
    """Return ``text`` without what does not matter in a gap: case, width, white space, quotes, a final full stop; 110 is 110.0."""
    bare = re.sub(r"[\s\"'“”‘’《》]|[。.]$", "", scalars.tidy(text))
    try:
        return f"{float(bare.replace(',', '')):g}"
    except ValueError:
        return bare


def _both(pair: Pair | None) -> dict[str, str]:
    return {"zh": pair.zh, "en": pair.en} if pair else {"zh": "", "en": ""}
