"""Run notebooks that nobody trusts, several at a time, each in a box of its own."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Literal, Protocol, cast

from ..core.errors import UsageError
from .box import BoxError, Limits
from .statement import Statement, read_untrusted
from .stock import Stock
from .warm import EngineError, GoneError, Warm
from .watch import clear
from .workplace import workplace

__all__ = ["BoxError", "EngineError", "Job", "Limits", "Ran", "Settings", "run"]

Status = Literal["done", "timeout", "memory", "cpu", "killed", "output", "disk", "error"]
ANSWERS = "answers.jsonl"
# How much later than the time limit the end of a notebook may be reported.
GRACE = 15.0
# Bytes of a report without outputs that are read.
REPORT = 1 << 20


@dataclass(frozen=True)
class Job:
    """A notebook to run.

    Parameters
    ----------
    key
        Name of the job; it never leaves this process.
    notebook
        nbformat 4.
    files
        What lies in its working folder before the start, by relative path.
    meta
        Anything that the caller wants back with the result.
    """

    key: str
    notebook: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)
    meta: Any = None


@dataclass(frozen=True)
class Ran:
    """What became of a job.

    ``answers``, ``errors`` and ``outputs`` come from the process in which student code ran: data, never evidence.

    Parameters
    ----------
    answers
        The file ``answers.jsonl`` as the notebook's cells wrote it, as far as they got.
    status
        ``done``: all cells ran. ``error``: a cell without the tag ``raises-exception`` failed, or the notebook ended
        its process. The others name the limit that it met.
    errors
        By index of the cell: what it raised, tagged or not.
    outputs
        The notebook with outputs, if they were asked for.
    box
        The walls around it.
    """

    key: str
    answers: bytes
    status: Status
    detail: str = ""
    wall: float = 0.0
    cpu: float = 0.0
    memory: int = 0
    outputs: dict[str, Any] | None = None
    box: str = ""
    errors: dict[int, str] = field(default_factory=dict)
    meta: Any = None


@dataclass(frozen=True)
class Settings:
    """How notebooks are run.

    Parameters
    ----------
    box
        ``auto``: locked in, or not at all (``BoxError``). ``none``: with your rights, for notebooks that you trust.
    engine
        ``warm``: in forks of one warm process (Linux). ``stock``: each in a kernel of its own, slower, anywhere; it
        has no box and of the limits only those of time.
    keep_outputs
        Render and return outputs.
    read
        More files and folders that notebooks may read.
    env
        More environment variables for notebooks.
    """

    limits: Limits = field(default_factory=Limits)
    box: Literal["auto", "none"] = "auto"
    engine: Literal["warm", "stock"] = "warm"
    keep_outputs: bool = False
    read: tuple[Path, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Raise ``UsageError`` or ``BoxError`` if this system cannot run notebooks so."""
        if self.box not in ("auto", "none") or self.engine not in ("warm", "stock"):
            raise UsageError("runner.options", box=self.box, engine=self.engine)
        if sys.platform != "linux" and (self.engine == "warm" or self.box == "auto"):
            raise BoxError("box.not_linux", system=sys.platform)
        if self.engine == "stock" and self.box == "auto":
            raise BoxError("box.stock")

    def start(self, root: Path) -> Engine:
        """Start what runs notebooks, below ``root``."""
        told = {"boxed": self.box == "auto", "keep": self.keep_outputs, "read": [os.fspath(path) for path in self.read]}
        return (Warm if self.engine == "warm" else Stock)(root, self.limits, told, self.env)


class Engine(Protocol):
    """What starts notebooks and says how they ended. ``GoneError`` means that it cannot any more."""

    box: str

    def send(self, number: int, folder: Path) -> None: ...
    def messages(self, seconds: float) -> list[dict[str, Any]]: ...
    def close(self) -> None: ...


def run(jobs: Iterable[Job], settings: Settings | None = None, *, workers: int | None = None) -> Iterator[Ran]:
    """Run ``jobs`` and yield each when it has ended, in whatever order.

    Jobs are pulled one by one as workers get free, so they may be made on the way.

    Parameters
    ----------
    workers
        How many run at a time; the number of processors if not given.

    Raises
    ------
    UsageError, BoxError
        If this system cannot run notebooks so.
    """
    settings = settings or Settings()
    settings.check()
    return _Runner(iter(jobs), workers or _processors(), settings).results()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass
