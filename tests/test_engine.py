"""The engine without sockets gives the outputs of a stock kernel."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from box_notebooks import notebook

pytest.importorskip("resource")

CELLS = [
    "print('first')\nprint('second')\n1 + 1",
    "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again')",
    "import pandas as pd\ntable = pd.DataFrame({'id': [1, 2], '名': ['甲', '乙']})\ntable",
    "table.style.format(precision=1).set_uuid('x')",
    "print(table)\ndisplay(table, 'text')\ntable['id']",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.plot([1, 2, 3])",
    "plt.bar(['a', 'b'], [1, 2])\nplt.title('bars')\nplt.show()\nprint('after')\nplt.plot([3, 1])",
    "axes.set_title('again')\nfigure",
    "from IPython.display import HTML, Markdown, Image, JSON, clear_output, display, update_display\n"
    "handle = display('one', display_id='here')\nHTML('<b>x</b>')",
    "update_display('two', display_id='here')\nhandle.update('three')\nMarkdown('*m*')",
    "print('gone')\nclear_output()\nprint('stays')",
    "display('gone too')\nclear_output(wait=True)\ndisplay('stays too')",
    "display('kept')\nclear_output(wait=True)",
    "JSON({'a': [1, (2, 3)]})",
    "class Bytes:\n    def _repr_png_(self): return b'\\x89PNG\\r\\n\\x1a\\n'\n    def __repr__(self): return 'Bytes'\nBytes()",
    "import asyncio\nasync def later():\n    await asyncio.sleep(0.01)\n    return 'later'\nawait later()",
    "task = asyncio.create_task(later())\ntask.done()",
    "await task",
    "_ , __, In[1], Out[1]",
    "%time 1\n%%capture",
    "%%capture taken\nprint('taken')\n5",
    "taken.stdout",
    "%who_ls DataFrame",
    "x = 3; x;",
    "None",
    "",
    "# only a comment",
    "table?",
    "input('name')",
    "def f(n):\n    return 1 / n\nf(0)",
    "print('before')\nprint('e', file=sys.stderr)\nraise ValueError('错')",
    "if True\n    pass",
    "    bad indent\n  x",
    "import warnings\nwarnings.warn('careful')",
    "class Ill:\n    def __repr__(self): raise KeyError('no repr')\nIll()",
    "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise RuntimeError('chained') from error",
    "%nosuchmagic",
    "sys.exit(3)",
    "raise KeyboardInterrupt",
    "get_ipython().__class__.__name__, 'IPKernelApp' in get_ipython().config, __name__",
    "from tqdm.auto import tqdm\ntqdm.__module__",
    "print('no newline', end='')",
    "import logging\nlogging.warning('logged')",
    "pd.options.display.max_rows, pd.io.formats.console.in_interactive_session()",
    "for i in range(3):\n    print(i, end='\\r')",
    "import time\nfor i in range(3):\n    print(i, flush=True)",
    "assert table.equals(1), 'differs'",
    "from IPython import get_ipython\nget_ipython().run_cell('print(7)\\n8').result",
    "%run -i nosuch.py",
    "%%html\n<i>cell</i>",
    "%%time\nsum(range(10))",
]


def coalesced(outputs: list[Any]) -> list[Any]:
    """Join neighbouring texts of one stream, standard output first: a kernel sends them whenever it has time."""
    joined: list[Any] = []
    texts: dict[str, str] = {}

    def flush() -> None:
        for name in sorted(texts, key=("stdout", "stderr").index):
            joined.append({"output_type": "stream", "name": name, "text": texts[name]})
        texts.clear()

    for output in outputs:
        if output["output_type"] == "stream":
            texts[output["name"]] = texts.get(output["name"], "") + output["text"]
        else:
            flush()
            joined.append(output)
    flush()
    return joined


def plain(output: Any) -> Any:
    """Take out what differs between any two runs: addresses, process ids, times."""
    text = json.dumps(output, ensure_ascii=False, sort_keys=True)
    for pattern, instead in (
        (r"0x[0-9a-f]{6,}", "0x"),
        (r"ipykernel_\d+/\d+", "ipykernel"),
        (r"/tmp/[^\"]*?ipykernel", "ipykernel"),
        (r"(CPU times|Wall time):[^\"]*?\\n(?=\"|[A-Z])", r"\1\\n"),
        (r"Wall time: [^\\\"]*", "Wall time"),
        (r"name='Task-\d+'", "name"),
    ):
        text = re.sub(pattern, instead, text)
    return json.loads(text)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Any], list[Any]]:
    """Run the cells in both engines and return their code cells."""
    folder = tmp_path_factory.mktemp("both")
    nb = notebook(*CELLS, tags=("raises-exception",))
    (folder / "in.ipynb").write_text(json.dumps(nb), encoding="utf-8")
    code = (
        "import sys, json, nbformat, papermill.engines as engines\n"
        "import papermill\nfrom crm_exercises.grading.papermill_engine import WarmEngine\nfrom crm_exercises.grading.zygote import warm_up\n"
        "nb = nbformat.read('in.ipynb', 4); nb.metadata.papermill = nbformat.NotebookNode()\n"
        "engine = engines.NBClientEngine if sys.argv[1] == 'stock' else WarmEngine\n"
        "if sys.argv[1] == 'warm': warm_up()\n"
        "engine.execute_notebook(nb, 'python3', progress_bar=False)\n"
        "json.dump(nb, open(sys.argv[1] + '.json', 'w'))\n"
    )
    root = Path(__file__).parents[1]
    env = {**os.environ, "PYTHONPATH": str(root), "IPYTHONDIR": str(folder / "ipython"), "PYTHONHASHSEED": "0"}
    env.pop("MPLBACKEND", None)
    for name in ("stock", "warm"):
        subprocess.run([sys.executable, "-c", code, name], cwd=folder, env=env, check=True)
    found = [json.loads((folder / f"{name}.json").read_text())["cells"] for name in ("stock", "warm")]
    return found[0], found[1]


@pytest.mark.parametrize("index", range(len(CELLS)), ids=[cell.splitlines()[0] if cell else "empty" for cell in CELLS])
def test_outputs_are_those_of_a_kernel(both: tuple[list[Any], list[Any]], index: int) -> None:
    stock, warm = (cells[index] for cells in both)
    ours, theirs = plain(coalesced(warm["outputs"])), plain(coalesced(stock["outputs"]))
    if "input" in stock["source"]:
        # Raised inside the kernel there and inside the engine here: the frames have other names.
        ours[0]["traceback"], theirs[0]["traceback"] = ours[0]["traceback"][:3], theirs[0]["traceback"][:3]
    assert ours == theirs
    assert warm["execution_count"] == stock["execution_count"]


def test_outputs_are_valid(both: tuple[list[Any], list[Any]]) -> None:
    nb = nbformat.from_dict({**notebook(), "cells": both[1]})
    for cell in nb.cells:
        cell.metadata.pop("papermill", None)
    nbformat.validate(nb)


ALONE = """
import json, sys, time
import nbformat, papermill
from papermill.engines import papermill_engines
from crm_exercises.grading.engine import Run, new_shell
from crm_exercises.grading.papermill_engine import WarmEngine
from crm_exercises.grading.shell import Recorder
from box_notebooks import notebook

