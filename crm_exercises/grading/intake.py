"""Submissions as data: who handed in which answers to which chapter, and what is odd about it.

A pure reader. Nothing of a submission is executed, imported or evaluated, and nothing is written.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from ..core.errors import UsageError
from ..core.messages import LANGS, Message
from . import cells as said
from . import notebook, sidecars
from .archive import File, Parts, Refused, walk
from .naming import Kind, Owners, chapter_in, copy_count, label, note
from .roster import read_roster
from .sidecars import Sidecar

__all__ = ["Intake", "Refused", "Status", "Submission", "read", "read_roster"]


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
    """

    source: str
    received: datetime
    student: str = ""
    name_hint: str = ""
    owner: Owner | None = None
    vouched: bool = False
    chapter: str = ""
    lang: str = LANGS[0]
    cells: Mapping[str, str] = field(default_factory=dict)
    sidecar: bytes | None = None
    digest: str = ""
    notes: tuple[Message, ...] = ()
    status: Status = Status.OK

    @property
    def markable(self) -> bool:
        return self.status in MARKABLE

    def explained(self, status: Status, **params: object) -> Submission:
        """Return the submission with a status and the sentence for it."""
        return replace(self, status=status, notes=(note(status.value, **params), *self.notes))


@dataclass(frozen=True)
class Intake:
    """All that was handed in: in the order of student, time and source."""

    submissions: tuple[Submission, ...]
    refused: tuple[Refused, ...]
    roster: tuple[str, ...] = ()

    def missing(self, chapter: str) -> list[str]:
        """Return who is on the roster and handed in nothing of ``chapter``, nor anything of which the chapter cannot be told."""
        mine = [submission for submission in self.submissions if submission.chapter in (chapter, "")]
        return sorted(set(self.roster) - {number for each in mine for number in (each.student, each.name_hint)})


@dataclass(frozen=True)
class _Course:
    """What a submission is held against."""

    chapters: Collection[str]
    exercises: Mapping[str, set[str]]
    roster: Mapping[str, str] | None
    owners: Owners


def read(
    path: Path,
    chapters: Collection[str],
    roster: Mapping[str, str] | None = None,
    *,
    exercises: Mapping[str, set[str]],
) -> Intake:
    """Read what lies at ``path``: a folder, an archive that a platform gave, a hand-in or a notebook.

    Parameters
    ----------
    chapters, exercises
        The chapters that there are, and the exercises of each.
    roster
        Student number → name; without it nobody is missing or unknown.

    Raises
    ------
    UsageError
        There is nothing at ``path``.
    """
    if not path.exists():
        raise UsageError("grade.no_input", path=str(path))
    course = _Course(chapters, exercises, roster, Owners(chapters, roster))
    named_from = 1 if path.is_file() and not course.owners.handed_in(path.name) else 0
    found: list[tuple[File, Submission]] = []
    beside: list[Sidecar] = []
    unreadable: list[File] = []
    refused: list[Refused] = []
    for file in walk(path):
        if isinstance(file, Refused):
            refused.append(file)
        elif file.kind is Kind.SIDECAR:
            if sidecar := sidecars.read(file):
                beside.append(sidecar)
            else:
                unreadable.append(replace(file, content=None))
        else:
            submission = _submission(file, file.parts[named_from:] or file.parts, course)
            file = replace(file, content=None)  # before the next one is read
            found.append((file, submission))
    submissions, unused = _with_sidecars(found, beside, unreadable, course)
    refused += unused
    refused += [Refused(file.source, note("sidecar-unreadable")) for file in unreadable]
    settled = _settled([_digested(submission) for submission in submissions])
    return Intake(
        tuple(sorted(settled, key=lambda submission: (submission.student, submission.received, submission.source))),
        tuple(sorted(refused, key=lambda item: (item.source, item.reason.key))),
        tuple(roster or ()),
    )


