"""Marking one exercise: records of answers against expected answers. Pure: same input, same verdict, no files, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from .answers import Record
from .chapter import Exercise
from .comparison import Comparison
from .messages import Message
from .reference import Reference


class Outcome(StrEnum):
    """The five things that can become of an exercise."""

    UNATTEMPTED = "unattempted"
    MALFORMED = "malformed"
    WRONG = "wrong"
    CORRECT = "correct"
    CRASHED = "crashed"


@dataclass(frozen=True)
class Verdict:
    """What became of an exercise.

    Attributes
    ----------
    earned, marks
        Marks earned and reachable.
    mistake
        Place of the recognised mistake in the exercise's head, or ``None``.
    told
        What the student is told, most helpful first.
    doubt
        Why a person should look before the marks count (free text); empty where nobody needs to.
    confidence
        How sure the marks are, from 0 to 1 (free text; 1 for all else).
    """

    exercise: str
    outcome: Outcome
    earned: float
    marks: int
    mistake: int | None = None
    told: tuple[Message, ...] = ()
    doubt: tuple[Message, ...] = ()
    confidence: float = 1.0


def judge(exercise: Exercise, records: Mapping[str, Record], reference: Reference) -> Verdict:
    """Judge the answers of one exercise.

    Parameters
    ----------
    records
        A record for each answer name (see :mod:`.answers`).
    reference
        The reference on the data that the answers belong to.
    """
    states = {name: record["state"] for name, record in records.items()}
    if set(states.values()) == {"blank"}:
        missing = Message("check.unattempted", {"names": ", ".join(exercise.answer)})
        return Verdict(exercise.id, Outcome.UNATTEMPTED, 0.0, exercise.marks, told=(missing,))
    expected = reference.expected(exercise)
    compared: dict[str, Comparison] = {}
    told: list[Message] = []
    for name, kind in exercise.answer.items():
        record = records[name]
        if record["state"] == "value":
            compared[name] = kind.marked(record["value"], expected[name])
        elif record["state"] == "malformed":
            told.append(Message("check.malformed", {"name": name, "why": Message(record["key"], record["params"])}))
        else:
            told.append(Message("check.blank", {"name": name}))
    if "malformed" in states.values() and not any(comparison.credit for comparison in compared.values()):
        return Verdict(exercise.id, Outcome.MALFORMED, 0.0, exercise.marks, told=tuple(told))
    credit = sum(comparison.credit for comparison in compared.values()) / len(exercise.answer)
    notes = tuple(
        Message("check.answer", {"name": name, "why": difference}) if len(exercise.answer) > 1 else difference
        for name, comparison in compared.items()
        for difference in comparison.differences
    )
    doubt = tuple(reason for comparison in compared.values() for reason in comparison.doubt)
    sure = min((comparison.confidence for comparison in compared.values()), default=1.0)
    if credit == 1:
        full = float(exercise.marks)
        return Verdict(exercise.id, Outcome.CORRECT, full, exercise.marks, told=notes, doubt=doubt, confidence=sure)
    mistake = recognised(exercise, records, reference)
    if mistake is not None:
        sentence = exercise.mistakes[mistake]
        told.insert(0, Message("check.mistake", {"sentence": {"zh": sentence.zh, "en": sentence.en}}))
    earned = round(credit * exercise.marks, 2)
    return Verdict(exercise.id, Outcome.WRONG, earned, exercise.marks, mistake, (*told, *notes), doubt, sure)


def recognised(exercise: Exercise, records: Mapping[str, Record], reference: Reference) -> int | None:
    """Return the place of the first known mistake that yields the student's answers, or ``None``.

    Only the answers that a mistake changes need to match: the others may be right, wrong or missing for another reason.
    """
    try:
        known = list(zip(reference.mistaken(exercise), reference.changed(exercise), strict=True))
    except Exception:  # a mistake that gives no answer on these data is not what the student did
        return None
    for place, (mistaken, changed) in enumerate(known):
        if changed and all(
            records[name]["state"] == "value"
            and exercise.answer[name].compare(records[name]["value"], mistaken[name]).right
            for name in changed
        ):
            return place
    return None


def crashed(verdict: Verdict, error: str) -> Verdict:
    """Return the verdict of an exercise whose cell ended in an error before its answer was there.

    What marking itself put an end to (a limit, an exit) is said in a sentence; the words of any other error are Python's.
    """
    if verdict.outcome is not Outcome.UNATTEMPTED:
        return verdict
    known = Message(f"check.stopped.{error.partition(':')[0]}", {"error": error})
    told = known if known.sayable else Message("check.crashed", {"error": error})
    return replace(verdict, outcome=Outcome.CRASHED, told=(told,))
