"""Figures of the workbook: they draw numbers that they are given, in the notebook's language; they never compute an answer.

Every helper returns the :class:`~matplotlib.axes.Axes` that it drew on, with a title and both axes named in the current
language. Colours are those of Okabe & Ito (2008), "Color universal design": all readers can tell them apart.
"""

from .base import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    RED,
    SKY,
    WIDE,
    Cuts,
    Numbers,
    label,
    language,
    line,
    named,
    percent,
    prepared,
    quadrants,
    set_language,
    thousands,
)
from .control import control_chart
from .customers import forecast, grid, heatmap, lorenz, pareto
from .development import bridge, funnel, pipeline_months, profit_curve
from .performance import cross_map, drift, whale
from .survey import distribution, importance_grid, intervals, profile

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "INK",
    "ORANGE",
    "RED",
    "SKY",
    "WIDE",
    "Cuts",
    "Numbers",
    "bridge",
    "control_chart",
    "cross_map",
    "distribution",
    "drift",
    "forecast",
    "funnel",
    "grid",
    "heatmap",
    "importance_grid",
    "intervals",
    "label",
    "language",
    "line",
    "lorenz",
    "named",
    "pareto",
    "percent",
    "pipeline_months",
    "prepared",
    "profile",
    "profit_curve",
    "quadrants",
    "set_language",
    "thousands",
    "whale",
]
