"""Reading questions from a plain text file or a spreadsheet, and writing them as a chapter source.

The text form is the one of :mod:`.exports.text`; the spreadsheet has the columns of :mod:`.exports.chaoxing` or simply 题型, 题干,
选项A …, 答案, 解析. What cannot be read is reported with its line or row, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.errors import UsageError
from ..core.messages import Message
from .exports.text import NAMES

KINDS = {name: kind for kind, name in NAMES.items()} | {
    "单选": "choice",
    "单项选择题": "choice",
    "多选": "choices",
    "多项选择题": "choices",
    "填空": "fill",
    "判断题": "judgement",
    "判断": "judgement",
    "名词解释": "prose",
    "简答": "prose",
    "论述题": "prose",
    "连线题": "matching",
}
START = re.compile(r"^\s*(?:题目|第)?\s*(\d+)\s*[.、．)）题:：]\s*(?:[\[【（(]\s*(\S+?题?)\s*[\]】）)])?\s*(.*)$")
SECTION = re.compile(r"^\s*[一二三四五六七八九十]+\s*[、.．]\s*(\S+?)\s*(?:[（(：:].*)?$")
SPLIT = re.compile(r"\s+(?=[B-H]\s*[.、．)）:：])")
INSIDE = re.compile(r"[（(]\s*([A-Ha-h]{1,8}|[对错√×])\s*[）)]")
"""The answer in the stem's own brackets, as many test banks have it."""
OPTION = re.compile(r"^\s*([A-Ha-h])\s*[.、．)）:：]\s*(.+)$")
PART = re.compile(r"^\s*(\w{1,2})\)\s+(.+)$")
FIELD = re.compile(r"^\s*[【\[]?(答案|正确答案|参考答案|解析|答案解析|难度|难易度)(?:[】\]]\s*[:：]?|\s*[:：])\s*(.*)$")
LEVELS = {"易": 1, "简单": 1, "中": 2, "中等": 2, "难": 3, "困难": 3, "1": 1, "2": 2, "3": 3}
YES, NO = {"对", "正确", "√", "是", "t", "true", "y"}, {"错", "错误", "×", "否", "f", "false", "n"}


@dataclass
class Draft:
    """A question as found, not yet checked; ``where`` is its line or row."""

    where: str
    kind: str = ""
    stem: str = ""
    options: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    answer: str = ""
    explanation: str = ""
    difficulty: int = 2
    topic: str = ""


