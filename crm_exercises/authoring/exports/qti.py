"""QTI 1.2 through text2qti (Canvas and others). It knows neither matching nor ordering: those become gaps to type ``1c 2a`` into."""

from __future__ import annotations

import io
import re
from typing import Any

from ...core.errors import UsageError
from ..bank import Item


def write(items: list[Item], lang: str) -> bytes:
    """Return the zip file of a quiz.

    Raises
    ------
    UsageError
        If text2qti is not installed.
    """
    try:
        from text2qti.qti import QTI
    except ImportError as error:
        raise UsageError("export.needs", package="text2qti") from error
    file = io.BytesIO()
    QTI(quiz(markdown(items, lang))).write(file)
    return file.getvalue()


def quiz(text: str) -> Any:
    """Return text2qti's reading of a quiz in its Markdown."""
    from text2qti.config import Config
    from text2qti.quiz import Quiz

    config = Config()
    config.load()
    return Quiz(text, config=config)


def markdown(items: list[Item], lang: str) -> str:
    """Return the quiz in text2qti's Markdown."""
    title = "客户关系管理" if lang == "zh" else "Customer relationship management"
    return "\n\n".join([f"Quiz title: {title}", *(question(place, item) for place, item in enumerate(items, start=1))])


def question(place: int, item: Item) -> str:
    """Return one question in text2qti's Markdown."""
    if item.kind in ("matching", "ordering"):
        item = item.spelt_out()
    lines = [f"Title: {item.title}", f"Points: {item.marks}", _hanging(f"{place}.  ", item.stem)]
    if item.note:
        lines.append(_hanging("... ", item.note))
    if item.kind in ("choice", "choices"):
        lines += _options(item)
    elif item.kind == "fill":
        lines += [f"*   {word}" for word in dict.fromkeys((str(item.right), *item.accept))]
    else:
        lines.append("____")
    return "\n".join(lines)


def _options(item: Item) -> list[str]:
    lines = []
    for letter, text in item.options.items():
        right = letter in item.letters
        sign = f"{'*' * right}{letter}) " if item.kind == "choice" else f"[{'*' if right else ' '}] "
        lines.append(_hanging(sign, text))
        if item.why.get(letter):
            lines.append(_hanging("... ", item.why[letter]))
    return lines


def _hanging(sign: str, text: str) -> str:
    """Return a text after its sign; further lines become paragraphs that hang below the first."""
    escaped = re.sub(r"([_*])", r"\\\1", text.strip())
    lines = [re.sub(r"^(\w+)([.)])", r"\1\\\2", line.strip()) for line in escaped.splitlines() if line.strip()]
    return sign + f"\n\n{' ' * len(sign)}".join(lines)
