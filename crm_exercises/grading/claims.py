"""Which submission counts where several claim one student and chapter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from .archive import Parts, Refused, shown
from .naming import copy_count, note
from .submission import CLAIMING, Status, Submission


def one_of_each_sender(submissions: Iterable[Submission]) -> tuple[list[Submission], list[Refused]]:
    """Let what one person handed in count for one student in each chapter, and refuse the rest.

    Else one archive could hold thousands of notebooks, each with a number that somebody made up, and all would be run.
    """
    groups: dict[tuple[Parts, str], list[Submission]] = defaultdict(list)
    kept: list[Submission] = []
    refused = []
    for submission in submissions:
        if submission.sender and submission.status in CLAIMING:
            groups[submission.sender, submission.chapter].append(submission)
        else:
            kept.append(submission)
    for (sender, _), group in groups.items():
        first = max(group, key=_likely)
        others = [each for each in group if each.student != first.student]
        whose = {"sender": shown(sender), "student": first.student}
        for each in others:
            refused.append(Refused(each.source, note("surplus", number=each.student, counts=first.source, **whose)))
        if others:
            group[group.index(first)] = replace(
                first, notes=(*first.notes, note("surplus-beside", count=len(others), **whose))
            )
        kept += [each for each in group if each.student == first.student]
    return kept, refused


def settled(submissions: Iterable[Submission]) -> list[Submission]:
    """Settle which submission counts where several claim one student and chapter."""
    groups: dict[tuple[str, str], list[Submission]] = defaultdict(list)
    result = []
    for submission in submissions:
        if submission.status in CLAIMING:
            groups[submission.student, submission.chapter].append(submission)
        else:
            result.append(submission)
    for group in groups.values():
        answered = [one for one in group if one.markable]
        decided = list(_decided(sorted(answered or group, key=_precedence)))
        first = replace(decided[-1], counts=decided[-1].status in CLAIMING)
        result += [*decided[:-1], first]
        if answered:
            result += [_beside(blank, first) for blank in group if not blank.markable]
    return result


def _beside(blank: Submission, first: Submission) -> Submission:
    """Say of a submission without answers, which takes nobody's place, what is marked for its number instead."""
    if not first.counts:
        return blank
    instead = note("duplicate", counts=first.source)
    if _apart(blank, first):
        instead = note("number-taken", student=blank.student, other=first.source)
    return replace(blank, notes=(*blank.notes, instead))


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


def _likely(submission: Submission) -> tuple[object, ...]:
    """Order what one person handed in: first what is named after its number, on the roster and not without answers."""
    return (
        _rank(submission),
        submission.status is not Status.NOT_ON_ROSTER,
        submission.markable,
        *_precedence(submission),
    )


def _rank(submission: Submission) -> tuple[bool, bool]:
    return submission.name_hint in ("", submission.student), submission.vouched


def _precedence(submission: Submission) -> tuple[tuple[bool, bool], datetime, int, str]:
    """Order submissions of one number: one that is named after it stands before one that anybody may have sent, then the newer counts."""
    return _rank(submission), submission.received, copy_count(submission.source), submission.source
