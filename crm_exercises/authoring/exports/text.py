"""The plain Chinese text form that teachers paste into a document, and that most question banks import:

    1. [单选题] 题干
    A. 选项
    B. 选项
    答案：B
    解析：……
    难度：2　知识点：……

:mod:`..importer` reads it back. Matching and ordering keep their letters: ``答案：1c 2a``.
"""

from __future__ import annotations

import re

from ..bank import Item

NAMES = {
    "choice": "单选题",
    "choices": "多选题",
    "matching": "配对题",
    "ordering": "排序题",
    "fill": "填空题",
    "prose": "简答题",
}


def write(items: list[Item], lang: str) -> bytes:
    """Return all questions, UTF-8 with a mark that Windows programs know it by."""
    return ("\ufeff" + "\n\n".join(question(place, item) for place, item in enumerate(items, start=1)) + "\n").encode()


def question(place: int, item: Item) -> str:
    lines = [f"{place}. [{NAMES[item.kind]}] {_bracketed(item.stem)}"]
    lines += [f"{key}) {text}" for key, text in item.parts.items()]
    lines += [f"{letter.upper()}. {text}" for letter, text in item.options.items()]
    lines.append(f"答案：{answer(item)}")
    if item.explanation():
        lines.append(f"解析：{_bracketed(item.explanation())}")
    lines.append(f"难度：{item.difficulty}　知识点：{item.topic}　分值：{item.marks}")
    return "\n".join(lines)


def _bracketed(text: str) -> str:
    """Return a text whose numbered lines cannot be taken for questions: ``1. …`` becomes ``（1）…``."""
    return re.sub(r"^(\w{1,2})[.、)）]\s*", r"（\1）", text, flags=re.MULTILINE)


def answer(item: Item) -> str:
    if item.kind in ("choice", "choices"):
        return "".join(letter.upper() for letter in item.letters)
    if item.kind in ("matching", "ordering"):
        return item.sequence()
    if item.kind == "fill":
        return "／".join(dict.fromkeys((str(item.right), *item.accept)))
    return str(item.right)
