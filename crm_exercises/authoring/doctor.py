"""The doctor proves the course: what must be true of every exercise is tried on real data, and each failure comes with its cure."""

from __future__ import annotations

import contextlib
import csv
import io
import random
import re
import string
import subprocess
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from ..core.answers import Record, collect
from ..core.chapter import Chapter, Exercise, chosen
from ..core.errors import CrmError
from ..core.kinds import Choices, Json, Kind
from ..core.marking import Outcome, judge
from ..core.messages import LANGS, Message, catalogue
from ..core.paths import ROOT
from ..core.reference import Reference, isolated, run
from ..core.tables import Table
from ..learning.session import starting_names
from .notebooks import starter
from .source import Source, TextCell, read_source

VARIANTS = ("0", "20260001", "20260002")
"""Students on whose data everything is tried: the published set and two draws."""

INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


def sources(chapters: Iterable[str] = ()) -> list[Source]:
    """Read the chapters whose name starts with one of ``chapters`` (all, if none is named)."""
    paths = {path.stem: path for path in sorted((ROOT / "course").glob("ch*.md"))}
    return [read_source(paths[name]) for name in chosen(paths, chapters)]


def counts(chapters: Iterable[str] = ()) -> dict[str, int]:
    """Count what there is."""
    found = [source.chapter for source in sources(chapters)]
    exercises = [exercise for chapter in found for exercise in chapter]
    return {
        "chapters": len(found),
        "exercises": len(exercises),
        "mistakes": sum(len(exercise.mistakes) for exercise in exercises),
        "hints": sum(len(exercise.hints) for exercise in exercises),
    }


def course(chapters: Iterable[str] = ()) -> list[Message]:
    """Examine the course; an empty list means that it is well."""
    findings = list(_sentences())
    topics = {row["topic"] for row in csv.DictReader((ROOT / "course" / "topics.csv").open(encoding="utf-8"))}
    seen: dict[str, str] = {}
    for source in sources(chapters):
        findings += _pairs(source)
        for exercise in source.chapter:
            if exercise.topic not in topics:
                findings.append(_finding("doctor.topic", source.chapter, exercise, topic=exercise.topic))
            if exercise.id in seen:
                findings.append(_finding("doctor.id_twice", source.chapter, exercise, other=seen[exercise.id]))
            seen[exercise.id] = source.chapter.name
        findings += Examination(source.chapter).findings()
    return findings


def _finding(key: str, chapter: Chapter, exercise: Exercise, **params: Any) -> Message:
    return Message(key, {"exercise": f"{chapter.name} {exercise.number} {exercise.id}", **params})


class Examination:
    """Tries every exercise of a chapter on all :data:`VARIANTS`."""

    def __init__(self, chapter: Chapter) -> None:
        self.chapter = chapter
        self.references = {student: Reference(chapter, partial(starting_names, student)) for student in VARIANTS}

    def findings(self) -> list[Message]:
        """Return what is wrong with the chapter's exercises; an empty list means that they are well."""
        return [finding for exercise in self.chapter for finding in self._exercise(exercise)]

    def _exercise(self, exercise: Exercise) -> Iterator[Message]:
        try:
            expected = {student: reference.expected(exercise) for student, reference in self.references.items()}
            for reference in self.references.values():
                reference.mistaken(exercise)
        except Exception as error:  # an author's code may fail in any way
            yield _finding(
                "doctor.fails", self.chapter, exercise, error=f"{type(error).__name__}: {error}", where=_where(error)
            )
            return
        yield from self._blank(exercise)
        for student, reference in self.references.items():
            verdict = judge(exercise, _records(expected[student]), reference)
            if verdict.outcome is not Outcome.CORRECT or verdict.earned != exercise.marks:
                yield _finding("doctor.reference", self.chapter, exercise, student=student)
            yield from self._mistakes(exercise, student, reference)
        if not all(kind.form for kind in exercise.answer.values()):
            if len(exercise.mistakes) < 2:
                yield _finding("doctor.few_mistakes", self.chapter, exercise, count=len(exercise.mistakes))
            if not exercise.own:
                yield from self._guesses(exercise, expected)
        yield from self._hints(exercise)

    def _blank(self, exercise: Exercise) -> Iterator[Message]:
        """A starter must run as it stands and count as unattempted."""
        for reference in self.references.values():
            names = isolated(reference.names_before(exercise)) | {"form": lambda *_: ...}
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    run(starter(exercise), names, "<starter>")
            except Exception as error:
                yield _finding("doctor.starter_fails", self.chapter, exercise, error=f"{type(error).__name__}: {error}")
                return
            if judge(exercise, collect(exercise, names), reference).outcome is not Outcome.UNATTEMPTED:
                yield _finding("doctor.starter_answers", self.chapter, exercise)
                return

    def _mistakes(self, exercise: Exercise, student: str, reference: Reference) -> Iterator[Message]:
        for place, answers in enumerate(reference.mistaken(exercise)):
            verdict = judge(exercise, _records(answers), reference)
            if verdict.earned >= exercise.marks:
                yield _finding("doctor.mistake_right", self.chapter, exercise, place=place + 1, student=student)
            elif verdict.mistake != place:
                yield _finding(
                    "doctor.mistake_other",
                    self.chapter,
                    exercise,
                    place=place + 1,
                    student=student,
                    found=verdict.mistake,
                )

    def _guesses(self, exercise: Exercise, expected: Mapping[str, Mapping[str, Json]]) -> Iterator[Message]:
        """Neither another student's answers nor a blind guess may earn anything."""
        _, mine, other = VARIANTS
        for name, kind in exercise.answer.items():
            if kind.form:
                if isinstance(kind, Choices) and kind.compare(sorted(kind.options), expected[mine][name]).credit:
                    yield _finding("doctor.guess", self.chapter, exercise, name=name, how="tick everything")
                continue
            for how, guess in _guesses(kind, expected[mine][name], expected[other][name]):
                if kind.marked(guess, expected[mine][name]).credit:
                    yield _finding("doctor.guess", self.chapter, exercise, name=name, how=how)

    def _hints(self, exercise: Exercise) -> Iterator[Message]:
        for lang in LANGS:
            texts = [hint[lang].strip() for hint in exercise.hints]
            if not all(texts) or len(set(texts)) < len(texts):
                yield _finding("doctor.hints", self.chapter, exercise, lang=lang)


