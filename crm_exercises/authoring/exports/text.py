"""The plain text form that teachers paste into a document, and that most Chinese question banks import:

    1. [单选题] 题干
    A. 选项
    B. 选项
    答案：B
    解析：……
    难度：2　知识点：……　分值：2

English questions have English names in the same places (``Answer: B``). :mod:`..importer` reads both back. Matching and ordering
keep their letters: ``答案：1c 2a``.
"""

from __future__ import annotations

import re

from ..bank import Item

NAMES = {
    "choice": {"zh": "单选题", "en": "Single choice"},
    "choices": {"zh": "多选题", "en": "Multiple choice"},
    "matching": {"zh": "配对题", "en": "Matching"},
    "ordering": {"zh": "排序题", "en": "Ordering"},
    "fill": {"zh": "填空题", "en": "Gap"},
    "prose": {"zh": "简答题", "en": "Short answer"},
}
"""What a kind is called in brackets before its question."""
FIELDS = {
    "zh": {"answer": "答案：", "explanation": "解析：", "about": "难度：{0}　知识点：{1}　分值：{2}"},
    "en": {"answer": "Answer: ", "explanation": "Explanation: ", "about": "Difficulty: {0}  Topic: {1}  Marks: {2}"},
}


def write(items: list[Item], lang: str) -> bytes:
    """Return all questions, UTF-8 with a mark that Windows programs know it by."""
    texts = [question(place, item, lang) for place, item in enumerate(items, start=1)]
    return ("\ufeff" + "\n\n".join(texts) + "\n").encode()


def question(place: int, item: Item, lang: str) -> str:
    """Return a question with its answer, explanation, difficulty, topic and marks."""
    named = FIELDS[lang]
    lines = [asked(place, item, lang), named["answer"] + answer(item)]
    if item.explanation():
        lines.append(named["explanation"] + _bracketed(item.explanation()))
    lines.append(named["about"].format(item.difficulty, item.topic, item.marks))
    return "\n".join(lines)


def asked(place: int, item: Item, lang: str) -> str:
    """Return a question as it is put to a student."""
    lines = [f"{place}. [{NAMES[item.kind][lang]}] {_bracketed(item.stem)}"]
    lines += [f"{key}) {text}" for key, text in item.parts.items()]
    lines += [f"{letter.upper()}. {text}" for letter, text in item.options.items()]
    return "\n".join(lines)


def _bracketed(text: str) -> str:
    """Return a text whose numbered lines cannot be taken for questions: ``1. …`` becomes ``（1）…``."""
    return re.sub(r"^(\w{1,2})[.、)）]\s*", r"（\1）", text, flags=re.MULTILINE)


def answer(item: Item) -> str:
    """Return the answer in one line, as the importer takes it back."""
    if item.kind in ("choice", "choices"):
        return "".join(letter.upper() for letter in item.letters)
    if item.kind in ("matching", "ordering"):
        return item.sequence()
    if item.kind == "fill":
        return "／".join(dict.fromkeys((str(item.right), *item.accept)))
    return str(item.right)
