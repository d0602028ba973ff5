"""Notebooks in stock kernels, one process each: for systems without fork, and to compare with.

No box: student code has the rights of whoever runs it. Of the limits only those of time hold.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .box import PACKAGE, Limits

# This very package, but nothing beside it before what is installed.
CODE = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); import crm_exercises; sys.path.append(sys.path.pop(0));"
    "from crm_exercises.grading.stock import main; main()"
)
TICK = 0.05
DONE, ERROR, KILLED = 0, 10, 13


@dataclass
class _Process:
    popen: subprocess.Popen[bytes]
    started: float


class Stock:
    """Starts one papermill per notebook and ends what takes too long, with all that it has started."""

    box = "none"

    def __init__(self, root: Path, limits: Limits, settings: Mapping[str, Any], env: Mapping[str, str]) -> None:
        self.limits = limits
        # The course's own variables may say where keys are.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CRM_") or name == "CRM_HOME"}
        found = [path for path in (kept.get("PYTHONPATH"), os.fspath(PACKAGE.parent)) if path]
        self.env = {**kept, **env, "PYTHONHASHSEED": "0", "PYTHONPATH": os.pathsep.join(found)}
        self.processes: dict[int, _Process] = {}

    def send(self, number: int, folder: Path) -> None:
        """Start the notebook in ``folder``."""
        command = [sys.executable, "-P", "-c", CODE, os.fspath(PACKAGE.parent), json.dumps(asdict(self.limits))]
        with (folder / "log").open("wb") as log:
            popen = subprocess.Popen(
                command, cwd=folder / "box", env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self.processes[number] = _Process(popen, time.monotonic())

    def messages(self, seconds: float) -> list[dict[str, Any]]:
        """Return what has ended within ``seconds``."""
        until = time.monotonic() + seconds
        while True:
            ended = [message for number in list(self.processes) if (message := self._look(number))]
            if ended or time.monotonic() > until:
                return ended
            time.sleep(TICK)

    def _look(self, number: int) -> dict[str, Any] | None:
        process = self.processes[number]
        wall = time.monotonic() - process.started
        code = process.popen.poll()
        if code is None and wall <= self.limits.wall:
            return None
        _end_tree(process.popen)
        del self.processes[number]
        status, detail = "timeout", f"{self.limits.wall:g} s"
        if code is not None:
            status, detail = {DONE: ("done", ""), ERROR: ("error", "")}.get(code, ("killed", f"exit code {code}"))
        return {"number": number, "status": status, "detail": detail, "wall": wall}

    def close(self) -> None:
        """End what still runs."""
        for process in self.processes.values():
            _end_tree(process.popen)
        self.processes.clear()


def _end_tree(popen: subprocess.Popen[bytes]) -> None:
    """End a process, its kernel and whatever the kernel has started."""
    import psutil

    found = []
    with contextlib.suppress(psutil.Error):
        found = psutil.Process(popen.pid).children(recursive=True)
    for process in found:
        with contextlib.suppress(psutil.Error):
            process.kill()
    popen.kill()
    popen.wait()


def main() -> None:
    """Run the notebook beside the working folder with the limits in the first argument."""
    limits = Limits(**json.loads(sys.argv[1]))
    folder = Path.cwd().parent
    import nbformat
    from papermill.engines import NBClientEngine

    nb = nbformat.from_dict(json.loads((folder / "notebook.json").read_text(encoding="utf-8")))
    nb.metadata["papermill"] = nbformat.NotebookNode()
    code, fault = DONE, ""
    try:
        NBClientEngine.execute_notebook(
            nb, "python3", progress_bar=False, autosave_cell_every=0, execution_timeout=int(limits.cell)
        )
        if nb.metadata.papermill.exception:
            code = ERROR
    except Exception as error:
        # A dead kernel or a cell's time-out: papermill raises nbclient's own.
        code, fault = ERROR, f"{type(error).__name__}: {error}"[:300]
    with (folder / "report.jsonl").open("w", encoding="utf-8") as report:
        for index, cell in enumerate(nb.cells):
            if cell.cell_type == "code":
                report.write(json.dumps(_line(index, cell)) + "\n")
        report.write(json.dumps({"end": True, "fault": fault, "cpu": _cpu()}) + "\n")
    sys.exit(code)


def _line(index: int, cell: Any) -> dict[str, Any]:
    line = {"cell": index, "count": cell.execution_count, "outputs": cell.outputs}
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if errors:
        line |= {"error": errors[-1].ename, "text": errors[-1].evalue[:300]}
    return line


def _cpu() -> float:
    try:
        import resource
    except ImportError:
        return 0.0
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
