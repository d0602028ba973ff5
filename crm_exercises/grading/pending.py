"""Submissions on their way through the box."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from ..core.chapter import Chapter
from . import collect
from .runner import Job, Ran
from .submission import Submission

REPEATS = 3
"""How often a submission is run at most: a broken run is taken up again without the cell that broke it."""


@dataclass
class Pending:
    """A submission on its way through the box; what was collected in broken runs is kept."""

    submission: Submission
    token: str
    key: str
    collected: dict[str, collect.Collected] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    statuses: list[str] = field(default_factory=list)
    runs: int = 0
    spared: bool = False
    seconds: float = 0.0
    cpu: float = 0.0

    def take(self, chapter: Chapter, ran: Ran) -> bool:
        """Keep what came out; say whether it is to be run again: spared by the system, or without the exercise that broke the run."""
        self.collected = collect.read(ran.answers, chapter) | self.collected
        self.seconds += ran.wall
        self.cpu += ran.cpu
        if ran.status == "done":
            return False
        if ran.detail == "SIGKILL" and not self.spared:  # a machine short of memory does that to the innocent
            self.spared = True
            return True
        self.runs += 1
        self.statuses.append(ran.status)
        asked = [name for name in chapter.exercises if self.submission.cells.get(name, "").strip()]
        open_ = [name for name in asked if name not in self.collected and name not in self.without]
        if not open_:
            return False
        breaking = open_[0]
        self.collected[breaking] = collect.Collected(
            collect.nothing(chapter.exercises[breaking]).records, f"{ran.status}: {ran.detail}"[:300]
        )
        if len(open_) > 1:
            self.without |= {breaking}
        return len(open_) > 1 and self.runs < REPEATS

    def remarks(self) -> list[str]:
        """Return the names of what an instructor should know about a run."""
        errors = [found.error for found in self.collected.values() if found.error]
        remarks = {
            "cell-left-out": bool(self.without),
            "cell-timeout": any("Timeout" in error for error in errors),
            "exit": any(error.startswith("SystemExit") for error in errors),
            "cell-error": bool(errors),
        }
        return [name for name, there in remarks.items() if there]


class Jobs:
    """The jobs of what is due when asked for; at an end only for now, since a broken run may come back."""

    def __init__(self, chapter: Chapter, due: deque[Pending]) -> None:
        self.chapter, self.due = chapter, due

    def __iter__(self) -> Jobs:
        return self

    def __next__(self) -> Job:
        if not self.due:
            raise StopIteration
        pending = self.due.popleft()
        submission = pending.submission
        cells = collect.notebook(self.chapter, submission.lang, pending.token, submission.cells, pending.without)
        return Job(submission.student, cells, collect.files(self.chapter, pending.token, submission.sidecar), pending)
