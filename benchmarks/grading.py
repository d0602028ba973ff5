"""What it costs to run a class's submissions: stock papermill, this package with and without its box, and the floor.

Run: ``python benchmarks/grading.py [--copies 12] [--rounds 3]``; ``--parts`` says where our time goes, ``--memory`` what ``crm grade`` as a
whole needs for 50 and for 500 submissions (minutes), of another chapter with ``--chapter``. All ways run the very same notebooks: chapter 6 solved by everybody, each on the data of its mark.
The ways take turns in every round, so drift of the machine falls on all alike; figures are medians over the rounds, ratios are made within a round.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psutil

from crm_exercises.core.chapter import read_chapter
from crm_exercises.core.paths import ROOT
from crm_exercises.core.reference import run as run_cell
from crm_exercises.grading import collect
from crm_exercises.grading.runner import Job, Settings, run
from crm_exercises.grading.variants import Variants

CHAPTER = "ch06_value"
CORES = len(os.sched_getaffinity(0))
EMPTY = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
Cost = tuple[float, float]
"""Wall and CPU seconds of one submission."""


def submissions(count: int) -> list[Job]:
    """Return the jobs that ``crm grade`` makes of ``count`` students who solved everything."""
    chapter = read_chapter(CHAPTER)
    solved = {exercise.id: exercise.body for exercise in chapter}
    variants = Variants("the benchmark's salt")
    tokens = {f"2026{place:05}": variants.token(f"2026{place:05}", str(place)) for place in range(count)}
    return [
        Job(student, collect.notebook(chapter, "zh", token, solved), collect.files(chapter, token, None))
        for student, token in tokens.items()
    ]


def tree_cpu() -> float:
    """Return the CPU seconds of this process and all below it, those that have ended included."""
    total = 0.0
    for process in [(me := psutil.Process()), *me.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            total += sum(process.cpu_times()[:4])
    return total


class Clock:
    """Wall and CPU seconds since ``start``."""

    def start(self) -> None:
        self.wall, self.cpu = time.perf_counter(), tree_cpu()

    def each(self, count: int) -> Cost:
        return (time.perf_counter() - self.wall) / count, (tree_cpu() - self.cpu) / count


def place(job: Job) -> Path:
    """Put a job's files into a new folder, as the runner does."""
    folder = Path(tempfile.mkdtemp(prefix="crm-benchmark-"))
    for name, content in {**job.files, "notebook.ipynb": json.dumps(job.notebook).encode()}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def complete(job: Job, answers: bytes) -> None:
    """Stop if a run did not do its work: then its time means nothing."""
    found = {name for name, answer in collect.read(answers, read_chapter(CHAPTER)).items() if answer.error is None}
    if missing := set(read_chapter(CHAPTER).exercises) - found:
        sys.exit(f"{job.key}: no answer to {', '.join(sorted(missing))}")


def silence() -> None:
    """Send what this process and its kernels print nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)


# ---- stock papermill


def papermill(job: Job) -> None:
    import papermill as pm

    folder = place(job)
    pm.execute_notebook(
        folder / "notebook.ipynb", folder / "out.ipynb", kernel_name="python3", cwd=folder, progress_bar=False
    )
    complete(job, (folder / "answers.jsonl").read_bytes())


def warm_stock(number: int) -> None:
    import papermill  # noqa: F401

    silence()
    time.sleep(0.5)  # so that no process of the pool does it for another


class Stock:
    """Stock papermill, ``width`` notebooks at a time; papermill itself is imported once, before the clock starts."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.pool = ProcessPoolExecutor(width, get_context("spawn"))
        list(self.pool.map(warm_stock, range(width)))

    def __call__(self, jobs: list[Job]) -> Cost:
        clock = Clock()
        clock.start()
        list(self.pool.map(papermill, jobs))
        return clock.each(len(jobs))


# ---- ours


