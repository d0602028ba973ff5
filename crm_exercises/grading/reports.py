"""All that is made from the result files of a class: gradebook, feedback, review list, class report. Nothing is marked here."""

from __future__ import annotations

from pathlib import Path

from ..core.chapter import Chapter, read_chapter
from ..core.errors import UsageError
from ..core.messages import Message
from . import feedback, layouts
from .classreport import ClassReport
from .gradebook import Gradebook, Overrides, rows
from .results import Results, chapter_in
from .review import Review


def write(folder: Path, chapter: Chapter, results: Results, lang: str, *, accept_sure: bool = False) -> list[Message]:
    """Write all that is made from result files and manual marks; return what an instructor should know."""
    students = {result.student for result in results if result.student}
    overrides = Overrides(folder, chapter, students)
    review = Review(folder, chapter, overrides)
    waiting = review.write(results, lang, accept_sure=accept_sure)
    overrides.given.update(review.confirm(results))
    table = rows(results, overrides, chapter)
    Gradebook(chapter, table, lang).write(folder)
    layouts.write(folder, chapter, table, lang)
    feedback.write(folder / "feedback", table, chapter)
    ClassReport(chapter, table).write(folder)
    told = [Message("review.waiting", {"count": waiting, "path": str(review.path)})] if waiting else []
    return [*overrides.problems, *review.problems, *told]


def check(folder: Path, chapter: Chapter) -> None:
    """Read the manual marks in ``folder`` before anything is marked: a ``UsageError`` comes before the work, not after it."""
    Review(folder, chapter, Overrides(folder, chapter))


def remake(folder: Path, lang: str, *, accept_sure: bool = False) -> list[tuple[Path, list[Message]]]:
    """Make gradebook, feedback and class report anew from the result files in ``folder``.

    Returns the class reports, each with what an instructor should know.

    Raises
    ------
    UsageError
        If there are no result files.
    """
    made = []
    for place in [folder, *sorted(path.parent for path in folder.glob("*/results"))]:
        if name := chapter_in(place):
            told = write(place, read_chapter(name), Results(place / "results"), lang, accept_sure=accept_sure)
            made.append((place / "class.html", told))
    if not made:
        raise UsageError("report.no_results", path=str(folder))
    return made