def run(*cells, tags=(), render=True, room=1 << 62, seconds=None):
    nb = nbformat.from_dict(notebook(*cells, tags=tags))
    began = time.monotonic()
    ended = list(Run(new_shell(Recorder(render, room)), seconds).cells(nb))
    return {
        "errors": [result.error for _, result in ended],
        "outputs": [cell.outputs for cell in nb.cells],
        "seconds": time.monotonic() - began,
    }

found = {}
found["stops"] = run("1", "1/0", "2")
found["tolerates"] = run("1", "1/0", "2", tags=["raises-exception"])
found["exit"] = run("exit()", "2")
found["system exit"] = run("raise SystemExit", "2", tags=["raises-exception"])
found["unrendered"] = run("import pandas as pd\\nprint(1)\\ndisplay(2)\\npd.DataFrame()", "1/0", render=False)
found["time-out"] = run("while True: pass", seconds=0.3)
found["time-out in sleep"] = run("import time\\ntime.sleep(9)", seconds=0.3)
found["time-out in await"] = run("import asyncio\\nawait asyncio.sleep(9)", "2", tags=["raises-exception"], seconds=0.3)
found["time-out, except Exception"] = run(
    "try:\\n  while True: sum(range(9))\\nexcept Exception: print('caught')", seconds=0.3
)
found["time-out, caught"] = run("try:\\n  while True: sum(range(9))\\nexcept BaseException: print('caught')", seconds=0.3)
found["output"] = run("while True: print('x' * 1000)", "2", tags=["raises-exception"], room=100_000)
found["output, swallowed"] = run(
    "while True:\\n  try:\\n    while True: print('x' * 1000)\\n  except BaseException: break",
    "2", tags=["raises-exception"], room=100_000)
