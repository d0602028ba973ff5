"""What a sales analyst shows a manager: the whale curve, the drift of a composition, the map of cross ratios."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..core.errors import UsageError
from ..core.messages import say
from .base import BLUE, GREEN, GREY, INK, ORANGE, RED, SKY, Numbers, language, named, percent, prepared

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = (BLUE, ORANGE, GREEN, RED, SKY, GREY)


def whale(cumulative: Numbers, *, ax: Axes | None = None) -> Axes:
    """Draw a whale curve: cumulative profit, as a share of the total, over the customers from the most to the least profitable.

    Parameters
    ----------
    cumulative
        The share of total profit that the first 0, 1, 2 … customers bring: it begins with 0 and ends with 1.
    ax
        Axes to draw on; by default a new figure.

    Raises
    ------
    UsageError
        If the shares do not begin with 0 or do not end with 1.

    Notes
    -----
    R. S. Kaplan and V. G. Narayanan (2001), Measuring and managing customer profitability, Journal of Cost Management 15(5).
    """
    y = np.asarray(cumulative, dtype=float)
    if y.size < 2 or not np.allclose(y[[0, -1]], (0, 1)):
        first, last = (f"{end:,.2f}" for end in y[[0, -1]]) if y.size else ("–", "–")
        raise UsageError("performance.whale.ends", first=first, last=last)
    x = np.linspace(0, 1, y.size)
    axes = prepared(ax)
    axes.plot(x, y, color=BLUE, linewidth=2.4)
    axes.fill_between(x, y, 1, where=y > 1, color=SKY, alpha=0.28, linewidth=0)
    axes.axhline(1, color=GREY, linestyle="--", linewidth=1, zorder=0)
    top = int(y.argmax())
    axes.annotate(
        f"{y[top]:.0%}",
        (x[top], y[top]),
        xytext=(0, 6),
        textcoords="offset points",
        ha="center",
        color=RED,
    )
    axes.set(xlim=(0, 1), ylim=(min(0.0, float(y.min())), max(1.0, float(y.max())) * 1.1))
    percent(axes, x=True, y=True)
    return _named(axes, "whale")


def drift(shares: pd.DataFrame, *, names: Mapping[str, str] | None = None, ax: Axes | None = None) -> Axes:
    """Draw how the shares of a few groups move over the years: one line for each group, named at its end.

    Parameters
    ----------
    shares
        One row for each year, one column for each group (at most six), values the share of the year's total.
    names
        What stands in the figure for each group; by default the names of the columns.
    ax
        Axes to draw on; by default a new figure.

    Raises
    ------
    UsageError
        If the shares of a year do not add up to 1: then they are amounts, or the table lies on its side.
    """
    totals = shares.sum(axis=1)
    if not np.allclose(totals, 1):
        raise UsageError("performance.drift.total", year=totals.index[0], total=f"{totals.iloc[0]:,.2f}")
    axes = prepared(ax)
    years = shares.index.to_numpy(dtype=float)
    for colour, group in zip(COLOURS, shares.columns, strict=False):
        y = shares[group].to_numpy(dtype=float)
        axes.plot(years, y, color=colour, marker="o", linewidth=2)
        text = (names or {}).get(group, group)
        axes.annotate(text, (years[-1], y[-1]), xytext=(8, 0), textcoords="offset points", va="center", color=colour)
    axes.set_xticks(years, [str(year) for year in shares.index])
    axes.margins(x=0.03)
    axes.set_ylim(0, float(shares.to_numpy().max()) * 1.15)
    percent(axes, y=True)
    return _named(axes, "drift")


def cross_map(
    margin: Numbers,
    turn: Numbers,
    *,
    groups: Iterable[str] = (),
    names: Mapping[str, str] | None = None,
    levels: Sequence[float] = (0.5, 1, 2),
    ax: Axes | None = None,
) -> Axes:
    """Draw product groups by stock turn and gross margin, with curves on which the cross ratio is the same.

    Parameters
    ----------
    margin
        Gross margin of each group, as a share; y axis.
    turn
        Stock turn of each group, times a year; x axis.
    groups
        What each point is called.
    names
        What stands in the figure for each of ``groups``; by default the same.
    levels
        The cross ratios of the curves.
    ax
        Axes to draw on; by default a new figure.
    """
    axes = prepared(ax)
    x, y = np.asarray(turn, dtype=float), np.asarray(margin, dtype=float)
    axes.scatter(x, y, s=46, color=BLUE, edgecolor="white", zorder=4)
    right, top = float(x.max()) * 1.18, float(y.max()) * 1.2
    bottom = min(0.0, float(y.min())) * 1.4
    for group, px, py in zip(groups, x, y, strict=False):
        dx, dy = (x - px) / right, (y - py) / (top - bottom)
        near = (np.abs(dx) < 0.12) & (np.abs(dy) < 0.06) & ((dx != 0) | (dy != 0))
        left, below = bool((near & (dx > 0.02)).any()), bool((near & (dy > 0.02)).any())
        axes.annotate(
            (names or {}).get(group, group),
            (px, py),
            xytext=(-5 if left else 5, -4 if below else 4),
            textcoords="offset points",
            ha="right" if left else "left",
            va="top" if below else "bottom",
            fontsize=8.5,
            color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.4},
            zorder=3,
        )
    for level in levels:
        along = np.linspace(max(level / top, 1e-6), right, 200)
        axes.plot(along, level / along, color=GREY, linestyle="--", linewidth=1, zorder=1)
        axes.annotate(
            f"{level:g}",
            (right, level / right),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            color=GREY,
        )
    axes.axhline(0, color=GREY, linewidth=1, zorder=0)
    axes.set(xlim=(0, right), ylim=(bottom, top))
    percent(axes, y=True)
    return _named(axes, "cross")


def _named(axes: Axes, figure: str) -> Axes:
    title, x, y = (say(f"performance.{figure}.{part}", language()) for part in ("title", "x", "y"))
    return named(axes, title, x, y)
