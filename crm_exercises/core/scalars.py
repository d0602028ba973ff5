"""One value of an answer: its canonical JSON form, its equality, and how it is shown in a sentence.

Canonical scalars are ``None``, ``bool``, ``int``, ``float`` (finite) and ``str``; dates are ISO 8601 text. Students get there from
Python, numpy and pandas values alike, so ``np.int64(3)``, ``3`` and ``3.0`` are the same answer.
"""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from functools import lru_cache
from typing import Any

from .errors import MalformedError

Scalar = bool | int | float | str | None

TEXT_LIMIT = 4_000
_EXACT_INT = 2**53
_SHORT = 64
"""Longest text that is kept tidied, as keys and names are: a stranger's long ones would fill the memory of whoever marks a class."""


def canonical(value: Any) -> Scalar:
    """Return the canonical form of one value.

    Raises
    ------
    MalformedError
        If the value is infinite, too long, or not a single value at all.
    """
    if type(value) is str and len(value) <= TEXT_LIMIT:  # by far the most frequent
        return value
    if value is None or value is Ellipsis or type(value).__name__ in {"NaTType", "NAType"}:
        return None
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 and not hasattr(value, "isoformat"):
        value = value.item()
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= _EXACT_INT else _finite(value)
    if isinstance(value, float):
        return None if math.isnan(value) else _finite(value)
    if isinstance(value, str):
        if len(value) > TEXT_LIMIT:
            raise MalformedError("malformed.long_text", limit=TEXT_LIMIT)
        return value
    if isinstance(value, dt.timedelta):
        return value / dt.timedelta(days=1)
    if isinstance(value, dt.date):
        return _iso(value)
    if type(value).__name__ in {"Period", "Interval"}:
        return str(value)
    raise MalformedError("malformed.scalar", type=type(value).__name__)


def _finite(value: float) -> float:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise MalformedError("malformed.infinite")
    return number


def _iso(value: dt.date) -> str:
    text = value.isoformat()
    return text.removesuffix("T00:00:00")


def tidy(text: str) -> str:
    """Return ``text`` without the differences that nobody means: full width, case, white space."""
    return _short_tidy(text) if len(text) <= _SHORT else _tidy(text)


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


_short_tidy = lru_cache(maxsize=2**16)(_tidy)


def same(given: Scalar, expected: Scalar, rtol: float, atol: float) -> bool:
    """Say whether two canonical values are the same answer: numbers within tolerance, text up to :func:`tidy`."""
    if given == expected:
        return True
    if given is None or expected is None:
        return False
    if isinstance(given, str) or isinstance(expected, str):
        return isinstance(given, str) and isinstance(expected, str) and tidy(given) == tidy(expected)
    return math.isclose(given, expected, rel_tol=rtol, abs_tol=atol)


def shown(value: Scalar) -> str:
    """Return ``value`` as a person reads it: six significant digits, no trailing zeros, long text cut, what is empty made visible."""
    if value is None:
        return "NaN"
    if value == "":
        return '""'
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, float):
        return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.2f}"
    return value if len(value) <= 60 else value[:57] + "…"


def apart(given: Scalar, expected: Scalar) -> tuple[str, str]:
    """Return two values as a person reads them, numbers with as many digits as it takes to tell them apart."""
    pair = shown(given), shown(expected)
    if isinstance(given, int | float) and isinstance(expected, int | float):
        longer = ((f"{given:,.{digits}g}", f"{expected:,.{digits}g}") for digits in (9, 12, 15))
        return next((both for both in (pair, *longer) if both[0] != both[1]), pair)
    return pair


def rounded(given: Scalar, expected: Scalar) -> bool:
    """Say whether ``given`` is what becomes of ``expected`` by rounding it to a whole number or to a few decimals."""
    if not isinstance(expected, float) or not isinstance(given, int | float) or given == expected:
        return False
    near = abs(given - expected) <= abs(expected) / 10
    return near and any(math.isclose(given, round(expected, digits), rel_tol=1e-12) for digits in range(6))