class Ours:
    """This package's runner; its start-up (a warm process, its walls tried) is kept in ``starts``, apart."""

    def __init__(self, box: str) -> None:
        self.box = box
        self.starts: list[Cost] = []
        self.children: list[float] = []
        """CPU seconds of each submission's own process."""

    def __call__(self, jobs: list[Job]) -> Cost:
        clock, starting = Clock(), Clock()

        def feed() -> Iterator[Job]:
            for number in range(CORES):
                yield Job(f"first {number}", EMPTY)
            self.starts.append(starting.each(1))  # more is asked for: the first ones have ended
            clock.start()
            yield from jobs

        starting.start()
        count, cost = 0, (0.0, 0.0)
        by_key = {job.key: job for job in jobs}
        for ran in run(feed(), Settings(box=self.box), workers=CORES):  # type: ignore[arg-type]
            if ran.key in by_key:
                complete(by_key[ran.key], ran.answers)
                self.children.append(ran.cpu)
                count += 1
            if count == len(jobs):
                cost = clock.each(count)
        return cost


# ---- the floor


def bare(job: Job, render: bool) -> float:
    """Return the CPU seconds of a notebook's cells, executed one after the other in this process."""
    import matplotlib.pyplot as plt

    os.chdir(place(job))
    names: dict[str, Any] = {"__name__": "__main__"}
    start = time.process_time()
    for cell in job.notebook["cells"]:
        if not render:
            run_cell(cell["source"], names, "<cell>")
            continue
        *statements, last = ast.parse(cell["source"]).body or [ast.Pass()]
        if isinstance(last, ast.Expr):
            exec(compile(ast.Module(statements, []), "<cell>", "exec"), names)
            show(eval(compile(ast.Expression(last.value), "<cell>", "eval"), names))
        else:
            run_cell(cell["source"], names, "<cell>")
        for number in plt.get_fignums():
            plt.figure(number).savefig(io.BytesIO(), format="png", bbox_inches="tight")
            plt.close(number)
    used = time.process_time() - start
    plt.close("all")
    return used


def show(value: object) -> None:
    """Make the text and the table that a notebook would show."""
    if value is not None:
        repr(value)
        getattr(value, "_repr_html_", str)()


def warm_floor(job: Job) -> None:
    """Do everything once: from now on nothing is imported, parsed or drawn for the first time."""
    from IPython.core.interactiveshell import InteractiveShell

    main = sys.modules["__main__"]
    InteractiveShell.instance()  # the recorder asks it for the error of the cell before
    sys.modules["__main__"] = main
    silence()
    bare(job, render=True)


