"""The warm process: imports everything once, then forks one child per notebook and watches it.

It is started by ``runner`` as a fresh program, so it holds nothing worth stealing: no keys, no other notebooks, an
empty environment. It never runs a student's code itself. It talks to the runner over one socket, in short JSON
messages; children close that socket before they begin.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import box, namespaces, probe, watch

MESSAGE = 1 << 16
TICK = 0.1
DONE, ERROR, OUTPUT, MEMORY, FAULT = 0, 10, 11, 12, 13
STATUS = {DONE: "done", ERROR: "error", OUTPUT: "output", MEMORY: "memory", FAULT: "killed"}
WARM = (
    "IPython", "numpy", "pandas", "matplotlib", "matplotlib.pyplot", "scipy.stats", "scipy.optimize", "sqlite3",
    "zoneinfo", "crm_exercises", "crm_exercises.core", "crm_exercises.learning", "crm_exercises.trade",
    "crm_exercises.data", "crm_exercises.plots",
)  # fmt: skip


@dataclass
class Child:
    """A notebook that runs."""

    number: int
    pid: int
    pidfd: int
    folder: Path
    started: float
    reason: str = ""
    detail: str = ""


class Zygote:
    """Forks, watches, reports.

    Parameters
    ----------
    channel
        The socket to the runner.
    boxed
        Whether children are locked in.
    keep
        Whether outputs are wanted.
    """

    def __init__(self, channel: socket.socket, limits: box.Limits, boxed: bool, keep: bool, read: list[str]) -> None:
        self.channel = channel
        self.limits = limits
        self.boxed = boxed
        self.keep = keep
        self.extra = tuple(map(Path, read))
        self.read = box.readable(self.extra) if boxed else ()
        self.shell: Any = None
        self.children: dict[int, Child] = {}

    def prepare(self) -> None:
        """Make the shell that each child gets a copy of."""
        from . import engine
        from .shell import Recorder

        self.shell = engine.new_shell(Recorder(render=self.keep, room=self.limits.output))

    def serve(self) -> None:
        """Take orders until the runner hangs up."""
        poll = select.poll()
        poll.register(self.channel, select.POLLIN)
        while True:
            ready = poll.poll(TICK * 1000 if self.children else None)
            for fd, _ in ready:
                if fd in self.children:
                    poll.unregister(fd)
                    self._end(self.children.pop(fd))
                elif not (order := self.channel.recv(MESSAGE)):
                    return
                else:
                    child = self._fork(**json.loads(order))
                    poll.register(child.pidfd, select.POLLIN)
            for child in self.children.values():
                self._watch(child)

    def _fork(self, number: int, folder: str) -> Child:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            code = FAULT
            try:
                code = Notebook(Path(folder), self).run(parent)
            finally:
                # No clean-up of any kind: what the notebook has left in atexit, threads or __del__ does not run.
                os._exit(code)
        child = Child(number, pid, os.pidfd_open(pid), Path(folder), time.monotonic())
        self.children[child.pidfd] = child
        return child

    def _watch(self, child: Child) -> None:
        if child.reason:
            return
        limits = self.limits
        if time.monotonic() - child.started > limits.wall:
            child.reason, child.detail = "timeout", f"{limits.wall:g} s"
        elif excess := watch.disk(child.folder / "box", child.pid, limits.folder, limits.files):
            child.reason, child.detail = "disk", excess
        elif (threads := watch.threads(child.pid)) > limits.threads:
            child.reason, child.detail = "killed", f"{threads} threads"
        if child.reason:
            self._kill(child.pid)

    @staticmethod
    def _kill(pid: int) -> None:
        # The child leads a group of its own; it may not have got so far yet.
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError):
                kill(pid, signal.SIGKILL)

    def _end(self, child: Child) -> None:
        self._kill(child.pid)
        os.close(child.pidfd)
        _, state, used = os.wait4(child.pid, 0)
        watch.end_orphans({other.pid for other in self.children.values()})
        cpu = used.ru_utime + used.ru_stime
        status, detail = child.reason, child.detail
        if not status:
            status, detail = self._verdict(os.waitstatus_to_exitcode(state), cpu)
        self.tell(
            number=child.number, status=status, detail=detail, wall=time.monotonic() - child.started, cpu=cpu,
            memory=used.ru_maxrss * 1024,
        )  # fmt: skip

    def _verdict(self, code: int, cpu: float) -> tuple[str, str]:
        if code in STATUS:
            return STATUS[code], ""
        if code == -signal.SIGXCPU or (code == -signal.SIGKILL and cpu >= self.limits.cpu):
            return "cpu", f"{self.limits.cpu} s"
        return "killed", signal.Signals(-code).name if code < 0 else f"exit code {code}"

    def tell(self, **message: Any) -> None:
        """Send a message to the runner."""
        self.channel.send(json.dumps(message).encode())


class Notebook:
    """A notebook in the child."""

    def __init__(self, folder: Path, zygote: Zygote) -> None:
        self.folder = folder
        self.home = folder / "box"
        self.limits = zygote.limits
        self.read = zygote.read
        self.keep = zygote.keep
        self.shell = zygote.shell

    def run(self, parent: int) -> int:
        """Lock the door and run the cells; return the exit code."""
        from nbformat import from_dict

        os.setsid()
        box.die_with(parent)
        nb = from_dict(json.loads((self.folder / "notebook.json").read_bytes()))
        self.report = self._close_the_rest()
        try:
            self._settle()
            if self.read:
                box.enter(self.home, self.limits, self.read)
            code = self._cells(nb)
        except BaseException as fault:
            self._tell(fault=f"{type(fault).__name__}: {fault}"[:500])
            return FAULT
        self._tell(end=True)
        return code

    def _close_the_rest(self) -> int:
        """Leave four descriptors open: three times nothing, and the report, which is data nobody trusts."""
        report = os.open(self.folder / "report.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(nothing, fd)
        report = os.dup2(report, 3)
        for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - only the names are wanted
            with contextlib.suppress(OSError):
                if int(name) > report:
                    os.close(int(name))
        return report

    def _settle(self) -> None:
        import tempfile

        os.chdir(self.home)
        os.environ.update(HOME=str(self.home), TMPDIR=str(self.home))
        tempfile.tempdir = None
        # The kernel's out-of-memory killer shall take the notebook, not the marking.
        Path("/proc/self/oom_score_adj").write_text("1000")

    def _cells(self, nb: Any) -> int:
        from . import engine

        last = engine.CellResult(-1)

        def on_cell(cell: Any, result: engine.CellResult) -> None:
            nonlocal last
            last = result
            line: dict[str, Any] = {"cell": result.index, "count": cell.execution_count}
            if result.error:
                line |= {"error": result.error, "tolerated": result.tolerated, "text": _message(cell)}
            if self.keep:
                line["outputs"] = cell.outputs
            if self.keep or result.error:
                self._tell(**line)

        engine.WarmEngine.execute_notebook(
            nb, "python3", shell=self.shell, execution_timeout=self.limits.cell, on_cell=on_cell
        )
        if self.shell.recorder.room < 0:
            return OUTPUT
        if last.error and not last.tolerated:
            return MEMORY if last.error == "MemoryError" else ERROR
        return DONE

    def _tell(self, **line: Any) -> None:
        os.write(self.report, json.dumps(line).encode() + b"\n")


def _message(cell: Any) -> str:
    errors = [output for output in cell.outputs if output["output_type"] == "error"]
    return str(errors[-1]["evalue"])[:300] if errors else ""


def _warm() -> None:
    # Takes a second to compile a grammar for internationalised addresses, which jsonschema can do without.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    for name in WARM:
        # Parts of the package may be missing; a notebook that needs one will say so.
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            if not name.startswith("crm_exercises"):
                raise
    from . import engine

    engine.warm_up()
    del sys.modules["rfc3987_syntax"]


def main() -> None:
    """Serve over the socket whose descriptor is the first argument, with the settings in the second."""
    settings = json.loads(sys.argv[2])
    box.die_with(settings.pop("parent"))
    # A terminal's Ctrl-C is for the runner, which then hangs up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inside = namespaces.enter(int(sys.argv[1])) if settings["boxed"] else ""
    box.adopt_orphans()
    with socket.socket(fileno=int(sys.argv[1])) as channel:
        zygote = Zygote(channel, box.Limits(**settings.pop("limits")), **settings)
        walls = "none"
        if zygote.boxed:
            found = probe.probe_here(zygote.extra, inside)
            if not found.stands:
                zygote.tell(walls=found.reason)
                return
            walls = found.walls
        _warm()
        zygote.prepare()
        # Nothing is collected here any more, so that children share these pages as they are.
        gc.collect()
        gc.freeze()
        zygote.tell(ready=True, box=walls)
        zygote.serve()
    for child in zygote.children.values():
        zygote._kill(child.pid)
    watch.end_orphans(set())
