"""Writing the question bank for other systems: one module for each format, each with ``write(items, lang) -> bytes``."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from ..bank import Item

FORMATS = {
    "moodle": (".moodle", ".xml"),
    "gift": (".gift", ".gift.txt"),
    "qti": (".qti", ".zip"),
    "chaoxing": (".chaoxing", ".xlsx"),
    "text": (".text", ".txt"),
}
"""Module and file ending of each format."""


def writer(name: str) -> Callable[[list[Item], str], bytes]:
    """Return the function that writes the format ``name``."""
    write: Callable[[list[Item], str], bytes] = import_module(FORMATS[name][0], __name__).write
    return write
