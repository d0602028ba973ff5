"""Submissions as data: who handed in which answers to which chapter, and what is odd about it.

A pure reader. Nothing of a submission is executed, imported or evaluated, and nothing is written.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..core.errors import UsageError
from . import cells as said
from . import notebook, sidecars
from .archive import File, Parts, Refused, walk
from .claims import one_of_each_sender, settled
from .naming import Kind, Owners, chapter_in, label, note
from .roster import read_roster
from .sidecars import Sidecar
from .submission import Owner, Status, Submission

__all__ = ["Intake", "Refused", "Status", "Submission", "read", "read_roster"]


@dataclass(frozen=True)
class Intake:
    """All that was handed in: in the order of student, time and source."""

    submissions: tuple[Submission, ...]
    refused: tuple[Refused, ...]
    roster: tuple[str, ...] = ()
    turned_away: Mapping[str, Sequence[Refused]] = field(default_factory=dict)
    """What was refused, by the student on the roster whose it is by its name."""

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
    submissions, surplus = one_of_each_sender(submissions)
    refused += surplus
    counting = settled([_digested(submission) for submission in submissions])
    refused.sort(key=lambda item: (item.source, item.reason.key))
    return Intake(
        tuple(sorted(counting, key=lambda submission: (submission.student, submission.received, submission.source))),
        tuple(refused),
        tuple(roster or ()),
        _turned_away(refused, course),
    )


def _turned_away(refused: Iterable[Refused], course: _Course) -> dict[str, list[Refused]]:
    """Return by student what was refused of theirs: whoever handed in a RAR archive did hand in something."""
    found: dict[str, list[Refused]] = defaultdict(list)
    for each in refused if course.roster else ():
        found[course.owners.hint(each.source.split("/"), "")].append(each)
    return found


def _submission(file: File, named: Parts, course: _Course) -> Submission:
    labels = [label(part) for part in file.parts]
    received = next((each.received for each in labels if each.received), file.received)
    late = (note("late"),) if any(each.late for each in labels) else ()
    owner = next(
        (Owner(file.parts[:place], each.who, each.user) for place, each in enumerate(labels) if each.who), None
    )
    blank = Submission(
        file.source,
        received,
        name_hint=course.owners.hint(named, ""),
        owner=owner,
        sender=_sender(file, named, course.owners),
        notes=late,
    )
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


def _sender(file: File, named: Parts, owners: Owners) -> Parts:
    """Return the outermost part of a path that one person handed in, ``()`` if nothing says so. What was given to be marked is none."""
    for place in range(len(file.parts) - len(named), len(file.parts)):
        upto, about = file.parts[: place + 1], label(file.parts[place])
        if about.who:  # whose files may lie beside each other
            return (*upto[:-1], f"{about.who} {about.user}".strip())
        if upto == file.packed or (upto != file.parts and owners.listed(upto[-1])):
            return upto
    return ()


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
