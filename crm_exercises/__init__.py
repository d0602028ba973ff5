"""The helper package of the workbook: the few names that a notebook uses.

Everything is loaded on first use, so that ``import crm_exercises`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "EnterpriseCard": ".trade.cards",
    "IndividualCard": ".trade.cards",
    "WorkCalendar": ".trade.calendar",
    "begin": ".learning.notebook",
    "card_form": ".learning.cardform",
    "check": ".learning.notebook",
    "form": ".learning.forms",
    "hand_in": ".learning.notebook",
    "hint": ".learning.notebook",
    "label": ".plots",
    "load": ".data",
    "peek": ".learning.show",
    "sheet": ".learning.sheet",
    "show_case": ".trade.cases",
    "solution": ".learning.notebook",
    "sort_into": ".learning.filing",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name], __name__), name)
