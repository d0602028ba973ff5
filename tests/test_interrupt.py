"""What happens to a marking that is interrupted, finds no room, or loses a process: nothing is lost, and the next call goes on."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from make_sample_class import FOLDER

from crm_exercises.grading import runner

psutil = pytest.importorskip("psutil")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the warm engine needs Linux")
NAMES = (
    "perfect", "blank", "one-known-mistake", "crash-in-the-middle", "dead-kernel", "duplicated-cells", "english-notebook", "hand-in-with-clicked-forms",
)  # fmt: skip
TIMES = {"seconds", "cpu", "graded_at"}


@pytest.fixture(scope="module")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("interrupted") / "class"
    folder.mkdir()
    for name in NAMES:
        shutil.copy(next(FOLDER.glob(f"*-{name}.*")), folder)
    (folder.parent / "salt").write_text("a secret of the tests", encoding="utf-8")
    return folder


def start(submissions: Path, out: Path, box: str, **environment: str) -> subprocess.Popen[str]:
    """Begin ``crm grade`` in a process of its own, two notebooks at a time."""
    salt = submissions.parent / "salt"
    words = ["--lang", "en", "grade", submissions, "--out", out, "--salt", salt, "--box", box, "--jobs", "2"]
    command = [sys.executable, "-m", "crm_exercises.cli", *map(str, words)]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
        preexec_fn=_heed_the_terminal,
    )


def _heed_the_terminal() -> None:
    """Undo what a shell sets for what it runs in the background, where Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    told, complaint = process.communicate(timeout=240)
    return process.returncode, told, complaint


@pytest.fixture(scope="module")
def undisturbed(submissions: Path, box: str) -> Path:
    out = submissions.parent / "undisturbed"
    code, _, complaint = ended(start(submissions, out, box))
    assert code == 0, complaint
    return out


def contents(out: Path) -> dict[str, Any]:
    """Return all files below ``out``, without what says when something was done and how long it took (the class report does)."""
    found: dict[str, Any] = {}
    for path in sorted(path for path in out.rglob("*") if path.is_file() and path.name != "class.html"):
        name = path.relative_to(out).as_posix()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                found[name] = {part: book.read(part) for part in book.namelist() if part != "docProps/core.xml"}
        elif name.startswith("results/"):
            found[name] = {
                key: value for key, value in json.loads(path.read_text(encoding="utf-8")).items() if key not in TIMES
            }
        else:
            found[name] = path.read_bytes()
    return found


def done(out: Path) -> dict[str, int]:
    """Return the finished results and when each was written."""
    return {path.name: path.stat().st_mtime_ns for path in (out / "results").glob("*.json")}


def until(process: subprocess.Popen[str], reached: Callable[[], Any]) -> Any:
    """Wait for something to come true while ``process`` runs, and return it."""
    while process.poll() is None:
        if found := reached():
            return found
        time.sleep(0.005)
    raise AssertionError(f"it ended too early: {process.communicate()}")


MOMENTS: dict[str, Callable[[Path], Any]] = {
    "after the first result": lambda out: len(done(out)) >= 1,
    "after the fifth result": lambda out: len(done(out)) >= 5,
    "while reports are written": lambda out: (out / "gradebook.csv").exists(),
}


def test_killed_at_any_moment_the_next_call_finishes_only_what_is_missing(
    submissions: Path, undisturbed: Path, tmp_path: Path, box: str
) -> None:
    out = tmp_path / "out"
    before: dict[str, int] = {}
    for reached in MOMENTS.values():
        process = start(submissions, out, box)
        until(process, lambda reached=reached: reached(out))
        below = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.communicate()
        assert not psutil.wait_procs(below, timeout=10)[1], "something outlives the killed marking"
        now = done(out)
        assert before.items() <= now.items(), "a finished submission was marked again"
        before = now
    code, told, _ = ended(start(submissions, out, box))
    assert (code, done(out)) == (0, before)
    assert f"8 submissions, {8 - len(before)} marked now, {len(before)} kept" in told
    assert contents(out) == contents(undisturbed)


def test_what_a_killed_marking_leaves_is_removed_by_the_next(
    submissions: Path, undisturbed: Path, tmp_path: Path, box: str
) -> None:
    """But not what belongs to one that still runs, to nobody known, or lies where a link points to."""
    place = tmp_path / "tmp"
    (place / "crm-run-unknown").mkdir(parents=True)
    (elsewhere := tmp_path / "elsewhere").mkdir()
    (elsewhere / "owner.lock").touch()
    (place / "crm-run-link").symlink_to(elsewhere)
    others = set(place.iterdir())
    process = start(submissions, tmp_path / "killed", box, TMPDIR=str(place))
    until(process, lambda: done(tmp_path / "killed"))
    below = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate()
    psutil.wait_procs(below, timeout=10)
    (left,) = set(place.iterdir()) - others
    (left / "1" / Path(*["deep"] * 600)).mkdir(parents=True)
    alive = start(submissions, tmp_path / "alive", box, TMPDIR=str(place))
    until(alive, lambda: done(tmp_path / "alive"))
    assert not left.exists()
    (tmp_path / "class").mkdir()
    shutil.copy(next(submissions.glob("*-blank.ipynb")), tmp_path / "class")
    shutil.copy(submissions.parent / "salt", tmp_path)
    code, _, complaint = ended(start(tmp_path / "class", tmp_path / "beside", box, TMPDIR=str(place)))
    assert code == 0, complaint
    code, _, complaint = ended(alive)
    assert code == 0, complaint
    assert contents(tmp_path / "alive") == contents(undisturbed)
    assert set(place.iterdir()) == others
    assert (elsewhere / "owner.lock").exists()


