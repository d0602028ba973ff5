"""What a name says: the kind of a file, the platform that named it, whose it is; and how a stranger's text is shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .. import data
from ..core.messages import Message

NUMBER_MAX = 32
SHOWN_MAX = 300
NAME_WORDS = 4  # a name may be written with blanks in it
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")

_COPY = r"(?:-\d+|\s?[(（]\d+[)）])?"  # what a browser or a platform adds to the name of a second upload
_COUNTER = re.compile(r"(?:-|[(（])(\d{1,3})[)）]?\.(?:ipynb|zip)", re.I)
_NOTEBOOK = re.compile(rf"\.ipynb{_COPY}(?:\.txt|\.json)?$", re.I)
_SIDECAR = re.compile(rf"\.answers{_COPY}\.json$", re.I)
_COMPANION = re.compile(rf"(?:^|_)environment{_COPY}\.json$", re.I)
_PACKED = re.compile(r"\.(?:rar|7z|tar|t?gz|bz2|xz|zst)$", re.I)
_JUNK = {"__macosx", ".ds_store", ".ipynb_checkpoints", "thumbs.db", "desktop.ini"}

_PLATFORMS = [
    re.compile(pattern)
    for pattern in (
        r"(?P<who>.+?)_(?P<user>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<rest>.*))?",  # Moodle
        r"(?P<who>[^_\d][^_]*?)(?P<late>_LATE)?_(?P<user>\d{3,})_\d{3,}_(?P<rest>.+)",  # Canvas
        r".+_(?P<who>[^_]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})_(?P<rest>.+)",  # Blackboard
    )
]
_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{0,3}\d{6,20}(?![0-9A-Za-z])")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{4}|\d{6})?")


def note(key: str, **params: object) -> Message:
    """Return the sentence ``intake.<key>``; its values are made fit to be shown."""
    return Message(f"intake.{key}", {name: visible(str(value)) for name, value in params.items()})


def visible(text: str, limit: int = SHOWN_MAX) -> str:
    """Return ``text`` on one line, with characters that hide, reorder or break it written as ``\\u{…}``, and not too long."""
    head = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(
        f"\\u{{{ord(c):x}}}" if unicodedata.category(c)[0] == "C" or c in "\u2028\u2029" else c for c in head
    )


class Kind(StrEnum):
    """What a file is to the intake, by its name."""

    NOTEBOOK = "notebook"
    SIDECAR = "sidecar"
    ZIP = "zip"
    SILENT = "silent"
    PACKED = "packed"
    OTHER = "other"


def kind(name: str) -> Kind:
    """Return the kind of the file (or folder) ``name``."""
    if name.casefold() in _JUNK or name.startswith("._") or _COMPANION.search(name):
        return Kind.SILENT
    if _NOTEBOOK.search(name):
        return Kind.NOTEBOOK
    if _SIDECAR.search(name):
        return Kind.SIDECAR
    if name.casefold().endswith(".zip"):
        return Kind.ZIP
    return Kind.PACKED if _PACKED.search(name) else Kind.OTHER


def copy_count(source: str) -> int:
    """Return the count in ``name-1.ipynb`` or ``name (1).zip``: of two files of one time the higher one is newer."""
    return max(map(int, _COUNTER.findall(source)), default=0)


@dataclass(frozen=True)
class Number:
    """A student number as it was typed: its usable form, or ``problem`` (``empty``, ``unusable``)."""

    value: str
    hidden: bool = False
    problem: str = ""


def student_number(raw: str) -> Number:
    """Normalise a student number: full-width forms, surrounding blanks and invisible characters go; nothing else does."""
    shown = "".join(c for c in raw if unicodedata.category(c) not in ("Cf", "Mn"))
    hidden = shown.strip() != raw.strip()
    value = data.student_number(shown)
    if value == data.PUBLISHED:
        return Number("", hidden, "empty")
    if len(value) > NUMBER_MAX or not NUMBER.fullmatch(value):
        return Number("", hidden, "unusable")
    return Number(value, hidden)


@dataclass(frozen=True)
class Label:
    """A file name without what a platform wrapped around it: whom the platform says it is from (``who``, and its own number), and the rest."""

    rest: str
    who: str = ""
    user: str = ""
    received: datetime | None = None
    late: bool = False

    @property
    def text(self) -> str:
        return f"{self.who} {self.rest}" if self.who else self.rest


def label(name: str) -> Label:
    """Take the names of Moodle, Canvas and Blackboard apart; other names stay as they are."""
    for pattern in _PLATFORMS:
        if match := pattern.fullmatch(name):
            parts = match.groupdict()
            return Label(
                parts["rest"] or "",
                parts["who"],
                parts.get("user", ""),
                _moment(parts.get("time")),
                bool(parts.get("late")),
            )
    return Label(name)


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d-%H-%M-%S") if text else None
    except ValueError:
        return None


def chapter_in(name: str, chapters: Collection[str]) -> str:
    """Return the chapter that ``name`` mentions (the longest if several), or ``""``."""
    return max(
        (chapter for chapter in chapters if chapter in name), key=lambda chapter: (len(chapter), chapter), default=""
    )


def name_key(name: str) -> str:
    """Return a name as it is compared: its letters, in one normal form and case; blanks, points and strokes are everybody's own."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalpha())


