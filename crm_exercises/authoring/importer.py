"""Reading questions from a plain text file or a spreadsheet.

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
from .drafts import KINDS, Draft, checked

NUMERALS = "一二三四五六七八九十"
START = re.compile(
    rf"^\s*(?:题目|第|Question\s)?\s*(?P<number>\d+|[{NUMERALS}]+)\s*(?:[.、．)）题:：]|(?=[\[【]))\s*(?P<whole>"
    r"(?:[\[【（(]\s*(?P<kind>[^\]】）)]{1,20}?)\s*[\]】）)]|(?P<word>[^\s:：]{2,6})[:：])?\s*(?P<stem>.*))$"
)
SECTION = re.compile(
    rf"^\s*(?:[（(][{NUMERALS}]+[）)]\s*[、.．]?|[{NUMERALS}]+\s*[、.．]|第[{NUMERALS}]+部分)\s*[:：]?\s*(\S+?)\s*(?:[（(：:].*)?$"
)
SECTION_NAME = re.compile(r"[^\s\d]{1,7}(?<!问)题|案例分析")
"""A name that is a kind of question, if an unknown one."""
SPLIT = re.compile(r"\s+(?=(?:[B-H]\s*[.、．)）:：]|[（(]\s*[B-H]\s*[)）]))")
OPTION = re.compile(r"^\s*[（(]?\s*([A-Ha-h])\s*[.、．)）:：]\s*(.+)$")
PART = re.compile(r"^\s*(\w{1,2})\)\s+(.+)$")
FIELDS = {
    "answer": "答案|正确答案|参考答案|标准答案|答|Answer",
    "explanation": "解析|答案解析|Explanation",
    "about": "难度|难易度|知识点|分值|Difficulty|Topic|Marks",
}
FIELD = re.compile(
    rf"^\s*[【\[]?(?:{'|'.join(f'(?P<{role}>{names})' for role, names in FIELDS.items())})"
    r"(?:[】\]]\s*[:：]?|\s*[:：]|(?<=答案)\s)\s*(?P<value>.*)$",
    re.IGNORECASE,
)
LEVEL = re.compile(r"(?:难度|难易度|Difficulty)\W*(\w+)", re.IGNORECASE)
TOPIC = re.compile(r"(?:知识点|Topic)\W*([a-z0-9-]+)", re.IGNORECASE)
MARKS = re.compile(r"(?:分值|Marks)\W*(\d+)", re.IGNORECASE)
LEVELS = {"易": 1, "简单": 1, "中": 2, "中等": 2, "难": 3, "困难": 3, "1": 1, "2": 2, "3": 3}
HALF = {code: code - 0xFEE0 for start, end in ("０９", "ＡＺ", "ａｚ") for code in range(ord(start), ord(end) + 1)}
"""Full-width letters and digits, which Chinese input methods make, as plain ones."""


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
    for place, draft in enumerate(drafts):
        draft.place = place
        problem = checked(draft)
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
            return data.decode(encoding).translate(HALF)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", errors="replace").translate(HALF)


def _number(text: str) -> int:
    """Return the number of a question: ``12`` or ``十二``."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    units = NUMERALS.find(ones) + 1 if ones else 0
    return units + (10 * (NUMERALS.find(tens) + 1 if tens else 1) if ten else 0)


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
        """Yield the questions of a document, not yet checked."""
        for place, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield from self._line(place, line)
            self.after_blank = not line.strip()
        if self.draft:
            yield self.draft

    def _line(self, place: int, line: str) -> Iterator[Draft]:
        section, start = SECTION.match(line), START.match(line)
        name = section.group(1).lower() if section else ""
        if name in KINDS or SECTION_NAME.fullmatch(name):
            self.section = KINDS.get(name, name)
            if self.draft:
                yield self.draft
            self.draft = None
        elif start and self._opens(start, line):
            if self.draft:
                yield self.draft
            self.draft = self._started(place, start)
            self.number, self.inner, self.open = _number(start["number"]), 0, "stem"
        elif self.draft:
            self.inner = _number(start["number"]) if start else self.inner
            self._goes_on(self.draft, line)

    def _started(self, place: int, start: re.Match[str]) -> Draft:
        """Return the question that begins here; what stands in brackets before it may be its kind."""
        name = (start["kind"] or start["word"] or "").lower()
        if name in KINDS or (start["kind"] and SECTION_NAME.fullmatch(name)):
            return Draft(str(place), KINDS.get(name, name) or self.section, start["stem"].strip())
        return Draft(str(place), self.section, start["whole"].strip())

    def _opens(self, start: re.Match[str], line: str) -> bool:
        """A number opens a question unless it is a part of one, or stands inside an answer and does not count on."""
        if self.draft and self.draft.kind in ("matching", "ordering") and not self.draft.answer and PART.match(line):
            return False
        inside = self.draft is not None and self.open in ("answer", "explanation")
        number = _number(start["number"])
        counts_on = number == self.number + 1 and number != self.inner + 1
        return (start["kind"] or "").lower() in KINDS or not inside or self.after_blank or counts_on

    def _goes_on(self, draft: Draft, line: str) -> None:
        named, part = FIELD.match(line), PART.match(line)
        options = OPTION.match(line) and not draft.answer and draft.kind not in ("fill", "prose")
        if named:
            self._field(draft, named)
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

    def _field(self, draft: Draft, named: re.Match[str]) -> None:
        role = next(name for name in FIELDS if named[name])
        value = named["value"].strip()
        self.open = role
        first = START.match(value)
        self.inner = _number(first["number"]) if first else 0  # an answer may itself be a numbered list
        if role == "about":
            _about(draft, named.string)
            return
        draft.answered_twice |= role == "answer" and bool(draft.answer)
        setattr(draft, role, value)


def _about(draft: Draft, line: str) -> None:
    """Read difficulty, topic and marks, which share a line or have one each."""
    if level := LEVEL.search(line):
        draft.difficulty = LEVELS.get(level.group(1), 2)
    if topic := TOPIC.search(line):
        draft.topic = topic.group(1)
    if marks := MARKS.search(line):
        draft.marks = int(marks.group(1))


HEADS = {
    "kind": ("题目类型", "题型", "类型"),
    "stem": ("大题题干", "题干", "题目", "小题题干"),
    "answer": ("正确答案", "答案"),
    "explanation": ("答案解析", "解析"),
    "difficulty": ("难易度", "难度"),
    "topic": ("标签",),
    "marks": ("分值", "分数"),
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
                marks=int(found["marks"]) if found.get("marks", "").isdigit() else None,
            )
        return


def _columns(row: list[str]) -> dict[str, int]:
    return {name: row.index(title) for name, titles in HEADS.items() for title in reversed(titles) if title in row}


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip().removeprefix("'").translate(HALF)
