"""All that is made from the result files of a class: gradebook, feedback, review list, class report. Nothing is marked here."""

from __future__ import annotations

from pathlib import Path

from ..core.chapter import Chapter, read_chapter
from ..core.errors import UsageError
from ..core.messages import Message
from . import feedback, layouts
from .classreport import ClassReport
from .gradebook import Gradebook, Overrides, rows
from .results import Results
from .review import Review


def write(folder: Path, chapter: Chapter, results: Results, lang: str, *, accept_sure: bool = False) -> list[Message]:
    """Write all that is made from result files and manual marks; return what an instructor should know."""
    review = Review(folder, chapter)
    waiting = review.write(results, lang, accept_sure=accept_sure)
    review = Review(folder, chapter) if accept_sure else review
    overrides = Overrides(folder, chapter)
    review.confirm(results, overrides)
    table = rows(results, overrides, chapter)
    Gradebook(chapter, table, lang).write(folder)
    layouts.write(folder, chapter, table, lang)
    for row in table:
        feedback.write(folder / "feedback", row, chapter)
    ClassReport(chapter, table).write(folder)
    told = [Message("review.waiting", {"count": waiting, "path": str(review.path)})] if waiting else []
    return [*overrides.problems, *review.problems, *told]


def remake(folder: Path, lang: str, *, accept_sure: bool = False) -> list[tuple[Path, list[Message]]]:
    """Make gradebook, feedback and class report anew from the result files in ``folder``.

    Returns the class reports, each with what an instructor should know.

    Raises
    ------
    UsageError
        If there are no result files.
    """
    places = [folder] if (folder / "results").is_dir() else sorted(path.parent for path in folder.glob("*/results"))
    made = []
    for place in places:
        results = Results(place / "results")
        first = next(iter(results), None)
        if first:
            told = write(place, read_chapter(first.chapter), results, lang, accept_sure=accept_sure)
            made.append((place / "class.html", told))
    if not made:
        raise UsageError("report.no_results", path=str(folder))
    return made
