"""Figures of customer development: the funnel, open projects by month, a sales bridge, the profit of splitting a budget."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from .base import BLUE, GREEN, GREY, INK, ORANGE, RED, SKY, Numbers, label, named, prepared, thousands

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def funnel(counts: Numbers, rates: Numbers, names: Iterable[object], *, ax: Axes | None = None) -> Axes:
    """Draw a funnel: a bar for each step, the first on top, and what share of each goes on to the next.

    Parameters
    ----------
    counts
        How many reached each step, first step first.
    rates
        Share of each step that reached the next (0.7 is 70 %); the last step, or any that is missing, has none.
    names
        Names of the steps.
    ax
        Axes to draw on; by default a new figure.
    """
    axes = prepared(ax)
    widths, places = np.asarray(counts, dtype=float), np.arange(len(counts))
    axes.barh(places, widths, color=SKY, height=0.66)
    for place, width in zip(places, widths, strict=True):
        axes.annotate(
            f"{width:,.0f}", (width, place), xytext=(5, 0), textcoords="offset points", va="center", color=INK
        )
    for place, rate in zip(places, np.asarray(rates, dtype=float), strict=False):
        if not np.isnan(rate):
            axes.annotate(
                f"↓ {rate:.0%}", (0, place + 0.5), xytext=(8, 0), textcoords="offset points", va="center", color=RED
            )
    axes.set_yticks(places, [str(name) for name in names])
    axes.set(ylim=(len(widths) - 0.4, -0.6), xlim=(0, max(float(widths.max()), 1) * 1.12))
    return named(
        axes,
        label(zh="销售漏斗：每一步还剩多少", en="Sales funnel: how many are left at each step"),
        label(zh="商机数（个）", en="opportunities"),
        label(zh="步骤", en="step"),
    )


def pipeline_months(raw: Numbers, weighted: Numbers, months: Iterable[object], *, ax: Axes | None = None) -> Axes:
    """Draw for each month the amounts of all projects beside the amounts weighted with their chances.

    Parameters
    ----------
    raw, weighted
        Yuan for each month: as hoped for, and weighted.
    months
        Names of the months.
    ax
        Axes to draw on; by default a new figure.
    """
    axes = prepared(ax)
    places = np.arange(len(raw))
    axes.bar(
        places - 0.2, np.asarray(raw, dtype=float), 0.38, color=SKY, label=label(zh="账面金额", en="amount hoped for")
    )
    axes.bar(
        places + 0.2,
        np.asarray(weighted, dtype=float),
        0.38,
        color=BLUE,
        label=label(zh="加权预测", en="weighted forecast"),
    )
    axes.set_xticks(places, [str(month) for month in months])
    thousands(axes, y=True)
    axes.legend(loc="upper left", frameon=False)
    return named(
        axes,
        label(zh="在手项目：账面与加权预测", en="Open projects: hoped for, and weighted"),
        label(zh="预计验收月份", en="expected month of acceptance"),
        label(zh="金额（元）", en="amount (CNY)"),
    )


def bridge(start: float, changes: Numbers, names: Iterable[object], *, ax: Axes | None = None) -> Axes:
    """Draw how one amount becomes another: the first bar, a step up or down for each change, the last bar.

    Parameters
    ----------
    start
        Amount at the start, in yuan.
    changes
        What is added (or taken off, if negative), in this order.
    names
        Names of all bars: start, the changes, end.
    ax
        Axes to draw on; by default a new figure.
    """
    axes = prepared(ax)
    steps = np.asarray(changes, dtype=float)
    levels = start + np.concatenate([[0.0], np.cumsum(steps)])
    places = np.arange(len(steps) + 2)
    axes.bar(places[[0, -1]], levels[[0, -1]], color=BLUE, width=0.6)
    axes.bar(places[1:-1], steps, bottom=levels[:-1], color=[GREEN if step >= 0 else RED for step in steps], width=0.6)
    for place, level in enumerate(levels):
        axes.plot([place - 0.3, place + 1.3], [level, level], color=GREY, linewidth=1, zorder=0)
    for place, (amount, top) in enumerate(
        zip([start, *steps, levels[-1]], [start, *np.maximum(levels[1:], levels[:-1]), levels[-1]], strict=True)
    ):
        sign = "+" if 0 < place < len(places) - 1 and amount > 0 else ""
        axes.annotate(
            f"{sign}{amount:,.0f}", (place, top), xytext=(0, 4), textcoords="offset points", ha="center", color=INK
        )
    axes.set_xticks(places, [str(name) for name in names])
    low, high = min(0.0, float(levels.min())), max(float(levels.max()), 1.0)
    axes.set_ylim(low * 1.1, high * 1.12)
    thousands(axes, y=True)
    return named(
        axes,
        label(zh="销售额桥图：增长从哪里来", en="Sales bridge: where growth comes from"),
        label(zh="因素", en="factor"),
        label(zh="销售额（元）", en="sales (CNY)"),
    )


def profit_curve(spent: Numbers, profit: Numbers, *, best: float | None = None, ax: Axes | None = None) -> Axes:
    """Draw the profit of every way to split a budget.

    Parameters
    ----------
    spent
        Yuan spent on new customers; the rest of the budget keeps the old ones.
    profit
        Profit of each split, in yuan.
    best
        Where to mark the best split, in yuan spent on new customers.
    ax
        Axes to draw on; by default a new figure.
    """
    axes = prepared(ax)
    axes.plot(np.asarray(spent, dtype=float), np.asarray(profit, dtype=float), color=BLUE, linewidth=2.2)
    if best is not None:
        axes.axvline(best, color=ORANGE, linestyle="--", linewidth=1.5)
        axes.annotate(
            f"{best:,.0f}",
            (best, 0.03),
            xycoords=("data", "axes fraction"),
            xytext=(5, 0),
            textcoords="offset points",
            color=INK,
        )
    thousands(axes, x=True, y=True)
    return named(
        axes,
        label(zh="预算怎么分：利润曲线", en="Splitting the budget: the profit curve"),
        label(zh="用于开发新客户的钱（元）", en="spent on new customers (CNY)"),
        label(zh="利润（元）", en="profit (CNY)"),
    )