def one_process(job: Job) -> ProcessPoolExecutor:
    """Return a pool of one process in which ``job`` has run; like our warm process it has one thread for numbers."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    pool = ProcessPoolExecutor(1, get_context("spawn"))
    pool.submit(warm_floor, job).result()
    del os.environ["OPENBLAS_NUM_THREADS"]
    return pool


class Floor:
    """The bare cells in one process in which they have run before."""

    def __init__(self, render: bool, job: Job) -> None:
        self.render = render
        self.pool = one_process(job)

    def __call__(self, jobs: list[Job]) -> Cost:
        used = statistics.mean(self.pool.map(bare, jobs, [self.render] * len(jobs)))
        return used, used


# ---- the table

WAYS = {
    "stock1": "stock papermill, one at a time",
    "stock2": "stock papermill, two at a time",
    "boxed": "ours, boxed",
    "unboxed": "ours, without the box",
    "floor": "floor: the bare cells, nothing rendered",
    "rendered": "floor: the bare cells, tables and PNG rendered",
}
Costs = dict[str, list[Cost]]


def measure(copies: int, rounds: int, stock: int) -> tuple[Costs, list[Cost]]:
    """Return the cost of each way, round by round, and of our start-up."""
    jobs = submissions(copies)
    ours = Ours("auto")
    ways: dict[str, tuple[Callable[[list[Job]], Cost], int]] = {
        "stock1": (Stock(1), stock),
        "stock2": (Stock(2), 2 * stock),
        "boxed": (ours, copies),
        "unboxed": (Ours("none"), copies),
        "floor": (Floor(False, jobs[0]), min(copies, 4)),
        "rendered": (Floor(True, jobs[0]), min(copies, 2)),
    }
    costs: Costs = {name: [] for name in ways}
    order = list(ways)
    for number in range(rounds):
        for name in order[number % len(order) :] + order[: number % len(order)]:
            way, count = ways[name]
            costs[name].append(way(jobs[:count]))
            sys.stderr.write(f"round {number + 1} of {rounds}: {WAYS[name]}: {costs[name][-1][0]:.2f} s\n")
    return costs, ours.starts


def middle(values: list[float]) -> str:
    return f"{statistics.median(values):8.2f}   ({min(values):.2f} … {max(values):.2f})"


def tell(costs: Costs, starts: list[Cost]) -> None:
    print(
        f"\nSeconds per submission, median of {len(starts)} rounds (least … most); {CORES} cores, load now {os.getloadavg()[0]:.1f}\n"
    )
    print(f"{'':<50}{'wall':>8}{'':<20}{'CPU':>8}")
    for name, found in costs.items():
        wall, cpu = ([cost[which] for cost in found] for which in (0, 1))
        print(f"{WAYS[name]:<50}{middle(wall):<28}{middle(cpu)}")
    print(
        f"{'our start-up, once per call':<50}{middle([cost[0] for cost in starts]):<28}{middle([cost[1] for cost in starts])}"
    )

    def ratios(above: str, below: str, which: int, factor: float = 1.0) -> list[float]:
        return [factor * a[which] / b[which] for a, b in zip(costs[above], costs[below], strict=True)]

    wanted = [
        ("stock one at a time ÷ ours boxed, wall", ratios("stock1", "boxed", 0), "≥ 15"),
        ("stock two at a time ÷ ours boxed, wall", ratios("stock2", "boxed", 0), "≥ 7"),
        ("boxed ÷ unboxed, wall", ratios("boxed", "unboxed", 0), "≤ 1.10"),
        ("boxed ÷ unboxed, CPU", ratios("boxed", "unboxed", 1), "≤ 1.10"),
        ("ours boxed, wall ÷ (floor ÷ cores)", ratios("boxed", "floor", 0, CORES), "≤ 1.30"),
        ("ours boxed ÷ floor, CPU", ratios("boxed", "floor", 1), ""),
        ("stock one at a time ÷ ours boxed, CPU", ratios("stock1", "boxed", 1), ""),
    ]
    print(f"\n{'ratio (within each round)':<50}{'median':>8}{'':<20}{'wanted':>8}")
    for name, values, goal in wanted:
        print(f"{name:<50}{middle(values):<28}{goal:>8}")


# ---- where our time goes

STAMP = "__import__('builtins').__dict__.setdefault('stamps', []).append(__import__('time').process_time())\n"
LAST = "import json as _json\nopen('answers.jsonl', 'w').write(_json.dumps(stamps))"


def parts(count: int) -> None:
    """Print what the cells cost in a fresh child and in a process that has run them before, and what is spent outside the cells."""
    jobs = submissions(count)
    stamped = []
    for job in jobs:
        cells = [{**cell, "source": STAMP + cell["source"]} for cell in job.notebook["cells"]]
        cells.append({**cells[0], "source": STAMP + LAST, "id": "last"})
        stamped.append(replace(job, notebook={**job.notebook, "cells": cells}))
    ours = Ours("auto")
    _, cpu = ours(jobs)
    fresh = [(json.loads(ran.answers), ran.cpu) for ran in run(stamped, workers=CORES)]
    with one_process(jobs[0]) as pool:
        known = list(pool.map(bare_stamps, stamped))

    def cells_of(stamps: list[list[float]]) -> list[float]:
        """Return each cell's milliseconds; the mean, since the clock may tick in steps of 4."""
        return [
            1000 * statistics.mean(column)
            for column in zip(*([b - a for a, b in pairwise(run)] for run in stamps), strict=True)
        ]

    rows = list(
        zip(
            [cell["source"] for cell in jobs[0].notebook["cells"]],
            cells_of([stamps for stamps, _ in fresh]),
            cells_of(known),
            strict=True,
        )
    )
    given = {step.code for step in read_chapter(CHAPTER).steps}
    kinds = ["the start", "given cells", "answer cells", "recording the answers"]
    sums = {kind: [0.0, 0.0] for kind in kinds}
    for place, (source, *both) in enumerate(rows):
        kind = (
            kinds[0]
            if place < 2
            else kinds[1]
            if source in given
            else kinds[3]
            if source.startswith("_record")
            else kinds[2]
        )
        sums[kind] = [old + new for old, new in zip(sums[kind], both, strict=True)]
    child = 1000 * statistics.mean(used for _, used in fresh)
    everything = [sum(row[which] for row in rows) for which in (1, 2)]
    print(
        f"CPU milliseconds per submission, mean of {count}\n\n   fresh   known    more  (in a fresh child, in a process that has run the cells before)"
    )
    for name, (ours_ms, floor_ms) in [*sums.items(), ("all cells", everything)]:
        print(f"{ours_ms:8.1f}{floor_ms:8.1f}{ours_ms - floor_ms:8.1f}  {name}")
    print(f"{child - everything[0]:8.1f}{'':16}  the child outside its cells (box, shell, exit)")
    print(
        f"{1000 * (cpu - statistics.mean(ours.children)):8.1f}{'':16}  outside the child (fork, watching, the runner)\n\nCells that cost most more:"
    )
    for source, ours_ms, floor_ms in sorted(rows, key=lambda row: row[2] - row[1])[:12]:
        print(f"{ours_ms:8.1f}{floor_ms:8.1f}{ours_ms - floor_ms:8.1f}  {source[:90]!r}")