class _Running:
    job: Job
    folder: Path
    deadline: float
    again: bool


class _Runner:
    def __init__(self, jobs: Iterator[Job], workers: int, settings: Settings) -> None:
        self.jobs = jobs
        self.workers = workers
        self.settings = settings
        self.limits = settings.limits
        self.keep = settings.keep_outputs
        self.engine: Engine | None = None
        self.running: dict[int, _Running] = {}
        # Jobs that ran when the engine ended; each gets a second chance, alone, so that it is known whose fault it is.
        self.again: deque[Job] = deque()
        self.count = 0

    def results(self) -> Iterator[Ran]:
        with workplace() as self.root:
            try:
                while self._fill():
                    yield from self._collect()
            finally:
                self._close()
                for running in self.running.values():
                    clear(running.folder)

    def _fill(self) -> bool:
        """Give every free worker something to do; say whether anything runs."""
        if self.again:
            if not self.running:
                self._begin(self.again.popleft(), again=True)
            return True
        while len(self.running) < self.workers:
            job = next(self.jobs, None)
            if job is None:
                break
            self._begin(job)
        return bool(self.running)

    def _begin(self, job: Job, again: bool = False) -> None:
        self.engine = self.engine or self.settings.start(self.root)
        self.count += 1
        folder = self.root / str(self.count)
        _prepare(folder, job)
        deadline = time.monotonic() + self.limits.wall + GRACE
        self.running[self.count] = _Running(job, folder, deadline, again)
        # If it cannot be sent the engine has ended, and to ask for messages will say so.
        with contextlib.suppress(GoneError):
            self.engine.send(self.count, folder)

    def _collect(self) -> Iterator[Ran]:
        engine = cast(Engine, self.engine)
        try:
            messages = engine.messages(1.0)
            # Only when nothing waits to be read: whoever takes our results may have been slow.
            if not messages and any(time.monotonic() > running.deadline for running in self.running.values()):
                raise GoneError
        except GoneError:
            yield from self._lost(engine)
            return
        for message in messages:
            yield self._finish(self.running.pop(message["number"]), message, engine.box)

    def _lost(self, engine: Engine) -> Iterator[Ran]:
        """The engine has ended or hangs: begin anew without it."""
        self._close()
        lost, self.running = list(self.running.values()), {}
        for running in lost:
            if running.again:
                yield self._finish(running, {"status": "killed", "detail": "the warm process ended"}, engine.box)
            else:
                self.again.append(running.job)
                clear(running.folder)

    def _close(self) -> None:
        if self.engine:
            self.engine.close()
            self.engine = None

    def _finish(self, running: _Running, message: dict[str, Any], box: str) -> Ran:
        job, folder = running.job, running.folder
        answers = read_untrusted(folder / "box", ANSWERS, self.limits.answers)
        most = REPORT + (2 * self.limits.output if self.keep else 0)
        report = Statement(read_untrusted(folder, "report.jsonl", most))
        clear(folder)
        status, detail = message["status"], message["detail"] or report.fault
        if status == "done" and not report.ended:
            status, detail = "error", "the notebook ended its process"
        if status in ("error", "memory") and not detail and report.errors:
            index, text = list(report.errors.items())[-1]
            detail = f"cell {index}: {text}"
        return Ran(
            key=job.key,
            answers=answers,
            status=status,
            detail=detail,
            wall=message.get("wall", 0.0),
            cpu=message.get("cpu") or report.cpu,
            memory=message.get("memory", 0),
            outputs=report.filled(job.notebook) if self.keep else None,
            box=box,
            errors=report.errors,
            meta=job.meta,
        )


def _prepare(folder: Path, job: Job) -> None:
    home = folder / "box"
    home.mkdir(parents=True, mode=0o700)
    for name, content in job.files.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise UsageError("runner.file_name", name=name)
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_bytes(content)
    (folder / "notebook.json").write_text(json.dumps(job.notebook), encoding="utf-8")
