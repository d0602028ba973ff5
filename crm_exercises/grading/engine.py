"""Run a notebook's cells in this process: no kernel, no sockets, the same outputs.

``papermill_engine.WarmEngine`` is the papermill engine ``crm-warm``. A stock kernel takes seconds to start and to import pandas; a
process that has done so once and forks for each notebook has it behind it.
"""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import getpass
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode

from .shell import OutputFullError, Recorder, WarmShell

# Once more every so many seconds, for a cell that swallows the first time-out.
AGAIN = 5.0


class CellTimeoutError(BaseException):
    """A cell has run for too long; not an ``Exception``, so that ``except Exception`` does not eat it."""


@dataclass(frozen=True)
class CellResult:
    """How a code cell ended: ``error`` is the name of what it raised, empty if nothing."""

    index: int
    error: str = ""
    tolerated: bool = False


def new_shell(recorder: Recorder) -> WarmShell:
    """Return a fresh shell, which is from now on what ``get_ipython()`` returns."""
    forget_shells()
    shell: WarmShell = WarmShell.instance(recorder=recorder)
    _inline_figures(shell)
    return shell


def forget_shells() -> None:
    for kind in WarmShell.mro():
        if issubclass(kind, InteractiveShell):
            kind._instance = None


def _inline_figures(shell: WarmShell) -> None:
    """Set up inline figures as ``import matplotlib`` does in a kernel, though it was imported long ago."""
    from IPython.core.pylabtools import activate_matplotlib
    from matplotlib_inline import backend_inline
    from matplotlib_inline.config import InlineBackend

    backend = "module://matplotlib_inline.backend_inline"
    InlineBackend.clear_instance()
    # The module remembers that figures are set up, but that was in another shell.
    setattr(backend_inline.configure_inline_support, "current_backend", "unset")  # noqa: B010 - mypy knows no attribute
    activate_matplotlib(backend)
    backend_inline.configure_inline_support(shell, backend)


class Run:
    """One run of a notebook through a shell.

    Parameters
    ----------
    shell
        A fresh shell (``new_shell``).
    cell_seconds
        Time-out of one cell, ``None`` for none. Student code can catch it: whoever runs untrusted notebooks needs a
        limit on the whole process as well. Works in the main thread only.
    """

    def __init__(self, shell: WarmShell, cell_seconds: float | None = None) -> None:
        self.shell = shell
        self.recorder: Recorder = shell.recorder
        in_main = threading.current_thread() is threading.main_thread()
        self.cell_seconds = cell_seconds if in_main and hasattr(signal, "setitimer") else None
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Future[Any] | None = None
        self._timed_out = False

    def cells(
        self, nb: NotebookNode, start: Callable[[int, NotebookNode], object] = lambda index, cell: None
    ) -> Iterator[tuple[NotebookNode, CellResult]]:
        """Run cell after cell; each is yielded when it has ended. Stops after the first error that no tag allows."""
        with self._stage():
            for index, cell in enumerate(nb.cells):
                if cell.cell_type != "code":
                    continue
                cell.outputs = []
                cell.execution_count = None
                if not cell.source.strip():
                    continue
                start(index, cell)
                error = self._cell(cell)
                tolerated = bool(error) and "raises-exception" in cell.metadata.get("tags", [])
                yield cell, CellResult(index, error, tolerated)
                if error == OutputFullError.__name__ or (error and not tolerated):
                    return

    def _cell(self, cell: NotebookNode) -> str:
        """Run one cell into its outputs and return the name of its error."""
        cell.execution_count = self.shell.execution_count
        self.recorder.begin(cell.outputs)
        self._timed_out = False
        error = ""
        try:
            with self._alarm():
                # Inside a running loop, as in a kernel: asyncio.create_task works, asyncio.run does not.
                error = self._loop.run_until_complete(self._code(cell.source))
        except BaseException as raised:
            # What went wrong between the student's code and here, e.g. a time-out while a traceback was made.
            self._task = None
            error = type(raised).__name__
            with contextlib.suppress(BaseException):
                self.recorder.error(error, str(raised), [])
        with contextlib.suppress(BaseException):
            self.recorder.flush()
        if self.recorder.room < 0:
            return OutputFullError.__name__
        return CellTimeoutError.__name__ if self._timed_out and error else error

    async def _code(self, source: str) -> str:
        """Run ``source`` as ipykernel's ``do_execute`` does."""
        shell = self.shell
        shell._last_traceback_during_displayhook = False
        # Only such a cell can await anything; to ask the shell would transform each cell twice.
        if "await" not in source and "async" not in source:
            result = shell.run_cell(source, store_history=True)
        else:
            result = await self._awaiting(source)
        raised = result.error_before_exec if result.error_before_exec is not None else result.error_in_exec
        if raised is not None:
            return type(raised).__name__
        return "DisplayError" if shell._last_traceback_during_displayhook else ""

    async def _awaiting(self, source: str) -> Any:
        shell, broken = self.shell, None
        try:
            code = shell.transform_cell(source)
        except Exception:
            code, broken = source, sys.exc_info()
        if not shell.should_run_async(source, transformed_cell=code, preprocessing_exc_tuple=broken):
            return shell.run_cell(source, store_history=True)
        self._task = asyncio.ensure_future(
            shell.run_cell_async(source, store_history=True, transformed_cell=code, preprocessing_exc_tuple=broken)
        )
        result = None
        try:
            result = await self._task
        finally:
            self._task = None
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result

    @contextlib.contextmanager
    def _stage(self) -> Iterator[None]:
        """Swap in what a notebook sees: its streams, its event loop, no keyboard."""
        streams = sys.stdout, sys.stderr, sys.displayhook
        keyboard = builtins.input, getpass.getpass
        sys.stdout, sys.stderr = self.recorder.streams["stdout"], self.recorder.streams["stderr"]
        builtins.input = _no_keyboard
        getpass.getpass = _no_keyboard
        asyncio.set_event_loop(self._loop)
        try:
            yield
        finally:
            sys.stdout, sys.stderr, sys.displayhook = streams
            builtins.input, getpass.getpass = keyboard
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            with contextlib.suppress(BaseException):
                self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.close()
            asyncio.set_event_loop(None)

    @contextlib.contextmanager
    def _alarm(self) -> Iterator[None]:
        if self.cell_seconds is None:
            yield
            return
        before = signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, self.cell_seconds, AGAIN)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def _ring(self, *_: object) -> None:
        first, self._timed_out = not self._timed_out, True
        if first and self._task is not None:
            # The cell awaits: to raise here would end the loop, not the cell.
            self._loop.call_soon_threadsafe(self._task.cancel)
            return
        raise CellTimeoutError(f"the cell ran for more than {self.cell_seconds:g} s")


def _no_keyboard(*_: object, **__: object) -> str:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")
