"""What all figures share: colours, sizes, labels in the notebook's language, axes with their names, and named points in four quadrants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..core.messages import language as language
from ..core.messages import set_language as set_language
from ..fonts import use_fonts

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


def prepared(ax: Axes | None, size: tuple[float, float] = WIDE) -> Axes:
    """Return ``ax``, or the axes of a new figure, ready to be drawn on."""
    use_fonts()
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=size, layout="constrained")
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def named(axes: Axes, title: str, xlabel: str, ylabel: str) -> Axes:
    """Give ``axes`` its title and the names of its axes, and return it."""
    axes.set_title(title, pad=12)
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    return axes


def line(axes: Axes, x: Numbers, y: Numbers, name: str, **style: Any) -> None:
    axes.plot(np.asarray(x, dtype=float), np.asarray(y, dtype=float), label=name, **style)


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


def _halo() -> list[Any]:
    """Return a white rim for text, so that guide lines do not strike it through."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=3, foreground="white")]
