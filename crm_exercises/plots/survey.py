"""Figures of a customer survey: how indices are spread, what to improve first, us beside a competitor, how sure a mean is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .base import BLUE, GREY, ORANGE, RED, SKY, Cuts, Numbers, label, named, prepared, quadrants

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def distribution(counts: pd.Series, *, cut: float = 70, ax: Axes | None = None) -> Axes:
    """Draw how many customers lie in each band of the satisfaction index.

    Parameters
    ----------
    counts
        Number of customers; its index holds the lower ends of bands of equal width (60, 65, 70 …), smallest first.
    cut
        From which index on a customer counts as satisfied; these bands have another colour.
    ax
        Axes to draw on; by default a new figure.
    """
    axes = prepared(ax)
    lows = np.asarray(counts.index, dtype=float)
    width = float(np.diff(lows).min()) if len(lows) > 1 else 1.0
    colours = [SKY if low >= cut else ORANGE for low in lows]
    heights = np.asarray(counts, dtype=float)
    axes.bar(lows + width / 2, heights, width=width * 0.92, color=colours)
    axes.axvline(cut, color=GREY, linestyle="--", linewidth=1)
    axes.annotate(
        label(zh=f"{cut:g} 分起满意", en=f"satisfied from {cut:g}"),
        (cut, 1),
        xycoords=("data", "axes fraction"),
        xytext=(-4, -2),
        textcoords="offset points",
        color=GREY,
        ha="right",
        va="top",
    )
    axes.set_xticks([*lows, lows[-1] + width])
    axes.set_ylim(0, max(heights.max(), 1) * 1.18)
    return named(
        axes,
        label(zh="客户满意度指数的分布", en="How the customers' indices are spread"),
        label(zh="客户满意度指数（%）", en="satisfaction index of a customer (%)"),
        label(zh="客户数（家）", en="customers"),
    )


def importance_grid(
    satisfaction: Numbers,
    importance: Numbers,
    *,
    names: Iterable[object] | None = None,
    cuts: Cuts = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw items on the importance–performance grid.

    Parameters
    ----------
    satisfaction
        Satisfaction index of each item in per cent; x axis.
    importance
        How important each item is, from 1 to 5; y axis.
    names
        One name for each point.
    cuts
        Where the grid is cut: (satisfaction, importance).
    ax
        Axes to draw on; by default a new figure.

    Notes
    -----
    J. A. Martilla and J. C. James (1977), Importance-performance analysis, Journal of Marketing 41(1).
    """
    cells = {
        "easy_high": label(zh="improve 优先改进", en="improve: first"),
        "hard_high": label(zh="keep 继续保持", en="keep: our strengths"),
        "easy_low": label(zh="later 以后再说", en="later: minor"),
        "hard_low": label(zh="ease 可以少投入", en="ease: perhaps too much"),
    }
    axes = quadrants(prepared(ax, (7.4, 5.0)), satisfaction, importance, names, cuts, cells)
    return named(
        axes,
        label(zh="重要性—满意度图：先改进什么", en="Importance and satisfaction: what to improve first"),
        label(zh="项目满意度指数（%）", en="satisfaction index of the item (%)"),
        label(zh="重要性（1 到 5）", en="importance (1 to 5)"),
    )


def profile(ours: Numbers, theirs: Numbers, *, names: Iterable[object] | None = None, ax: Axes | None = None) -> Axes:
    """Draw the item indices of two firms as profiles, one line for each, the first item on top.

    Parameters
    ----------
    ours, theirs
        Index of each item in per cent, of us and of the competitor, in the same order.
    names
        Names of the items; by default the index of ``ours``, or 0, 1, 2 …
    ax
        Axes to draw on; by default a new figure.
    """
    axes = prepared(ax, (7.4, 1.3 + 0.34 * len(ours)))
    places = np.arange(len(ours))
    if names is None:
        names = ours.index if isinstance(ours, pd.Series) else places
    firms = (label(zh="我们", en="us"), label(zh="对手", en="competitor"))
    for values, firm, colour, marker in zip((ours, theirs), firms, (BLUE, RED), ("o", "s"), strict=True):
        axes.plot(np.asarray(values, dtype=float), places, color=colour, marker=marker, linewidth=2, label=firm)
    axes.set_yticks(places, [str(name) for name in names])
    axes.invert_yaxis()
    axes.grid(axis="y", color="#E6E6E6")
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    return named(
        axes,
        label(zh="满意度轮廓：我们和对手", en="Profiles of satisfaction: us and the competitor"),
        label(zh="项目满意度指数（%）", en="satisfaction index of the item (%)"),
        label(zh="项目", en="item"),
    )


def intervals(sizes: Numbers, low: Numbers, high: Numbers, *, cut: float | None = None, ax: Axes | None = None) -> Axes:
    """Draw how an interval narrows as the number of questionnaires grows: its lower and its upper end, each as a line.

    Parameters
    ----------
    sizes
        Numbers of questionnaires, smallest first; they stand at equal distances.
    low, high
        Ends of the interval for each of them, index in per cent.
    cut
        Where a guide line is drawn.
    ax
        Axes to draw on; by default a new figure.
    """
    axes = prepared(ax)
    places = np.arange(len(sizes))
    lower, upper = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    axes.fill_between(places, lower, upper, color=SKY, alpha=0.28, linewidth=0)
    axes.plot(places, lower, color=BLUE, marker="o", linewidth=2, label=label(zh="下端", en="lower end"))
    axes.plot(places, upper, color=RED, marker="o", linewidth=2, label=label(zh="上端", en="upper end"))
    if cut is not None:
        axes.axhline(cut, color=GREY, linestyle="--", linewidth=1, zorder=0)
    axes.set_xticks(places, [f"{size:g}" for size in sizes])
    axes.legend(loc="upper right", frameon=False)
    return named(
        axes,
        label(zh="问卷越多，区间越窄", en="More questionnaires, a narrower interval"),
        label(zh="有效问卷数（份）", en="valid questionnaires"),
        label(zh="平均满意度指数的 95 % 区间（%）", en="95 % interval of the mean index (%)"),
    )
