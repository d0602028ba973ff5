"""What a credit clerk looks at: figures for ageing, cut-off and weights, and sliders to try other weights. They draw and show
numbers that they are given; no answer of an exercise is computed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .. import plots
from ..core.errors import UsageError
from ..core.messages import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Numbers = Sequence[float] | np.ndarray | pd.Series
AGE_COLOURS = (plots.GREEN, plots.SKY, plots.ORANGE, plots.RED, "#7A1F1F", plots.GREY)


def blank(*, ax: Axes | None = None) -> Axes:
    """Return empty axes whose letters can be Chinese: draw on them with matplotlib, then name title and axes."""
    return plots.prepared(ax)


def cost_curve(cutoffs: Numbers, costs: Numbers, best: float, *, ax: Axes | None = None) -> Axes:
    """Draw what each cut-off costs, and mark one.

    Parameters
    ----------
    cutoffs
        Chances of going bad from which an applicant is refused, between 0 and 1, rising.
    costs
        The cost at each cut-off, in the same order.
    best
        The cut-off to mark, one of ``cutoffs``.
    ax
        Axes to draw on; by default a new figure.

    Raises
    ------
    UsageError
        If there are not as many costs as cut-offs, or ``best`` is none of the cut-offs.
    """
    x, y = np.asarray(cutoffs, dtype=float), np.asarray(costs, dtype=float)
    if x.shape != y.shape:
        raise UsageError("credit.cost.length", cutoffs=x.size, costs=y.size)
    marked = np.flatnonzero(np.isclose(x, best))
    if not marked.size:
        raise UsageError("credit.cost.best", best=best, first=x.min(), last=x.max())
    axes = plots.prepared(ax)
    axes.plot(x, y, color=plots.BLUE, linewidth=2.2)
    place = marked[0]
    axes.scatter([x[place]], [y[place]], color=plots.RED, s=60, zorder=3)
    axes.annotate(
        f"{x[place]:.0%} → {y[place]:,.0f}",
        (x[place], y[place]),
        xytext=(0, -18),
        textcoords="offset points",
        ha="center",
        color=plots.RED,
    )
    axes.set_ylim(bottom=0)
    plots.percent(axes, x=True)
    return _named(axes, "cost")


def ageing_bars(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw one bar for each row of an ageing table, stacked by age class.

    Parameters
    ----------
    table
        Rows are people or firms, columns age classes from the youngest to the oldest (at most six), values shares or amounts.
    ax
        Axes to draw on; by default a new figure.
    """
    axes = plots.prepared(ax)
    places, bottom = np.arange(len(table)), np.zeros(len(table))
    for colour, name in zip(AGE_COLOURS, table.columns, strict=False):
        heights = table[name].to_numpy(dtype=float)
        axes.bar(places, heights, bottom=bottom, color=colour, width=0.66, label=str(name))
        bottom = bottom + heights
    axes.set_xticks(places, [str(name) for name in table.index])
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    _named(axes, "ageing")
    if bottom.max() <= 1.000001:
        plots.percent(axes, y=True)
        axes.set_ylabel(say("credit.ageing.share", plots.language()))
    else:
        plots.thousands(axes, y=True)
    return axes


def roc_curve(chances: Numbers, bad: Numbers, *, ax: Axes | None = None) -> Axes:
    """Draw the share of bad cases caught against the share of good cases refused, over all cut-offs.

    Parameters
    ----------
    chances
        Each case's chance of going bad.
    bad
        Whether it went bad (0 or 1), in the same order.
    ax
        Axes to draw on; by default a new figure.
    """
    order = np.argsort(-np.asarray(chances, dtype=float), kind="stable")
    flags = np.asarray(bad, dtype=float)[order]
    caught, refused = (np.concatenate([[0], part.cumsum() / part.sum()]) for part in (flags, 1 - flags))
    axes = plots.prepared(ax, (5.6, 5.2))
    axes.plot(refused, caught, color=plots.BLUE, linewidth=2.2)
    axes.plot([0, 1], [0, 1], color=plots.GREY, linestyle="--", linewidth=1)
    axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    plots.percent(axes, x=True, y=True)
    return _named(axes, "roc")