def _submission(file: File, named: Parts, course: _Course) -> Submission:
    labels = [label(part) for part in file.parts]
    received = next((each.received for each in labels if each.received), file.received)
    late = (note("late"),) if any(each.late for each in labels) else ()
    owner = next(
        (Owner(file.parts[:place], each.who, each.user) for place, each in enumerate(labels) if each.who), None
    )
    blank = Submission(file.source, received, name_hint=course.owners.hint(named, ""), owner=owner, notes=late)
    by_name = next(filter(None, (chapter_in(part, course.chapters) for part in reversed(named))), "")
    try:
        if file.content is None:
            raise notebook.UnreadableError("too-large")
        book = notebook.read(file.content)
    except notebook.UnreadableError as error:
        return replace(blank, chapter=by_name).explained(Status(error.status))
    number = said.student(book)
    student = number.value if number else ""
    claimed = [chapter for chapter, _ in said.begun(book) if chapter]
    draft = replace(
        blank,
        student=student,
        name_hint=course.owners.hint(named, student),
        vouched=course.owners.vouch([owner.who] if owner else named, student),
        chapter=next((chapter for chapter in claimed if chapter in course.chapters), "" if claimed else by_name),
        lang=said.language(book),
        notes=(*late, *book.notes, *((note("number-hidden-characters"),) if number and number.hidden else ())),
    )
    if not draft.chapter:
        return draft.explained(
            Status.NO_CHAPTER, chapter=", ".join(claimed) or "–", known=", ".join(sorted(course.chapters))
        )
    answers, notes = said.answers(book, course.exercises.get(draft.chapter, set()))
    draft = replace(draft, cells=answers, notes=(*draft.notes, *notes))
    if not student:
        if number and number.problem == "unusable":
            draft = replace(draft, notes=(note("number-unusable"), *draft.notes))
        return draft.explained(Status.NO_STUDENT_NUMBER, hint=draft.name_hint or "–")
    if not answers:
        return draft.explained(Status.NO_ANSWER_CELLS)
    return _held_against_names(draft, course.roster)


def _held_against_names(draft: Submission, roster: Mapping[str, str] | None) -> Submission:
    if roster is not None and draft.student not in roster:
        alike = [
            note("roster-zeros", listed=number) for number in roster if number.lstrip("0") == draft.student.lstrip("0")
        ]
        draft = replace(draft, notes=(*alike, *draft.notes)).explained(Status.NOT_ON_ROSTER, student=draft.student)
    if draft.name_hint and draft.name_hint != draft.student:
        draft = draft.explained(Status.NUMBER_MISMATCH, student=draft.student, hint=draft.name_hint)
    return draft


def _with_sidecars(
    found: Sequence[tuple[File, Submission]], beside: Iterable[Sidecar], unreadable: Iterable[File], course: _Course
) -> tuple[list[Submission], list[Refused]]:
    """Give each submission the answers of its student that were saved beside it; return what was of no use, too.

    Where the files of several students lie together, only a single claim counts: else one student's file could replace
    another's answers. What is named after one student never counts for another.
    """
    groups: dict[tuple[object, str], list[tuple[File, Submission]]] = defaultdict(list)
    near: dict[tuple[object, str], list[Sidecar]] = defaultdict(list)
    for file, submission in found:
        groups[file.beside, submission.chapter].append((file, submission))
    for sidecar in sorted(beside, key=lambda each: (each.file.received, each.file.parts)):
        near[sidecar.file.beside, sidecar.chapter].append(sidecar)
    damaged = {file.beside for file in unreadable}
    known = {number for _, submission in found for number in (submission.student, submission.name_hint)} | set(
        course.roster or ()
    )
    submissions = []
    refused = []
    for key, group in groups.items():
        saved = near.pop(key, [])
        alone = len({submission.student for _, submission in group}) == 1
        for file, submission in group:
            its = {submission.student, submission.name_hint, ""}
            named = [(sidecar, course.owners.hint(sidecar.file.parts[-1:], submission.student)) for sidecar in saved]
            mine = [sidecar for sidecar, hint in named if hint in its or hint not in known]
            given = _with_sidecar(submission, mine, alone)
            if given.sidecar is None and file.beside in damaged:
                given = replace(given, notes=(*given.notes, note("sidecar-unreadable")))
            submissions.append(given)
        for sidecar in saved:
            hints = {course.owners.hint(sidecar.file.parts[-1:], number) for number in sidecar.students}
            if hints <= known - {""} and not hints & {*sidecar.students, ""}:
                refused.append(
                    Refused(
                        sidecar.file.source,
                        note("sidecar-misnamed", hint=min(hints), numbers=", ".join(sidecar.students)),
                    )
                )
    refused += [Refused(sidecar.file.source, note("sidecar-unused")) for saved in near.values() for sidecar in saved]
    return submissions, refused