found["output, unrendered"] = run("while True: print('x' * 1000)", render=False, room=100_000)
figure = "import matplotlib.pyplot as plt\\nfrom matplotlib.figure import Figure\\n" \
    "plt.plot([1])\\nFigure.savefig = Figure.draw = None"
found["figure, unrendered"] = run(figure, "plt.get_fignums()\\nassert not plt.get_fignums()", render=False)
main = sys.modules["__main__"]
papermill_engines.register("crm-warm", WarmEngine)
papermill.execute_notebook(
    nbformat.from_dict(notebook("x = 1", "print(x)")), "out.ipynb", parameters={"x": 5}, engine_name="crm-warm")
found["papermill"] = nbformat.read("out.ipynb", 4)
found["main"] = sys.modules["__main__"] is main
json.dump(found, open("found.json", "w"))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run in a process of its own, since a shell takes hold of the process that it runs in."""
    folder = tmp_path_factory.mktemp("alone")
    here = Path(__file__).parent
    env = {**os.environ, "PYTHONPATH": f"{here.parent}{os.pathsep}{here}", "IPYTHONDIR": str(folder / "ipython")}
    subprocess.run([sys.executable, "-c", ALONE], cwd=folder, env=env, check=True)
    result: dict[str, Any] = json.loads((folder / "found.json").read_text())
    return result


def test_stops_at_the_first_error_that_no_tag_allows(found: dict[str, Any]) -> None:
    assert found["stops"]["errors"] == ["", "ZeroDivisionError"]
    assert found["tolerates"]["errors"] == ["", "ZeroDivisionError", ""]


def test_exit_is_an_error_of_its_cell(found: dict[str, Any]) -> None:
    assert found["exit"]["errors"] == ["SystemExit"]
    assert found["system exit"]["errors"] == ["SystemExit", ""]


def test_without_rendering_only_errors_are_kept(found: dict[str, Any]) -> None:
    first, second = found["unrendered"]["outputs"]
    assert first == []
    assert [output["ename"] for output in second] == ["ZeroDivisionError"]
    assert "\x1b" not in "".join(second[0]["traceback"])
    assert found["figure, unrendered"]["errors"] == ["", ""]


def test_time_out_of_a_cell(found: dict[str, Any]) -> None:
    for name in ("time-out", "time-out in sleep", "time-out, except Exception"):
        assert found[name]["errors"] == ["CellTimeoutError"], name
        assert found[name]["seconds"] < 5, name
    assert found["time-out in await"]["errors"] == ["CellTimeoutError", ""]
    # A cell may catch it: the limit on the whole process is what counts then.
    assert found["time-out, caught"]["errors"] == [""]


def test_output_is_limited(found: dict[str, Any]) -> None:
    for name in ("output", "output, swallowed", "output, unrendered"):
        assert found[name]["errors"] == ["OutputFullError"], name


def test_as_an_engine_of_papermill(found: dict[str, Any]) -> None:
    cells = found["papermill"]["cells"]
    assert [cell["metadata"]["papermill"]["status"] for cell in cells] == ["completed"] * 3
    assert cells[2]["outputs"][0]["text"] == "1\n"
    assert cells[0]["metadata"]["tags"] == ["injected-parameters"]
    assert found["main"] is True
