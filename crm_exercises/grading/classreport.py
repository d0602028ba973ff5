"""The report on a class: one HTML file that opens offline, in both languages, with figures."""

from __future__ import annotations

import io
import statistics
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ..core.chapter import Chapter
from ..core.kinds import Options
from ..core.marking import Outcome
from ..core.messages import LANGS, say
from ..fonts import use_fonts
from .feedback import templates
from .gradebook import Row
from .items import SMALL, Item, graded, items, marks, reliability
from .results import write_whole
from .similarity import Pair, pairs

WEAK = 0.4
"""Students below this share of the marks are named as ones to look at."""
ORDER = (Outcome.CORRECT, Outcome.WRONG, Outcome.CRASHED, Outcome.MALFORMED, Outcome.UNATTEMPTED)
COLOURS = {
    "correct": "#1b7f4b",
    "wrong": "#d98c8c",
    "crashed": "#b3261e",
    "malformed": "#7a4ca0",
    "unattempted": "#c4c7cb",
}


class ClassReport:
    """Statistics and pages of one class."""

    def __init__(self, chapter: Chapter, rows: Sequence[Row]) -> None:
        self.chapter, self.rows = chapter, list(rows)
        self.graded = graded(self.rows)
        self.items = items(chapter, self.rows)
        self.table = marks(chapter, self.graded)
        self.totals = [row.total or 0.0 for row in self.graded]
        self.reliability = reliability(self.table)

    def write(self, folder: Path) -> list[Path]:
        """Write ``class.html`` and ``similarity.html`` and return their paths."""
        cells = {row.result.student: row.result.cells for row in self.graded if row.result.student}
        alike = pairs(self.chapter, cells)
        paths = [folder / "class.html", folder / "similarity.html"]
        write_whole(paths[0], self._page("class.html", lambda lang: self._summary(lang, alike)))
        write_whole(
            paths[1],
            self._page(
                "similarity.html", lambda lang: {"pairs": [self._side_by_side(pair, cells, lang) for pair in alike]}
            ),
        )
        return paths

    def _page(self, template: str, made: Any) -> str:
        views = [{"lang": lang, "say": _sayer(lang), **made(lang)} for lang in LANGS]
        return templates().get_template(template).render(chapter=self.chapter, views=views)

    def _summary(self, lang: str, alike: Sequence[Pair]) -> dict[str, Any]:
        return {
            "numbers": self._numbers(lang),
            "small": len(self.graded) < SMALL,
            "histogram": self._histogram(lang),
            "outcomes": self._outcomes(lang),
            "items": self.items,
            "mistakes": self._mistakes(lang),
            "choices": [choice for item in self.items for choice in _choices(item, lang)],
            "statuses": Counter(say(f"status.{row.result.status}", lang) for row in self.rows).most_common(),
            "look": self._look(lang),
            "alike": len(alike),
        }

    def _numbers(self, lang: str) -> list[tuple[str, str]]:
        seconds = [row.result.seconds for row in self.graded]
        submitted = [row for row in self.rows if row.result.status != "absent"]
        found = [
            ("submissions", f"{len(submitted)}"),
            ("graded", f"{len(self.graded)}"),
            ("marks", f"{self.chapter.marks}"),
        ]
        if self.totals:
            spread = statistics.stdev(self.totals) if len(self.totals) > 1 else 0.0
            found += [
                ("mean", f"{statistics.fmean(self.totals):.1f}"),
                ("median", f"{statistics.median(self.totals):.1f}"),
                ("spread", f"{spread:.1f}"),
            ]
            found.append(("seconds", f"{statistics.median(seconds):.2f} / {max(seconds):.2f}"))
        if self.reliability:
            found.append(
                ("alpha", f"{self.reliability.alpha:.2f} ({self.reliability.low:.2f} – {self.reliability.high:.2f})")
            )
        return [(say(f"report.{name}", lang), value) for name, value in found]

    def _mistakes(self, lang: str) -> list[tuple[str, str, int]]:
        """Return the known mistakes that were made, the most frequent first."""
        found = [
            (f"{item.exercise.number} {item.exercise.title[lang]}", item.exercise.mistakes[place][lang], count)
            for item in self.items
            for place, count in item.mistakes.items()
        ]
        return sorted(found, key=lambda entry: -entry[2])

    def _look(self, lang: str) -> list[tuple[str, str, str]]:
        """Return the students a teacher should look at, and why."""
        found = []
        for row in self.rows:
            why = []
            if not row.result.verdicts:
                why.append(say(f"status.{row.result.status}", lang))
            else:
                if (row.total or 0) < WEAK * self.chapter.marks:
                    why.append(say("report.weak", lang, total=f"{row.total:g}", marks=self.chapter.marks))
                if row.result.status != "graded":
                    why.append(say(f"status.{row.result.status}", lang))
                why += [say(f"remark.{name}", lang) for name in row.result.remarks if name != "cell-error"]
                if any(verdict.doubt and verdict.exercise in row.provisional for verdict in row.result.verdicts):
                    why.append(say("report.doubt", lang))
            if why:
                found.append((row.result.student or row.result.source, row.result.name, "; ".join(dict.fromkeys(why))))
        return found

    def _histogram(self, lang: str) -> Markup:
        axes = _axes(say("report.total", lang), say("report.students", lang), height=2.4)
        axes.hist(
            self.totals, bins=[self.chapter.marks * step / 10 for step in range(11)], color="#1f5fa8", edgecolor="white"
        )
        axes.yaxis.get_major_locator().set_params(integer=True)
        return _svg(axes)

    def _outcomes(self, lang: str) -> Markup:
        """Draw how each exercise went: one bar of outcomes for each."""
        axes = _axes(say("report.students", lang), "", height=1.6 + 0.28 * len(self.items))
        titles = [f"{item.exercise.number} {item.exercise.title[lang]}" for item in self.items]
        names = [title if len(title) <= 26 else f"{title[:25].rstrip()}…" for title in titles]
        left = [0] * len(self.items)
        for outcome in ORDER:
            counts = [item.outcomes[outcome] for item in self.items]
            axes.barh(
                names, counts, left=left, color=COLOURS[outcome.value], label=say(f"outcome.{outcome.value}", lang)
            )
            left = [start + count for start, count in zip(left, counts, strict=True)]
        axes.invert_yaxis()
        axes.legend(
            loc="upper center",
            bbox_to_anchor=(0.4, 1.02 + 0.9 / max(len(self.items), 1)),
            ncol=5,
            frameon=False,
            fontsize=8,
        )
        return _svg(axes)

    def _side_by_side(self, pair: Pair, cells: Any, lang: str) -> dict[str, Any]:
        texts = [
            {
                "title": f"{self.chapter.exercises[name].number} {self.chapter.exercises[name].title[lang]}",
                "left": cells[pair.left].get(name, ""),
                "right": cells[pair.right].get(name, ""),
            }
            for name in pair.exercises
        ]
        return {
            "left": pair.left,
            "right": pair.right,
            "alike": f"{100 * pair.alike:.0f} %",
            "shared": pair.shared,
            "texts": texts,
        }


def _choices(item: Item, lang: str) -> list[dict[str, Any]]:
    """Return how often each option of a choice was taken."""
    found = []
    for name, counts in item.letters.items():
        kind = item.exercise.answer[name]
        if isinstance(kind, Options) and counts:
            options = [(letter, option[lang], counts[letter]) for letter, option in kind.options.items()]
            found.append({"item": item, "options": options, "most": max(counts.values())})
    return found


def _sayer(lang: str) -> Any:
    return lambda key, **params: say(key, lang, **params)


def _axes(xlabel: str, ylabel: str, *, height: float) -> Any:
    from matplotlib.figure import Figure

    use_fonts()
    axes = Figure(figsize=(8, height), layout="constrained").add_subplot()
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def _svg(axes: Any) -> Markup:
    """Return the figure as SVG with text as text: small, sharp, and in the reader's own fonts."""
    import matplotlib as mpl

    stream = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "class report"}):
        axes.figure.savefig(
            stream, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")), transparent=True
        )
    return Markup(stream.getvalue()[stream.getvalue().index("<svg") :])
