"""Chapter 6 on the published data must print the published numbers, to the published digit.

The sources are Fader, Hardie & Lee (2005), Marketing Science 24(2), for BG/NBD and its holdout, and Fader & Hardie (2013),
note 025, for Gamma-Gamma. What runs here is the chapter's own reference code, as the course text has it.
"""

from __future__ import annotations

import pytest

from crm_exercises.authoring.source import read_source
from crm_exercises.core.paths import ROOT
from crm_exercises.core.reference import Names, Reference, isolated, run
from crm_exercises.learning.session import starting_names

SOURCE = ROOT / "course" / "ch06_value.md"


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(read_source(SOURCE).chapter, lambda: starting_names("0"))


def names_after(reference: Reference, exercise: str) -> Names:
    """Return all names that stand after the reference solution of ``exercise``."""
    found = reference.chapter.exercises[exercise]
    names = isolated(reference.names_before(found))
    run(found.body, names, exercise)
    return names


@pytest.fixture(scope="module")
def bgnbd(reference: Reference) -> Names:
    return names_after(reference, "clv-bgnbd")


@pytest.fixture(scope="module")
def gamma_gamma(reference: Reference) -> Names:
    return names_after(reference, "clv-spend")


def test_the_published_sample(bgnbd: Names) -> None:
    assert len(bgnbd["orders"]) == 6919
    assert bgnbd["orders"]["customer_id"].nunique() == 2357


def test_repeat_purchases_after_merging_days(bgnbd: Names) -> None:
    assert bgnbd["clock"]["x"].sum() == 2457
    assert (bgnbd["clock"]["x"] == 0).sum() == 1411


def test_without_merging_there_would_be_more(bgnbd: Names) -> None:
    rows = bgnbd["orders"][bgnbd["orders"]["date"] <= bgnbd["end"]].groupby("customer_id").size()
    assert (rows - 1).sum() == 2603


@pytest.mark.parametrize(("name", "published"), [("r", 0.243), ("alpha", 4.414), ("a", 0.793), ("b", 2.426)])
def test_bgnbd_parameters(bgnbd: Names, name: str, published: float) -> None:
    assert round(bgnbd["model"][name], 3) == published
    assert bgnbd["model"][name] != published


def test_bgnbd_log_likelihood(bgnbd: Names) -> None:
    assert round(bgnbd["log_likelihood"], 1) == -9582.4


def test_later_exercises_use_the_published_parameters(reference: Reference) -> None:
    given = reference.names_before(reference.chapter.exercises["clv-decide"])
    assert given["published"] == {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    assert given["published_spend"] == {"p": 6.25, "q": 3.74, "gamma": 15.44}


def test_bgnbd_holdout(reference: Reference) -> None:
    names = names_after(reference, "clv-holdout")
    assert (names["x"] == 0).sum() == 1411
    assert names["holdout"]["zero_actual"] == 334
    assert round(names["holdout"]["correlation"], 3) == 0.626


def test_holdout_hardly_depends_on_the_rounding_of_the_parameters(reference: Reference, bgnbd: Names) -> None:
    names = names_after(reference, "clv-holdout")
    expected = names["expected_purchases"](names["x"], names["t_x"], names["T"], 39, **bgnbd["model"])
    assert round(expected.corr(names["actual"]), 3) == 0.626
    assert expected.sum() == pytest.approx(names["expected"].sum(), rel=1e-3)


@pytest.mark.parametrize(("name", "published"), [("p", 6.25), ("q", 3.74), ("gamma", 15.44)])
def test_gamma_gamma_parameters(gamma_gamma: Names, name: str, published: float) -> None:
    assert round(gamma_gamma["spending"][name], 2) == published
    assert gamma_gamma["spending"][name] != published


def test_gamma_gamma_customers(gamma_gamma: Names) -> None:
    assert len(gamma_gamma["basket"]) == 946
