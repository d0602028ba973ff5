"""The runner: what it says of each kind of end, that jobs do not touch each other, that nothing stays behind."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from box_notebooks import TELL, notebook, told

from crm_exercises.core.errors import UsageError
from crm_exercises.grading import runner, warm, watch
from crm_exercises.grading.box import MIB, BoxError, Limits
from crm_exercises.grading.runner import Job, Ran, Settings, run
from crm_exercises.grading.statement import Statement, read_untrusted

linux = pytest.mark.skipif(sys.platform != "linux", reason="the warm engine needs Linux")
LIMITS = Limits(
    wall=12, cell=3, cpu=2, folder=8 * MIB, file=4 * MIB, files=50, output=MIB, threads=16, memory=512 * MIB
)
WRITE = "open('answers.jsonl', 'a').write('kept\\n')"

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "fine": ("done", notebook(WRITE, "import pandas as pd\npd.DataFrame({'a': [1]})")),
    "tolerated": ("done", notebook("1/0", WRITE, tags=("raises-exception",))),
    "failing": ("error", notebook(WRITE, "1/0", WRITE)),
    "exit": ("error", notebook(WRITE, "exit()")),
    "os exit": ("error", notebook(WRITE, "import os\nos._exit(0)")),
    "os exit 10": ("error", notebook(WRITE, "import os\nos._exit(10)")),
    "cell time-out": ("error", notebook(WRITE, "import time\ntime.sleep(60)")),
    "swallows time-outs": (
        "timeout",
        notebook(WRITE, "import time\nwhile True:\n  try:\n    time.sleep(60)\n  except BaseException: pass"),
    ),
    "no alarm": ("timeout", notebook(WRITE, "import signal, time\nsignal.setitimer(signal.ITIMER_REAL, 0)\ntime.sleep(60)")),
    "stopped": ("timeout", notebook(WRITE, "import os\nos.kill(os.getpid(), 19)")),
    "busy": ("cpu", notebook(WRITE, "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0)\nwhile True: sum(range(999))")),
    "busy, deaf": (
        "cpu",
        notebook(
            WRITE,
            "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0)\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\n"
            "while True: sum(range(999))",
        ),
    ),
    "memory": ("memory", notebook(WRITE, "x = bytearray(3 << 30)")),
    "memory bit by bit": ("memory", notebook(WRITE, "x = []\nwhile True: x.append(bytearray(1 << 26))")),
    "output": ("output", notebook(WRITE, "while True: print('x' * 9999)")),
    "disk": (
        "disk",
        notebook(WRITE, "import time\nfor n in range(99):\n  open(str(n), 'wb').write(bytes(1 << 20))\ntime.sleep(2)"),
    ),
    "hidden disk": (
        "disk",
        notebook(
            WRITE,
            "import os, time\nheld = []\nfor n in range(40):\n  f = open('f', 'wb', 0)\n  f.write(bytes(1 << 20))\n"
            "  os.unlink('f')\n  held.append(f)\ntime.sleep(2)",
        ),
    ),
    "many files": ("disk", notebook(WRITE, "import time\nfor n in range(99): open(str(n), 'w')\ntime.sleep(2)")),
    "deep folders": (
        "disk",
        notebook(WRITE, "import os, time\nfor n in range(40): os.mkdir('d' * 200); os.chdir('d' * 200)\ntime.sleep(2)"),
    ),
    "signal": ("killed", notebook(WRITE, "import os\nos.kill(os.getpid(), 9)")),
    "crash": ("killed", notebook(WRITE, "import ctypes\nctypes.string_at(0)")),
    # The supervisor counts threads; who is not root meets the kernel's own limit first.
    "threads": (
        "killed or error",
        notebook(WRITE, "import threading, time\nfor n in range(40): threading.Thread(target=time.sleep, args=[9]).start()\ntime.sleep(2)"),
    ),
}  # fmt: skip


def processes() -> set[int]:
    """Return all processes that descend from this one."""
    psutil = pytest.importorskip("psutil")
    return {process.pid for process in psutil.Process().children(recursive=True)}


@pytest.fixture(scope="module")
def ends() -> dict[str, Ran]:
    """Run all kinds in one go, in any order, several at a time."""
    if sys.platform != "linux":
        pytest.skip("the warm engine needs Linux")
    before = processes()
    jobs = [Job(key, nb, meta=key.upper()) for key, (_, nb) in KINDS.items()]
    random.Random(5).shuffle(jobs)
    try:
        found = {ran.key: ran for ran in run(jobs, Settings(LIMITS), workers=4)}
    except BoxError as error:
        pytest.skip(f"no box here: {error.params}")
    assert processes() == before
    return found


@pytest.mark.parametrize("key", KINDS)
def test_says_how_it_ended(ends: dict[str, Ran], key: str) -> None:
    ran = ends[key]
    assert ran.status in KINDS[key][0].split(" or "), ran
    assert ran.answers == b"kept\n"
    assert ran.meta == key.upper()
    assert ran.wall < LIMITS.wall + 3


def test_says_what_went_wrong(ends: dict[str, Ran]) -> None:
    assert ends["failing"].errors == {1: "ZeroDivisionError: division by zero"}
    assert ends["failing"].detail == "cell 1: ZeroDivisionError: division by zero"
    assert ends["tolerated"].errors == {0: "ZeroDivisionError: division by zero"}
    assert ends["exit"].errors == {1: "SystemExit"}
    assert ends["cell time-out"].errors[1].startswith("CellTimeoutError")
    assert ends["signal"].detail == "SIGKILL"
    assert ends["crash"].detail == "SIGSEGV"
    assert 0 < ends["fine"].cpu < 3
    assert "Landlock" in ends["fine"].box


@pytest.fixture(scope="module")
def unboxed() -> dict[str, Ran]:
    """Run with our own rights, with outputs."""
    if sys.platform != "linux":
        pytest.skip("the warm engine needs Linux")
    before = processes()
    code = "import subprocess, sys\nfor n in range(3): subprocess.Popen([sys.executable, '-c', CODE], start_new_session=True)"
    daemon = "import os, time; os.fork() or time.sleep(60)"
    jobs = [
        Job("outputs", notebook("print('甲')\n5", "import matplotlib.pyplot as plt\nplt.plot([1])", "1/0")),
        Job("daemons", notebook(f"CODE = {daemon!r}\n{code}", WRITE)),
        Job("files", notebook("open('answers.jsonl', 'w').write(open('in/data.csv').read())"), {"in/data.csv": b"1,2"}),
        Job("env", notebook(TELL + "import os\ntell('env', dict(os.environ))\ntell('cwd', os.listdir())")),
        Job("link", notebook("import os\nos.symlink('/etc/passwd', 'answers.jsonl')")),
        Job("pipe", notebook("import os\nos.mkfifo('answers.jsonl')")),
        Job("folder", notebook("import os\nos.mkdir('answers.jsonl')")),
        Job("much", notebook("open('answers.jsonl', 'wb').write(b'x' * (5 << 20))")),
        Job("deep", notebook("import os\nfor n in range(1500): os.mkdir('d'); os.chdir('d')")),
        Job("report", notebook("import os\nos.write(3, b'[1]\\n{\"cell\": \"x\"}\\n{\"cell\": 0, \"outputs\": 3}\\n' + b'[' * 99999 + b'\\n')", "6")),
    ]  # fmt: skip
    os.environ["SECRET_OF_THE_PARENT"] = "key"
    try:
        found = {
            ran.key: ran for ran in run(jobs, Settings(box="none", keep_outputs=True, env={"EXTRA": "1"}), workers=2)
        }
    finally:
        del os.environ["SECRET_OF_THE_PARENT"]
    assert processes() == before
    return found


def test_says_that_there_is_no_box(unboxed: dict[str, Ran]) -> None:
    assert {ran.box for ran in unboxed.values()} == {"none"}


def test_returns_outputs_on_request(unboxed: dict[str, Ran]) -> None:
    outputs = unboxed["outputs"].outputs
    assert outputs is not None
    first, second, third = (cell["outputs"] for cell in outputs["cells"])
    assert first[0] == {"output_type": "stream", "name": "stdout", "text": "甲\n"}
    assert first[1]["data"] == {"text/plain": "5"}
    assert second[1]["data"]["image/png"]
    assert third[0]["ename"] == "ZeroDivisionError"
    assert [cell["execution_count"] for cell in outputs["cells"]] == [1, 2, 3]


def test_places_files_and_variables_and_no_others(unboxed: dict[str, Ran]) -> None:
    assert unboxed["files"].answers == b"1,2"
    found = told(unboxed["env"].answers)
    assert found["cwd"] == ["answers.jsonl"]
    assert found["env"]["EXTRA"] == "1"
    assert not [name for name in found["env"] if "SECRET" in name]


def test_answers_are_read_from_a_plain_file_only(unboxed: dict[str, Ran]) -> None:
    assert [unboxed[key].answers for key in ("link", "pipe", "folder")] == [b""] * 3
    assert len(unboxed["much"].answers) == Limits().answers


def test_a_forged_report_is_only_data(unboxed: dict[str, Ran]) -> None:
    ran = unboxed["report"]
    assert ran.status == "done"
    assert ran.outputs is not None
    assert ran.outputs["cells"][1]["outputs"][0]["data"] == {"text/plain": "6"}


def test_jobs_are_pulled_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    pulled = 0

    class Fake:
        box = "none"

        def __init__(self, *args: object) -> None:
            self.sent: list[int] = []

        def send(self, number: int, folder: Path) -> None:
            self.sent.append(number)

        def messages(self, seconds: float) -> list[dict[str, Any]]:
            return [{"number": self.sent.pop(0), "status": "done", "detail": ""}]

        def close(self) -> None:
            pass

    def jobs() -> Iterator[Job]:
        nonlocal pulled
        for number in range(500):
            pulled += 1
            yield Job(str(number), notebook("1"))

    monkeypatch.setattr(runner, "Stock", Fake)
    for count, _ in enumerate(run(jobs(), Settings(box="none", engine="stock"), workers=3), start=1):
        assert pulled <= count + 2
    assert (count, pulled) == (500, 500)


@linux
def test_the_end_of_the_warm_process_costs_nobody_else_anything() -> None:
    """Its one weak point is a machine short of memory: the kernel may end it."""
    before = processes()

    def jobs() -> Iterator[Job]:
        yield Job("first", notebook(WRITE))
        yield Job("second", notebook(WRITE, "import time\ntime.sleep(1)"))
        for pid in sorted(processes() - before):  # the warm process first: it must not live to tell
            with contextlib.suppress(ProcessLookupError):  # children die with it
                os.kill(pid, signal.SIGKILL)
        yield Job("third", notebook(WRITE))

    found = {ran.key: ran for ran in run(jobs(), Settings(box="none"), workers=2)}
    assert {key: ran.status for key, ran in found.items()} == {"first": "done", "second": "done", "third": "done"}
    assert {ran.answers for ran in found.values()} == {b"kept\n"}
    assert processes() == before


@linux
def test_a_notebook_that_ends_the_warm_process_ends_alone() -> None:
    kill = "import os, time\ntime.sleep(0.3)\nos.kill(os.getppid(), 9)\ntime.sleep(5)"
    jobs = [
        Job("good", notebook("import time\ntime.sleep(1)", WRITE)),
        Job("bad", notebook(kill)),
        Job("last", notebook(WRITE)),
    ]
    found = {ran.key: ran.status for ran in run(jobs, Settings(box="none"), workers=2)}
    assert found == {"good": "done", "bad": "killed", "last": "done"}


@linux
def test_giving_up_ends_everything() -> None:
    before = processes()
    results = run(
        (Job(str(n), notebook(f"import time\ntime.sleep({n} / 2)")) for n in range(9)), Settings(box="none"), workers=3
    )
    next(results)
    assert processes() != before
    results.close()  # type: ignore[attr-defined]
    assert processes() == before


@linux
def test_the_end_of_the_parent_ends_everything(tmp_path: Path) -> None:
    """Even if it is killed."""
    psutil = pytest.importorskip("psutil")
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]\nfrom box_notebooks import notebook\n"
        "from crm_exercises.grading.runner import Job, run\n"
        "job = lambda code: Job(code, notebook(code))\n"
        "for ran in run([job('1'), job('import time; time.sleep(60)')], workers=1): print('ready', flush=True)"
    )
    here = Path(__file__).parent
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", code, str(here.parent), str(here)], stdout=subprocess.PIPE, env=env
    ) as parent:
        assert parent.stdout
        if not parent.stdout.readline():
            pytest.skip("no box here")
        time.sleep(0.5)
        tree = psutil.Process(parent.pid).children(recursive=True)
        assert tree
        parent.kill()
    _, alive = psutil.wait_procs(tree, timeout=5)
    assert not alive


def test_stock_kernels() -> None:
    pytest.importorskip("psutil")
    before = processes()
    limits = replace(LIMITS, wall=30, cell=3)
    jobs = [
        Job("fine", notebook(WRITE, "print(1)")),
        Job("failing", notebook("1/0", WRITE)),
        Job("cell time-out", notebook(WRITE, "import time\ntime.sleep(60)")),
        Job("dead", notebook(WRITE, "import os\nos._exit(0)")),
    ]
    found = {ran.key: ran for ran in run(jobs, Settings(limits, "none", "stock", keep_outputs=True), workers=2)}
    assert {key: ran.status for key, ran in found.items()} == {
        "fine": "done",
        "failing": "error",
        "cell time-out": "error",
        "dead": "error",
    }
    assert found["fine"].answers == b"kept\n"
    assert found["fine"].outputs is not None
    assert found["fine"].outputs["cells"][1]["outputs"][0]["text"] == "1\n"
    assert found["failing"].errors == {0: "ZeroDivisionError: division by zero"}
    assert "Timeout" in found["cell time-out"].detail
    assert "DeadKernel" in found["dead"].detail
    slow = [Job("slow", notebook("import time\ntime.sleep(99)"))]
    [ran] = run(slow, Settings(replace(LIMITS, wall=4, cell=60), "none", "stock"))
    assert ran.status == "timeout"
    assert processes() == before


def test_calls_that_cannot_be_carried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError):
        run([], Settings(box="perhaps"))  # type: ignore[arg-type]
    with pytest.raises(BoxError):
        run([], Settings(engine="stock"))
    for name in ("../x", "/etc/x", ""):
        with pytest.raises(UsageError):
            list(run([Job("x", notebook("1"), {name: b""})], Settings(box="none", engine="stock")))
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(BoxError):
        run([])


def test_reading_what_is_not_trusted(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    assert read_untrusted(tmp_path, "file", 3) == b"123"
    assert read_untrusted(tmp_path, "none", 3) == b""
    report = Statement(b'{"cell": true}\nnull\n{"cell": 2, "error": "E", "text": ""}\n\xff\n{"end": 1}\n')
    assert (report.errors, report.ended) == ({2: "E"}, False)


def test_clearing_up_what_a_notebook_has_made(tmp_path: Path) -> None:
    folder = tmp_path / "1"
    deep = folder / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "file").write_text("x")
    deep.parent.chmod(0)
    watch.clear(folder)
    assert list(tmp_path.iterdir()) == []


@linux
def test_a_warm_process_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "CODE", "import sys; sys.exit('it is broken')")
    with pytest.raises(runner.EngineError) as caught:
        list(run([Job("x", notebook("1"))], Settings(box="none")))
    assert caught.value.params["reason"] == "it is broken"
