"""The question bank as data for exports: each question in one language, with its answer and why."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from ..core.chapter import Exercise
from ..core.errors import UsageError
from ..core.forms import Fill, Matching, Ordering
from ..core.kinds import Kind, Options
from ..core.messages import set_language
from ..core.paper import bank
from ..core.paths import ROOT
from ..core.prose import Prose
from ..plots import label


@dataclass(frozen=True)
class Item:
    """One question in one language.

    Attributes
    ----------
    kind
        ``choice``, ``choices``, ``matching``, ``ordering``, ``fill`` or ``prose``.
    parts
        What is matched or ordered, by key; empty for other kinds.
    options
        What is chosen from, by letter; empty for other kinds.
    right
        A letter, letters, ``{key: letter}``, letters in order, a word, or a model answer.
    why
        Why, by letter or key; ``note`` is the explanation of the whole.
    """

    id: str
    kind: str
    title: str
    stem: str
    chapter: int
    topic: str
    marks: int
    difficulty: int = 2
    parts: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    right: Any = ""
    accept: tuple[str, ...] = ()
    why: dict[str, str] = field(default_factory=dict)
    note: str = ""
    topic_title: str = ""

    @property
    def letters(self) -> list[str]:
        """Return the right letters of a choice."""
        return list(self.right) if self.kind == "choices" else [str(self.right)]

    def explanation(self) -> str:
        """Return why right is right and wrong is wrong, in one text."""
        names = self.parts or self.options
        told = [
            f"{names[key]}：{why}" if self.kind == "matching" else f"{key.upper()} {why}"
            for key, why in self.why.items()
        ]
        return "\n".join([*told, *([self.note] if self.note else [])])

    @property
    def general(self) -> str:
        """What is said of the whole question, whatever was answered; the points of free text are for the marker alone."""
        if self.kind == "prose":
            return ""
        return self.explanation() if self.kind == "matching" else self.note

    def sequence(self) -> str:
        """Return the answer to a matching or ordering question as it is typed in one line: ``1c 2a`` or ``b a c``."""
        if self.kind == "matching":
            return " ".join(f"{key}{letter}" for key, letter in self.right.items())
        return " ".join(self.right)

    def spelt_out(self) -> Item:
        """Return the question as a gap to fill, for systems that know neither matching nor ordering."""
        lines = [self.stem, *(f"{key}. {text}" for key, text in self.parts.items())]
        lines += [f"{letter}. {text}" for letter, text in self.options.items()]
        typed = self.sequence()
        accept = (typed.replace(" ", ""), typed.replace(" ", ","), typed.upper())
        told = replace(self, note=self.explanation(), why={}, parts={}, options={})
        return replace(told, kind="fill", stem="\n".join(lines), right=typed, accept=accept)


def items(
    lang: str, *, chapters: Iterable[int] = (), topics: Iterable[str] = (), ids: Iterable[str] = ()
) -> list[Item]:
    """Return the questions of the bank in ``lang``.

    Parameters
    ----------
    chapters, topics, ids
        Only these, where named; ``ids`` also gives the order.

    Raises
    ------
    UsageError
        If no question is left, or an id is unknown.
    """
    named, wanted, about = list(ids), set(topics), set(chapters)
    known = bank()
    lost = [name for name in named if name not in known]
    if lost:
        raise UsageError("paper.lost", questions=", ".join(lost))
    found = [item for name in named or known for item in _items(known[name][1], lang)]
    found = [item for item in found if (not wanted or item.topic in wanted) and (not about or item.chapter in about)]
    if not found:
        raise UsageError("bank.empty")
    return found


def plain(text: str) -> str:
    """Return Markdown as plain text: emphasis and code marks gone, headings too."""
    lines = [line for line in text.strip().splitlines() if not line.startswith("#")]
    return re.sub(r"\*\*(.+?)\*\*|`(.+?)`", lambda found: found.group(1) or found.group(2), "\n".join(lines)).strip()


def chapter_of(topic: str) -> int:
    """Return the chapter that a topic of the syllabus belongs to; 12, the question bank, for an unknown one."""
    return int(topics_table().get(topic, {}).get("chapter", 12))


@cache
def topics_table() -> dict[str, dict[str, str]]:
    """Return the rows of ``course/topics.csv`` by topic."""
    path = ROOT / "course" / "topics.csv"
    with path.open(encoding="utf-8") as file:
        return {row["topic"]: row for row in csv.DictReader(file)}


def _items(exercise: Exercise, lang: str) -> list[Item]:
    set_language(lang)
    names: dict[str, Any] = {"label": label}
    exec(compile(exercise.body, f"<{exercise.id}>", "exec"), names)
    return [_item(exercise, kind, kind.canonical(names[name]), lang) for name, kind in exercise.answer.items()]


def _item(exercise: Exercise, kind: Kind, right: Any, lang: str) -> Item:
    item = Item(
        id=exercise.id,
        kind=kind.kind,
        title=exercise.title[lang],
        stem=plain(exercise.task[lang]),
        chapter=chapter_of(exercise.topic),
        topic=exercise.topic,
        marks=exercise.marks,
        difficulty=exercise.difficulty or 2,
        right=right,
        note="\n\n".join(plain(part[lang]) for part in exercise.explanation),
        topic_title=topics_table().get(exercise.topic, {}).get(lang, exercise.topic),
    )
    if isinstance(kind, Matching):
        reasons = {key: reason[lang] for key, reason in kind.reasons.items()}
        item = replace(item, parts={key: text[lang] for key, text in kind.items.items()}, why=reasons)
    if isinstance(kind, Options):
        whys = {letter: option.why[lang] for letter, option in kind.options.items() if option.why}
        item = replace(item, options={letter: plain(option[lang]) for letter, option in kind.options.items()})
        return replace(item, why=item.why or whys)
    if isinstance(kind, Ordering):
        item = replace(item, parts={key: text[lang] for key, text in kind.items.items()})
    if isinstance(kind, Fill):
        item = replace(item, accept=kind.accept)
    if isinstance(kind, Ordering | Fill) and kind.why:
        item = replace(item, note="\n".join(part for part in (kind.why[lang], item.note) if part))
    if isinstance(kind, Prose):
        points = "\n".join(f"{place}. {point[lang]}" for place, point in enumerate(kind.points, start=1))
        item = replace(item, note="\n".join(part for part in (points, item.note) if part))
    return item
