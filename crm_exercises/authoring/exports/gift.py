"""GIFT, Moodle's plain text format. Steps to put in order are written as matching; options that match nothing are left out, since
GIFT has no place for them."""

from __future__ import annotations

import re

from ..bank import Item
from .moodle import FRACTIONS


def write(items: list[Item], lang: str) -> bytes:
    """Return the questions, one category for each chapter."""
    parts: list[str] = []
    category = None
    for item in sorted(items, key=lambda item: item.chapter):
        if item.chapter != category:
            category = item.chapter
            parts.append(f"$CATEGORY: $course$/top/CRM/{category:02}")
        parts.append(question(item))
    return ("\n\n".join(parts) + "\n").encode()


def question(item: Item) -> str:
    """Return one question in GIFT."""
    answers = "\n".join(f"  {line}" for line in _answers(item))
    note = f"\n  ####{feedback(item.general)}" if item.general else ""
    body = f"{{\n{answers}{note}\n}}" if answers else "{}"
    return f"// {item.id} {item.topic} difficulty {item.difficulty}\n::{escape(item.title)}::{escape(item.stem)}{body}"


def _answers(item: Item) -> list[str]:
    if item.kind in ("choice", "choices"):
        return [_option(item, letter) for letter in item.options]
    if item.kind == "matching":
        return [f"={escape(text)} -> {escape(item.options[item.right[key]])}" for key, text in item.parts.items()]
    if item.kind == "ordering":
        return [f"={escape(text)} -> {item.right.index(letter) + 1}" for letter, text in item.parts.items()]
    if item.kind == "fill":
        return [f"={escape(word)}" for word in dict.fromkeys((str(item.right), *item.accept))]
    return []


def _option(item: Item, letter: str) -> str:
    right = item.letters
    wrong = len(item.options) - len(right)
    if item.kind == "choice":
        sign = "=" if letter in right else "~"
    else:
        sign = f"~%{FRACTIONS[len(right)]}%" if letter in right else f"~%-{FRACTIONS[wrong]}%"
    why = item.why.get(letter, "")
    return f"{sign}{escape(item.options[letter])}" + (f"#{feedback(why)}" if why else "")


def escape(text: str) -> str:
    """Escape GIFT's own signs; a line break is written as ``\\n``."""
    return re.sub(r"([\\~=#{}:])", r"\\\1", text.strip()).replace("\n", "\\n")


def feedback(text: str) -> str:
    """Escape a feedback; signs that open an answer are written full width, since some readers look for them even where escaped."""
    return escape(text.replace("=", "＝").replace("~", "～"))
