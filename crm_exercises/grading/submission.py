"""A submission as data: who handed in which answers to which chapter, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from ..core.messages import LANGS, Message
from .archive import Parts
from .naming import note


class Status(StrEnum):
    """What became of a submission; all but ``OK`` are explained by the first of its notes."""

    OK = "ok"
    NUMBER_MISMATCH = "number-mismatch"
    NOT_ON_ROSTER = "not-on-roster"
    DUPLICATE = "duplicate"
    NUMBER_TAKEN = "number-taken"
    NUMBER_CONTESTED = "number-contested"
    NO_ANSWER_CELLS = "no-answer-cells"
    NO_STUDENT_NUMBER = "no-student-number"
    NO_CHAPTER = "no-chapter"
    EMPTY = "empty"
    NOT_A_NOTEBOOK = "not-a-notebook"
    BROKEN_JSON = "broken-json"
    TOO_LARGE = "too-large"


# These can be marked: there is a student, a chapter and an answer.
MARKABLE = frozenset({Status.OK, Status.NUMBER_MISMATCH, Status.NOT_ON_ROSTER})
# These claim a student's place: one without any answer cell counts as blank where there is no other.
CLAIMING = MARKABLE | {Status.NO_ANSWER_CELLS}


@dataclass(frozen=True)
class Owner:
    """Whom a platform says a file is from: a name, and the platform's own number for it, which holds in one archive."""

    where: Parts
    who: str
    user: str

    def differs(self, other: Owner) -> bool:
        return self.who != other.who or (self.where == other.where and self.user != other.user)


@dataclass(frozen=True)
class Submission:
    """One notebook that was handed in.

    Attributes
    ----------
    source
        Where it was found, fit to be shown.
    student, name_hint
        The number that the notebook assigns, and the one that its file or folder is named after (``""`` for none).
    owner
        Whom the platform says it is from, if it does.
    sender
        What one person handed in and it is part of: all from a platform's owner, a student's folder by the roster, or an archive; ``()``
        where nothing says so.
    vouched
        Whether the platform's name, or where there is none that of the file or folder, is this student's and nobody else's.
    cells
        The source of each exercise's answer.
    sidecar
        The answers saved beside it, as canonical JSON ``{"student", "chapter", "answers"}``.
    received
        From the platform, else the time of the archive's entry or of the file (local time).
    digest
        SHA-256 of student, chapter, cells and sidecar.
    counts
        Whether it is the one that is marked for its student and chapter.
    """

    source: str
    received: datetime
    student: str = ""
    name_hint: str = ""
    owner: Owner | None = None
    sender: Parts = ()
    vouched: bool = False
    chapter: str = ""
    lang: str = LANGS[0]
    cells: Mapping[str, str] = field(default_factory=dict)
    sidecar: bytes | None = None
    digest: str = ""
    notes: tuple[Message, ...] = ()
    status: Status = Status.OK
    counts: bool = False

    @property
    def markable(self) -> bool:
        return self.status in MARKABLE

    def explained(self, status: Status, **params: object) -> Submission:
        """Return the submission with a status and the sentence for it."""
        return replace(self, status=status, notes=(note(status.value, **params), *self.notes))
