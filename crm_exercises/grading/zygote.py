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
import pkgutil
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
WARM = (
    "IPython", "numpy", "pandas", "openpyxl", "matplotlib", "matplotlib.pyplot", "scipy.stats", "scipy.optimize",
    "sqlite3", "zoneinfo", "crm_exercises.grading.child",
)  # fmt: skip
# All that a notebook may use of this package.
PARTS = ("crm_exercises", "crm_exercises.core", "crm_exercises.learning", "crm_exercises.trade")
NOT_PARTS = ("crm_exercises.authoring", "crm_exercises.grading", "crm_exercises.cli")


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
        self.read: tuple[Path, ...] | None = None
        self.shell: Any = None
        self.children: dict[int, Child] = {}

    def ready(self, inside: str) -> bool:
        """Try the walls, import everything, say so. ``inside`` names the namespaces around this process."""
        walls = "none"
        if self.boxed:
            found = probe.probe_here(self.extra, inside)
            if not found.stands:
                self.tell(walls=found.reason)
                return False
            self.read = box.readable(self.extra)
            walls = found.walls
        _warm()
        self._prepare()
        # Nothing is collected here any more, so that children share these pages as they are.
        gc.collect()
        gc.freeze()
        self.tell(ready=True, box=walls)
        return True

    def _prepare(self) -> None:
        """Make the shell that each child gets a copy of."""
        import random

        import numpy as np

        from . import engine
        from .shell import Recorder

        # Children inherit the state of both in any case; so let a second marking give what the first gave.
        random.seed(0)
        np.random.seed(0)
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
        # Imported late, like all that is heavy: first come the namespaces.
        from .child import FAULT, Notebook

        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            code = FAULT
            try:
                code = Notebook(Path(folder), self.limits, self.read, self.shell).run(parent)
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
            self.kill(child.pid)

    @staticmethod
    def kill(pid: int) -> None:
        """End a child and what is left of its group."""
        # The child leads a group of its own; it may not have got so far yet.
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError):
                kill(pid, signal.SIGKILL)

    def _end(self, child: Child) -> None:
        self.kill(child.pid)
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
        from .child import STATUS

        if code in STATUS:
            return STATUS[code], ""
        if code == -signal.SIGXCPU or (code == -signal.SIGKILL and cpu >= self.limits.cpu):
            return "cpu", f"{self.limits.cpu} s"
        return "killed", signal.Signals(-code).name if code < 0 else f"exit code {code}"

    def tell(self, **message: Any) -> None:
        """Send a message to the runner."""
        self.channel.send(json.dumps(message).encode())


WARM_UP = (
    "from crm_exercises.fonts import use_fonts\nuse_fonts()",
    "import io\nimport matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd",
    "orders = pd.read_csv(io.StringIO('id,day,amount\\n1,2024-01-02,3.5\\n1,2024-01-05,4\\n2,2024-02-03,'))\n"
    "orders['day'] = pd.to_datetime(orders['day'])\norders",
    "spent = orders.groupby('id', as_index=False).agg(n=('amount', 'size'), amount=('amount', 'sum'))\n"
    "spent.merge(orders, on='id').pivot_table(index='id', values='day', aggfunc='max')\n"
    "pd.cut(spent['amount'], 2, labels=['low', 'high']), orders.describe(), orders['day'].dt.to_period('M')",
    "figure, axes = plt.subplots()\nspent.plot.bar(x='id', y='amount', ax=axes, title='客户')\n"
    "axes.scatter([1, 2], [1, 2])\naxes.legend()\nfigure.tight_layout()\nplt.show()",
    "raise ValueError",
)


def warm_up() -> None:
    """Do once what libraries put off until the first plot, the first ``read_csv`` and so on."""
    import matplotlib as mpl
    from nbformat.v4 import new_code_cell, new_notebook

    from .engine import Run, new_shell
    from .shell import Recorder

    cells = [new_code_cell(code) for code in WARM_UP]
    for cell in (cells[0], cells[-1]):
        cell.metadata["tags"] = ["raises-exception"]
    settings = mpl.rcParams.copy()
    for _, result in Run(new_shell(Recorder())).cells(new_notebook(cells=cells)):
        if result.error and not result.tolerated:
            raise RuntimeError(f"the warm-up failed in cell {result.index}: {result.error}")
    mpl.rcParams.update(settings)


def _warm() -> None:
    # Takes a second to compile a grammar for internationalised addresses, which jsonschema can do without.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    for name in WARM:
        importlib.import_module(name)
    for part in PARTS:
        for module in pkgutil.iter_modules(importlib.import_module(part).__path__, f"{part}."):
            # A part that is broken or lacks a library must not stop the notebooks that do not need it.
            with contextlib.suppress(Exception):
                if module.name not in NOT_PARTS:
                    importlib.import_module(module.name)
    warm_up()
    _read_data()
    del sys.modules["rfc3987_syntax"]


def _read_data() -> None:
    """Read the data sets once; each notebook draws its own share from these pages."""
    from ..core.errors import DataError
    from ..data import names, pool

    # A damaged file must not stop the notebooks that do not need it.
    with contextlib.suppress(DataError):
        for name in names():
            with contextlib.suppress(DataError):
                pool(name)


def main() -> None:
    """Serve over the socket whose descriptor is the first argument, with the settings in the second."""
    descriptor, settings = int(sys.argv[1]), json.loads(sys.argv[2])
    sys.argv[1:] = []
    # A terminal's Ctrl-C is for the runner, which then hangs up.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inside = namespaces.enter(descriptor) if settings["boxed"] else ""
    box.adopt_orphans()
    with socket.socket(fileno=descriptor) as channel:
        zygote = Zygote(channel, box.Limits(**settings.pop("limits")), **settings)
        try:
            if zygote.ready(inside):
                zygote.serve()
        finally:
            for child in zygote.children.values():
                zygote.kill(child.pid)
            watch.end_orphans(set())
