"""A question as a teacher wrote it, and what is still wrong with it: what cannot be understood is reported, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..core.messages import Message
from .exports.text import NAMES

KINDS = {name.lower(): kind for kind, names in NAMES.items() for name in names.values()} | {
    "选择题": "",
    "单选": "choice",
    "单项选择": "choice",
    "单项选择题": "choice",
    "多选": "choices",
    "多项选择": "choices",
    "多项选择题": "choices",
    "不定项选择题": "choices",
    "填空": "fill",
    "判断": "judgement",
    "判断题": "judgement",
    "true or false": "judgement",
    "名词解释": "prose",
    "名词解释题": "prose",
    "简答": "prose",
    "问答题": "prose",
    "问答": "prose",
    "论述": "prose",
    "论述题": "prose",
    "配对": "matching",
    "连线": "matching",
    "连线题": "matching",
    "排序": "ordering",
}
"""Kinds by what teachers call them; empty where the answer tells the kind."""
INSIDE = re.compile(r"[（(]\s*([A-Ha-h](?:[\s,，、]*[A-Ha-h]){0,7}|[对错√×✓✔])\s*[）)]")
"""The answer in the stem's own brackets, as many test banks have it."""
POINTS = re.compile(r"[（(]\s*(?:本题)?\s*(\d+)\s*分\s*[）)]")
"""The marks of a question in its stem: （5 分）."""
GAP = re.compile(r"_{2,}|[（(]\s*[)）]")
YES = {"对", "正确", "√", "✓", "✔", "是", "t", "true", "y"}
NO = {"错", "错误", "×", "✗", "否", "f", "false", "n"}
NONE = {"", "略", "略。", "（略）"}


@dataclass
class Draft:
    """A question as found, not yet checked: ``where`` is its line or row, ``place`` its place among all of its file."""

    where: str
    kind: str = ""
    stem: str = ""
    options: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    answer: str = ""
    explanation: str = ""
    difficulty: int = 2
    topic: str = ""
    marks: int | None = None
    answered_twice: bool = False
    place: int = 0


def checked(draft: Draft) -> Message | None:
    """Return what is wrong with a draft; what is right is put into its final form."""
    if points := POINTS.search(draft.stem):
        draft.marks, draft.stem = draft.marks or int(points.group(1)), POINTS.sub("", draft.stem).strip()
    if not draft.stem:
        return Message("import.no_stem")
    inside = INSIDE.search(draft.stem) if not draft.answer else None
    if inside:
        draft.answer, draft.stem = inside.group(1), INSIDE.sub("（　）", draft.stem)
    if draft.kind not in {"", "judgement", *NAMES}:
        return Message("import.unknown_kind", {"kind": draft.kind})
    if draft.answer.strip() in NONE:
        return Message("import.no_answer")
    if draft.answered_twice:
        return Message("import.two_answers")
    if draft.kind == "judgement":
        return _judgement(draft)
    if not draft.kind:
        draft.kind = _guessed(draft)
    if draft.kind in ("choice", "choices"):
        return _choice(draft)
    if draft.kind in ("matching", "ordering"):
        return _sequence(draft)
    if draft.kind == "fill" and len(GAP.findall(draft.stem)) > 1:
        return Message("import.gaps")
    return None


def _guessed(draft: Draft) -> str:
    """Return the kind of a question that names none."""
    if draft.options:
        return "choices" if len(_letters(draft)) > 1 else "choice"
    return "fill" if "__" in draft.stem else "prose"


def _letters(draft: Draft) -> str:
    """Return the letters of an answer such as ``A、C``; the text of an option behind its letter is left out."""
    said = draft.answer.lower()
    for letter, text in draft.options.items():
        said = re.sub(rf"({letter})\s*[.、．)）:：]\s*{re.escape(text.lower())}", r"\1", said)
    return re.sub(r"[\s,，、;；.。]|和", "", said)


def _choice(draft: Draft) -> Message | None:
    letters = _letters(draft)
    if len(draft.options) < 2:
        return Message("import.few_options", {"count": len(draft.options)})
    strange = [letter for letter in letters if letter not in draft.options]
    if strange:
        return Message("import.no_option", {"letter": draft.answer.splitlines()[0][:24]})
    if draft.kind == "choice" and len(letters) != 1:
        return Message("import.one_answer", {"answer": draft.answer})
    draft.answer = "".join(sorted(set(letters)))
    return None


def _judgement(draft: Draft) -> Message | None:
    said = draft.answer.strip().lower().rstrip(".。")
    said = draft.options.get(said, said).lower()  # some banks give 对 and 错 as options A and B
    if said not in YES | NO:
        return Message("import.judgement", {"answer": draft.answer})
    draft.kind, draft.options, draft.answer = "choice", {"a": "对", "b": "错"}, "a" if said in YES else "b"
    return None


def _sequence(draft: Draft) -> Message | None:
    if draft.kind == "matching":
        pairs = dict(re.findall(r"(\d+)\s*[-—:：]?\s*([A-Ha-h])", draft.answer))
        fits = pairs.keys() == draft.parts.keys() and all(letter.lower() in draft.options for letter in pairs.values())
        draft.answer = " ".join(f"{key}{letter.lower()}" for key, letter in pairs.items())
    else:
        draft.parts = draft.parts or draft.options
        draft.options = {}
        letters = re.findall(r"[a-h]", draft.answer.lower())
        fits = sorted(letters) == sorted(draft.parts)
        draft.answer = " ".join(letters)
    return None if fits and draft.parts else Message("import.sequence", {"answer": draft.answer})