def bare_stamps(job: Job) -> list[float]:
    import builtins

    vars(builtins).pop("stamps", None)
    bare(job, render=False)
    return list(vars(builtins)["stamps"])


# ---- memory

GRADE = """
import resource
from crm_exercises.cli import main
from crm_exercises.grading import reports

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

def cpu(who):
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime

def measured(*arguments, write=reports.write, **more):
    global marking
    marking = peak()
    return write(*arguments, **more)

reports.write = measured
main(standalone_mode=False)
print(marking, peak(), cpu(resource.RUSAGE_SELF), cpu(resource.RUSAGE_CHILDREN))
"""


def memory(counts: list[int], name: str) -> None:
    """Print time and memory of ``crm grade`` as a whole for classes of these sizes; only the reports hold a whole class at once."""
    sys.path.insert(0, str(ROOT / "tests"))
    from make_sample_class import perfect

    chapter = read_chapter(name)
    for count in counts:
        with tempfile.TemporaryDirectory() as root:
            folder = Path(root) / "class"
            folder.mkdir()
            for number in range(count):
                student = f"2026{number:05}"
                (folder / f"{student}.ipynb").write_text(json.dumps(perfect(chapter, student)), encoding="utf-8")
            start = time.perf_counter()
            command = [sys.executable, "-c", GRADE, "grade", str(folder), "--out", str(Path(root) / "out")]
            told = subprocess.run(
                command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            ).stdout
            wall = time.perf_counter() - start
            marking, reports, parent, notebooks = map(float, told.split()[-4:])
            print(
                f"crm grade, {count} submissions of {name}, {CORES} cores: {wall:.1f} s wall, {wall / count:.2f} s a submission"
            )
            print(
                f"  CPU seconds a submission: {notebooks / count:.2f} notebooks, {parent / count:.3f} the parent (marking, reports)"
            )
            print(
                f"  peak memory of the parent: {marking:.0f} MiB while marking, {reports:.0f} MiB with the reports",
                flush=True,
            )


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    ask.add_argument("--copies", type=int, default=12, help="submissions per round for this package")
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--stock", type=int, default=1, help="submissions per round and process for stock papermill")
    ask.add_argument("--parts", action="store_true", help="say where our time goes instead")
    ask.add_argument(
        "--memory",
        type=int,
        nargs="*",
        metavar="COUNT",
        help="measure crm grade as a whole instead, time and memory (50 and 500 submissions)",
    )
    ask.add_argument(
        "--chapter", default=CHAPTER, help="chapter of --memory (ch12_qa: sheets with questions and short answers)"
    )
    chosen = ask.parse_args()
    if chosen.memory is not None:
        memory(chosen.memory or [50, 500], chosen.chapter)
    elif chosen.parts:
        parts(chosen.copies)
    else:
        tell(*measure(chosen.copies, chosen.rounds, chosen.stock))


if __name__ == "__main__":
    main()