def test_a_notebook_and_the_warm_process_that_the_system_kills_cost_nobody_a_mark(
    submissions: Path, undisturbed: Path, tmp_path: Path, box: str
) -> None:
    out = tmp_path / "out"
    process = start(submissions, out, box)
    until(process, lambda: len(done(out)) >= 1)
    until(process, lambda: kill(process, lambda notebook: notebook))
    until(process, lambda: len(done(out)) >= 3)
    until(process, lambda: kill(process, lambda notebook: notebook.parent()))
    code, _, complaint = ended(process)
    assert code == 0, complaint
    assert contents(out) == contents(undisturbed)


def kill(process: subprocess.Popen[str], which: Callable[[Any], Any]) -> bool:
    """Kill what ``which`` names, given a notebook's process; return whether there was one that had not just ended."""
    try:
        running = notebooks(process)
        victim = which(running[0]) if running else None
        if victim:
            victim.kill()
    except psutil.Error:
        return False
    return victim is not None


def notebooks(process: subprocess.Popen[str]) -> list[Any]:
    """Return the two processes in which notebooks run at this moment; none if there are fewer."""
    below = psutil.Process(process.pid).children(recursive=True)
    parents = {child: child.ppid() for child in below}
    leaves = [child for child in below if child.pid not in parents.values()]
    return leaves if len(leaves) == 2 and len({parents[leaf] for leaf in leaves}) == 1 else []


def test_a_full_disk_is_said_and_the_next_call_goes_on(
    submissions: Path, undisturbed: Path, tmp_path: Path, box: str
) -> None:
    out = tmp_path / "out"
    (out / "results").mkdir(parents=True)
    third = sorted((undisturbed / "results").glob("*.json"))[2].name
    part = out / "results" / f".{third}.part"
    part.symlink_to("/dev/full")  # whatever is written there meets a full disk
    code, _, complaint = ended(start(submissions, out, box))
    assert code == 2
    assert f"{part.with_name(third)} cannot be written (No space left on device)" in complaint
    assert "Traceback" not in complaint
    kept = done(out)
    assert third not in kept
    code, *_ = ended(start(submissions, out, box))
    assert (code, done(out) | kept) == (0, done(out))
    assert contents(out) == contents(undisturbed)


def test_no_room_where_notebooks_run_is_said_and_what_is_marked_is_kept(
    submissions: Path, tmp_path: Path, crm: Any, box: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare, count = runner._prepare, 0

    def full(folder: Path, job: runner.Job) -> None:
        nonlocal count
        count += 1
        if count == 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
        prepare(folder, job)

    monkeypatch.setattr(runner, "_prepare", full)
    found = crm("grade", submissions, "--out", tmp_path, "--box", box, "--jobs", "2")
    assert (found.exit_code, "No space left on device" in found.output) == (2, True)
    assert done(tmp_path)


@pytest.mark.parametrize("place", ["out", "out/results", "out/gradebook.csv", "out/feedback"])
def test_what_cannot_be_written_is_named(submissions: Path, tmp_path: Path, crm: Any, box: str, place: str) -> None:
    """A file stands where a folder is due, or a folder where a file is: that stops root too."""
    one = tmp_path / "class"
    one.mkdir()
    shutil.copy(next(submissions.glob("*-blank.ipynb")), one)
    wrong = tmp_path / place
    wrong.parent.mkdir(exist_ok=True)
    if wrong.suffix:
        wrong.mkdir()
    else:
        wrong.write_text("mine")
    found = crm("grade", one, "--out", tmp_path / "out", "--box", box)
    assert found.exit_code == 2
    assert str(wrong) in found.output
    assert wrong.is_dir() or wrong.read_text() == "mine"
    if place in {"out/gradebook.csv", "out/feedback"}:
        assert done(tmp_path / "out")


def test_signals_of_a_terminal_end_it_quietly(submissions: Path, tmp_path: Path, box: str) -> None:
    process = start(submissions, tmp_path / "out", box)
    until(process, lambda: done(tmp_path / "out"))
    process.send_signal(signal.SIGINT)
    code, _, complaint = ended(process)
    assert code not in {0, None}
    assert "Traceback" not in complaint
