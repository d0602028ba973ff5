"""What a student gets back: one HTML page in their language, without scripts, without the marking data's right answers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from ..core.chapter import Chapter, Exercise
from ..core.marking import Outcome, Verdict
from ..core.messages import Message, say
from .gradebook import Row
from .results import remove_others, stems, write_whole

REVEALING = {"diff.number_high", "diff.number_low", "diff.missing", "diff.extra", "diff.entry_why"}
"""Sentences from which an expected value follows, besides those that name it (as ``expected``): fine on a student's own data, not on the
data that marking keeps secret."""

PRIVATE = {"intake.number-also-claimed"}
"""Notes that name another student."""

WAITING = {"prose.person"}
"""Sentences that are true until a person has marked the answer."""


@cache
def templates() -> Environment:
    """Return the page templates; whatever is put into them is escaped."""
    made = Environment(
        loader=PackageLoader("crm_exercises.grading"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    made.filters["inline"] = inline
    return made


def inline(text: str) -> Markup:
    """Return a sentence with its ``**bold**`` and `` `code` `` as HTML, the rest escaped."""
    bold = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", str(escape(text)))
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", bold))


def page(row: Row, chapter: Chapter, lang: str) -> str:
    """Return a student's feedback as one HTML page."""
    result = row.result
    entries = [_entry(chapter.exercises[verdict.exercise], verdict, row, lang) for verdict in result.verdicts]

    def words(key: str, **params: Any) -> str:
        return say(key, lang, **params)

    return (
        templates()
        .get_template("feedback.html")
        .render(
            say=words,
            lang=lang,
            chapter=chapter,
            row=row,
            result=result,
            entries=entries,
            notes=[note.text(lang) for note in result.notes if note.key not in PRIVATE],
        )
    )


def _entry(exercise: Exercise, verdict: Verdict, row: Row, lang: str) -> dict[str, Any]:
    manual = row.manual.get(exercise.id)
    earned = manual.marks if manual else verdict.earned
    outcome = Outcome.CORRECT if manual and earned == exercise.marks else Outcome.WRONG if manual else verdict.outcome
    tone = "partial" if outcome is Outcome.WRONG and earned else outcome.value
    told = [
        message.text(lang) for message in verdict.told if discreet(message) and not (manual and message.key in WAITING)
    ]
    if verdict.outcome is Outcome.WRONG and not told:
        told = [say("feedback.differs", lang)]
    return {
        "number": exercise.number,
        "title": exercise.title[lang],
        "earned": earned,
        "marks": exercise.marks,
        "tone": tone,
        "outcome": say(f"outcome.{tone}", lang),
        "told": told,
        "manual": manual,
        "provisional": exercise.id in row.provisional,
    }


def discreet(message: Message) -> bool:
    """Say whether a message keeps the expected value to itself."""
    inner = message.params.get("why")
    reveals = message.key in REVEALING or "expected" in message.params
    return not reveals and (not isinstance(inner, Message) or discreet(inner))


def write(folder: Path, rows: Iterable[Row], chapter: Chapter) -> None:
    """Write ``<student>.html`` for each; without a student number or an answer there is nobody to write to."""
    rows = [row for row in rows if row.result.student]
    names = stems(row.result.student for row in rows)
    written = []
    for row in rows:
        if row.result.verdicts:
            written.append(f"{names[row.result.student]}.html")
            write_whole(folder / written[-1], page(row, chapter, row.result.lang))
    remove_others(folder, "*.html", written)  # those of somebody whose submission is gone