def _where(error: Exception) -> Message:
    """Return which part of the exercise failed, and in which of its lines."""
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        frames.append((error.filename or "", error.lineno))
    for name, line in reversed(frames):
        if part := re.fullmatch(r"<(given|body|mistake)(?: (\d+))?>", name):
            return Message(f"doctor.in_{part[1]}", {"place": part[2], "line": line})
    return Message("doctor.in_answer")


def _records(answers: Mapping[str, Json]) -> dict[str, Record]:
    return {name: {"state": "value", "value": value} for name, value in answers.items()}


def _guesses(kind: Kind, mine: Json, other: Json) -> Iterator[tuple[str, Json]]:
    """Yield blind answers: another student's, a constant, a random permutation of the right values."""
    yield "another student's answer", other
    shuffle = random.Random(20261122).sample
    if isinstance(kind, Table):
        for how, remade in (
            ("a constant", _constant),
            ("a random permutation", lambda values: shuffle(values, len(values))),
        ):
            yield how, {**mine, "columns": {name: remade(values) for name, values in mine["columns"].items()}}
    elif isinstance(mine, dict) and kind.kind == "mapping":
        yield "a constant", dict(zip(mine, _constant(list(mine.values())), strict=True))
    elif isinstance(mine, list) and getattr(kind, "ordered", False):
        yield "a constant", _constant(mine)
    elif kind.kind == "number":
        yield from ((str(guess), guess) for guess in (0, 1, 10, 100))


def _constant(values: list[Any]) -> list[Any]:
    commonest = max(values, key=values.count) if len(values) < 5000 else values[0]
    return [commonest] * len(values)


def _pairs(source: Source) -> Iterator[Message]:
    """Both languages of a text must name the same code."""
    for cell in source.cells:
        if isinstance(cell, TextCell):
            zh, en = (sorted(INLINE.findall(_without_fences(cell.text[lang]))) for lang in LANGS)
            if zh != en:
                differ = ", ".join(sorted(set(zh) ^ set(en))) or "?"
                start = cell.text.zh.strip().splitlines()[0][:40]
                yield Message("doctor.pair", {"chapter": source.chapter.name, "start": start, "code": differ})


def _without_fences(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def _sentences() -> Iterator[Message]:
    """Both languages of a sentence must have the same placeholders."""
    for key, pair in catalogue().items():
        zh, en = ({name for _, name, _, _ in string.Formatter().parse(pair[lang]) if name} for lang in LANGS)
        if zh != en:
            yield Message("doctor.sentence", {"key": key, "names": ", ".join(sorted(zh ^ en))})


def machine() -> list[Message]:
    """Examine this machine: Python, the kernel, fonts, data and a folder to write to."""
    from .. import data
    from ..fonts import use_fonts
    from ..learning.desk import Desk

    findings = list(_kernel())
    if use_fonts() == "DejaVu Sans":
        findings.append(Message("doctor.fonts"))
    findings += [
        Message("doctor.passed_on", {"text": {lang: problem.text(lang) for lang in LANGS}}) for problem in data.verify()
    ]
    try:
        Desk(ROOT / "work").update()
    except CrmError as error:
        findings.append(Message("doctor.passed_on", {"text": {lang: error.text(lang) for lang in LANGS}}))
    return findings


def _kernel() -> Iterator[Message]:
    """Notebooks must run in the Python that the workbook is installed in, not in another one of this machine."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    code = "import sys, ipykernel, crm_exercises; sys.exit(0 if sys.prefix == sys.argv[1] else sys.prefix)"
    try:
        named = KernelSpecManager().get_kernel_spec("python3").argv[0]
        own = ("python", "python{}".format(*sys.version_info), "python{}.{}".format(*sys.version_info))
        python = sys.executable if named in own else named  # as Jupyter itself reads it
        done = subprocess.run([python, "-c", code, sys.prefix], capture_output=True, text=True, check=False)
        wrong = done.stderr.strip().splitlines()[-1:] if done.returncode else []
    except (NoSuchKernel, OSError) as error:
        wrong = [str(error)]
    yield from (Message("doctor.kernel", {"python": sys.executable, "error": line}) for line in wrong)