class Owners:
    """Finds in a path the student number it was handed in under.

    With a roster only its numbers and names count; without one, any long number that is no date. What a platform says goes
    before what the student called the file.
    """

    def __init__(self, chapters: Collection[str], roster: Mapping[str, str] | None) -> None:
        self._roster = roster
        ids = "|".join(map(re.escape, sorted(chapters, key=len, reverse=True)))
        self._handin = re.compile(rf"(?:.*\s)?(?P<number>\S+)-(?:{ids})\b") if ids else None
        self._names: dict[str, list[str]] = {}
        for number, name in (roster or {}).items():
            if len(key := name_key(name)) > 1:
                self._names.setdefault(key, []).append(number)

    def handed_in(self, name: str) -> str:
        """Return the number in ``<student>-<chapter>…``, the name that a hand-in is packed under, or ``""``."""
        match = self._handin.match(label(name).text) if self._handin else None
        return student_number(match["number"]).value if match else ""

    def hint(self, parts: Collection[str], student: str) -> str:
        """Return the number that the outermost telling part of a path names, or ``""``; ``student`` if it is among several."""
        found = self._named(parts, student)
        return student if student in found else next(iter(found), "")

    def listed(self, name: str) -> bool:
        """Say whether a name is, by the roster, that of one student."""
        found = set(self._found(name, ""))
        return len(found) == 1 and found <= (self._roster or {}).keys()

    def vouch(self, parts: Collection[str], student: str) -> bool:
        """Say whether the outermost telling part of a path names this student and nobody else."""
        return set(self._named(parts, student)) == {student}

    def _named(self, parts: Collection[str], student: str) -> list[str]:
        for part in parts:
            about = label(part)
            for piece in (about.who, about.rest):
                if found := list(self._found(piece, student)):
                    return found
        return []

    def _found(self, part: str, student: str) -> Iterator[str]:
        if packed := self.handed_in(part):
            yield packed
        text = unicodedata.normalize("NFKC", part)
        if self._roster is None:
            for number in _LONG_NUMBER.findall(text):
                if number == student or not _DATE.fullmatch(number):
                    yield number
            return
        for word in re.split(r"[^0-9A-Za-z_-]+", text):
            pieces = {word, *re.split(r"[_-]", word)}
            yield from sorted(piece for piece in pieces if len(piece) > 3 and piece in self._roster)
        words = re.findall(r"[^\W\d_]+", text)
        for count in range(min(NAME_WORDS, len(words)), 0, -1):
            for start in range(len(words) - count + 1):
                yield from self._called(name_key("".join(words[start : start + count])), student)

    def _called(self, name: str, student: str) -> Iterator[str]:
        """Yield the number of who has this name; of several the one asked for, and all in one word, which is nobody's number."""
        numbers = self._names.get(name, [])
        if student in numbers:
            yield student
        if len(numbers) == 1 or (numbers and student):
            yield " / ".join(numbers)
