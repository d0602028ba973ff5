"""How an answer stands against the expected one: credit, and what differs first in words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from . import scalars
from .messages import Message
from .scalars import Scalar

PERCENT = 0.005
"""How far a number may be from a hundred times the expected one and still be taken for a percentage (they get rounded)."""


@dataclass(frozen=True)
class Comparison:
    """How an answer stands against the expected one: ``credit`` from 0 to 1, what differs first, why a person should look, and how
    sure the credit is (from 0 to 1; only free text is ever unsure)."""

    credit: float
    differences: tuple[Message, ...] = ()
    doubt: tuple[Message, ...] = ()
    confidence: float = 1.0

    @property
    def right(self) -> bool:
        return self.credit == 1


RIGHT = Comparison(1.0)


def quarters(shares: Iterable[tuple[float, float]]) -> float:
    """Return partial credit in quarters from ``(share right, share that a constant guess gets right)`` pairs.

    Credit is ``(share - guess) / (1 - guess)``, the usual correction for guessing, averaged and rounded *down* to a quarter; it is
    1 only when everything is right, so one wrong value in ten thousand shows.
    """
    pairs = list(shares)
    if all(share == 1 for share, _ in pairs):
        return 1.0
    corrected = [
        1.0 if share == 1 else max(0.0, (share - guess) / (1 - guess)) if guess < 1 else 0.0 for share, guess in pairs
    ]
    return min(int(sum(corrected) / len(corrected) * 4) / 4, 0.75)


def differing(sentence: str, given: Scalar, expected: Scalar, **params: object) -> tuple[Message, ...]:
    """Return the ``sentence`` on a value that differs from the expected one, and another where it is plain what went wrong."""
    mine, right = scalars.apart(given, expected)
    return Message(sentence, {**params, "given": mine, "expected": right}), *looks(given, expected)


def looks(given: Scalar, expected: Scalar) -> tuple[Message, ...]:
    """Return what a wrong number looks like, if that is plain: meant as text, rounded, a percentage for a fraction, the other sign …"""
    if isinstance(given, int | float) and isinstance(expected, str):
        return (Message("diff.as_text"),)
    if not (isinstance(given, int | float) and isinstance(expected, int | float) and given and expected):
        return ()
    if scalars.rounded(given, expected):
        return (Message("diff.rounded", {"given": scalars.apart(given, expected)[0]}),)
    if _percentage(given, expected):
        return (Message("diff.percent"),)
    if abs(given) <= 1 and math.isclose(100 * given, expected, rel_tol=PERCENT):
        return (Message("diff.fraction"),)
    return (Message("diff.sign"),) if math.isclose(given, -expected, rel_tol=1e-6) else ()


def _percentage(given: float, expected: float) -> bool:
    """Say whether ``given`` is ``expected`` in per cent; of a fraction above 1 (a return of 1.36) only an exact one is."""
    if abs(expected) <= 1:
        return math.isclose(given, 100 * expected, rel_tol=PERCENT)
    return expected != round(expected) and math.isclose(given, 100 * expected, rel_tol=1e-9)


def commonest(values: Sequence[Scalar]) -> float:
    """Return the share of the most frequent value: what a constant guess gets right."""
    return max(Counter(values).values()) / len(values) if values else 1.0
