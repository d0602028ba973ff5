"""The papermill engine ``crm-warm`` (entry point ``papermill.engine``).

It stands apart from :mod:`.engine` because papermill loads it while papermill itself is being imported.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from nbformat import NotebookNode
from papermill.engines import Engine, NotebookExecutionManager

from .engine import CellResult, Run, forget_shells, new_shell
from .shell import Recorder, WarmShell


class WarmEngine(Engine):
    """The papermill engine ``crm-warm``: ``papermill in.ipynb out.ipynb --engine crm-warm``."""

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool | dict[str, Any] = False,
        log_output: bool = False,
        autosave_cell_every: int = 0,
        **kwargs: Any,
    ) -> NotebookNode:
        """Run ``nb`` in this process. The file is written by papermill at the end, not once per cell."""
        nb.metadata.setdefault("papermill", NotebookNode())
        result: NotebookNode = super().execute_notebook(
            nb, kernel_name, None, progress_bar, log_output, autosave_cell_every, **kwargs
        )
        return result

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        shell: WarmShell | None = None,
        render: bool = True,
        execution_timeout: float | None = None,
        on_cell: Callable[[NotebookNode, CellResult], None] | None = None,
        **kwargs: Any,
    ) -> None:
        """Run all cells; papermill's records of each are kept if outputs are.

        Parameters
        ----------
        shell
            A fresh shell; one is made if there is none.
        render
            Whether outputs are wanted; without them only errors are kept, and no figure or table is drawn.
        execution_timeout
            Seconds for one cell.
        on_cell
            Called after each code cell.
        """
        nb = nb_man.nb
        main = sys.modules["__main__"]
        run = Run(shell or new_shell(Recorder(render=render)), execution_timeout)
        # When a cell ran is an output too, and takes papermill longer to write down than many a cell to run.
        keep = run.recorder.render
        try:
            for cell, result in run.cells(nb, lambda index, cell: keep and nb_man.cell_start(cell, index)):
                if result.error and not result.tolerated:
                    nb_man.cell_exception(cell, cell_index=result.index)
                if keep:
                    nb_man.cell_complete(cell, cell_index=result.index)
                if on_cell:
                    on_cell(cell, result)
        finally:
            if shell is None:
                # The caller's process goes on: give it back what a shell takes.
                sys.modules["__main__"] = main
                forget_shells()
        nb.metadata["language_info"] = {
            "codemirror_mode": {"name": "ipython", "version": 3},
            "file_extension": ".py",
            "mimetype": "text/x-python",
            "name": "python",
            "nbconvert_exporter": "python",
            "pygments_lexer": "ipython3",
            "version": sys.version.split()[0],
        }
