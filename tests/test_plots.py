"""Figures: they draw what they are given, in both languages, with every character there."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib import font_manager
from matplotlib.axes import Axes

from crm_exercises import fonts, plots
from crm_exercises.core.figures import Figure

Draw = Callable[[], Axes]

SHARES = [0.5, 0.3, 0.2]
CUMULATIVE = [0.5, 0.8, 1.0]
MAP = pd.DataFrame([[1200, 0, 3], [4, 5.0, np.nan]], index=[5, 4], columns=[1, 2, 3])

FIGURES: dict[str, Draw] = {
    "pareto": lambda: plots.pareto(SHARES, CUMULATIVE, names=["甲", "乙", "丙"]),
    "lorenz": lambda: plots.lorenz([0, 0.5, 1], [0, 0.2, 1]),
    "heatmap": lambda: plots.heatmap(MAP),
    "forecast": lambda: plots.forecast([0.2, 1.5, 3.0], [0.3, 1.2, 2.9]),
    "control chart of shares": lambda: plots.control_chart(
        SHARES, 0.3, [0, 0, 0.1], [0.6, 0.6, 0.5], names=["04-01", "04-02", "04-03"]
    ),
    "control chart of counts": lambda: plots.control_chart([3, 9, 4], 5.3, 0, 12.2, shares=False),
    "grid": lambda: plots.grid([10, 30, 50], [-900, 2500, 4000], names=["甲店", "乙店", "D03"], cuts=(30, 2500)),
    "distribution": lambda: plots.distribution(pd.Series({60: 3, 65: 0, 70: 7, 75: 4})),
    "importance_grid": lambda: plots.importance_grid(
        [60, 70.5, 71], [4, 3, 3.01], names=["甲", "乙", "丙"], cuts=(68, 3.5)
    ),
    "profile": lambda: plots.profile([80, 60, 70], [70, 75, 72], names=["甲", "乙", "丙"]),
    "intervals": lambda: plots.intervals([4, 16, 64], [60, 66, 70], [85, 80, 76], cut=70),
    "funnel": lambda: plots.funnel([800, 598, 140], [0.7475, 0.2341], ["寻找", "识别", "成交"]),
    "pipeline_months": lambda: plots.pipeline_months([700_000, 0], [310_000, 0], ["2026-07", "2026-08"]),
    "bridge": lambda: plots.bridge(1000, [800, -560], ["2024", "数量", "平均", "2025"]),
    "profit_curve": lambda: plots.profit_curve([0, 10_000, 20_000], [5, 9, -3], best=10_000),
}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Leave language, settings and open figures as they were."""
    before = plots.language()
    with mpl.rc_context():
        yield
    plots.set_language(before)
    plt.close("all")


def shown(axes: Axes, *parts: str) -> dict[str, object]:
    """Return the data on ``axes`` just as an exercise would read them."""
    kind = Figure.model_validate({"kind": "figure", "shows": parts})
    return kind.canonical(axes)  # type: ignore[no-any-return]


def texts(axes: Axes) -> str:
    words = [axes.get_title(), axes.get_xlabel(), axes.get_ylabel(), *(text.get_text() for text in axes.texts)]
    legend = axes.get_legend()
    return " ".join(words + [text.get_text() for text in (legend.get_texts() if legend else [])])


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", FIGURES)
def test_every_character_is_drawn(name: str, lang: str) -> None:
    plots.set_language(lang)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        axes = FIGURES[name]()
        axes.figure.savefig(BytesIO(), format="png")  # type: ignore[union-attr]
    assert axes.get_title() and axes.get_xlabel() and axes.get_ylabel()


@pytest.mark.parametrize("name", FIGURES)
def test_figures_speak_the_language_of_the_notebook(name: str) -> None:
    plots.set_language("zh")
    chinese = FIGURES[name]()
    plots.set_language("en")
    english = FIGURES[name]()
    for read in (Axes.get_title, Axes.get_xlabel, Axes.get_ylabel):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in read(chinese))
        assert read(english).isascii() or "×" in read(english)


@pytest.mark.parametrize("name", FIGURES)
def test_language_changes_no_data(name: str) -> None:
    parts = ("bars", "lines", "points", "image")
    plots.set_language("zh")
    chinese = shown(FIGURES[name](), *parts)
    plots.set_language("en")
    english = shown(FIGURES[name](), *parts)
    assert {part: chinese[part] for part in parts} == {part: english[part] for part in parts}


@pytest.mark.parametrize("name", FIGURES)
def test_each_call_draws_a_new_figure_unless_axes_are_given(name: str) -> None:
    assert FIGURES[name]().figure is not FIGURES[name]().figure


def test_a_figure_can_be_drawn_on_given_axes() -> None:
    _, axes = plt.subplots()
    assert plots.forecast([1, 2], [1, 2], ax=axes) is axes


def test_pareto_shows_bars_and_one_line() -> None:
    data = shown(plots.pareto(SHARES, CUMULATIVE), "bars", "lines")
    assert data["bars"] == [[1, 0.5], [2, 0.3], [3, 0.2]]
    assert data["lines"] == [[[1, 0.5], [2, 0.8], [3, 1.0]]]


def test_pareto_draws_what_it_is_given_even_if_it_is_wrong() -> None:
    data = shown(plots.pareto([0.2, 0.5], [0.2, 0.5]), "bars", "lines")
    assert data["bars"] == [[1, 0.2], [2, 0.5]]
    assert data["lines"] == [[[1, 0.2], [2, 0.5]]]


