"""Control charts: they draw the shares or counts, the centre line and the limits that they are given; they never compute them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from .base import BLUE, GREY, RED, Numbers, label, named, percent, prepared

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TICKS = 14
"""About how many names fit below the x axis."""


def control_chart(
    values: Numbers,
    centre: float,
    lower: Numbers | float,
    upper: Numbers | float,
    *,
    names: Iterable[object] | None = None,
    shares: bool = True,
    title: str | None = None,
    xlabel: str | None = None,
    ylabel: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a control chart: values in the order of time, the centre line, the lower and the upper limit.

    Parameters
    ----------
    values
        What was measured in each period.
    centre
        Height of the centre line.
    lower, upper
        The control limits: one for each period, or one number for all.
    names
        What stands below the points; by default 1, 2, 3 …; where there are many, not every name is written.
    shares
        Whether the values are shares, which are written as per cent.
    title, xlabel, ylabel
        By default those of a chart of the share of late orders by day, or of a count by week.
    ax
        Axes to draw on; by default a new figure.

    Notes
    -----
    W. A. Shewhart (1931), Economic control of quality of manufactured product.
    """
    axes = prepared(ax, (8.6, 4.3))
    places = np.arange(1, len(values) + 1)
    axes.plot(
        places, np.asarray(values, float), color=BLUE, marker="o", markersize=4, linewidth=1.2, label=_values(shares)
    )
    for height, name, colour, style in (
        (centre, label(zh="中心线", en="centre line"), GREY, "-"),
        (upper, label(zh="控制上限", en="upper limit"), RED, "--"),
        (lower, label(zh="控制下限", en="lower limit"), RED, ":"),
    ):
        line = np.broadcast_to(np.asarray(height, float), places.shape)
        axes.plot(places, line, color=colour, linestyle=style, linewidth=1.2, drawstyle="steps-mid", label=name)
    written = list(zip(places, map(str, places if names is None else names), strict=True))[:: -(-len(places) // TICKS)]
    axes.set_xticks(
        [place for place, _ in written],
        [name for _, name in written],
        rotation=45 if names is not None else 0,
        ha="right" if names is not None else "center",
    )
    if shares:
        percent(axes, y=True)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 0.98), frameon=False, ncols=4)  # above: points may be anywhere
    axes.margins(x=0.02)
    axes.set_ylim(bottom=0)
    named(
        axes,
        title
        or (
            label(zh="晚到率的控制图", en="Control chart of the share of late orders")
            if shares
            else label(zh="每周投诉件数的控制图", en="Control chart of complaints by week")
        ),
        xlabel or (label(zh="工作日", en="working day") if shares else label(zh="周", en="week")),
        ylabel or _values(shares),
    )
    axes.set_title(axes.get_title(), pad=32)
    return axes


def _values(shares: bool) -> str:
    return label(zh="晚到率", en="share late") if shares else label(zh="投诉件数", en="complaints")
