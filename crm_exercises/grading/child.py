"""What a child of the warm process does: lock the door, run the notebook, say how it went."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import papermill  # noqa: F401 - first: it loads our engine through its entry point
from nbformat import from_dict

from . import box, engine
from .papermill_engine import WarmEngine
from .shell import WarmShell

# Exit codes; student code can give any of them, which only changes what is said of it.
DONE, ERROR, OUTPUT, MEMORY, FAULT = 0, 10, 11, 12, 13
STATUS = {DONE: "done", ERROR: "error", OUTPUT: "output", MEMORY: "memory", FAULT: "killed"}


class Notebook:
    """A notebook in a child.

    Parameters
    ----------
    folder
        The job's folder: in it ``notebook.json``, the working folder ``box``, and later ``report.jsonl``.
    read
        What it may read; ``None`` for no box.
    shell
        A fresh shell.
    """

    def __init__(self, folder: Path, limits: box.Limits, read: tuple[Path, ...] | None, shell: WarmShell) -> None:
        self.folder = folder
        self.home = folder / "box"
        self.limits = limits
        self.read = read
        self.shell = shell
        self.keep = shell.recorder.render

    def run(self, parent: int) -> int:
        """Lock the door and run the cells; return the exit code."""
        os.setsid()
        box.die_with(parent)
        nb = from_dict(json.loads((self.folder / "notebook.json").read_bytes()))
        self.report = self._close_the_rest()
        try:
            self._settle()
            if self.read is not None:
                box.enter(self.home, self.limits, self.read)
        except BaseException as fault:
            # Without walls nothing is run.
            self._tell(fault=f"the box: {fault}"[:500])
            return FAULT
        try:
            code = self._cells(nb)
        except BaseException as fault:
            # The notebook has broken what runs it.
            self._tell(fault=f"{type(fault).__name__}: {fault}"[:500])
            return ERROR
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
        signal.signal(signal.SIGINT, signal.default_int_handler)
        # A notebook lives for a second: little of what it makes is worth the search for rubbish.
        gc.set_threshold(50_000, 20, 100)
        os.chdir(self.home)
        # As in a kernel, modules beside the notebook can be imported.
        sys.path.insert(0, "")
        os.environ.update(HOME=str(self.home), TMPDIR=str(self.home))
        tempfile.tempdir = None
        # The kernel's out-of-memory killer shall take the notebook, not the marking.
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")

    def _cells(self, nb: Any) -> int:
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

        WarmEngine.execute_notebook(
            nb, "python3", shell=self.shell, execution_timeout=self.limits.cell, on_cell=on_cell
        )
        if self.shell.recorder.room < 0:
            return OUTPUT
        if last.error and not last.tolerated:
            return MEMORY if last.error == "MemoryError" else ERROR
        return DONE

    def _tell(self, **line: Any) -> None:
        # A notebook can close it or fill it up; then less is said of it.
        with contextlib.suppress(OSError):
            os.write(self.report, json.dumps(line).encode() + b"\n")


def _message(cell: Any) -> str:
    errors = [output for output in cell.outputs if output["output_type"] == "error"]
    return str(errors[-1]["evalue"])[:300] if errors else ""
