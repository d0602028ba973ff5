"""Run notebooks that nobody trusts, several at a time, each in a box of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from ..core.errors import CrmError, UsageError
from .box import PACKAGE, Limits

Status = Literal["done", "timeout", "memory", "cpu", "killed", "output", "disk", "error"]
ANSWERS = "answers.jsonl"
MESSAGE = 1 << 16
# How long the warm process may take to report the end of a notebook after the time limit.
GRACE = 15.0
START = 120.0


class BoxError(CrmError):
    """Student code cannot be locked in on this machine."""


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
    """What became of a job. ``answers``, ``errors`` and ``outputs`` come from student code: data, never evidence."""

    key: str
    answers: bytes
    status: Status
    detail: str = ""
    wall: float = 0.0
    cpu: float = 0.0
    outputs: dict[str, Any] | None = None
    box: str = ""
    errors: dict[int, str] = field(default_factory=dict)
    meta: Any = None


def run(
    jobs: Iterable[Job],
    *,
    workers: int | None = None,
    limits: Limits | None = None,
    box: Literal["auto", "none"] = "auto",
    engine: Literal["warm", "stock"] = "warm",
    keep_outputs: bool = False,
    read: Iterable[Path] = (),
) -> Iterator[Ran]:
    """Run ``jobs`` and yield each when it has ended, in whatever order.

    Jobs are pulled one by one as workers get free, so they may be made on the way.

    Parameters
    ----------
    workers
        How many run at a time; the number of processors if not given.
    box
        ``auto``: locked in, or not at all (``BoxError``). ``none``: with your rights, for notebooks you trust.
    engine
        ``warm``: in forks of one warm process. ``stock``: each in a kernel of its own, slower, for systems without
        fork; it has no box.
    keep_outputs
        Render and return outputs.
    read
        More folders that notebooks may read.
    """
    if box not in ("auto", "none") or engine not in ("warm", "stock"):
        raise UsageError("runner_options", box=box, engine=engine)
    if engine == "stock" and box == "auto":
        raise BoxError("box_stock")
    workers = workers or len(os.sched_getaffinity(0))
    settings = {"boxed": box == "auto", "keep": keep_outputs, "read": [os.fspath(path) for path in read]}
    return _Runner(iter(jobs), workers, limits or Limits(), settings).results()


@dataclass
class _Running:
    number: int
    job: Job
    folder: Path
    deadline: float


class _Runner:
    def __init__(self, jobs: Iterator[Job], workers: int, limits: Limits, settings: dict[str, Any]) -> None:
        self.jobs = jobs
        self.workers = workers
        self.limits = limits
        self.settings = settings
        self.running: dict[int, _Running] = {}
        self.count = 0

    def results(self) -> Iterator[Ran]:
        with tempfile.TemporaryDirectory(prefix="crm-box-", ignore_cleanup_errors=True) as root:
            self.root = Path(root)
            with contextlib.closing(_Warm(self.root, self.limits, self.settings)) as self.warm:
                while self._fill():
                    for message in self.warm.messages(1.0):
                        running = self.running.pop(message["number"])
                        yield self._finish(running, message)

    def _fill(self) -> bool:
        while len(self.running) < self.workers:
            job = next(self.jobs, None)
            if job is None:
                break
            self.count += 1
            folder = self.root / str(self.count)
            _prepare(folder, job)
            self.running[self.count] = _Running(self.count, job, folder, time.monotonic() + self.limits.wall + GRACE)
            self.warm.send(number=self.count, folder=os.fspath(folder))
        return bool(self.running)

    def _finish(self, running: _Running, message: dict[str, Any]) -> Ran:
        job, folder = running.job, running.folder
        answers = read_untrusted(folder / "box", ANSWERS, self.limits.answers)
        report = read_untrusted(folder, "report.jsonl", 2 * self.limits.output)
        shutil.rmtree(folder, ignore_errors=True)
        status, detail = message["status"], message["detail"]
        lines = []
        for line in report.splitlines():
            with contextlib.suppress(ValueError, RecursionError):
                lines.append(json.loads(line))
        errors = {line["cell"]: line["error"] + ": " + line["text"] for line in lines if "error" in line}
        if status == "done" and not any("end" in line for line in lines):
            status, detail = "error", "ended early"
        return Ran(
            key=job.key, answers=answers, status=status, detail=detail, wall=message["wall"], cpu=message["cpu"],
            box=self.warm.box, errors=errors, meta=job.meta,
        )  # fmt: skip


def _prepare(folder: Path, job: Job) -> None:
    home = folder / "box"
    home.mkdir(parents=True, mode=0o700)
    for name, content in job.files.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise UsageError("runner_file_name", name=name)
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_bytes(content)
    (folder / "notebook.json").write_text(json.dumps(job.notebook), encoding="utf-8")


def read_untrusted(folder: Path, name: str, most: int) -> bytes:
    """Return the file ``name`` that student code may have put into ``folder``, cut at ``most`` bytes; empty if none."""
    try:
        fd = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return b""
    with open(fd, "rb") as file:
        return file.read(most) if stat.S_ISREG(os.fstat(fd).st_mode) else b""


class _Warm:
    """The warm process as seen from here."""

    def __init__(self, root: Path, limits: Limits, settings: dict[str, Any]) -> None:
        self.box = "landlock, seccomp, rlimits" if settings["boxed"] else "none"
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.channel = ours
        empty = root / "empty"
        empty.mkdir(exist_ok=True)
        self.log = (root / "log").open("ab")
        code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from crm_exercises.grading.zygote import main; main()"
        settings = settings | {"limits": asdict(limits), "parent": os.getpid()}
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", code, str(PACKAGE.parent), str(theirs.fileno()), json.dumps(settings)],
                pass_fds=[theirs.fileno()],
                cwd=empty,
                env=_environment(empty),
                stdin=subprocess.DEVNULL,
                stdout=self.log,
                stderr=self.log,
            )
        started = next(self.messages(START), {})
        if not started.get("ready"):
            self.close()
            tail = (root / "log").read_text(errors="replace")[-2000:]
            raise CrmError("runner_start", reason=started.get("failed") or tail)

    def send(self, **order: Any) -> None:
        self.channel.send(json.dumps(order).encode())

    def messages(self, seconds: float) -> Iterator[dict[str, Any]]:
        """Yield what has come within ``seconds``."""
        self.channel.settimeout(seconds)
        try:
            message = self.channel.recv(MESSAGE)
        except TimeoutError:
            return
        if message:
            yield json.loads(message)

    def close(self) -> None:
        self.channel.close()
        self.log.close()
        self.process.terminate()
        self.process.wait()


def _environment(empty: Path) -> dict[str, str]:
    """Nothing of this process's environment, and numbers of threads that make a fork safe."""
    one = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB")}
    return one | {
        "HOME": str(empty),
        "IPYTHONDIR": str(empty / "ipython"),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": str(empty / "matplotlib"),
        "PATH": os.defpath,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "TMPDIR": str(empty),
    }
