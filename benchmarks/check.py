"""How long a student waits: for the package, for the first ``check`` of each exercise, and for further ones.

Run: ``python benchmarks/check.py [chapter]``. Prints a line per exercise, in milliseconds, on the data of one student.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

from crm_exercises.core.chapter import chapter_names, read_chapter
from crm_exercises.core.reference import run
from crm_exercises.learning.session import Session, starting_names

STUDENT = "20260001"


def timed(now: Session, exercise: str) -> float:
    start = time.perf_counter()
    now.check(exercise)
    return 1000 * (time.perf_counter() - start)


def measure(name: str) -> list[tuple[str, float, float]]:
    """Return ``(exercise, first check, median of five further checks)`` for wrong answers, which cost more than right ones."""
    chapter = read_chapter(name)
    names = starting_names(STUDENT)
    for step in chapter.steps:
        if step.exercise is None:
            run(step.code, names, "<given>")
    rows = []
    for exercise in chapter:
        now = Session(chapter, "en", STUDENT, dict(names))
        run(exercise.body, now.names, "<student>")  # type: ignore[arg-type]
        if exercise.mistakes:
            run(exercise.mistakes[-1].code, now.names, "<student>")  # type: ignore[arg-type]
        first = timed(now, exercise.id)
        rows.append((exercise.id, first, statistics.median(timed(now, exercise.id) for _ in range(5))))
    return rows


def imported(code: str) -> float:
    """Return the milliseconds that ``code`` takes in a new Python."""
    timer = f"import time; start = time.perf_counter(); {code}; print(1000 * (time.perf_counter() - start))"
    return float(subprocess.run([sys.executable, "-c", timer], capture_output=True, text=True, check=True).stdout)


def main() -> None:
    for code in ("import crm_exercises", "from crm_exercises import *"):
        print(f"{code:<48}first {imported(code):7.1f} ms")
    wanted = sys.argv[1:] or chapter_names()
    os.chdir(tempfile.mkdtemp())
    for name in (chapter for chapter in chapter_names() if chapter.startswith(tuple(wanted))):
        rows = measure(name)
        for exercise, first, further in rows:
            print(f"{name:<20}{exercise:<28}first {first:7.1f} ms   further {further:6.1f} ms")
        print(
            f"{name:<20}{'slowest':<28}first {max(row[1] for row in rows):7.1f} ms   further {max(row[2] for row in rows):6.1f} ms"
        )


if __name__ == "__main__":
    main()
