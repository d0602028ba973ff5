"""Marking on a cluster: a real Dask scheduler and two worker processes on this machine; the marks are those of a local run."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from box_notebooks import notebook
from make_sample_class import FOLDER

from crm_exercises.core.errors import UsageError
from crm_exercises.grading import cluster
from crm_exercises.grading.box import BoxError, Limits
from crm_exercises.grading.runner import Job, Settings

pytest.importorskip("distributed", reason="the extra 'cluster' is not installed (pip install distributed)")
psutil = pytest.importorskip("psutil")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the warm engine needs Linux")
NAMES = ("perfect", "blank", "one-known-mistake", "dead-kernel", "hand-in-with-clicked-forms")
WRITE = "open('answers.jsonl', 'a').write('kept\\n')"


class Dask:
    """A scheduler and its workers, as on a department's machines but with loopback in between."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.processes = [self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0")]
        self.workers: list[subprocess.Popen[bytes]] = []
        until = time.monotonic() + 60
        while not self.file.is_file() or not self.file.read_text():
            assert time.monotonic() < until, (folder / "log").read_text()
            time.sleep(0.1)
        self.address = json.loads(self.file.read_text())["address"]

    def _start(self, kind: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            f"distributed.cli.{kind}",
            "--scheduler-file",
            str(self.file),
            "--no-dashboard",
            *arguments,
        ]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)

    def workers_ready(self, count: int = 2) -> None:
        """See to it that ``count`` workers run."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < count:
            self.workers.append(
                self._start("dask_worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(self.folder))
            )
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)

    def kill_one(self) -> list[Any]:
        """End a worker as the system would; return the processes that ran below it."""
        worker = self.workers[0]
        below: list[Any] = psutil.Process(worker.pid).children(recursive=True)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        return below

    def close(self) -> None:
        for process in [*self.workers, *self.processes]:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    found = Dask(tmp_path_factory.mktemp("dask"))
    try:
        yield found
    finally:
        found.close()


def test_a_worker_that_is_killed_loses_nothing_and_no_job_is_given_back_twice(
    dask: Dask, box: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "IDLE", 3.0)
    dask.workers_ready()
    below: list[Any] = []
    pulled = 0

    def jobs() -> Iterator[Job]:
        nonlocal pulled
        for number in range(12):
            pulled += 1
            yield Job(f"job {number}", notebook("import time\ntime.sleep(0.3)", WRITE), meta=number)

    ended: Counter[str] = Counter()
    for ran in cluster.run(jobs(), Settings(Limits(wall=60), box), address=dask.address):
        ended[ran.key] += 1
        assert (ran.status, ran.answers, f"job {ran.meta}") == ("done", b"kept\n", ran.key)
        assert pulled <= ended.total() + 4
        if ended.total() == 3:
            below = dask.kill_one()
    assert ended == {f"job {number}": 1 for number in range(12)}
    assert below
    assert not psutil.wait_procs(below, timeout=10)[1]
    assert not psutil.wait_procs(psutil.Process(dask.workers[1].pid).children(), timeout=10)[1], (
        "a warm process outlives its use"
    )


def test_the_marks_of_a_cluster_that_loses_a_worker_are_those_of_a_local_run(
    dask: Dask, tmp_path: Path, crm: Any, box: str
) -> None:
    dask.workers_ready()
    submissions, out, salt = tmp_path / "class", tmp_path / "out", tmp_path / "salt"
    salt.write_text("a secret of the tests", encoding="utf-8")
    submissions.mkdir()
    for name in NAMES:
        shutil.copy(next(FOLDER.glob(f"*-{name}.*")), submissions)

    def kill_after_the_first() -> None:
        while not list((out / "results").glob("*.json")):
            time.sleep(0.05)
        dask.kill_one()

    killer = threading.Thread(target=kill_after_the_first, daemon=True)
    killer.start()
    done = crm("grade", submissions, "--out", out, "--salt", salt, "--box", box, "--cluster", dask.address)
    assert done.exit_code == 0, done.output
    assert "5 submissions, 5 marked now" in done.output
    killer.join(10)
    assert dask.workers[0].poll() is not None
    crm("grade", submissions, "--out", tmp_path / "local", "--salt", salt, "--box", box)
    assert len(results(out)) == len(NAMES)
    assert results(out) == results(tmp_path / "local")
    assert (out / "gradebook.csv").read_bytes() == (tmp_path / "local" / "gradebook.csv").read_bytes()


def results(out: Path) -> dict[str, dict[str, Any]]:
    """Return what is in the result files but for the times."""
    found = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in (out / "results").glob("*.json")}
    return {
        name: {key: value for key, value in result.items() if key not in {"seconds", "cpu", "graded_at"}}
        for name, result in found.items()
    }


def test_what_is_wrong_with_a_call_is_said(
    dask: Dask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, crm: Any
) -> None:
    dask.workers_ready(1)
    job = Job("x", notebook("1"))
    with pytest.raises(BoxError):
        list(cluster.run([job], Settings(engine="stock"), address=dask.address))
    monkeypatch.setattr(cluster, "_course", lambda: "another one")
    with pytest.raises(UsageError, match="another one"):
        list(cluster.run([job], Settings(box="none"), address=dask.address))
    monkeypatch.setattr(cluster, "CONNECT", 1)
    arguments = ("grade", FOLDER, "--out", tmp_path, "--box", "none", "--cluster")
    done = crm(*arguments, "tcp://127.0.0.1:1")
    assert (done.exit_code, "tcp://127.0.0.1:1" in done.output) == (2, True)
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = crm(*arguments, dask.address)
    assert (done.exit_code, "pip install distributed" in done.output) == (2, True)


def test_a_cluster_without_workers_and_one_that_goes_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT", 3)
    mine = Dask(tmp_path)
    try:
        with pytest.raises(UsageError) as caught:
            list(cluster.run([Job("x", notebook("1"))], Settings(box="none"), address=mine.address))
        assert caught.value.key == "cluster.no_workers"
        mine.workers_ready(1)
        jobs = [Job(str(number), notebook(f"import time\ntime.sleep({number})")) for number in (0, 30)]
        ran = cluster.run(jobs, Settings(box="none"), address=mine.address)
        assert next(ran).status == "done"
        mine.processes[0].kill()
        with pytest.raises(UsageError) as caught:
            next(ran)
        assert caught.value.key == "cluster.lost"
    finally:
        mine.close()