@dataclass
class Reading:
    """What was read, and what could not be."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Message] = field(default_factory=list)


def read(path: Path) -> Reading:
    """Read a file of questions.

    Raises
    ------
    UsageError
        If the file cannot be opened or is of no kind that is known.
    """
    try:
        if path.suffix.lower() in {".xlsx", ".xlsm"}:
            drafts = list(_rows(path))
        elif path.suffix.lower() in {".txt", ".md", ".text"}:
            drafts = list(_Text().drafts(_decoded(path.read_bytes())))
        else:
            raise UsageError("import.kind", path=path.name)
    except OSError as error:
        raise UsageError("import.unreadable", path=path.name, error=error.strerror or str(error)) from error
    reading = Reading()
    for draft in drafts:
        problem = _checked(draft)
        if problem:
            reading.problems.append(
                Message("import.problem", {"where": draft.where, "problem": problem, "stem": draft.stem[:24]})
            )
        else:
            reading.drafts.append(draft)
    if not drafts:
        reading.problems.append(Message("import.nothing", {"path": path.name}))
    return reading


def _decoded(data: bytes) -> str:
    """Decode a text file: UTF-8 (with or without mark), UTF-16, or what Chinese Windows writes."""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", errors="replace")


class _Text:
    """Reads questions from the lines of a text; a line that opens nothing goes on with what is open."""

    def __init__(self) -> None:
        self.draft: Draft | None = None
        self.number = 0
        self.open = ""
        self.section = ""
        self.inner = 0
        self.after_blank = True

    def drafts(self, text: str) -> Iterator[Draft]:
        for place, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield from self._line(place, line)
            self.after_blank = not line.strip()
        if self.draft:
            yield self.draft

    def _line(self, place: int, line: str) -> Iterator[Draft]:
        section, start = SECTION.match(line), START.match(line)
        if section and KINDS.get(section.group(1)):
            self.section = KINDS[section.group(1)]
            if self.draft:
                yield self.draft
            self.draft = None
        elif start and self._opens(start, line):
            if self.draft:
                yield self.draft
            mark = start.group(2) or ""
            self.draft = Draft(str(place), kind=KINDS.get(mark, mark) or self.section, stem=start.group(3).strip())
            self.number, self.inner, self.open = int(start.group(1)), 0, "stem"
        elif self.draft:
            self.inner = int(start.group(1)) if start else self.inner
            self._goes_on(self.draft, line)

    def _opens(self, start: re.Match[str], line: str) -> bool:
        """A number opens a question unless it is a part of one, or stands inside an answer and does not count on."""
        if self.draft and self.draft.kind in ("matching", "ordering") and not self.draft.answer and PART.match(line):
            return False
        inside = self.draft is not None and self.open in ("answer", "explanation")
        number = int(start.group(1))
        counts_on = number == self.number + 1 and number != self.inner + 1
        return bool(start.group(2)) or not inside or self.after_blank or counts_on

    def _goes_on(self, draft: Draft, line: str) -> None:
        named, part = FIELD.match(line), PART.match(line)
        options = OPTION.match(line) and not draft.answer
        if named:
            self.open = _field(draft, named.group(1), named.group(2).strip())
        elif part and draft.kind in ("matching", "ordering") and not draft.answer:
            draft.parts[part.group(1).lower()] = part.group(2).strip()
        elif options:
            for found in SPLIT.split(line.strip()):
                option = OPTION.match(found)
                if option:
                    draft.options[option.group(1).lower()] = option.group(2).strip()
            self.open = "option"
        elif self.open in ("stem", "explanation", "answer"):
            setattr(draft, self.open, f"{getattr(draft, self.open)}\n{line.strip()}".strip())
        elif self.open == "option" and draft.options:
            draft.options[list(draft.options)[-1]] += line.strip()


def _field(draft: Draft, name: str, value: str) -> str:
    if name in ("答案", "正确答案", "参考答案"):
        draft.answer = value
        return "answer"
    if name in ("解析", "答案解析"):
        draft.explanation = value
        return "explanation"
    level = re.match(r"\S+?(?=[\s　]|$)", value)
    draft.difficulty = LEVELS.get(level.group() if level else "", 2)
    topic = re.search(r"知识点[:：]\s*([a-z0-9-]+)", value)
    draft.topic = topic.group(1) if topic else ""
    return "done"


HEADS = {
    "kind": ("题目类型", "题型", "类型"),
    "stem": ("大题题干", "题干", "题目", "小题题干"),
    "answer": ("正确答案", "答案"),
    "explanation": ("答案解析", "解析"),
    "difficulty": ("难易度", "难度"),
    "topic": ("标签",),
}


def _rows(path: Path) -> Iterator[Draft]:
    """Yield a draft for each row of the first sheet that has a heading for the stem and one for the answer."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises many kinds for a damaged file
        raise UsageError("import.unreadable", path=path.name, error=str(error)) from error
    for sheet in book.worksheets:
        rows = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        head = next((place for place, row in enumerate(rows) if _columns(row).keys() >= {"stem", "answer"}), None)
        if head is None:
            continue
        columns = _columns(rows[head])
        letters = {
            match.group(1).lower(): place
            for place, name in enumerate(rows[head])
            if (match := re.match(r"^选项\s*([A-H])$", name))
        }
        for place, row in enumerate(rows[head + 1 :], start=head + 2):
            found = {name: row[column] if column < len(row) else "" for name, column in columns.items()}
            if not any(found.values()):
                continue
            options = {letter: row[column] for letter, column in letters.items() if column < len(row) and row[column]}
            yield Draft(
                f"{sheet.title}!{place}",
                kind=KINDS.get(found.get("kind", ""), found.get("kind", "")),
                stem=found["stem"],
                options=options,
                answer=found["answer"],
                explanation=found.get("explanation", ""),
                difficulty=LEVELS.get(found.get("difficulty", ""), 2),
                topic=found.get("topic", ""),
            )
        return


def _columns(row: list[str]) -> dict[str, int]:
    return {name: row.index(title) for name, titles in HEADS.items() for title in reversed(titles) if title in row}


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip().removeprefix("'")


def _checked(draft: Draft) -> Message | None:
    """Return what is wrong with a draft; what is right is put into its final form."""
    if not draft.stem:
        return Message("import.no_stem")
    inside = INSIDE.search(draft.stem) if not draft.answer else None
    if inside:
        draft.answer, draft.stem = inside.group(1), INSIDE.sub("（　）", draft.stem)
    if not draft.answer:
        return Message("import.no_answer")
    if draft.kind == "judgement":
        return _judgement(draft)
    if not draft.kind:
        letters = set(re.sub(r"[\s,，、;；]", "", draft.answer.lower()))
        known = draft.options and letters <= set(draft.options)
        draft.kind = (
            ("choices" if len(letters) > 1 else "choice") if known else "fill" if "__" in draft.stem else "prose"
        )
    if draft.kind in ("choice", "choices"):
        return _choice(draft)
    if draft.kind in ("matching", "ordering"):
        return _sequence(draft)
    if draft.kind not in ("fill", "prose"):
        return Message("import.unknown_kind", {"kind": draft.kind})
    return None


def _choice(draft: Draft) -> Message | None:
    letters = re.sub(r"[\s,，、;；.。]", "", draft.answer.lower())
    if len(draft.options) < 2:
        return Message("import.few_options", {"count": len(draft.options)})
    strange = [letter for letter in letters if letter not in draft.options]
    if strange:
        return Message("import.no_option", {"letter": strange[0].upper()})
    if draft.kind == "choice" and len(letters) != 1:
        return Message("import.one_answer", {"answer": draft.answer})
    draft.answer = "".join(sorted(set(letters)))
    return None


def _judgement(draft: Draft) -> Message | None:
    said = draft.answer.strip().lower()
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