def test_lorenz_shows_curve_and_equality() -> None:
    data = shown(plots.lorenz([0, 0.5, 1], [0, 0.2, 1]), "lines")
    assert data["lines"] == [[[0, 0], [0.5, 0.2], [1, 1]], [[0, 0], [1, 1]]]


def test_lorenz_keeps_a_wrong_curve_in_sight() -> None:
    axes = plots.lorenz([0, 0.5, 1], [0, -0.3, 1])
    assert axes.get_ylim()[0] <= -0.3


def test_heatmap_shows_the_table_with_its_numbers() -> None:
    axes = plots.heatmap(MAP)
    assert shown(axes, "image")["image"] == [[1200, 0, 3], [4, 5, None]]
    assert [text.get_text() for text in axes.texts] == ["1,200", "0", "3", "4", "5"]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["5", "4"]


def test_heatmap_of_averages_has_decimals() -> None:
    axes = plots.heatmap(pd.DataFrame([[1.5, 1234.567]]))
    assert [text.get_text() for text in axes.texts] == ["1.50", "1,234.57"]


def test_a_heatmap_of_something_else_is_not_called_rfm() -> None:
    table = pd.DataFrame([[0.5, 1]], index=["mobile"], columns=["林晓", "周可"])
    assert [plots.heatmap(table).get_title(), plots.heatmap(table, title="Filled in").get_title()] == ["", "Filled in"]
    assert "RFM" in plots.heatmap(MAP).get_title()


def test_forecast_shows_two_lines_named_by_the_index() -> None:
    actual = pd.Series([1.0, 2.0], index=[0, 7])
    axes = plots.forecast(actual, [1.5, 2.5])
    assert shown(axes, "lines")["lines"] == [[[0, 1.0], [1, 2.0]], [[0, 1.5], [1, 2.5]]]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["0", "7"]


def test_grid_shows_points_with_names_and_cells() -> None:
    axes = FIGURES["grid"]()
    assert shown(axes, "points", "lines") == {
        "points": [[10, -900], [30, 2500], [50, 4000]],
        "lines": [],
        "labels": [axes.get_title(), axes.get_xlabel(), axes.get_ylabel()],
    }
    assert {"甲店", "乙店", "D03"} <= {text.get_text() for text in axes.texts}
    assert len(axes.texts) == 3 + 4


def test_grid_takes_an_index_as_names_and_no_cuts() -> None:
    axes = plots.grid([1, 2], [3, 4], names=pd.Index(["A", "B"]))
    assert [text.get_text() for text in axes.texts] == ["A", "B"]


def test_money_has_thousands_separators() -> None:
    axes = FIGURES["grid"]()
    axes.figure.canvas.draw()
    assert "2,000" in {tick.get_text() for tick in axes.get_yticklabels()}


def test_label_and_language() -> None:
    plots.set_language("en")
    assert plots.label(zh="客户", en="customer") == "customer"
    plots.set_language("zh")
    assert plots.label(zh="客户", en="customer") == "客户"
    assert plots.language() == "zh"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError):
        plots.set_language("fr")


def test_fonts_can_be_set_again_and_again() -> None:
    family = fonts.use_fonts()
    known = len(font_manager.fontManager.ttflist)
    assert fonts.use_fonts() == family == fonts.BUNDLED
    assert len(font_manager.fontManager.ttflist) == known
    assert mpl.rcParams["font.family"] == [fonts.BUNDLED, "DejaVu Sans"]
    assert Path(font_manager.findfont(fonts.BUNDLED, fallback_to_default=False)) == fonts.bundled_file()


def test_an_installed_font_steps_in(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = font_manager.FontEntry(fname="somewhere.ttf", name="Microsoft YaHei")
    monkeypatch.setattr(fonts, "bundled_file", lambda: None)
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [*font_manager.fontManager.ttflist, entry])
    assert fonts.use_fonts() == "Microsoft YaHei"
    assert mpl.rcParams["font.family"] == ["Microsoft YaHei", "DejaVu Sans"]


def test_without_any_chinese_font_latin_text_still_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "bundled_file", lambda: None)
    monkeypatch.setattr(fonts, "INSTALLED", ())
    assert fonts.use_fonts() == "DejaVu Sans"
    assert mpl.rcParams["font.family"] == ["DejaVu Sans"]


def test_a_missing_font_package_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(fonts, "import_module", missing)
    assert fonts.bundled_file() is None


def test_a_distribution_stands_its_bars_on_the_bands() -> None:
    data = shown(plots.distribution(pd.Series({65: 2, 70: 5})), "bars")
    assert data["bars"] == [[67.5, 2], [72.5, 5]]


def test_profiles_are_two_lines_from_the_first_item_on() -> None:
    axes = plots.profile([80, 60], [70, 75])
    assert shown(axes, "lines")["lines"] == [[[80, 0], [60, 1]], [[70, 0], [75, 1]]]
    assert axes.yaxis_inverted()


def test_intervals_show_their_ends_and_no_guide_line() -> None:
    data = shown(plots.intervals([4, 64], [60, 70], [85, 76], cut=70), "lines")
    assert data["lines"] == [[[0, 60], [1, 70]], [[0, 85], [1, 76]]]


def test_a_name_steps_aside_where_another_point_would_cover_it() -> None:
    axes = plots.importance_grid([60, 61, 90], [3, 3.01, 4], names=["left", "right", "far"])
    assert {text.get_text(): text.get_ha() for text in axes.texts} == {"left": "right", "right": "left", "far": "left"}