def explore_weights(scores: Mapping[str, float], weights: Mapping[str, float], bands: Mapping[str, float]) -> Any:
    """Return a slider for each weight of one firm's score, and the score and band that follow; they show as the last line of a cell.

    Nothing is returned where nobody can move a slider (a notebook that is run from outside). Nothing is displayed from here: ``check``
    runs the given cells again, aside, and their sliders have no place under its verdict.

    Parameters
    ----------
    scores
        The firm's sub-scores, 0 to 100.
    weights
        The weights to start from, shares that add up to 1, under the same names.
    bands
        Name of each band and the lowest score that belongs to it, best band first; the last one takes all that is left.

    Raises
    ------
    UsageError
        If the names of scores and weights differ or there is no band.
    """
    if set(scores) != set(weights) or not bands:
        raise UsageError("credit.explore", scores=", ".join(scores), weights=", ".join(weights))
    return _Sliders(scores, weights, bands).box if _someone_is_there() else None


class _Sliders:
    """The widgets of :func:`explore_weights`."""

    def __init__(self, scores: Mapping[str, float], weights: Mapping[str, float], bands: Mapping[str, float]) -> None:
        import ipywidgets as widgets

        self.scores, self.bands, self.start = scores, bands, weights
        self.lang = plots.language()
        self.sliders = {
            name: widgets.IntSlider(
                value=round(100 * weight),
                max=100,
                step=1,
                description=self._name(name),
                style={"description_width": "9em"},
                layout={"width": "30em"},
            )
            for name, weight in weights.items()
        }
        self.view = widgets.HTML()
        again = widgets.Button(description=say("credit.reset", self.lang), layout={"width": "auto"})
        again.on_click(lambda _: self._reset())
        for slider in self.sliders.values():
            slider.observe(lambda _: self._show(), names="value")
        self.box = widgets.HBox([widgets.VBox([*self.sliders.values(), again]), self.view])
        self._show()

    def _name(self, name: str) -> str:
        known = ("character", "capacity", "capital", "collateral", "condition")
        return say(f"credit.c.{name}", self.lang) if name in known else name

    def _reset(self) -> None:
        for name, weight in self.start.items():
            self.sliders[name].value = round(100 * weight)

    def _score(self, weights: Mapping[str, float]) -> float:
        return sum(weights[name] * self.scores[name] for name in weights) / sum(weights.values())

    def _band(self, score: float) -> str:
        return next((name for name, lowest in self.bands.items() if round(score, 2) >= lowest), list(self.bands)[-1])

    def _show(self) -> None:
        points = {name: slider.value for name, slider in self.sliders.items()}
        total = sum(points.values())
        if not total:
            self.view.value = f"<p style='margin:8px 24px'>{say('credit.no_weight', self.lang)}</p>"
            return
        score = self._score(points)
        band, before = self._band(score), self._band(self._score(self.start))
        rows = "".join(
            f"<tr><td>{escape(self._name(name))}</td><td>{self.scores[name]:g}</td><td>{point / total:.0%}</td>"
            f"<td>{self.scores[name] * point / total:.2f}</td></tr>"
            for name, point in points.items()
        )
        heads = "".join(
            f"<th>{say(f'credit.head.{head}', self.lang)}</th>" for head in ("name", "score", "weight", "part")
        )
        key = "credit.band_same" if band == before else "credit.band_moved"
        colour = "#1b7f4b" if band == before else "#b26a00"
        self.view.value = (
            f"<div style='margin:0 24px;line-height:1.5'><table style='text-align:right;border-spacing:14px 2px;"
            f"border-collapse:separate'><tr>{heads}</tr>{rows}</table><p style='margin:6px 14px;font-size:120%'>"
            f"<strong style='color:{colour}'>{say(key, self.lang, score=f'{score:.2f}', band=escape(band), before=escape(before))}"
            f"</strong></p></div>"
        )


def _someone_is_there() -> bool:
    """Say whether a person sits at the notebook: only then may a cell ask for input, which runners from outside refuse."""
    from IPython import get_ipython

    kernel: Any = getattr(get_ipython(), "kernel", None)
    asked = kernel.get_parent("shell") if hasattr(kernel, "get_parent") else {}
    return bool(asked.get("content", {}).get("allow_stdin", False))


def _named(axes: Axes, figure: str) -> Axes:
    lang = plots.language()
    return plots.named(axes, *(say(f"credit.{figure}.{part}", lang) for part in ("title", "x", "y")))