def _with_sidecar(submission: Submission, saved: list[Sidecar], alone: bool) -> Submission:
    student = submission.student
    claims = [sidecar.students[student] for sidecar in saved if student in sidecar.students]
    if not claims and alone:  # saved before there was a number
        claims = [sidecar.students[""] for sidecar in saved if "" in sidecar.students]
    if claims and (alone or len(claims) == 1):
        return replace(submission, sidecar=claims[-1])
    if claims:
        return replace(submission, notes=(*submission.notes, note("sidecar-ambiguous", count=len(claims))))
    if saved and alone:
        numbers = ", ".join(number for sidecar in saved for number in sidecar.students)
        return replace(submission, notes=(*submission.notes, note("sidecar-other-student", numbers=numbers)))
    return submission


def _digested(submission: Submission) -> Submission:
    saved = submission.sidecar.decode() if submission.sidecar else None
    whole = [submission.student, submission.chapter, dict(submission.cells), saved]
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True)
    return replace(submission, digest=hashlib.sha256(text.encode()).hexdigest())


def _settled(submissions: Iterable[Submission]) -> list[Submission]:
    """Settle which submission counts where several claim one student and chapter."""
    groups: dict[tuple[str, str], list[Submission]] = defaultdict(list)
    settled = []
    for submission in submissions:
        if submission.markable:
            groups[submission.student, submission.chapter].append(submission)
        else:
            settled.append(submission)
    for group in groups.values():
        settled += _decided(sorted(group, key=_precedence))
    return settled


def _decided(group: Sequence[Submission]) -> Iterator[Submission]:
    """Let a student's newest submission count. Another's under the same number never takes its place; where it cannot be told whose
    the number is, none counts, since any of them might be marked in another's name."""
    *others, first = group
    if any(_rank(other) == _rank(first) and _apart(other, first) for other in others):
        for one in group:
            rival = next((other for other in reversed(group) if _apart(other, one)), first)
            yield _unmarked(one).explained(Status.NUMBER_CONTESTED, student=one.student, other=rival.source)
        return
    for other in others:
        if _apart(other, first):
            yield _unmarked(other).explained(Status.NUMBER_TAKEN, student=other.student, other=first.source)
            first = replace(first, notes=(*first.notes, note("number-also-claimed", other=other.source)))
        else:
            yield other.explained(Status.DUPLICATE, counts=first.source)
            first = replace(first, notes=(*first.notes, note("counts-instead", other=other.source)))
    yield first


def _unmarked(submission: Submission) -> Submission:
    """Return the submission without the sentences that say that it is marked all the same."""
    untrue = {f"intake.{status}" for status in (Status.NUMBER_MISMATCH, Status.NOT_ON_ROSTER)}
    return replace(submission, notes=tuple(each for each in submission.notes if each.key not in untrue))


def _apart(one: Submission, other: Submission) -> bool:
    """Say whether two submissions under one number are, by their names, of two people."""
    if one.vouched and other.vouched:
        return False
    if one.owner and other.owner and one.owner.differs(other.owner):
        return True
    return (one.name_hint or one.student) != (other.name_hint or other.student)


def _rank(submission: Submission) -> tuple[bool, bool]:
    return submission.status is not Status.NUMBER_MISMATCH, submission.vouched


def _precedence(submission: Submission) -> tuple[tuple[bool, bool], datetime, int, str]:
    """Order submissions of one number: one that is named after it stands before one that anybody may have sent, then the newer counts."""
    return _rank(submission), submission.received, copy_count(submission.source), submission.source
