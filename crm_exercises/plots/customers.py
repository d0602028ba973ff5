"""Figures of customers: who brings the sales, how unequal they are, what a model expected of them, whom to develop first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .base import BLUE, GREY, INK, RED, SKY, Cuts, Numbers, label, line, named, percent, prepared, quadrants, thousands

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
    line(axes, places, cumulative, label(zh="累计占比", en="cumulative share"), color=BLUE, marker="o")
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
    line(axes, x, y, label(zh="洛伦兹曲线", en="Lorenz curve"), color=BLUE, linewidth=2.2)
    equal = label(zh="完全平均", en="all customers equal")
    line(axes, [0, 1], [0, 1], equal, color=GREY, linestyle="--", linewidth=1)
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
    line(axes, places, actual, label(zh="实际", en="actual"), color=BLUE, marker="o", linewidth=2)
    dashed = {"marker": "s", "linestyle": "--", "linewidth": 2}
    line(axes, places, expected, label(zh="模型预测", en="expected"), color=RED, **dashed)
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


def _cells() -> dict[str, str]:
    return {
        "easy_high": label(zh="first 马上做", en="first: start now"),
        "hard_high": label(zh="plan 列计划", en="plan: send the best people"),
        "easy_low": label(zh="routine 顺手做", en="routine: along the way"),
        "hard_low": label(zh="leave 先放下", en="leave: put aside"),
    }
