"""The tools of chapter 4: figures, sliders, the logistic model; and the facts of its generated data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conftest import draw_and_close
from stdnum.cn import uscc

from crm_exercises import data
from crm_exercises.core.errors import UsageError
from crm_exercises.trade import credit
from crm_exercises.trade.logistic import Logistic

LINKED = ("invoices", "credit_ratings", "statements", "credit_applications", "credit_dossiers")


# Figures


def test_cost_curve_marks_the_cheapest(lang: str) -> None:
    axes = credit.cost_curve([0.1, 0.2, 0.3], [9, 4, 7], 0.2)
    (line,) = axes.get_lines()
    assert line.get_xydata().tolist() == [[0.1, 9], [0.2, 4], [0.3, 7]]
    assert axes.collections[0].get_offsets().tolist() == [[0.2, 4]]
    assert ("line" in axes.get_title() or "cut-off" in axes.get_title()) == (lang == "en")
    assert axes.get_xlabel() and axes.get_ylabel()
    draw_and_close(axes)


@pytest.mark.parametrize(
    ("arguments", "key"), [(([0.1, 0.2], [1], 0.1), "credit.cost.length"), (([0.1], [1], 0.5), "credit.cost.best")]
)
def test_cost_curve_refuses(arguments: tuple, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        credit.cost_curve(*arguments)
    assert caught.value.key == key
    assert caught.value.text("zh") != caught.value.text("en")


def test_ageing_bars_stack(lang: str) -> None:
    table = pd.DataFrame({"not_due": [0.75, 0.5], "over_90": [0.25, 0.5]}, index=["林晓", "何文"])
    axes = credit.ageing_bars(table)
    assert [bar.get_height() for bar in axes.patches] == [0.75, 0.5, 0.25, 0.5]
    assert [bar.get_y() for bar in axes.patches] == [0, 0, 0.75, 0.5]
    draw_and_close(axes)


def test_roc_of_a_perfect_score_touches_the_corner(lang: str) -> None:
    axes = credit.roc_curve([0.9, 0.8, 0.2, 0.1], [1, 1, 0, 0])
    assert [0, 1] in axes.get_lines()[0].get_xydata().tolist()
    draw_and_close(axes)


def test_blank_has_letters_for_chinese() -> None:
    axes = credit.blank()
    axes.set(title="权重", xlabel="百分点", ylabel="比例")
    draw_and_close(axes)


# Sliders

SHOP = {"character": 60, "capacity": 75, "capital": 70, "collateral": 85, "condition": 65}
WEIGHTS = {"character": 0.30, "capacity": 0.25, "capital": 0.20, "collateral": 0.15, "condition": 0.10}
BANDS = {"AAA": 90, "A": 70, "BBB": 60, "D": 0}


def test_sliders_move_the_band(lang: str) -> None:
    sliders = credit._Sliders(SHOP, WEIGHTS, BANDS)
    assert "70.00" in sliders.view.value and "BBB" not in sliders.view.value
    sliders.sliders["collateral"].value = 10
    assert "BBB" in sliders.view.value and "b26a00" in sliders.view.value
    sliders._reset()
    assert "70.00" in sliders.view.value and sliders.sliders["collateral"].value == 15
    for slider in sliders.sliders.values():
        slider.value = 0
    assert "%" not in sliders.view.value


def test_sliders_show_nothing_where_nobody_is(capsys: pytest.CaptureFixture[str]) -> None:
    credit.explore_weights(SHOP, WEIGHTS, BANDS)
    assert capsys.readouterr().out == ""


def test_sliders_are_the_cells_own_output(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    monkeypatch.setattr(credit, "_someone_is_there", lambda: True)
    monkeypatch.setattr("IPython.display.display", shown.append)
    assert credit.explore_weights(SHOP, WEIGHTS, BANDS).children
    assert not shown  # check runs the given cells too, and must not show sliders under its verdict


def test_sliders_need_the_same_names() -> None:
    with pytest.raises(UsageError) as caught:
        credit.explore_weights(SHOP, {"character": 1.0}, BANDS)
    assert "capacity" in caught.value.text("en")


# The model


@pytest.fixture(scope="module")
def loans() -> tuple[pd.DataFrame, pd.Series]:
    loans = data.load("german_credit")
    features = pd.get_dummies(loans[["checking_account", "purpose", "duration", "amount"]], dtype=float)
    return features, (loans["credit_risk"] == 2).astype(int)


def test_model_is_scikit_learns(loans: tuple[pd.DataFrame, pd.Series]) -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    features, bad = loans
    standard = (features - features.mean()) / features.std(ddof=0)
    theirs = linear.LogisticRegression(C=0.5, tol=1e-10, max_iter=10_000).fit(standard, bad)
    ours = Logistic.fit(features, bad, penalty=2.0)
    assert np.allclose(ours.weights, theirs.coef_[0], atol=1e-5)
    assert np.allclose(ours.chances(features), theirs.predict_proba(standard)[:, 1], atol=1e-5)


def test_average_chance_is_the_share_of_bad(loans: tuple[pd.DataFrame, pd.Series]) -> None:
    """Maximum likelihood with a free constant reproduces the total."""
    features, bad = loans
    assert Logistic.fit(features, bad).chances(features).mean() == pytest.approx(bad.mean())


def test_order_of_columns_and_unknown_columns_do_not_matter(loans: tuple[pd.DataFrame, pd.Series]) -> None:
    features, bad = loans
    model = Logistic.fit(features, bad)
    other = features[features.columns[::-1]].assign(weather=1.0)
    assert np.allclose(model.chances(other), model.chances(features))
    without = features.drop(columns="purpose_A48")
    assert np.allclose(model.chances(without), model.chances(features.assign(purpose_A48=0)))


def test_a_constant_column_is_harmless(loans: tuple[pd.DataFrame, pd.Series]) -> None:
    features, bad = loans
    assert np.allclose(
        Logistic.fit(features.assign(one=1.0), bad).chances(features.assign(one=1.0)),
        Logistic.fit(features, bad).chances(features),
    )


@pytest.mark.parametrize(
    ("features", "outcome", "key"),
    [
        (pd.DataFrame({"a": [1.0, 2]}), pd.Series([0]), "logistic.length"),
        (pd.DataFrame({"a": ["x", "y"]}), pd.Series([0, 1]), "logistic.column"),
        (pd.DataFrame({"a": [1.0, np.nan]}), pd.Series([0, 1]), "logistic.column"),
        (pd.DataFrame({"a": [1.0, 2]}), pd.Series([1, 1]), "logistic.outcome"),
        (pd.DataFrame({"a": [1.0, 2]}), pd.Series([1, 2]), "logistic.outcome"),
    ],
)
def test_model_refuses(features: pd.DataFrame, outcome: pd.Series, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        Logistic.fit(features, outcome)
    assert caught.value.key == key
    assert caught.value.text("zh") and caught.value.text("en")


def test_a_column_that_tells_all_needs_a_penalty() -> None:
    features, outcome = pd.DataFrame({"a": [1.0, 2, 3, 4]}), pd.Series([0, 0, 1, 1])
    assert Logistic.fit(features, outcome).chances(features).round().tolist() == [0, 0, 1, 1]
    with pytest.raises(UsageError) as caught:
        Logistic.fit(features, outcome, penalty=0)
    assert caught.value.key == "logistic.unsettled"


# The data


@pytest.mark.parametrize("name", LINKED)
@pytest.mark.parametrize("student", ["0", "2024001"])
def test_tables_are_linked(name: str, student: str) -> None:
    """What a student has of a table includes all rows of the student's own customers."""
    mine = set(data.load("customers", student)["customer_id"])
    pool, drawn = data.pool(name), data.load(name, student)
    if name == "credit_dossiers":
        assert drawn["customer_id"].nunique() == 1 and set(drawn["customer_id"]) < mine
    else:
        assert (pool["customer_id"].isin(mine)).sum() == (drawn["customer_id"].isin(mine)).sum() > 0
    assert set(pool["customer_id"]) <= set(data.pool("customers")["customer_id"])


