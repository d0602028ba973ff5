"""Figures of the workbook: they draw numbers that they are given, in the notebook's language; they never compute an answer.

Every helper returns the :class:`~matplotlib.axes.Axes` that it drew on, with a title and both axes named in the current
language. Colours are those of Okabe & Ito (2008), "Color universal design": all readers can tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .core.messages import language as language
from .core.messages import set_language as set_language
from .fonts import use_fonts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Numbers = Sequence[float] | np.ndarray | pd.Series
Cuts = tuple[float, float] | None

BLUE, ORANGE, GREEN, RED, SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9"
"""Okabe & Ito's palette."""

INK, GREY = "#1A1A1A", "#6B6B6B"
"""For numbers, and for guide lines and notes."""

WIDE = (7.4, 4.3)
"""Inches of a figure that reads well at the width of a notebook."""


def label(*, zh: str, en: str) -> str:
    """Return the text for the language that figures speak now."""
    return en if language() == "en" else zh


def pareto(
    shares: Numbers,
    cumulative: Numbers,
    *,
    cuts: Sequence[float] = (0.80, 0.95),
    names: Iterable[object] | None = None,
    xlabel: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a Pareto chart: one bar for each group and the line of the cumulative share, on one scale.

    Parameters
    ----------
    shares
        What each group contributes, as a share of the total (0.35 is 35 %), largest group first.
    cumulative
        The share of this group and all before it.
    cuts
        Where guide lines are drawn (the cuts of the ABC classes).
    names
        What stands below the bars; by default 1, 2, 3 …
    xlabel
        Name of the x axis; by default "group of customers, largest first".
    ax
        Axes to draw on; by default a new figure.
    """
    axes = prepared(ax)
    places = np.arange(1, len(shares) + 1)
    axes.bar(
        places,
        np.asarray(shares, dtype=float),
        color=SKY,
        width=0.72,
        label=label(zh="本组占比", en="share of the group"),
    )
    _line(axes, places, cumulative, label(zh="累计占比", en="cumulative share"), color=BLUE, marker="o")
    for cut in cuts:
        axes.axhline(cut, color=GREY, linestyle="--", linewidth=1, zorder=0)
        axes.annotate(
            f"{cut:.0%}",
            (1, cut),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            color=GREY,
            va="center",
        )
    axes.set_xticks(places, [str(name) for name in (places if names is None else names)])
    axes.set_ylim(0, 1.04)
    percent(axes, y=True)
    axes.legend(loc="center right", frameon=False)
    return named(
        axes,
        label(zh="帕累托图：销售额集中在哪些客户", en="Pareto chart: where the sales come from"),
        xlabel or label(zh="客户组（从大到小）", en="group of customers, largest first"),
        label(zh="占总销售额的比例", en="share of total sales"),
    )


def lorenz(people: Numbers, money: Numbers, *, ax: Axes | None = None) -> Axes:
    """Draw a Lorenz curve against the line of equality.

    Parameters
    ----------
    people
        Cumulative share of customers, smallest customer first, from 0 to 1.
    money
        Cumulative share of sales of these customers, from 0 to 1.
    ax
        Axes to draw on; by default a new figure.

    Notes
    -----
    M. O. Lorenz (1905), Methods of measuring the concentration of wealth, Publications of the American Statistical
    Association 9(70).
    """
    axes = prepared(ax, (5.6, 5.2))
    x, y = np.asarray(people, dtype=float), np.asarray(money, dtype=float)
    axes.fill_between(x, y, x, color=SKY, alpha=0.28, linewidth=0)
    _line(axes, x, y, label(zh="洛伦兹曲线", en="Lorenz curve"), color=BLUE, linewidth=2.2)
    equal = label(zh="完全平均", en="all customers equal")
    _line(axes, [0, 1], [0, 1], equal, color=GREY, linestyle="--", linewidth=1)
    axes.set(xlim=(0, 1), ylim=(min(0.0, float(y.min())), max(1.0, float(y.max()))), aspect="equal")
    percent(axes, x=True, y=True)
    axes.legend(loc="upper left", frameon=False)
    return named(
        axes,
        label(zh="洛伦兹曲线：客户贡献有多不平均", en="Lorenz curve: how unequal customers are"),
        label(zh="客户累计占比（从小到大）", en="cumulative share of customers, smallest first"),
        label(zh="销售额累计占比", en="cumulative share of sales"),
    )


def heatmap(
    table: pd.DataFrame,
    *,
    title: str | None = None,
    xlabel: str | None = None,
    ylabel: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a table of numbers as coloured cells with the numbers written in.

    Parameters
    ----------
    table
        Rows from top to bottom and columns from left to right, as they stand; missing values stay empty. The numbers
        in the cells make a colour bar superfluous.
    title, xlabel, ylabel
        By default those of an RFM map (recency downwards, frequency to the right, number of customers) where rows and columns are
        scores from 1 to 5; a table of anything else has none until they are given.
    ax
        Axes to draw on; by default a new figure.
    """
    axes = prepared(ax, (6.4, 4.6))
    values = table.to_numpy(dtype=float)
    axes.imshow(values, cmap="Blues", aspect="auto")
    middle = (np.nanmin(values) + np.nanmax(values)) / 2
    whole = bool(np.all(values[~np.isnan(values)] % 1 == 0))
    for (row, column), value in np.ndenumerate(values):
        if not np.isnan(value):
            text = f"{value:,.0f}" if whole else f"{value:,.2f}"
            ink = "white" if value > middle else INK if value else GREY
            axes.text(column, row, text, ha="center", va="center", color=ink)
    axes.set_xticks(range(table.shape[1]), [str(name) for name in table.columns])
    axes.set_yticks(range(table.shape[0]), [str(name) for name in table.index])
    axes.set_xticks(np.arange(table.shape[1] + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(table.shape[0] + 1) - 0.5, minor=True)
    axes.grid(which="minor", color="white", linewidth=2)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_visible(False)
    usual = ("", "", "")
    if {*table.index, *table.columns} <= {1, 2, 3, 4, 5}:
        usual = (
            label(zh="RFM 热力图：每格有多少客户", en="RFM heat map: customers in each cell"),
            label(zh="F 频率得分（5 = 买得最勤）", en="F frequency score (5 = buys most often)"),
            label(zh="R 近度得分（5 = 最近买过）", en="R recency score (5 = bought most recently)"),
        )
    return named(axes, title or usual[0], xlabel or usual[1], ylabel or usual[2])


def forecast(
    actual: Numbers,
    expected: Numbers,
    *,
    names: Iterable[object] | None = None,
    title: str | None = None,
    xlabel: str | None = None,
    ylabel: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what happened beside what a model expected.

    Parameters
    ----------
    actual, expected
        Two lists of equal length.
    names
        What stands on the x axis; by default the index of ``actual``, or 0, 1, 2 …
    title, xlabel, ylabel
        By default those of a repeat-purchase forecast by past frequency.
    ax
        Axes to draw on; by default a new figure.
    """
    axes = prepared(ax)
    places = np.arange(len(actual))
    if names is None:
        names = actual.index if isinstance(actual, pd.Series) else places
    _line(axes, places, actual, label(zh="实际", en="actual"), color=BLUE, marker="o", linewidth=2)
    dashed = {"marker": "s", "linestyle": "--", "linewidth": 2}
    _line(axes, places, expected, label(zh="模型预测", en="expected"), color=RED, **dashed)
    axes.set_xticks(places, [str(name) for name in names])
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper left", frameon=False)
    return named(
        axes,
        title
        or label(
            zh="预测与实际：后 39 周的人均购买次数", en="Forecast and fact: purchases per customer in the next 39 weeks"
        ),
        xlabel
        or label(
            zh="前 39 周的重复购买次数（7 = 7 次或更多）", en="repeat purchases in the first 39 weeks (7 = 7 or more)"
        ),
        ylabel or label(zh="人均购买次数", en="purchases per customer"),
    )


def grid(
    difficulty: Numbers,
    value: Numbers,
    *,
    names: Iterable[object] | None = None,
    cuts: Cuts = None,
    cells: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw candidates on the value × difficulty grid.

    Parameters
    ----------
    difficulty
        How hard each candidate is to win or develop; x axis.
    value
        What each candidate is worth in US dollars; y axis.
    names
        One name for each point.
    cuts
        Where the grid is cut: (difficulty, value).
    cells
        Names of the four cells, if ``cuts`` are given: ``{"easy_high": …, "hard_high": …, "easy_low": …, "hard_low": …}``;
        by default what to do first and what later.
    ax
        Axes to draw on; by default a new figure.
    """
    axes = quadrants(prepared(ax), difficulty, value, names, cuts, _cells() if cells is None else cells)
    thousands(axes, y=True)
    return named(
        axes,
        label(zh="价值 × 难度：先做哪些大客户", en="Value × difficulty: which key accounts first"),
        label(zh="开发难度（分）", en="difficulty (points)"),
        label(zh="价值（美元）", en="value (USD)"),
    )


def quadrants(
    axes: Axes, x: Numbers, y: Numbers, names: Iterable[object] | None, cuts: Cuts, cells: Mapping[str, str]
) -> Axes:
    """Draw named points, and where ``cuts`` are given the four ``cells`` that they make (easy is left, high is above)."""
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    axes.scatter(x, y, s=52, color=BLUE, edgecolor="white", zorder=4)  # above the names
    for name, px, py in zip(() if names is None else names, x, y, strict=False):
        crowded = np.any((x > px) & (x - px < 0.16 * np.ptp(x)) & (np.abs(y - py) < 0.06 * np.ptp(y)))
        side, shift = ("right", -6) if crowded else ("left", 6)  # no other point covers the name
        style: dict[str, Any] = {"fontsize": 9, "color": INK, "path_effects": _halo(), "ha": side}
        axes.annotate(str(name), (px, py), xytext=(shift, 5), textcoords="offset points", **style)
    axes.margins(0.16)
    if cuts:
        axes.axvline(cuts[0], color=GREY, linestyle="--", linewidth=1, zorder=0)
        axes.axhline(cuts[1], color=GREY, linestyle="--", linewidth=1, zorder=0)
        for cell, text in cells.items():
            hard, low = cell.startswith("hard"), cell.endswith("low")
            axes.text(
                0.985 if hard else 0.015,
                0.02 if low else 0.98,
                text,
                transform=axes.transAxes,
                ha="right" if hard else "left",
                va="bottom" if low else "top",
                color=GREY if low else GREEN,
                path_effects=_halo(),
            )
    return axes


def _cells() -> dict[str, str]:
    return {
        "easy_high": label(zh="first 马上做", en="first: start now"),
        "hard_high": label(zh="plan 列计划", en="plan: send the best people"),
        "easy_low": label(zh="routine 顺手做", en="routine: along the way"),
        "hard_low": label(zh="leave 先放下", en="leave: put aside"),
    }


def _halo() -> list[Any]:
    """Return a white rim for text, so that guide lines do not strike it through."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=3, foreground="white")]


def prepared(ax: Axes | None, size: tuple[float, float] = WIDE) -> Axes:
    """Return ``ax``, or the axes of a new figure, ready to be drawn on."""
    use_fonts()
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=size, layout="constrained")
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def _line(axes: Axes, x: Numbers, y: Numbers, name: str, **style: Any) -> None:
    axes.plot(np.asarray(x, dtype=float), np.asarray(y, dtype=float), label=name, **style)


def named(axes: Axes, title: str, xlabel: str, ylabel: str) -> Axes:
    """Give ``axes`` its title and the names of its axes, and return it."""
    axes.set_title(title, pad=12)
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    return axes


def percent(axes: Axes, *, x: bool = False, y: bool = False) -> None:
    """Write the numbers of an axis, which are shares, as per cent."""
    from matplotlib.ticker import PercentFormatter

    _format(axes, PercentFormatter(1, decimals=0), x, y)


def thousands(axes: Axes, *, x: bool = False, y: bool = False) -> None:
    """Write the numbers of an axis with separators between thousands."""
    from matplotlib.ticker import StrMethodFormatter

    _format(axes, StrMethodFormatter("{x:,.0f}"), x, y)


def _format(axes: Axes, formatter: Any, x: bool, y: bool) -> None:
    for axis in [axes.xaxis] * x + [axes.yaxis] * y:
        axis.set_major_formatter(formatter)
