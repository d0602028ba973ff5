"""Marking a class: submissions in, result files, gradebook and feedback out. Interrupted at any moment, the next call goes on."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, get_args

from ..core.answers import Record
from ..core.chapter import Chapter, chapter_names, read_chapter
from ..core.errors import UsageError
from ..core.marking import Outcome, Verdict
from ..core.messages import Message
from ..core.reference import Names
from . import reports
from .box import Limits
from .chapters import chosen, folder_of, handed_in
from .intake import Intake, Refused, Status, Submission, read, read_roster
from .mark import Marker
from .pending import Jobs, Pending
from .results import FORMAT, Result, Results
from .runner import Job, Ran, Settings, run
from .runner import Status as RunStatus
from .variants import POOL, Variants, read_salt

BROKEN = frozenset(get_args(RunStatus)) - {"done"}
"""The statuses of runs that did not come to their end."""


@dataclass(frozen=True)
class Options:
    """How a class is to be marked; see ``crm grade --help``."""

    out: Path
    roster: Path | None = None
    salt: Path | None = None
    pool: int = POOL
    chapter: str | None = None
    jobs: int | None = None
    box: Literal["auto", "none"] = "auto"
    engine: Literal["warm", "stock"] = "warm"
    cluster: str | None = None
    limits: Limits = field(default_factory=Limits)
    only: tuple[str, ...] = ()
    exercise: str | None = None
    force: bool = False
    lang: str = "zh"


@dataclass
class Summary:
    """What a call did for one chapter."""

    chapter: str
    folder: Path
    count: int = 0
    graded: int = 0
    kept: int = 0
    seconds: float = 0.0
    box: str = ""
    refused: list[tuple[str, Message]] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    problems: list[Message] = field(default_factory=list)


def grade(
    path: Path, options: Options, start: Callable[[str], Names], progress: Callable[[int], Any] = lambda total: None
) -> list[Summary]:
    """Mark what is in ``path``.

    Parameters
    ----------
    path
        A folder, zip file or notebook.
    start
        Returns the names of a notebook before its first given cell, for a student number.
    progress
        Called with the number of submissions; returns what is called after each.

    Returns
    -------
    list of Summary
        One for each chapter found. Several chapters get a folder in ``options.out`` each, and each stays where it was before.
    """
    if not path.exists():
        raise UsageError("grade.no_input", path=str(path))
    known = {name: set(read_chapter(name).exercises) for name in chapter_names()}
    roster = read_roster(options.roster) if options.roster else None
    intake = read(path, known.keys(), roster, exercises=known)
    chapters = handed_in(path, intake)
    several = len(chapters) > 1
    chapters = chosen(chapters, intake, options.chapter, options.only, options.exercise)
    markings = [
        _ClassMarking(read_chapter(name), folder_of(name, several, options.out), options, start, roster or {})
        for name in chapters
    ]
    summaries = [marking.run(intake, progress) for marking in markings]
    summaries[0].refused[:0] = [(entry.source, entry.reason) for entry in intake.refused]
    return summaries


class _ClassMarking:
    """Marks one chapter's submissions into one folder."""

    def __init__(
        self, chapter: Chapter, folder: Path, options: Options, start: Callable[[str], Names], roster: dict[str, str]
    ) -> None:
        self.chapter, self.folder, self.options, self.roster = chapter, folder, options, roster
        reports.check(folder, chapter)
        self.results = Results(folder / "results")  # a folder that cannot be written to is said before the work
        self.marker = Marker(chapter, start)
        self.variants = Variants(read_salt(options.out, options.salt), options.pool, self.marker.works)
        self.basis = "|".join(
            [
                chapter.dumps(),
                self.variants.fingerprint(),
                str(options.pool),
                version("crm-exercises"),
                str(FORMAT),
                options.box,
            ]
        )

    def run(self, intake: Intake, progress: Callable[[int], Any]) -> Summary:
        began = time.monotonic()
        submissions = [
            each for each in intake.submissions if each.chapter in (self.chapter.name, "")
        ]  # that of no chapter may be of any
        summary = Summary(self.chapter.name, self.folder, count=len(submissions))
        summary.absent = intake.missing(self.chapter.name)
        self.results = Results(
            self.results.folder, {each.student for each in submissions if each.counts} | set(summary.absent)
        )
        done = progress(len(submissions)) or (lambda: None)
        kept: set[str] = set()
        due: deque[Pending] = deque()
        for submission in submissions:
            if submission.status is Status.DUPLICATE:  # the newer one counts; both say so
                summary.refused.append((submission.source, submission.notes[0]))
                done()
                continue
            ready = self._without_running(submission)
            if ready is None:
                digest = submission.digest
                due.append(Pending(submission, self.variants.token(submission.student, digest), self._key(submission)))
                continue
            result, fresh = ready
            if fresh:
                summary.refused.append((submission.source, submission.notes[0]))
            kept.add(self.results.write(result) if fresh else self.results.keep(result))
            summary.kept += not fresh
            done()
        for result in self._run(due):
            kept.add(self.results.write(result))
            summary.graded += 1
            summary.box = result.box
            done()
        for student in summary.absent:
            kept.add(self.results.write(self._absent(student, intake.turned_away.get(student, ()))))
        self.results.remove_others(kept)
        summary.problems = self.write_reports()
        summary.seconds = time.monotonic() - began
        return summary

    def write_reports(self) -> list[Message]:
        """Write gradebook and feedback from the result files; return what is wrong with the manual marks."""
        return reports.write(self.folder, self.chapter, self.results, self.options.lang)

    def _key(self, submission: Submission) -> str:
        return hashlib.sha256(f"{self.basis}|{submission.digest}".encode()).hexdigest()

    def _without_running(self, submission: Submission) -> tuple[Result, bool] | None:
        """Return the result of a submission that need not run, and whether it is new."""
        if not submission.counts:
            return self._bare(submission), True
        before = self.results.of(submission.student)
        chosen = not self.options.only or submission.student in self.options.only
        if before is None or before.status == "not-graded":
            return None
        if before.key == self._key(submission) and not (chosen and (self.options.force or self.options.exercise)):
            return self._refreshed(before, submission), False
        return None if chosen else (before, False)

    def _refreshed(self, before: Result, submission: Submission) -> Result:
        """Return a result that holds, with what the roster and the other submissions say now."""
        broken = [before.status] if before.status in BROKEN else []
        now = replace(
            before,
            name=self._name(submission.student, before),
            source=submission.source,
            status=_status(broken, submission, before.verdicts),
            notes=list(submission.notes),
        )
        if now.data() != before.data():
            self.results.write(now)
        return now

    def _name(self, student: str, before: Result | None) -> str:
        """Return a student's name by the roster; a call without one keeps the names that are known."""
        return before.name if before and not self.roster else self.roster.get(student, "")

    def _absent(self, student: str, refused: Sequence[Refused]) -> Result:
        """Return the result of a student on the roster who handed nothing in that could be read, with what was refused."""
        return Result(
            student,
            self.roster.get(student, ""),
            self.chapter.name,
            self.options.lang,
            "; ".join(each.source for each in refused),
            "absent",
            key="absent",
            notes=[each.reason for each in refused],
            marks=self.chapter.marks,
        )

    def _bare(self, submission: Submission) -> Result:
        """Return a result without marks: the submission could not be marked, and its status says why."""
        return Result(
            student="",  # which may be another's
            name=self.roster.get(submission.name_hint, ""),
            chapter=self.chapter.name,
            lang=submission.lang,
            source=submission.source,
            status=submission.status.value,
            key=hashlib.sha256(f"{submission.source}|{submission.status}|{submission.digest}".encode()).hexdigest(),
            notes=list(submission.notes),
            marks=self.chapter.marks,
        )

    def _run(self, due: deque[Pending]) -> Iterator[Result]:
        """Run what is due, again without a cell that broke the run, and yield each submission's result."""
        try:
            for ran in self._ran(Jobs(self.chapter, due)):
                pending: Pending = ran.meta
                if pending.take(self.chapter, ran):
                    due.append(pending)  # from where it is pulled when its turn comes
                else:
                    yield self._result(pending, ran)
        except OSError as error:  # where notebooks run there is no room; what is not yet marked is for the next call
            path = error.filename or tempfile.gettempdir()
            raise UsageError("grade.unwritable", path=str(path), error=error.strerror or str(error)) from error

    def _ran(self, jobs: Iterator[Job]) -> Iterator[Ran]:
        options = self.options
        settings = Settings(options.limits, options.box, options.engine)
        if options.cluster:
            from . import cluster

            return cluster.run(jobs, settings, address=options.cluster, workers=options.jobs)
        return run(jobs, settings, workers=options.jobs)

    def _result(self, pending: Pending, ran: Ran) -> Result:
        submission = pending.submission
        verdicts = self.marker.mark(submission.student, pending.token, pending.collected, submission.cells)
        before = self.results.of(submission.student)
        if self.options.exercise and before and before.verdicts:
            verdicts = [_chosen(old, verdicts, self.options.exercise) for old in before.verdicts]
        return Result(
            student=submission.student,
            name=self._name(submission.student, before),
            chapter=self.chapter.name,
            lang=submission.lang,
            source=submission.source,
            status=_status(pending.statuses, submission, verdicts),
            key=pending.key,
            remarks=pending.remarks(),
            notes=list(submission.notes),
            verdicts=verdicts,
            answers={name: _clicked(self.chapter, name, found.records) for name, found in pending.collected.items()},
            cells=dict(submission.cells),
            total=round(sum(verdict.earned for verdict in verdicts), 2),
            marks=self.chapter.marks,
            box=ran.box,
            seconds=round(pending.seconds, 3),
            cpu=round(pending.cpu, 3),
            graded_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        )


def _chosen(old: Verdict, new: list[Verdict], exercise: str) -> Verdict:
    return (
        next(verdict for verdict in new if verdict.exercise == exercise) if old.exercise == exercise else replace(old)
    )


def _status(broken: list[str], submission: Submission, verdicts: list[Verdict]) -> str:
    """Return the one word for a submission: what broke its run, else what is odd about it, else that it is graded."""
    if broken:
        return broken[-1]
    if submission.status is not Status.OK:
        return submission.status.value
    return "blank" if all(verdict.outcome is Outcome.UNATTEMPTED for verdict in verdicts) else "graded"


def _clicked(chapter: Chapter, exercise: str, records: Any) -> dict[str, Record]:
    """Return the answers that statistics need: those that were clicked or typed."""
    kinds = chapter.exercises[exercise].answer
    return {name: record for name, record in records.items() if kinds[name].form}