def test_invoices_agree_with_the_cards() -> None:
    invoices = data.pool("invoices")
    cards = data.pool("customers").set_index("customer_id")
    this_year = invoices[invoices["issue_date"] >= "2025-01-01"].groupby("customer_id")["amount"].sum()
    owed = invoices[invoices["paid_date"].isna()].groupby("customer_id")["amount"].sum()
    for column, found in (("annual_purchases", this_year), ("receivable", owed)):
        assert np.allclose(found.reindex(cards.index).fillna(0), cards[column], atol=0.005)
    paid = invoices.dropna(subset="paid_date")
    assert (paid["paid_date"] >= paid["issue_date"]).all() and (paid["paid_date"] <= "2025-12-31").all()
    terms = (invoices["due_date"] - invoices["issue_date"]).dt.days
    assert terms.equals(invoices["customer_id"].map(cards["credit_terms_days"]).rename(None).astype(terms.dtype))


def test_statements_balance() -> None:
    statements = data.pool("statements")
    assert np.allclose(statements["total_assets"] - statements["total_liabilities"], statements["equity"], atol=0.006)
    assert (statements["current_assets"] <= statements["total_assets"]).all()
    assert (statements["current_liabilities"] <= statements["total_liabilities"]).all()
    form = statements["customer_id"].map(data.pool("customers").set_index("customer_id")["form"])
    assert statements["market_value"].notna().equals(form == "joint_stock")


def test_a_typing_error_is_always_one_that_the_check_character_shows() -> None:
    applications = data.pool("credit_applications").set_index("customer_id")
    right = data.pool("customers").set_index("customer_id")["uscc"].reindex(applications.index)
    valid = applications["uscc"].map(uscc.is_valid)
    assert (valid == (applications["uscc"] == right)).all()
    assert 0.08 < 1 - valid.mean() < 0.2
    assert (applications.loc[~valid, "uscc"].str.len() == 18).mean() > 0.5


def test_every_file_covers_each_aspect_but_one() -> None:
    files = data.pool("credit_dossiers")
    sizes = files.groupby(["customer_id", "frame"]).size().unstack()
    assert (sizes == [10, 8, 8]).all(axis=None)
    assert files.groupby("frame")["fact_id"].nunique().to_dict() == {"5C": 40, "5P": 30, "6A": 30}
    assert not files["zh"].str.contains(r"[{}]").any() and not files["en"].str.contains(r"[{}]").any()
    digits = r"\d+(?:\.\d+)?"
    assert (files["zh"].str.count(digits) > 0).mean() > 0.97
